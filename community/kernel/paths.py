"""Where the files lie that are not Python: templates, static files, policies and the like.

In a checkout they stand beside the package; a wheel carries them inside it, in `_data`
(see `force-include` in pyproject.toml).
"""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
_PACKED = PACKAGE / "_data"

DATA_ROOT = _PACKED if _PACKED.is_dir() else PACKAGE.parent
TEMPLATES = DATA_ROOT / "templates"
STATIC = DATA_ROOT / "static"
POLICIES = DATA_ROOT / "policies"
MIGRATIONS = DATA_ROOT / "migrations"
DEMO = DATA_ROOT / "demo"
