"""``DATABASE_URL`` chooses the engine: an SQLite file by default, PostgreSQL for more than one machine."""

from typing import Any

from storefront.settings.env import VAR_DIR, env

# Seconds that a connection to PostgreSQL is kept; reconnecting per request costs more than half the throughput.
CONN_MAX_AGE = env.int("CONN_MAX_AGE", default=60)
# Seconds that a writer waits for SQLite's single write lock before it gives up.
SQLITE_TIMEOUT = 20

_default: dict[str, Any] = dict(env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'cornhill.sqlite3'}"))

if "sqlite" in _default["ENGINE"]:
    # IMMEDIATE takes the write lock when a transaction starts: upgrading a read lock later fails at once
    # with "database is locked", whatever the timeout.
    _default.setdefault("OPTIONS", {}).update(
        {
            "transaction_mode": "IMMEDIATE",
            "timeout": SQLITE_TIMEOUT,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        }
    )
else:
    _default["CONN_MAX_AGE"] = CONN_MAX_AGE
    _default["CONN_HEALTH_CHECKS"] = True

DATABASES = {"default": _default}
