"""Do the tests notice? Each lock, key and check on the way of money is taken out in a copy, and a test has to fail."""
