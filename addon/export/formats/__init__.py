"""The formats of export, a module each, found by being in this folder.

A module has FORMAT, a Format whose `write` gets an Export (exported.py). Its name in capitals is the format's key.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping

from ..format import Format

USUAL = ("FBX", "GLTF", "USD", "BVH", "AMASS")   # in the panel before the others, which go by their names


def _found() -> dict[str, Format]:
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    found = {name.upper(): importlib.import_module(f"{__name__}.{name}").FORMAT for name in names}
    return {key: found[key] for key in sorted(found, key=_place)}


def _place(key: str) -> tuple[int, str]:
    return (USUAL.index(key) if key in USUAL else len(USUAL)), key


FORMATS: Mapping[str, Format] = _found()
