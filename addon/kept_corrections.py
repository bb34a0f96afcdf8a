"""An artist's corrections where they are kept: as text on a person's armature, pins and drags as empties hung on it.

So they are saved, copied and undone with the file, and clean-up finds them whenever it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import bpy
import numpy as np

from ..motion.arrays import Array
from ..motion.body import Body
from ..motion.corrections.edits import Edit, Exchange, Ignore, LandmarkDrag, Pin, PoseKey
from ..motion.corrections.edits_file import edits_text, read_edits
from ..motion.corrections.seen_points import Sight, posed
from ..motion.kinematics import local_rotations
from ..motion.landmarks import LANDMARK
from ..motion.motion import Motion
from ..motion.refusal import Refusal
from ..motion.resample import interpolate_linear
from ..motion.rotations import nearest_rotation
from ..motion.skeleton import JOINT_NAMES
from .armature import R_BLENDER_FROM_REST
from .take_scene import NUMBER

CORRECTIONS = "mambocap_corrections"   # on a person's armature
HANDLE, FROM_S, TO_S = "mambocap_handle", "mambocap_from_s", "mambocap_to_s"   # on an empty: what it holds, and when
SEEN_BY = "mambocap_seen_by"   # on an empty that drags a landmark: the camera that says where, from 0
_SIZE_M = 0.06


@dataclass(frozen=True, eq=False)
class Pose:
    """How an armature is posed now, whatever posed it."""

    R_parent_from_joint: Array   # [55, 3, 3]
    root_world: Array            # [3] m, in the armature's own space, which is that of the motion


def pose_of(person: bpy.types.Object) -> Pose:
    """The pose that Blender shows, constraints and what has no key yet included."""
    bones = [person.pose.bones[name] for name in JOINT_NAMES]
    R_blender_from_bone = np.array([bone.bone.matrix_local.to_3x3() for bone in bones])
    R_bone_from_rest = np.swapaxes(R_blender_from_bone, -1, -2) @ R_BLENDER_FROM_REST
    R_now = np.array([bone.matrix.to_3x3() for bone in bones]) @ R_bone_from_rest   # of 32 bits, perhaps scaled
    return Pose(local_rotations(nearest_rotation(R_now)), np.array(bones[0].matrix.translation))


def stored_in(person: bpy.types.Object) -> list[Edit]:
    """Poses, exchanges and ignored limbs, in the order in which they were said. Raises Refusal for a broken text."""
    return read_edits(str(person.get(CORRECTIONS, "")))


def store(person: bpy.types.Object, edits: Sequence[Edit]) -> None:
    person[CORRECTIONS] = edits_text(edits)


def texts_of(people: Iterable[bpy.types.Object]) -> dict[int, str]:
    """What is stored on people, by their numbers, of those who have any."""
    return {int(person[NUMBER]): str(person[CORRECTIONS]) for person in people if person.get(CORRECTIONS)}


def handles_of(person: bpy.types.Object) -> list[bpy.types.Object]:
    """The empties that pin and drag a person's limbs, by name."""
    return sorted((thing for thing in person.children if HANDLE in thing), key=lambda thing: thing.name)


def add_handle(
    person: bpy.types.Object, name: str, title: str, place: Array, from_s: float, to_s: float
) -> bpy.types.Object:
    """A new empty at a place [3] m of the person's space, in the person's collections."""
    handle = bpy.data.objects.new(f"{person.name} {title}", None)
    handle.empty_display_type = "SPHERE" if name in LANDMARK else "CUBE"
    handle.empty_display_size = 0.5 * _SIZE_M
    handle.show_in_front = handle.show_name = True
    handle.parent, handle.location = person, place
    handle[HANDLE], handle[FROM_S], handle[TO_S] = name, from_s, to_s
    for collection in person.users_collection:
        collection.objects.link(handle)
    return handle


def corrections_of(
    person: bpy.types.Object, motion: Motion, frames: Array, scene: bpy.types.Scene
) -> list[Edit]:
    """Everything that the artist says of a person whose motion has its keys at scene frames [T]."""
    return stored_in(person) + [_edit_of(handle, motion, frames, scene) for handle in handles_of(person)]


def _edit_of(handle: bpy.types.Object, motion: Motion, frames: Array, scene: bpy.types.Scene) -> Edit:
    name, from_s, to_s = str(handle[HANDLE]), float(handle[FROM_S]), float(handle[TO_S])
    if name not in LANDMARK:
        return Pin(name, from_s, to_s, _places(handle, motion, frames, scene, from_s, to_s))
    frame = int(np.argmin(np.abs(motion.times_s - from_s)))
    index = int(handle.get(SEEN_BY, 0))
    if index >= len(motion.cameras):
        raise Refusal("no-camera", f"{handle.parent.name} has no camera, so that {handle.name} cannot be read.",
                      f"Delete {handle.name}.")  # fmt: skip
    sight = Sight.of(motion.cameras[index], slice(frame, frame + 1))
    return LandmarkDrag(from_s, name, sight.pixels(_place(handle)[None, None])[0, 0], index)


def _places(
    handle: bpy.types.Object, motion: Motion, frames: Array, scene: bpy.types.Scene, from_s: float, to_s: float
) -> Array:
    """[N, 3] m of a pin: one place, or the way of one that is animated or held by something."""
    if not handle.animation_data and not handle.constraints:
        return _place(handle)[None]
    count = max(2, round((to_s - from_s) * float(motion.rate)) + 1)
    shown = scene.frame_current, scene.frame_subframe
    wanted = interpolate_linear(frames, motion.times_s, np.linspace(from_s, to_s, count))
    places = []
    for frame in wanted:
        scene.frame_set(int(frame // 1), subframe=float(frame % 1))
        places.append(_place(handle))
    scene.frame_set(shown[0], subframe=shown[1])
    return np.array(places)


def _place(handle: bpy.types.Object) -> Array:
    """[3] m in the person's space."""
    return np.array((handle.parent.matrix_world.inverted() @ handle.matrix_world).translation)


def landmark_place(body: Body, pose: Pose, name: str) -> Array:
    """[3] m the body's point of a landmark."""
    point = posed(body, pose.R_parent_from_joint[None], pose.root_world[None], np.array([LANDMARK[name]]))
    return point.points_world[0, 0]


def title_of(edit: PoseKey | Exchange | Ignore, frame_at: Callable[[float], int]) -> str:
    """What a correction is called in the panel."""
    if isinstance(edit, PoseKey):
        return f"Pose at frame {frame_at(edit.time_s)}"
    span = f"{frame_at(edit.from_s)} to {frame_at(edit.to_s)}"
    if isinstance(edit, Exchange):
        sides = {"body": "Whole body", "arms": "Arms", "legs": "Legs"}[edit.part]
        return f"{sides} exchanged, {span}"
    return f"{words_of(edit.limb)} ignored, {span}"


def words_of(name: str) -> str:
    """What a limb or a point of the body is called: "Left arm" for left_arm."""
    return name.replace("foot_index", "toes").replace("_", " ").capitalize()
