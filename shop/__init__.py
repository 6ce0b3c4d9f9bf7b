"""The shop: a package of Django apps. It has no models of its own."""
