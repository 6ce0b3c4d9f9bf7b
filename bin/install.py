"""Make the virtual environment and install the pinned requirements, unless they are installed already.

    python bin/install.py runtime    what the running site needs
    python bin/install.py dev        and what proves it

Run by any Python 3.11 to 3.13; needs nothing but its standard library and pip.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
VENV = REPOSITORY / os.environ.get("VENV", ".venv")
REQUIREMENTS = {"runtime": ["requirements.txt"], "dev": ["requirements.txt", "requirements-dev.txt"]}
WORDS = {"runtime": "what the shop needs", "dev": "what the shop and its tests need"}


def venv_python() -> Path:
    """The interpreter inside the virtual environment."""
    return VENV / "bin" / "python"


def fingerprint(kind: str) -> str:
    """Changes when a pinned requirement or the interpreter does."""
    parts = [f"{sys.version_info[0]}.{sys.version_info[1]}"]
    parts += [(REPOSITORY / name).read_text() for name in REQUIREMENTS[kind]]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def stamp(kind: str) -> Path:
    return VENV / f".installed-{kind}"


def is_installed(kind: str) -> bool:
    """The stamp is written last, so an interrupted installation is not mistaken for a complete one."""
    stamped = stamp(kind).is_file() and stamp(kind).read_text() == fingerprint(kind)
    return stamped and venv_runs()


def venv_runs() -> bool:
    """Whether the environment's interpreter starts (an upgrade may have removed it) and has this one's version."""
    wanted = f"{sys.version_info[0]}.{sys.version_info[1]}"
    ask = [str(venv_python()), "-c", "import sys, pip; print('%d.%d' % sys.version_info[:2])"]
    try:
        return subprocess.run(ask, capture_output=True, text=True, check=False).stdout.strip() == wanted
    except OSError:
        return False


def say(text: str) -> None:
    print(text, flush=True)


def make_venv() -> None:
    if venv_runs():
        return
    if VENV.exists():
        if not (VENV / "pyvenv.cfg").exists():
            sys.exit(f"{VENV} exists and is not a virtual environment: move it away, or set VENV to another folder.")
        shutil.rmtree(VENV)
    say(f"Making a virtual environment in {VENV.name} with Python {sys.version.split()[0]} ...")
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)


def install(kind: str) -> None:
    """Install; does nothing where the pinned requirements have not changed. Exits with pip's message where it fails."""
    if is_installed(kind):
        return
    make_venv()
    for other in REQUIREMENTS:
        stamp(other).unlink(missing_ok=True)
    names = REPOSITORY / REQUIREMENTS[kind][-1]
    count = sum(1 for line in names.read_text().splitlines() if "==" in line and line[:1].isalnum())
    say(f"Installing {WORDS[kind]} ({count} packages; a minute or two, the first time) ...")
    if run_pip(["install", "--progress-bar", "off", "--require-hashes", "-r", str(names)], count):
        sys.exit("pip could not install the requirements; its message is above. Nothing else was changed: try again.")
    stamp(kind).write_text(fingerprint(kind))
    if kind == "dev":
        stamp("runtime").write_text(fingerprint("runtime"))


def run_pip(arguments: list[str], count: int) -> int:
    """Run pip and say how many of ``count`` packages it has looked at; its own words are shown only where they warn."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    pip = [str(venv_python()), "-m", "pip", "--disable-pip-version-check", *arguments]
    fetched = 0
    moving = sys.stdout.isatty()
    with subprocess.Popen(pip, env=environment, stdout=subprocess.PIPE, text=True) as running:
        for line in running.stdout or ():
            if line.startswith("Collecting "):
                fetched += 1
                if moving:
                    print(f"\r\033[K  {fetched}/{count} {line.split()[1].partition('=')[0]}", end="", flush=True)
                elif fetched % 25 == 0:
                    say(f"  {fetched}/{count} packages fetched")
            elif line.startswith("Installing collected"):
                say(("\r\033[K" if moving else "") + "  Unpacking them ...")
    return running.returncode


if __name__ == "__main__":
    install(sys.argv[1] if len(sys.argv) > 1 else "runtime")
