"""The family of bodies that Blender shows."""

from __future__ import annotations

import functools

import bpy

from ..motion.body import BodyModel, read_open_body


def body_model(context: bpy.types.Context) -> BodyModel:
    """The body model to build people with."""
    return _open_body()


@functools.cache
def _open_body() -> BodyModel:
    return read_open_body()
