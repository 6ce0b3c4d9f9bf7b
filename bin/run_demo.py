"""From a bare clone to a running demo shop: environment, database, demo content, server. ``make demo`` runs this.

Safe to run again: what is installed, migrated or loaded stays as it is.
"""

import os
import socket
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bin.install import REPOSITORY, install, say, venv_python

DEFAULT_PORT = "8000"
DEMO_PASSWORD = "ipswich-demo"  # noqa: S105  (printed on purpose: it opens a demo on one's own machine)
LOGINS = {"admin": "admin@ipswich-retail.example", "editor": "editor@ipswich-retail.example"}


def chosen_port() -> int:
    """``PORT``; exits with a clear message where it is not a port or something else already listens there."""
    given = os.environ.get("PORT") or DEFAULT_PORT
    if not given.isdecimal() or not 1 <= int(given) <= 65535:
        sys.exit(f"PORT is {given!r}: set it to a number from 1 to 65535.")
    port = int(given)
    other = f"Choose another one: PORT={port + 123 if port < 65000 else 8123} make demo"
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.create_connection((host, port), timeout=1):
                sys.exit(f"Port {port} is in use by another program. {other}")
        except OSError:
            pass  # nothing listens there, or this machine does not speak the family
        if family == socket.AF_INET:
            refuse_if_not_bindable(host, port, other)
    return port


def refuse_if_not_bindable(host: str, port: int, other: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            sys.exit(f"Port {port} cannot be opened ({problem.strerror}). {other}")


def manage(*arguments: str) -> None:
    """Run a management command; exits with its code where it fails."""
    done = subprocess.run([str(venv_python()), "manage.py", *arguments], cwd=REPOSITORY, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def banner(url: str) -> str:
    logins = "\n".join(f"             {email} / {DEMO_PASSWORD}" for email in LOGINS.values())
    return f"""
  The shop   {url}/
  The admin  {url}/admin/
{logins}

  Mail is written to var/mail. Stop with Ctrl-C; `make demo` starts again where you left off.
"""


def main() -> None:
    port = chosen_port()
    url = f"http://localhost:{port}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "storefront.settings.dev"
    os.environ.setdefault("BASE_URL", url)
    install("runtime")
    say("Preparing the database ...")
    manage("migrate", "--verbosity", "0")
    manage("load_demo")
    say(banner(url))
    host = os.environ.get("HOST") or "127.0.0.1"
    os.chdir(REPOSITORY)
    # Django's own server says in red what everybody who reads this knows: it is for development.
    os.environ["DJANGO_RUNSERVER_HIDE_WARNING"] = "true"
    os.execv(venv_python(), [str(venv_python()), "manage.py", "runserver", f"{host}:{port}"])  # noqa: S606


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nStopped. `make demo` goes on from here.")
