"""Settings: ``base`` plus one file per environment (dev, test, production) and per integration.

Each value that differs between machines is read from the environment or ``.env`` through ``env.py``.
"""
