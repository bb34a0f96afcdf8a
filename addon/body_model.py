"""The family of bodies that Blender shows: the user's own SMPL-X model, else the open one."""

from __future__ import annotations

import functools
from pathlib import Path

import bpy

from ..motion.body import BodyModel, read_open_body
from ..motion.smplx_file import read_smplx
from .backend_place import EXTENSION


def body_model(context: bpy.types.Context) -> BodyModel:
    """The model to build people with. Raises Refusal when the SMPL-X file of the preferences cannot be used."""
    extension = context.preferences.addons.get(EXTENSION)
    chosen = extension.preferences.smplx_file if extension else ""
    if not chosen:
        return _open_body()
    path = Path(bpy.path.abspath(chosen))
    return _smplx_model(path, path.stat().st_mtime if path.is_file() else 0.0)


@functools.cache
def _open_body() -> BodyModel:
    return read_open_body()


@functools.lru_cache(maxsize=1)
def _smplx_model(path: Path, changed: float) -> BodyModel:
    """`changed` only makes a file that was replaced be read again."""
    return read_smplx(path, _open_body())
