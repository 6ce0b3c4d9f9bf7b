"""Render the SVG artwork of the demo shop to WebP.

    python site/demo/artwork/render.py                    # everything
    python site/demo/artwork/render.py stoneware-mug ...  # these, with their colourways
    python site/demo/artwork/render.py --sheet /tmp/sheet.png stoneware-mug wool-throw

Each ``<slug>.svg`` becomes ``../images/<slug>.webp``. A slug with an entry in
``colourways.toml`` is also rendered once per further colour, as
``<slug>--<colour>.webp``, by swapping the hex values of its colour classes.

Headless Chromium (through Playwright) draws the pictures; ``rsvg-convert`` is
used when Playwright or a browser is missing. Needs Pillow.
"""

from __future__ import annotations

import argparse
import io
import math
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

ARTWORK = Path(__file__).resolve().parent
IMAGES = ARTWORK.parent / "images"
COLOURWAYS = ARTWORK / "colourways.toml"

PRODUCT_WIDTH = 1200  # square pictures
SCENE_WIDTH = 1600
HERO_WIDTH = 2000
SUPERSAMPLE = 2  # drawn larger, then reduced, for clean edges where shapes meet
VECTOR_ONLY = {"logo-mark"}  # used as SVG; rendered only when named

HEX = re.compile(r"#[0-9A-Fa-f]{6}\b|#[0-9A-Fa-f]{3}\b")
VIEWBOX = re.compile(r'viewBox="0 0 (\d+(?:\.\d+)?) (\d+(?:\.\d+)?)"')

Draw = Callable[[str, int, int], Image.Image]


def output_size(slug: str, svg: str) -> tuple[int, int]:
    """Width and height in pixels of the finished picture."""
    match = VIEWBOX.search(svg)
    if match is None:
        raise ValueError(f"{slug}: no viewBox starting at 0 0")
    width, height = float(match[1]), float(match[2])
    target = PRODUCT_WIDTH if width == height else HERO_WIDTH if slug.startswith("hero-") else SCENE_WIDTH
    return target, round(target * height / width)


def recolour(slug: str, svg: str, colours: dict[str, str]) -> str:
    """Give the named CSS classes of ``svg`` other colours."""
    for name, colour in colours.items():
        rule = re.compile(r"(\." + re.escape(name) + r"\s*\{)([^}]*)(\})")
        if not rule.search(svg):
            raise ValueError(f"{slug}: no rule for class .{name}")
        svg = rule.sub(lambda m, c=colour: m[1] + HEX.sub(c, m[2]) + m[3], svg)
    return svg


def pictures(slugs: list[str]) -> Iterator[tuple[str, str]]:
    """Yield (name, svg) for each slug and each of its further colours."""
    ways = tomllib.loads(COLOURWAYS.read_text("utf-8")) if COLOURWAYS.exists() else {}
    for slug in slugs:
        svg = (ARTWORK / f"{slug}.svg").read_text("utf-8")
        yield slug, svg
        for colour, classes in ways.get(slug, {}).items():
            if isinstance(classes, dict):  # "default" only names the plain picture
                yield f"{slug}--{colour}", recolour(slug, svg, classes)


@contextmanager
def chromium() -> Iterator[Draw]:
    from playwright.sync_api import sync_playwright

    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page(device_scale_factor=SUPERSAMPLE)

        def draw(svg: str, width: int, height: int) -> Image.Image:
            page.set_viewport_size({"width": width, "height": height})
            page.set_content(
                "<style>*{margin:0}svg{display:block;width:100vw;height:100vh}</style>" + svg[svg.index("<svg") :]
            )
            return Image.open(io.BytesIO(page.screenshot(type="png")))

        try:
            yield draw
        finally:
            browser.close()


@contextmanager
def rsvg() -> Iterator[Draw]:
    program = shutil.which("rsvg-convert")
    if program is None:
        raise FileNotFoundError("rsvg-convert is not installed")

    def draw(svg: str, width: int, height: int) -> Image.Image:
        size = ["-w", str(width * SUPERSAMPLE), "-h", str(height * SUPERSAMPLE)]
        done = subprocess.run([program, *size], input=svg.encode(), capture_output=True, check=True)
        return Image.open(io.BytesIO(done.stdout))

    yield draw


@contextmanager
def renderer() -> Iterator[Draw]:
    """Chromium if it starts, else rsvg-convert."""
    try:
        manager = chromium()
        draw = manager.__enter__()
    except Exception as problem:
        print(f"Chromium not usable ({type(problem).__name__}), using rsvg-convert", file=sys.stderr)
        manager = rsvg()
        draw = manager.__enter__()
    try:
        yield draw
    finally:
        manager.__exit__(None, None, None)


def contact_sheet(images: list[Image.Image], columns: int = 4, cell: int = 300) -> Image.Image:
    rows = math.ceil(len(images) / columns)
    sheet = Image.new("RGB", (columns * cell, rows * cell), "white")
    for i, image in enumerate(images):
        small = image.copy()
        small.thumbnail((cell, cell), Image.Resampling.LANCZOS)
        sheet.paste(small, ((i % columns) * cell, (i // columns) * cell))
    return sheet


def main() -> int:
    parser = argparse.ArgumentParser(description="Render the demo shop's artwork to WebP.")
    parser.add_argument("slugs", nargs="*", help="pictures to render (default: all)")
    parser.add_argument("--sheet", type=Path, help="also write a contact sheet PNG here")
    parser.add_argument("--columns", type=int, default=4, help="columns of the contact sheet")
    parser.add_argument("--cell", type=int, default=300, help="cell size of the contact sheet")
    options = parser.parse_args()

    known = sorted(path.stem for path in ARTWORK.glob("*.svg"))
    unknown = set(options.slugs) - set(known)
    if unknown:
        parser.error(f"no such picture: {', '.join(sorted(unknown))}")
    slugs = options.slugs or [slug for slug in known if slug not in VECTOR_ONLY]

    IMAGES.mkdir(exist_ok=True)
    drawn: list[Image.Image] = []
    total = 0
    with renderer() as draw:
        for name, svg in pictures(slugs):
            width, height = output_size(name, svg)
            image = draw(svg, width, height).convert("RGB")
            image = image.resize((width, height), Image.Resampling.LANCZOS)
            target = IMAGES / f"{name}.webp"
            image.save(target, "WEBP", quality=84, method=6)
            size = target.stat().st_size
            total += size
            print(f"{name:40} {width}x{height} {size / 1024:7.1f} kB")
            if options.sheet:
                image.thumbnail((options.cell, options.cell), Image.Resampling.LANCZOS)
                drawn.append(image)
    print(f"{'total':40} {'':9} {total / 1024:7.1f} kB")
    if options.sheet and drawn:
        contact_sheet(drawn, options.columns, options.cell).save(options.sheet)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
