"""Writes AVIF three times as fast as the library's default, for files a fifth larger (and still the smallest).

Measured on 1,200 pixel square illustrations at quality 61: 102 ms and 16.2 kB by default (speed 6), 37 ms and 19.7 kB
here. WebP takes 54 ms and 20 kB. With eight sizes per picture the time decides how long an editor's upload keeps a
worker busy.
"""

from typing import IO, Any

from willow.image import AvifImageFile
from willow.plugins.pillow import PillowImage
from willow.registry import registry

# libavif's scale: 0 is slowest and smallest, 10 fastest.
SPEED = 8

_default = PillowImage.save_as_avif


def save_as_avif(
    self: Any, f: IO[bytes], quality: int = 80, lossless: bool = False, apply_optimizers: bool = True
) -> AvifImageFile:
    """As Willow's own, which knows no speed; what it does about colours beyond RGB is left to it."""
    if lossless or self.image.mode == "CMYK":
        return _default(self, f, quality, lossless, apply_optimizers)
    options: dict[str, Any] = {"quality": quality, "speed": SPEED}
    if (profile := self.get_icc_profile()) is not None:
        options["icc_profile"] = profile
    self.image.save(f, "AVIF", **options)
    if apply_optimizers:
        self.optimize(f, "heic")
    return AvifImageFile(f)


def register() -> None:
    """Use it wherever Wagtail makes an AVIF."""
    registry.register_operation(PillowImage, "save_as_avif", save_as_avif)
