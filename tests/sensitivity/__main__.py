"""``python -m tests.sensitivity [WORDS]``: put in one fault after the other, and see that its test fails.

Works in a copy of what git knows, so nothing here changes. With ``DATABASE_URL`` for PostgreSQL the faults that need it
run too. Ends with 1 where a fault was not noticed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.sensitivity.faults import FAULTS, Fault

ROOT = Path(__file__).resolve().parents[2]


def copy_to(folder: Path) -> None:
    """What git knows, as it is now."""
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607
    for name in names.stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def passes(folder: Path, test: str) -> bool:
    """Run a test in the copy. Raises RuntimeError where it could not run at all."""
    environment = {**os.environ, "VAR_DIR": str(folder / "var"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:xdist", "-p", "no:cacheprovider", "--reuse-db"]
    done = subprocess.run(  # noqa: S603  (the tests are named here)
        [*command, *test.split()], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    return done.returncode == 0


def notice(folder: Path, fault: Fault) -> bool:
    """Whether the test fails with the fault in place."""
    place = folder / fault.file
    text = place.read_text()
    place.write_text(text.replace(fault.old, fault.new))
    try:
        return not passes(folder, fault.test)
    finally:
        place.write_text(text)


def main(words: list[str]) -> int:
    postgres = os.environ.get("DATABASE_URL", "").startswith("postgres")
    chosen = [fault for fault in FAULTS if (postgres or not fault.postgres) and all(w in fault.name for w in words)]
    missed = 0
    with tempfile.TemporaryDirectory(prefix="cornhill-sensitivity-") as name:
        folder = Path(name)
        copy_to(folder)
        if not passes(folder, " ".join(dict.fromkeys(fault.test for fault in chosen))):
            sys.stdout.write("The tests fail without any fault: nothing can be learned from them.\n")
            return 1
        for fault in chosen:
            began = time.monotonic()
            noticed = notice(folder, fault)
            missed += not noticed
            word = "noticed" if noticed else "MISSED "
            sys.stdout.write(f"{word}  {time.monotonic() - began:5.1f} s  {fault.name}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{len(chosen) - missed} of {len(chosen)} faults were noticed.\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
