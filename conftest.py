"""What every test may use. Fixtures live in ``tests/fixtures``, one file per concern."""

from hypothesis import settings

pytest_plugins = [
    "tests.fixtures.services",
    "tests.fixtures.site",
    "tests.fixtures.queries",
    "tests.fixtures.concurrency",
    "tests.fixtures.browser",
    "tests.fixtures.stripe",
    "tests.fixtures.served",
]

# A loaded machine is not a defect: no time limit per example.
settings.register_profile("cornhill", deadline=None, print_blob=True)
settings.load_profile("cornhill")
