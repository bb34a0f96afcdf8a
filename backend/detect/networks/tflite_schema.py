"""The schemas of TFLite files and their metadata, out of mediapipe's package without mediapipe.

`import mediapipe` brings matplotlib and sound with it, which is nearly half of the time in which a capture starts.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any


def _generated(name: str) -> Any:
    """A module that the FlatBuffers compiler made; it imports flatbuffers alone."""
    package = importlib.util.find_spec("mediapipe")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("No module named 'mediapipe'", name="mediapipe")
    path = Path(package.submodule_search_locations[0], "tasks", "metadata", f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"{__name__}.{name}", path)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"No module named 'mediapipe.tasks.metadata.{name}'", name="mediapipe")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


schema = _generated("schema_py_generated")
metadata_schema = _generated("metadata_schema_py_generated")
