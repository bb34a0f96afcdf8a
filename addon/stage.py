"""Where the parts of a take go: one stage for each shot of the footage, side by side, and the cuts between cameras."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import bpy
import numpy as np

from ..motion.shots import shots_of, side_by_side_m
from .people import Person
from .scene_clock import SceneClock

PART = "mambocap_part"   # on everything below a take's empty that was built, not put there by the user
SHOT = "mambocap_shot"   # on the collection of a shot: 1, 2, ...


@dataclass(frozen=True, eq=False)
class Stage:
    """One shot in a scene."""

    name: str                        # the take's, with the shot's where there are several
    root: bpy.types.Object           # the parent of all parts; its place is the origin of the shot's world
    collection: bpy.types.Collection
    people: list[Person]

    def add(self, thing: bpy.types.Object, parent: bpy.types.Object | None = None) -> None:
        """Take a new object in, below the root or another part."""
        self.collection.objects.link(thing)
        thing.parent = parent or self.root
        thing[PART] = True

    def first_frame(self, clock: SceneClock) -> int:
        """The first scene frame that shows a picture of this shot, each frame showing the one nearest in time."""
        motion = min((person.motion for person in self.people), key=lambda motion: motion.start_s)
        return int(np.ceil(clock.frames(motion.start_s - 0.5 / float(motion.rate)) - 1e-3))


def build_stages(
    take: bpy.types.Object, collection: bpy.types.Collection, people: Sequence[Person]
) -> list[Stage]:  # fmt: skip
    """The stages of a take in the order of time. One shot stands in the take itself.

    Of several, each has an empty and a collection of its own in those of the take, beside the one before.
    """
    motions = [person.motion for person in people]
    shots = shots_of(motions)
    if max(shots) == 0:
        return [Stage(take.name, take, collection, list(people))]
    whole = Stage(take.name, take, collection, list(people))
    places_m = side_by_side_m(motions, shots)
    return [_build_stage(whole, shot, place_m, [person for person, own in zip(people, shots) if own == shot])
            for shot, place_m in enumerate(places_m)]  # fmt: skip


def _build_stage(take: Stage, shot: int, place_m: float, people: list[Person]) -> Stage:
    name = f"{take.name} Shot {shot + 1}"
    collection = next((child for child in take.collection.children if child.get(SHOT) == shot + 1), None)
    if collection is None:
        collection = bpy.data.collections.new(name)
        collection[SHOT] = shot + 1
        take.collection.children.link(collection)
    root = bpy.data.objects.new(name, None)
    root.empty_display_size = 0.5
    root.location.x = place_m
    stage = Stage(name, root, collection, people)
    stage.add(root, take.root)
    return stage


def remove_empty_collections(collections: Collection[bpy.types.Collection]) -> None:
    """Remove collections of shots and then of takes, unless the user has put something in."""
    shots = {child for collection in collections for child in collection.children if SHOT in child}
    for some in (shots, collections):
        bpy.data.batch_remove([each for each in some if not each.all_objects and not each.children])


def look_through(scene: bpy.types.Scene, cameras: Sequence[bpy.types.Object], first_frames: Sequence[int]) -> None:
    """Let a scene be seen through `cameras`, each from its scene frame on; several are bound to timeline markers."""
    if len(cameras) > 1:
        for number, (camera, frame) in enumerate(zip(cameras, first_frames), start=1):
            scene.timeline_markers.new(f"Shot {number}", frame=frame).camera = camera
    passed = [camera for camera, frame in zip(cameras, first_frames) if frame <= scene.frame_current]
    scene.camera = (passed or cameras)[-1 if passed else 0]


def take_cuts_away(cameras: Collection[bpy.types.Object]) -> None:
    """Remove the timeline markers that are bound to any of these."""
    for scene in bpy.data.scenes:
        for marker in [marker for marker in scene.timeline_markers if marker.camera in cameras]:
            scene.timeline_markers.remove(marker)
