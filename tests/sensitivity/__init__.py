"""Do the tests notice? Each lock, key, constraint and check is taken out in turn, and a test has to fail each time."""
