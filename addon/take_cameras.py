"""The cameras of a take: one object for each clip, with its footage, all in one world."""

from __future__ import annotations

from pathlib import Path

import bpy

from ..motion.motion import Motion
from ..motion.resample import resampled
from .footage import find_footage
from .footage_camera import build_camera, can_project, show_footage
from .people import Person
from .scene_clock import SceneClock
from .stage import PART, Stage

CAMERA = "mambocap_camera"   # on a camera: its place among those of the motion files, from 0


def build_cameras(
    stage: Stage, clock: SceneClock, scene: bpy.types.Scene
) -> tuple[list[bpy.types.Object], list[str]]:  # fmt: skip
    """The cameras of a shot that can be built, and what the user should know, a sentence each.

    Every person's file knows the cameras while that person is there: the longest file tells most.
    """
    person = max(stage.people, key=lambda person: person.motion.frame_count if person.motion.cameras else 0)
    motion, things, notes = resampled(person.motion, clock.rate), [], []
    for index, camera in enumerate(motion.cameras):
        if not can_project(camera):
            notes.append(f"Camera {index + 1} of {stage.name} has no picture size or no focal length, "
                         "so it was left out.")  # fmt: skip
            continue
        thing = build_camera(_name(stage, motion, index), camera, clock.frames(motion.times_s), scene)
        thing[CAMERA] = index
        stage.add(thing)
        things.append(thing)
        notes += _add_footage(thing, person, index, clock)
    return things, notes


def cameras_of(take: bpy.types.Object) -> list[bpy.types.Object]:
    """The cameras that were built for a take, shot by shot, in the order of their clips."""
    things = [thing for thing in take.children_recursive if is_take_camera(thing)]
    return sorted(things, key=lambda thing: (thing.parent.name, index_of(thing), thing.name))


def is_take_camera(thing: bpy.types.Object | None) -> bool:
    return thing is not None and thing.type == "CAMERA" and PART in thing


def index_of(thing: bpy.types.Object) -> int:
    """The place of a camera of a take among those of its motion files, from 0."""
    return int(thing.get(CAMERA, 0))


def _name(stage: Stage, motion: Motion, index: int) -> str:
    """Such as "Dance Camera 1"; of several, with the name of the clip."""
    clip = Path(motion.cameras[index].video_path).stem if len(motion.cameras) > 1 else ""
    return " ".join(filter(None, (f"{stage.name} Camera {index + 1}", clip)))


def _add_footage(thing: bpy.types.Object, person: Person, index: int, clock: SceneClock) -> list[str]:
    footage, note = find_footage(person.motion, index, person.motion_path)
    return ([note] if note else []) + (show_footage(thing, footage, clock) if footage else [])
