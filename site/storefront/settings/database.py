"""``DATABASE_URL`` chooses the engine: an SQLite file by default, PostgreSQL for more than one machine."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from storefront.settings.env import VAR_DIR, env

# Seconds that a connection to PostgreSQL is kept; reconnecting per request costs more than half the throughput.
CONN_MAX_AGE = env.int("CONN_MAX_AGE", default=60)
# Seconds until a PostgreSQL that does not answer counts as gone.
CONNECT_TIMEOUT = 5
# Seconds that a writer waits for SQLite's single write lock before it gives up.
SQLITE_TIMEOUT = 20

_url = env.str("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR / 'cornhill.sqlite3'}"
_scheme = _url.partition("://")[0]
if _scheme not in ("sqlite", "postgres", "postgresql", "psql", "pgsql"):
    raise ImproperlyConfigured(
        f"DATABASE_URL starts with {_scheme!r}. Set it to postgres://user:password@host:5432/name, "
        "or to sqlite:////folder/file.sqlite3."
    )
_default: dict[str, Any] = dict(env.db_url_config(_url))
_options: dict[str, Any] = _default.setdefault("OPTIONS", {})

if _scheme == "sqlite":
    # IMMEDIATE takes the write lock when a transaction starts: upgrading a read lock later fails at once
    # with "database is locked", whatever the timeout.
    _options.update(
        {
            "transaction_mode": "IMMEDIATE",
            "timeout": SQLITE_TIMEOUT,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        }
    )
else:
    _default["CONN_MAX_AGE"] = CONN_MAX_AGE
    _default["CONN_HEALTH_CHECKS"] = True
    _options.setdefault("connect_timeout", CONNECT_TIMEOUT)

DATABASES = {"default": _default}
