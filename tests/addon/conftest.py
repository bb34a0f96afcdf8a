"""Makes the checkout importable as the package `mambocap`, as Blender would import the installed extension."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def import_extension() -> None:
    """Import the repository's root as `mambocap`, so that `from mambocap.addon.x import y` works."""
    if "mambocap" in sys.modules:
        return
    door = ROOT / "__init__.py"
    spec = importlib.util.spec_from_file_location("mambocap", door, submodule_search_locations=[str(ROOT)])
    assert spec is not None and spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules["mambocap"] = package
    spec.loader.exec_module(package)


import_extension()
