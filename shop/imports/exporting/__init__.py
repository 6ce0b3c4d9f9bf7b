"""Writing the catalogue as files that this shop and others can read."""
