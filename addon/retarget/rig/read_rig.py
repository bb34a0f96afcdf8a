"""A character's armature read into arrays, changing nothing."""

from __future__ import annotations

from typing import Literal

import bpy
import numpy as np

from ....motion.arrays import Array
from ....motion.refusal import Refusal
from ....motion.retarget.mapping.rig_mapping import RigMapping
from ....motion.retarget.rig.rig import Rig
from ....motion.rotations import nearest_rotation
from .rest_floor import floor_at_rest

_UNEVEN = 1e-3   # of the scale: what 32 bits and a chain of parents leave


def read_rig(
    character: bpy.types.Object, reference: Literal["rest", "pose"] = "rest", mapping: RigMapping | None = None
) -> Rig:
    """The bones of an armature object and where it stands, as they are now.

    reference "pose" takes the pose that Blender shows now as the one in which the character stands as the source does
    at rest. `mapping` tells the feet, by which the floor is found. Raises Refusal for what has no pose that could be
    read: no armature, one that is being edited or shown at rest, or is not scaled evenly.
    """
    _refuse_unreadable(character)
    bones, pose = character.data.bones, character.pose.bones
    names = _names(bones)
    place = {name: index for index, name in enumerate(names)}
    in_pose = [place[name] for name in _names(pose)]   # Blender may keep a pose in another order than its bones
    rest = _matrices(bones, "matrix_local")
    basis = _reordered(_matrices(pose, "matrix_basis"), in_pose)
    R_world_from_rig, scale, origin_world = _stand(character)
    heads, tails = _vectors(bones, "head_local"), _vectors(bones, "tail_local")
    parents = np.array([place[bone.parent.name] if bone.parent else -1 for bone in bones], dtype=np.int64)
    heads_world, tails_world = (origin_world + scale * points @ R_world_from_rig.T for points in (heads, tails))
    floor_world_m = floor_at_rest(character, names, heads_world, tails_world, mapping)
    return Rig(
        names=tuple(names), parents=parents, heads=heads, tails=tails, R_rig_from_bone=_turns(rest),
        R_world_from_rig=R_world_from_rig, scale=scale, origin_world=origin_world, floor_world_m=floor_world_m,
        inherits_rotation=_values(bones, "use_inherit_rotation"), local_location=_values(bones, "use_local_location"),
        R_rest_from_posed=_turns(basis), posed_locations=basis[:, :3, 3],
        **(_reference(character, in_pose) if reference == "pose" else {}),
    )  # fmt: skip


def refuse_unusable(character: bpy.types.Object) -> None:
    """Raise Refusal for what no motion can be put on: what cannot be read, and what is linked."""
    if character.library is not None and character.override_library is None:
        raise Refusal("linked-character", f"{character.name} is linked from another file and cannot be animated here.",
                      "Make it a library override first: Object > Relations > Make Library Override.")  # fmt: skip
    if character.override_library is not None and character.override_library.is_system_override:
        raise Refusal("locked-override", f"{character.name} is a library override that Blender does not let be edited.",
                      "Right-click it in the Outliner: Library Override > Make > Selected.")  # fmt: skip
    _refuse_unreadable(character)


def is_posed(thing: bpy.types.Object) -> bool:
    """Whether Blender works out how an object stands; it does not for one that is hidden in all viewports."""
    return bool(thing.evaluated_get(bpy.context.evaluated_depsgraph_get()).is_evaluated)


def refuse_hidden(thing: bpy.types.Object) -> None:
    """Raise Refusal for an object whose pose only Blender could tell while Blender does not work it out."""
    if not is_posed(thing):
        raise Refusal("hidden-armature", f"{thing.name} is hidden, so that Blender does not pose it.",
                      "Show it in the viewport.")  # fmt: skip


