"""Which keyed bones something else of the rig turns, so that their keys would not be seen."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import bpy

from .borrowed_rig import BorrowedRig
from .held_values import bone_path, influence_path

_CHAINS = ("IK", "SPLINE_IK")
_TURNS = ("COPY_ROTATION", "COPY_TRANSFORMS", "DAMPED_TRACK", "TRACK_TO", "LOCKED_TRACK", "STRETCH_TO")
_PLACES = ("COPY_LOCATION", "FOLLOW_PATH", "CLAMP_TO")
Owned = tuple[bpy.types.PoseBone, bpy.types.Constraint]


def driven_bones(character: bpy.types.Object, bones: Collection[str]) -> list[str]:
    """Those of the bones whose rotation drivers set."""
    paths = _driven_paths(character)
    channels = ("rotation_quaternion", "rotation_euler", "rotation_axis_angle")
    return [name for name in bones if any(bone_path(name, channel) in paths for channel in channels)]


def is_driven(character: bpy.types.Object, path: str) -> bool:
    return path in _driven_paths(character)


def constraints_over(
    character: bpy.types.Object, rig: BorrowedRig, bones: Collection[str], moving: Collection[str]
) -> list[Owned]:  # fmt: skip
    """Constraints that turn keyed bones instead of their keys, or place the moving ones, as the rig is switched now."""
    reach = _keyed_and_between(character, bones)
    return [
        (owner, constraint)
        for owner in character.pose.bones for constraint in owner.constraints
        if (_takes_over(owner, constraint, bones, moving) or not reach.isdisjoint(_chain(owner, constraint)))
        and not constraint.mute and constraint.is_valid and rig.influence(owner.name, constraint.name) > 0.0
    ]  # fmt: skip


def is_influence_driven(character: bpy.types.Object, owner: str, constraint: str) -> bool:
    return is_driven(character, influence_path(owner, constraint))


def hangs_on_more(character: bpy.types.Object, bones: Collection[str]) -> bool:
    """Whether constraints or drivers have a say in the bones or in what they hang on."""
    above = {bone.name for name in bones for bone in _line(character.pose.bones[name])}
    has_constraints = any(
        not constraint.mute and (owner.name in above or not above.isdisjoint(_chain(owner, constraint)))
        for owner in character.pose.bones for constraint in owner.constraints
    )  # fmt: skip
    return has_constraints or any(path.startswith("pose.bones") for path in _driven_paths(character))


def _driven_paths(character: bpy.types.Object) -> set[str]:
    animation = character.animation_data
    return {driver.data_path for driver in animation.drivers} if animation else set()


def _takes_over(
    owner: bpy.types.PoseBone, constraint: bpy.types.Constraint, bones: Collection[str], moving: Collection[str]
) -> bool:  # fmt: skip
    if owner.name not in bones or getattr(constraint, "mix_mode", "REPLACE") != "REPLACE":
        return False
    return constraint.type in _TURNS or (constraint.type in _PLACES and owner.name in moving)


def _chain(owner: bpy.types.PoseBone, constraint: bpy.types.Constraint) -> set[str]:
    """The bones that an IK constraint turns; the whole line above where its length is 0."""
    if constraint.type not in _CHAINS:
        return set()
    line = list(_line(owner))
    if constraint.type == "IK" and not constraint.use_tail:
        line = line[1:]
    return {bone.name for bone in line[: constraint.chain_count or None]}


def _keyed_and_between(character: bpy.types.Object, bones: Collection[str]) -> set[str]:
    """The bones, and those without keys on the way from one up to the next."""
    found = set()
    for name in bones:
        line = [bone.name for bone in _line(character.pose.bones[name])]
        above = next((index for index, bone in enumerate(line[1:], start=1) if bone in bones), 1)
        found.update(line[:above])
    return found


def _line(bone: bpy.types.PoseBone | None) -> Iterator[bpy.types.PoseBone]:
    while bone is not None:
        yield bone
        bone = bone.parent
