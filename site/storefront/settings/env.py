"""The environment reader and the folders that every other settings file builds on."""

import os
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent.parent


class SiteEnv(environ.Env):
    """Names the variable whose value cannot be read, where django-environ would show only the conversion's error."""

    def get_value(self, var: str, cast: Any = None, default: Any = environ.Env.NOTSET, **options: Any) -> Any:
        try:
            return super().get_value(var, cast=cast, default=default, **options)
        except (TypeError, ValueError) as problem:
            kind = getattr(cast, "__name__", "value")
            raise ImproperlyConfigured(f"{var} is {os.environ.get(var)!r}, which is not a valid {kind}.") from problem


env = SiteEnv()
# The tests say themselves what they need; a developer's own settings must not change what they prove.
if os.environ.get("DJANGO_SETTINGS_MODULE") != "storefront.settings.test":
    env.read_env(BASE_DIR / ".env")

# What the running site writes: database file, uploads, collected static files, caches.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))


def require(settings: dict[str, str]) -> None:
    """Refuse to start where one of these variables is empty. Names all of them at once; the values say what to set."""
    missing = [f"  {name}: {advice}" for name, advice in settings.items() if not os.environ.get(name)]
    if missing:
        raise ImproperlyConfigured(
            "These settings are needed in production. Set them in the environment or in .env (see .env.example):\n"
            + "\n".join(missing)
        )