def _refuse_unreadable(character: bpy.types.Object) -> None:
    if character.type != "ARMATURE" or not character.data.bones:
        raise Refusal("no-bones", f"{character.name} has no bones.", "Choose an armature as the character.")
    if character.mode == "EDIT":
        raise Refusal("in-edit-mode", f"The bones of {character.name} are being edited.",
                      "Leave Edit Mode first, for example with Tab.")  # fmt: skip
    if character.data.pose_position == "REST":
        raise Refusal("rest-position", f"{character.name} is shown in its rest position, whatever moves it.",
                      "Press Pose Position in the properties of its armature.")  # fmt: skip
    _stand(character)


def _stand(character: bpy.types.Object) -> tuple[Array, float, Array]:
    """R_world_from_rig [3, 3], the scale and the origin [3] m. Raises Refusal unless it is scaled evenly."""
    bpy.context.evaluated_depsgraph_get()   # else an object that was just moved is where it was
    world = np.array(character.matrix_world)
    axes = world[:3, :3]
    lengths = np.linalg.norm(axes, axis=0)
    scale = float(lengths.mean())
    if scale < 1e-9 or lengths.min() < 1e-3 * scale:
        raise _badly_scaled(character, "is scaled to nothing")
    if np.ptp(lengths) > _UNEVEN * scale:
        words = ", ".join(f"{length:g}" for length in lengths.round(4))
        raise _badly_scaled(character, f"is scaled unevenly, by {words}")
    if np.linalg.det(axes) < 0.0:
        raise _badly_scaled(character, "is mirrored by a negative scale")
    if np.abs(axes.T @ axes / scale**2 - np.eye(3)).max() > 2.0 * _UNEVEN:
        raise _badly_scaled(character, "is sheared by an uneven scale of its parents")
    return nearest_rotation(axes), scale, world[:3, 3]


def _badly_scaled(character: bpy.types.Object, words: str) -> Refusal:
    return Refusal("uneven-scale", f"{character.name} {words}.",
                   "Give it and its parents one positive scale that is the same along X, Y and Z.")  # fmt: skip


def _reference(character: bpy.types.Object, in_pose: list[int]) -> dict[str, Array]:
    """The pose that Blender shows, constraints and drivers included."""
    refuse_hidden(character)
    shown = character.evaluated_get(bpy.context.evaluated_depsgraph_get()).pose.bones
    return {
        "reference_heads": _reordered(_vectors(shown, "head"), in_pose),
        "reference_tails": _reordered(_vectors(shown, "tail"), in_pose),
        "R_rig_from_reference_bone": _turns(_reordered(_matrices(shown, "matrix"), in_pose)),
    }


def _names(bones: bpy.types.bpy_prop_collection) -> list[str]:
    return [bone.name for bone in bones]


def _values(bones: bpy.types.bpy_prop_collection, name: str) -> Array:
    values = np.empty(len(bones), dtype=bool)
    bones.foreach_get(name, values)
    return values


def _vectors(bones: bpy.types.bpy_prop_collection, name: str) -> Array:
    """[B, 3]"""
    values = np.empty(3 * len(bones), dtype=np.float32)
    bones.foreach_get(name, values)
    return values.reshape(-1, 3).astype(float)


def _matrices(bones: bpy.types.bpy_prop_collection, name: str) -> Array:
    """[B, 4, 4]; Blender hands them out column by column."""
    values = np.empty(16 * len(bones), dtype=np.float32)
    bones.foreach_get(name, values)
    return np.swapaxes(values.reshape(-1, 4, 4), -1, -2).astype(float)


def _turns(matrices: Array) -> Array:
    """The rotations [B, 3, 3] in matrices [B, 4, 4] that may be scaled, exact to 64 bits; none where all is nothing."""
    axes = matrices[:, :3, :3]
    lengths = np.linalg.norm(axes, axis=1, keepdims=True)
    return nearest_rotation(np.where(lengths.min(axis=-1, keepdims=True) > 1e-9, axes, np.eye(3)))


def _reordered(values: Array, places: list[int]) -> Array:
    """Values whose first entry is of the bone places[0] and so on, in the order of the bones."""
    ordered = np.empty_like(values)
    ordered[places] = values
    return ordered
