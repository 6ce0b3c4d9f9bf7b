"""The project package: how the site is wired.

Whatever starts with ``site/`` on the import path also finds the apps beside it.
"""

import sys
from pathlib import Path

_ROOT = str(Path(__file__).resolve().parent.parent.parent)
if _ROOT not in sys.path:
    sys.path.append(_ROOT)
