"""Seconds of a take and frames of a scene."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import bpy
import numpy as np

from ..motion.arrays import Array

LAST_FRAME = 1_048_574   # Blender's own limit

# What Blender puts into a new file, and where.
_STARTUP_OBJECTS = {"Cube": (0.0, 0.0, 0.0), "Light": (4.076, 1.005, 5.904), "Camera": (7.359, -6.926, 4.958)}


@dataclass(frozen=True)
class SceneClock:
    """Which frame of a scene shows which second of a take."""

    rate: Fraction       # frames a second
    first_frame: int     # the scene frame at second 0 of the footage

    def frames(self, times_s: Array) -> Array:
        """Scene frames [T], between whole frames where the seconds [T] are."""
        return self.first_frame + np.asarray(times_s) * float(self.rate)

    def seconds(self, frames: Array) -> Array:
        """Seconds of the take [T] at scene frames [T]."""
        return (np.asarray(frames) - self.first_frame) / float(self.rate)


def clock_of(scene: bpy.types.Scene) -> SceneClock:
    """The scene's own rate, a take starting at its first frame."""
    # The base is a 32-bit number: 1.001 comes back as 1.00100005.
    rate = Fraction(scene.render.fps) / Fraction(scene.render.fps_base).limit_denominator(10_000)
    return SceneClock(rate, scene.frame_start)


def set_rate(scene: bpy.types.Scene, rate: Fraction) -> None:
    """Give the scene exactly this rate: 29.97 becomes 30 with a base of 1.001."""
    scene.render.fps = max(1, round(rate))
    scene.render.fps_base = float(scene.render.fps / rate)


def is_empty(scene: bpy.types.Scene) -> bool:
    """True for a scene in which nobody has put anything yet; what a new file starts with does not count."""
    timed = scene.timeline_markers or scene.animation_data or (scene.sequence_editor and _strips(scene))
    return not timed and all(_is_startup_object(thing) for thing in scene.collection.all_objects)


def hide_startup_cube(scene: bpy.types.Scene) -> None:
    """Hide the cube of a new file, in which the first person would stand."""
    cube = scene.objects.get("Cube")
    if cube is not None and _is_startup_object(cube):
        cube.hide_viewport = cube.hide_render = True


def _strips(scene: bpy.types.Scene) -> bpy.types.bpy_prop_collection:
    editor = scene.sequence_editor
    return editor.strips if hasattr(editor, "strips") else editor.sequences


def _is_startup_object(thing: bpy.types.Object) -> bool:
    place = _STARTUP_OBJECTS.get(thing.name)
    return place is not None and not thing.animation_data and np.allclose(thing.location, place, atol=0.01)
