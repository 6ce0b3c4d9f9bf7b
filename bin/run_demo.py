"""From a bare clone to a running demo shop: environment, database, demo content, server. ``make demo`` runs this.

Safe to run again: what is installed, migrated or loaded stays as it is.
"""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bin.install import REPOSITORY, install, say, venv_python

DEFAULT_PORT = "8000"
DEMO_PASSWORD = "ipswich-demo"  # noqa: S105  (printed on purpose: it opens a demo on one's own machine)
LOGINS = {
    "admin@ipswich-retail.example": "may do everything",
    "editor@ipswich-retail.example": "marketing: pages, products, stories",
    "packer@ipswich-retail.example": "fulfilment: orders to send, packing slips",
}


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


def command(*arguments: str) -> list[str]:
    return [str(venv_python()), "manage.py", *arguments]


def manage(*arguments: str) -> None:
    """Run a management command; exits with its code where it fails."""
    done = subprocess.run(command(*arguments), cwd=REPOSITORY, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def banner(url: str) -> str:
    logins = "\n".join(f"             {email}  {DEMO_PASSWORD}  ({role})" for email, role in LOGINS.items())
    return f"""
  The shop   {url}/
  The admin  {url}/admin/
{logins}

  Mail is written to var/mail. Ctrl-C stops the shop; `make demo` starts it again with everything you changed.
"""


def serve(address: str) -> int:
    """Django's server in front, what is scheduled behind it; both end together."""
    # The server says in red what everybody who reads this knows: it is for development.
    os.environ["DJANGO_RUNSERVER_HIDE_WARNING"] = "true"
    # Neither reads the terminal: in the background (`make demo &`) a program that touches it is stopped.
    schedule = subprocess.Popen(command("run_scheduled", "--forever"), cwd=REPOSITORY, stdin=subprocess.DEVNULL)
    server = subprocess.Popen(command("runserver", "--nostatic", address), cwd=REPOSITORY, stdin=subprocess.DEVNULL)

    def stop(signum: int, frame: object) -> None:
        server.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to both children as well
    try:
        return max(server.wait(), 0)
    finally:
        schedule.terminate()
        schedule.wait()


def main() -> int:
    port = chosen_port()
    url = f"http://localhost:{port}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "storefront.settings.dev"
    os.environ["BASE_URL"] = url
    # As a visitor sees it, with the shop's own error pages. DEBUG=true shows Django's instead.
    os.environ.setdefault("DEBUG", "false")
    install("runtime")
    say("Preparing the database ...")
    manage("migrate", "--verbosity", "0")
    manage("load_demo")
    say(banner(url))
    return serve(f"{os.environ.get('HOST') or '127.0.0.1'}:{port}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("\nStopped. `make demo` goes on from here.")
