"""How static files are named and compressed in production."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """A hash of the content in every name, so that browsers keep a file for ever; gzip and Brotli beside it.

    Our own modules import each other by hashed name as well (Django leaves that off because it could misread other
    people's scripts): after an update no browser mixes an old module with a new one.
    """

    # Django's own rule, which it offers for all scripts or none. Private; the test beside this file would miss it.
    _imports = HashedFilesMixin._js_module_import_aggregation_patterns[1]  # type: ignore[attr-defined]  # private
    patterns = (*HashedFilesMixin.patterns, ("js/*.js", _imports))
