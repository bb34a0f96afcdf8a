"""A take in a scene: one empty that carries its people, its camera and its floor, in a collection of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import bpy
import numpy as np
from mathutils import Matrix

from ..motion.body import BodyModel
from ..motion.job import Result
from ..motion.motion import Motion
from ..motion.refusal import Refusal
from ..motion.resample import resampled
from ..motion.scaled import scaled
from .action import key_motion
from .armature import build_armature
from .body_mesh import body_of, build_body, rest_origin_of
from .contact_strips import key_contacts
from .floor import build_floor
from .footage_camera import can_project
from .hypotheses.kept_hypotheses import keep_hypotheses
from .hypotheses.uncertainty_kept import keep_spread
from .kept_quality import keep_card
from .multiview.kept_cameras import keep_cameras
from .people import Person, motion_files, read_people
from .people_list import numbers_by_folder, result_of
from .remove_things import remove_with_data
from .scene_clock import LAST_FRAME, SceneClock, clock_of, hide_startup_cube, is_empty, set_rate
from .solved_world import world_of
from .stage import PART, Stage, build_stages, look_through, remove_empty_collections
from .take_cameras import build_cameras

# Custom properties, on the take's empty and on its people's armatures.
FOLDER, NOTES, FIRST_FRAME = "mambocap_folder", "mambocap_notes", "mambocap_first_frame"
MOTION_FILE, SEEN, CONFIDENCE = "mambocap_motion_file", "mambocap_seen", "mambocap_confidence"
NUMBER = "mambocap_number"     # of a person, by which edits of people name them
FIRST_CLIP_S = "mambocap_first_clip_s"   # on a person: what the first clip's clock shows when the take's shows 0
RATE, Y_UP = "mambocap_rate", "mambocap_y_up"   # frames a second at which a person was keyed; how its file was read
MADE_WITH = "mambocap_people_edits"   # the edits of people that a take was built after
SCALE = "mambocap_scale"   # on a take and its people: by which they are larger than their files, as the user said

_SAME_RATE = 1e-5   # relative: less than a frame apart in 100,000


@dataclass(frozen=True)
class TakeOptions:
    """What the user may choose about a take in a scene."""

    body: bool = True      # a skinned mesh on each armature
    camera: bool = True    # the camera with its footage
    rate: Literal["AUTO", "FOOTAGE", "SCENE"] = "AUTO"   # AUTO: the footage's in an empty scene, else the scene's


def build_take(
    scene: bpy.types.Scene, folder: Path, name: str, model: BodyModel, options: TakeOptions = TakeOptions()
) -> bpy.types.Object:
    """The take of a finished capture in `folder` (person_00/motion.npz and so on). Returns the take's empty.

    Raises Refusal when there is no person or a file cannot be read; nothing has been built then.
    """
    return build_people(scene, _people_in(folder, model), name, model, options, folder)


def _people_in(folder: Path, model: BodyModel, scale: float = 1.0) -> list[Person]:
    people = read_people(motion_files(folder), model, numbers_by_folder(folder))
    return [replace(person, motion=scaled(person.motion, scale), scale=scale) for person in people]


def build_people(
    scene: bpy.types.Scene, people: Sequence[Person], name: str, model: BodyModel,
    options: TakeOptions = TakeOptions(), folder: Path | None = None,
) -> bpy.types.Object:  # fmt: skip
    """A take of people whose motions are at hand. Returns the take's empty.

    The user's own things stay as they are; only the scene's end moves on where a take goes further.
    """
    moving = _moving(people, name)
    clock, takes_over = _clock(scene, moving, options)
    if is_empty(scene):
        hide_startup_cube(scene)
    take, collection = _new_take(scene, name, folder)
    stages = build_stages(take, collection, moving)
    _stand_behind_solved_cameras(stages)
    last_frame = _add_people(take, stages, model, options, clock)
    if takes_over:
        _take_over(scene, moving, clock, last_frame)
    else:
        _make_room(scene, last_frame)
    if options.camera:
        _add_cameras(take, stages, clock, scene, takes_over)
    return take


def rebuild_take(scene: bpy.types.Scene, take: bpy.types.Object, folder: Path, model: BodyModel) -> None:
    """Build people, floor and cameras of a take again from what lies in `folder` now.

    The empty stays, with its name, its place and what the user hung on it or on its people. Raises Refusal when a file
    cannot be read; nothing has changed then.
    """
    moving = _moving(_people_in(folder, model, float(take.get(SCALE, 1.0))), take.name)
    clock = replace(clock_of(scene), first_frame=int(take[FIRST_FRAME]))
    collection = next((c for c in take.users_collection if FOLDER in c), take.users_collection[0])
    parts = [thing for thing in take.children_recursive if PART in thing]
    seen_through = scene.camera.name if scene.camera in parts else ""
    views, guests = _views_through_cameras(), _guests_of(parts)
    remove_with_data(parts)
    take[FOLDER] = collection[FOLDER] = str(folder)
    stages = build_stages(take, collection, moving)
    _stand_behind_solved_cameras([stage for stage in stages if stage.root != take])
    _make_room(scene, _add_people(take, stages, model, TakeOptions(), clock))
    _add_cameras(take, stages, clock, scene, bool(seen_through))
    scene.camera = scene.objects.get(seen_through, scene.camera)
    _bring_to(guests, take)
    remove_empty_collections([collection])
    for view in views:   # which Blender takes away from a camera that is removed
        view.view_perspective = "CAMERA"


def _stand_behind_solved_cameras(stages: Sequence[Stage]) -> None:
    """Move shots into the scene's world where the artist had solved their cameras in it."""
    for stage in stages:
        world = world_of([person.motion for person in stage.people])
        if world is not None:
            stage.root.matrix_basis = Matrix(world)


