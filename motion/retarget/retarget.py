"""A motion on another character, whole: in closed form, from arrays to arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..refusal import Refusal
from .anatomy import mapped_bones
from .basis import heads_of, in_rig, moved_to, moving, turns_beyond_rest
from .build_target import target_of
from .carriage import Carriage, carriage_of
from .loop import looped
from .mapping import RigMapping
from .mirror import mirrored
from .pose_target import posed
from .rig import Rig
from .rig_keys import RigKeys
from .root_motion import ground_path, in_place
from .settings import RetargetSettings
from .source_pose import SourcePose
from .target import Target, TargetPose
from .twist import rolled, twist_bones


@dataclass(frozen=True, eq=False)
class Retargeted:
    """What was asked of a rig, and the keys that do it. K keyed bones over T frames, in the order of `keys`."""

    target: Target
    pose: TargetPose             # the target as it was asked to be
    R_world_from_joint: Array    # [T, J, 3, 3] the same in the world
    joints_world: Array          # [T, J, 3] m
    keys: RigKeys
    R_world_from_bone: Array     # [T, K, 3, 3] how the keyed bones then stand
    heads_world: Array           # [T, K, 3] m and where


def keyed_bones(rig: Rig, mapping: RigMapping, settings: RetargetSettings) -> tuple[str, ...]:
    """The bones that get keys, in the order of the rig. Raises Refusal when the mapping lacks what is needed."""
    _refuse(mapping, settings)
    chosen = {bone for _, bone in mapped_bones(mapping, settings.fingers)}
    chosen |= {bone for slot, bones in mapping.bones.items() if slot.endswith("_twist") for bone in bones}
    if settings.root_motion == "root":
        chosen.add(mapping.first("root"))
    return tuple(name for name in rig.names if name in chosen)


def retarget(
    source: SourcePose, rig: Rig, mapping: RigMapping, settings: RetargetSettings, carriage: Carriage | None = None
) -> Retargeted:
    """The source's motion as keys of the rig; without a carriage the rig's parents are all that carries its bones.

    The carriage must be of `keyed_bones`. Raises Refusal when the mapping lacks what is needed.
    """
    carriage = carriage or carriage_of(rig, keyed_bones(rig, mapping, settings))
    source = mirrored(source) if settings.mirrored else source
    target = target_of(rig, mapping, source.figure, settings)
    pose = _solved(target, source, settings)
    R_world_from_joint, joints_world = target.figure.kinematics(pose.R_parent_from_joint, pose.root_world)
    by_bone = _orientations(rig, mapping, target, pose, R_world_from_joint, source.rate, settings)
    R_world_from_bone = np.stack([by_bone[rig.bone(name)] for name in carriage.bones], axis=1)
    R_rig_from_bone = rig.R_world_from_rig.T @ R_world_from_bone
    locations = _locations(rig, mapping, carriage, target, pose, joints_world, R_rig_from_bone, source.rate, settings)
    keys = RigKeys(carriage.bones, turns_beyond_rest(carriage, R_rig_from_bone), locations,
                   moving(carriage, _moved(mapping, settings)))  # fmt: skip
    heads_world = rig.to_world(heads_of(carriage, R_rig_from_bone, locations))
    return Retargeted(target, pose, R_world_from_joint, joints_world, keys, R_world_from_bone, heads_world)


def _refuse(mapping: RigMapping, settings: RetargetSettings) -> None:
    if mapping.missing:
        words = ", ".join(slot.replace("_", " ") for slot in mapping.missing)
        raise Refusal("unmapped-bones", f"No bone is known for {words}.", "Choose them in the list of bones.")
    if settings.root_motion == "root" and not mapping.has("root"):
        raise Refusal("no-root-bone", "The character has no root bone that could carry the path.",
                      "Choose one in the list of bones, or let the hips carry it.")  # fmt: skip


def _solved(target: Target, source: SourcePose, settings: RetargetSettings) -> TargetPose:
    pose = posed(target, source)
    if settings.solve_feet:
        from .feet import feet_solved
        pose = feet_solved(target, source, pose)
    if settings.hands != "free":
        from .hands import hands_solved
        pose = hands_solved(target, source, pose, settings.hands == "places")
    if settings.in_place:
        pose = in_place(pose)
    return looped(pose, source.rate) if settings.loop else pose


def _orientations(
    rig: Rig, mapping: RigMapping, target: Target, pose: TargetPose, R_world_from_joint: Array, rate: float,
    settings: RetargetSettings,
) -> dict[int, Array]:  # fmt: skip
    """R_world_from_bone [T, 3, 3] by bone of the rig."""
    R = R_world_from_joint @ target.R_joint_from_bone
    by_bone = {int(bone): R[:, joint] for joint, bone in enumerate(target.bones)}
    by_bone |= {twist.bone: rolled(twist, R_world_from_joint) for twist in twist_bones(rig, mapping, target)}
    if settings.root_motion == "root":
        root = rig.bone(mapping.first("root"))
        turned, _ = ground_path(pose, target, rate)
        by_bone[root] = turned @ rig.R_world_from_rig @ rig.R_rig_from_bone[root]
    return by_bone


def _locations(
    rig: Rig, mapping: RigMapping, carriage: Carriage, target: Target, pose: TargetPose, joints_world: Array,
    R_rig_from_bone: Array, rate: float, settings: RetargetSettings,
) -> Array:  # fmt: skip
    """[T, K, 3] rig units: the root bone under the hips, and the hips where they bring the pelvis to its place."""
    locations = np.zeros((*R_rig_from_bone.shape[:2], 3))
    index = {name: bone for bone, name in enumerate(carriage.bones)}
    if settings.root_motion == "root":
        root = index[mapping.first("root")]
        _, places = ground_path(pose, target, rate)
        locations = moved_to(carriage, R_rig_from_bone, locations, root, root, in_rig(rig, places))
    slot = "pelvis" if mapping.has("pelvis") else "hips"
    wanted = in_rig(rig, joints_world[:, target.joint(slot)])
    hips, shown = index[mapping.first("hips")], index[mapping.first(slot)]
    return moved_to(carriage, R_rig_from_bone, locations, hips, shown, wanted)


def _moved(mapping: RigMapping, settings: RetargetSettings) -> tuple[str, ...]:
    hips = mapping.first("hips")
    return (mapping.first("root"), hips) if settings.root_motion == "root" else (hips,)
