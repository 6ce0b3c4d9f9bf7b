"""Pictures that product files name: fetched from public addresses, or taken from a ZIP archive beside the file."""
