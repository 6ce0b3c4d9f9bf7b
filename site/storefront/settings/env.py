"""The environment reader and the folders that every other settings file builds on."""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent.parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

# What the running site writes: database file, uploads, collected static files, caches.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
