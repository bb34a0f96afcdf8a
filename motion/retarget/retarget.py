"""A motion on another character, whole: in closed form, from arrays to arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..arrays import Array, Mask
from ..refusal import Refusal
from .loop import looped
from .mapping.rig_mapping import RigMapping
from .rig.basis import heads_of, moved_to, turns_beyond_rest
from .rig.carriage import Carriage, carriage_of
from .rig.rig import Rig
from .rig.rig_keys import RigKeys
from .rig.shown_bones import NOTHING_ELSE, Shown
from .root_motion import ground_path, in_place
from .settings import RetargetSettings
from .source.mirror import mirrored
from .source.source_pose import R_WORLD_FROM_REST, SourcePose
from .target.anatomy import mapped_bones
from .target.build_target import target_of
from .target.pose_target import posed
from .target.target import Target, TargetPose
from .target.twist import rolled, twist_bones
from .touch.feet import feet_solved
from .touch.hands import hands_solved

Report = Callable[[float], None]   # the share of the time that is over, as it usually goes


def _silently(share: float) -> None:
    pass


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
    source: SourcePose, rig: Rig, mapping: RigMapping, settings: RetargetSettings, carriage: Carriage | None = None,
    shown: Shown = NOTHING_ELSE, report: Report = _silently,
) -> Retargeted:  # fmt: skip
    """The source's motion as keys of the rig; without a carriage the rig's parents are all that carries its bones.

    The carriage must be of `keyed_bones`; `shown` as in target_of; `report` hears 0..1, and what it raises ends all.
    Raises Refusal when the mapping lacks something.
    """
    carriage = carriage or carriage_of(rig, keyed_bones(rig, mapping, settings))
    source = mirrored(source) if settings.mirrored else source
    source = source.from_origin() if settings.start == "character" else source
    target = target_of(rig, mapping, source.figure, settings, shown)
    pose = _solved(target, source, settings, report)
    report(0.75)
    asked = _Asked(rig, mapping, target, *target.figure.kinematics(pose.R_parent_from_joint, pose.root_world),
                   ground_path(pose, target, source.rate) if settings.root_motion == "root" else None)  # fmt: skip
    by_bone = asked.orientations()
    R_world_from_bone = np.stack([by_bone[rig.bone(name)] for name in carriage.bones], axis=1)
    R_rig_from_bone = rig.R_world_from_rig.T @ R_world_from_bone
    report(0.85)
    locations = asked.locations(carriage, R_rig_from_bone)
    report(0.9)
    keys = RigKeys(carriage.bones, turns_beyond_rest(carriage, R_rig_from_bone), locations, asked.moved(carriage))
    heads_world = rig.to_world(heads_of(carriage, R_rig_from_bone, locations))
    return Retargeted(target, pose, asked.R_world_from_joint, asked.joints_world, keys, R_world_from_bone, heads_world)


def _refuse(mapping: RigMapping, settings: RetargetSettings) -> None:
    if mapping.missing:
        words = ", ".join(slot.replace("_", " ") for slot in mapping.missing)
        raise Refusal("unmapped-bones", f"No bone is known for {words}.", "Choose them in the list of bones.")
    if settings.root_motion == "root" and not mapping.has("root"):
        raise Refusal("no-root-bone", "The character has no root bone that could carry the path.",
                      "Choose one in the list of bones, or let the hips carry it.")  # fmt: skip


def _solved(target: Target, source: SourcePose, settings: RetargetSettings, report: Report) -> TargetPose:
    report(0.0)
    pose = posed(target, source)
    if settings.loop:   # before what stands is solved, so that little is left to close after it
        pose = looped(pose, source.rate)
    report(0.1)
    if settings.solve_feet:
        pose = feet_solved(target, source, pose)
    report(0.4)
    if settings.hands != "free":
        pose = hands_solved(target, source, pose, settings.hands == "places")
    if settings.in_place:
        pose = in_place(pose)
    return looped(pose, source.rate) if settings.loop else pose


@dataclass(frozen=True, eq=False)
class _Asked:
    """A posed target and what it asks of the rig's bones."""

    rig: Rig
    mapping: RigMapping
    target: Target
    R_world_from_joint: Array                   # [T, J, 3, 3]
    joints_world: Array                         # [T, J, 3] m
    ground_path: tuple[Array, Array] | None     # of the root bone, where that carries the path

    def orientations(self) -> dict[int, Array]:
        """R_world_from_bone [T, 3, 3] by bone of the rig."""
        R = self.R_world_from_joint @ self.target.R_joint_from_bone
        by_bone = {int(bone): R[:, joint] for joint, bone in enumerate(self.target.bones)}
        for twist in twist_bones(self.rig, self.mapping, self.target):
            by_bone[twist.bone] = rolled(twist, self.R_world_from_joint)
        if self.ground_path is not None:
            by_bone[self.rig.bone(self.mapping.first("root"))] = self._root_turns()
        return by_bone

    def _root_turns(self) -> Array:
        """As the pelvis would be brought into the T-pose, which is upright and faces ahead."""
        rig, target = self.rig, self.target
        R_rest_from_rig = target.R_joint_from_bone[0] @ rig.R_rig_from_reference_bone[target.bones[0]].T
        R_rest_from_root = R_rest_from_rig @ rig.R_rig_from_bone[rig.bone(self.mapping.first("root"))]
        return self.ground_path[0] @ R_WORLD_FROM_REST @ R_rest_from_root

    def locations(self, carriage: Carriage, R_rig_from_bone: Array) -> Array:
        """[T, K, 3] rig units: the root bone under the hips, and the hips where they bring the pelvis to its place."""
        locations = np.zeros((*R_rig_from_bone.shape[:2], 3))
        if self.ground_path is not None:
            root = carriage.bones.index(self.mapping.first("root"))
            under = self.rig.from_world(self.ground_path[1])
            locations = moved_to(carriage, R_rig_from_bone, locations, root, root, under)
        slot = "pelvis" if self.mapping.has("pelvis") else "hips"
        joint = self.target.joint(slot)
        hips, pelvis = (carriage.bones.index(self.mapping.first(name)) for name in ("hips", slot))
        wanted = self.rig.from_world(self.joints_world[:, joint]) + R_rig_from_bone[:, pelvis] @ self._from_joint(joint)
        return moved_to(carriage, R_rig_from_bone, locations, hips, pelvis, wanted)

    def _from_joint(self, joint: int) -> Array:
        """[3] rig units, in the axes of the keyed bone: its head from the place of the joint."""
        rig, keyed, telling = self.rig, self.target.bones[joint], self.target.shown[joint]
        return rig.R_rig_from_reference_bone[keyed].T @ (rig.reference_heads[keyed] - rig.reference_heads[telling])

    def moved(self, carriage: Carriage) -> Mask:
        """[K] which bones are keyed in place too."""
        root = self.mapping.first("root") if self.ground_path is not None else None
        return np.array([bone in (root, self.mapping.first("hips")) for bone in carriage.bones], dtype=bool)
