"""For the container's health check: exit 0 where the server in this container answers ``/health/``."""

import os
import sys
import urllib.request

PORT = os.environ.get("BIND", "127.0.0.1:8000").rpartition(":")[2]

try:
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/health/", timeout=3) as answer:
        sys.exit(0 if answer.status == 200 else 1)
except OSError as problem:
    sys.exit(f"/health/ does not answer: {problem}")