def _moving(people: Sequence[Person], name: str) -> list[Person]:
    moving = [person for person in people if person.motion.frame_count]
    if not moving:
        raise Refusal("no-frames", f"{name} holds no frame.", "Choose a motion file with at least one frame.")
    return moving


def _add_people(
    take: bpy.types.Object, stages: Sequence[Stage], model: BodyModel, options: TakeOptions, clock: SceneClock
) -> int:  # fmt: skip
    """Build everybody and the floors. Returns the last scene frame of all motions."""
    take[FIRST_FRAME] = clock.first_frame
    result = result_of(Path(take[FOLDER])) if take[FOLDER] else Result(())
    take[MADE_WITH] = result.people_edits
    keep_cameras(take, result.cameras)
    for stage in stages:
        stage.add(build_floor(f"{stage.name} Floor", [person.motion for person in stage.people]))
    return max(_add_person(stage, f"{take.name} {person.name}", person, model, options, clock)
               for stage in stages for person in stage.people)  # fmt: skip


def _views_through_cameras() -> list[bpy.types.RegionView3D]:
    areas = [area for screen in bpy.data.screens for area in screen.areas if area.type == "VIEW_3D"]
    views = [area.spaces.active.region_3d for area in areas]
    return [view for view in views if view and view.view_perspective == "CAMERA"]


def _guests_of(parts: Sequence[bpy.types.Object]) -> list[tuple[bpy.types.Object, int, Matrix]]:
    """What the user hung on people: the thing, the person's number and its place."""
    hung = [thing for part in parts for thing in part.children if PART not in thing]
    return [(thing, int(thing.parent.get(NUMBER, 0)), thing.matrix_parent_inverse.copy()) for thing in hung]


def _bring_to(guests: Sequence[tuple[bpy.types.Object, int, Matrix]], take: bpy.types.Object) -> None:
    people = {int(child[NUMBER]): child for child in take.children_recursive if child.get(NUMBER)}
    for thing, number, matrix in guests:
        if number in people:
            thing.parent, thing.matrix_parent_inverse = people[number], matrix


def _clock(scene: bpy.types.Scene, people: Sequence[Person], options: TakeOptions) -> tuple[SceneClock, bool]:
    """The clock to key by, and whether the scene is to take it over."""
    footage_rate = people[0].motion.rate
    scene_clock = clock_of(scene)
    takes_over = options.rate == "FOOTAGE" or (options.rate == "AUTO" and is_empty(scene))
    if takes_over or abs(float(scene_clock.rate / footage_rate) - 1.0) < _SAME_RATE:
        return replace(scene_clock, rate=footage_rate), takes_over
    return scene_clock, False


def _new_take(
    scene: bpy.types.Scene, name: str, folder: Path | None
) -> tuple[bpy.types.Object, bpy.types.Collection]:
    take = bpy.data.objects.new(name, None)
    take.empty_display_size = 0.5
    take[FOLDER] = str(folder or "")
    collection = bpy.data.collections.new(name)
    collection[FOLDER] = take[FOLDER]
    scene.collection.children.link(collection)
    collection.objects.link(take)
    return take, collection


