"""Which packages do the work, without importing them."""

from __future__ import annotations

import functools
import platform
from importlib.metadata import PackageNotFoundError, version

PACKAGES = ("torch", "numpy", "scipy", "mediapipe", "av", "opencv-python-headless")
_SAME_LIBRARY = {"opencv-python-headless": ("opencv-contrib-python", "opencv-python", "opencv-contrib-python-headless")}


def versions() -> dict[str, str]:
    """Name to version of Python and of each of PACKAGES; empty text for one that is not installed."""
    return {"python": platform.python_version(), **{name: version_of(name) for name in PACKAGES}}


@functools.cache    # every stage of every clip asks, and each answer is read from a file
def version_of(package: str) -> str:
    """Version of an installed package or of one that brings the same library, empty when there is none."""
    for name in (package, *_SAME_LIBRARY.get(package, ())):
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return ""