def _add_person(
    stage: Stage, name: str, person: Person, model: BodyModel, options: TakeOptions, clock: SceneClock
) -> int:  # fmt: skip
    """Build one person. Returns the last scene frame of the motion."""
    motion = resampled(person.motion, clock.rate)
    body = body_of(motion, model)
    origin = rest_origin_of(body)
    armature = build_armature(name, motion.skeleton, origin)
    stage.add(armature)
    if options.body:
        stage.add(build_body(f"{name} Body", body, armature, origin), armature)
    frames = clock.frames(motion.times_s)
    keep_hypotheses(armature, motion, frames, name)
    keep_spread(armature, motion.spread_m)
    key_motion(armature, motion, frames, name)
    if motion.raw is not None:
        key_contacts(armature, motion.contact_names, motion.contacts > 0.5, frames)
    armature[NUMBER], armature[SCALE] = person.number, person.scale
    armature[RATE], armature[Y_UP] = str(clock.rate), person.y_up
    keep_card(armature, motion, body)
    _note_evidence(armature, motion, person.motion_path, float(frames[0]))
    return int(np.ceil(frames[-1]))


def _note_evidence(armature: bpy.types.Object, motion: Motion, path: Path | None, first_frame: float) -> None:
    """Keep on the armature where its file is and how sure the capture was, one entry a key."""
    armature[MOTION_FILE] = str(path or "")
    armature[FIRST_FRAME] = first_frame
    armature[FIRST_CLIP_S] = motion.cameras[0].time_offset_s if motion.cameras else 0.0
    armature[SEEN] = motion.seen.astype(np.int32)
    armature[CONFIDENCE] = motion.confidence.mean(axis=1).astype(np.float32)


def _add_cameras(
    take: bpy.types.Object, stages: Sequence[Stage], clock: SceneClock, scene: bpy.types.Scene, looks_through: bool
) -> None:  # fmt: skip
    """Build the cameras of all shots, and let the scene be seen through the first one of each."""
    notes: list[str] = []
    firsts: dict[int, bpy.types.Object] = {}
    for stage in stages:
        cameras, words = build_cameras(stage, clock, scene)
        notes += words
        if cameras:
            firsts[stage.first_frame(clock)] = cameras[0]
    if looks_through and firsts:
        look_through(scene, list(firsts.values()), list(firsts))
    take[NOTES] = "\n".join(dict.fromkeys(notes))


def _take_over(scene: bpy.types.Scene, people: Sequence[Person], clock: SceneClock, last_frame: int) -> None:
    """Give a scene the footage's rate, length and shape."""
    set_rate(scene, clock.rate)
    cameras = [camera for person in people for camera in person.motion.cameras if can_project(camera)]
    ends_s = [camera.source_times_s[-1] - camera.time_offset_s for camera in cameras if len(camera.source_times_s)]
    last_frame = max([last_frame, scene.frame_start, *(int(frame + 0.5) for frame in clock.frames(ends_s))])
    scene.frame_end = min(last_frame, LAST_FRAME)
    scene.frame_current = scene.frame_start
    if cameras:
        render = scene.render
        render.resolution_x, render.resolution_y = cameras[0].width_px, cameras[0].height_px
        render.pixel_aspect_x = render.pixel_aspect_y = 1.0


def _make_room(scene: bpy.types.Scene, last_frame: int) -> None:
    """Let a scene that keeps its own clock play to the end of a take; a range that is longer stays."""
    scene.frame_end = min(max(scene.frame_end, last_frame), LAST_FRAME)


def takes_in(scene: bpy.types.Scene) -> list[bpy.types.Object]:
    """The empties of all takes in a scene."""
    return [thing for thing in scene.collection.all_objects if FOLDER in thing]


def notes_of(take: bpy.types.Object) -> list[str]:
    """What the user should know about a take, a sentence each."""
    return str(take.get(NOTES, "")).splitlines()


def remove_take(take: bpy.types.Object) -> None:
    """Take a take out of the file with all that only it used; what the user put beside it stays."""
    things = [take, *take.children_recursive]
    collections = {collection for thing in things for collection in thing.users_collection if FOLDER in collection}
    remove_with_data(things)
    remove_empty_collections(collections)
