"""How far a character's limbs point from where they should, limb by limb."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..rotations import normalised
from .slots import FINGERS, part_of
from .source.sampled_source import sampled
from .source.source_pose import SourcePose
from .target.pose_target import posed
from .target.target import Target

# The part to whose first bone a limb's last one points; other bones point along themselves.
_POINTS_TO = {"clavicle": "upper_arm", "upper_arm": "forearm", "forearm": "hand", "thigh": "shin", "shin": "foot",
              "foot": "toe", "pelvis": "spine", "spine": "neck", "neck": "head"}  # fmt: skip
_TOLD_AS = {"clavicle": "Shoulder", "pelvis": "Spine"}
_APART_M = 1e-4
_UNTOLD = ("hips",)   # which carries everything: its error shows in whatever hangs on it


def title_of(slot: str) -> str:
    """The limb as which a slot is told: "Left Upper Arm", and all fingers as one; "" where it is told by others."""
    part = part_of(slot)
    if part in _UNTOLD:
        return ""
    if part in FINGERS:
        return "Fingers"
    return slot.replace(part, _TOLD_AS.get(part, part)).replace("_", " ").title()


def aims(slots: tuple[str, ...]) -> list[int]:
    """The joint to which each of the joints `slots` points, -1 for one that points along its own bone."""
    aimed = []
    for joint, slot in enumerate(slots):
        if joint + 1 < len(slots) and slots[joint + 1] == slot:
            aimed.append(joint + 1)
            continue
        part = part_of(slot)
        follower = slot.replace(part, _POINTS_TO.get(part, "nothing"))
        aimed.append(slots.index(follower) if follower in slots else -1)
    return aimed


def directions(target: Target, R_world_from_bone: Array, joints_world: Array) -> Array:
    """Unit vectors [T, J, 3] along which joints point; bones [T, J, 3, 3] as they stand, joints [T, J, 3] m."""
    along = np.array(R_world_from_bone[..., :, 1])   # a bone's own Y goes from head to tail
    rest = target.figure.rest_joints
    for joint, aim in enumerate(aims(target.slots)):
        # Controls such as Rigify's for pelvis and spine begin at one place.
        if aim >= 0 and np.linalg.norm(rest[aim] - rest[joint]) > _APART_M:
            along[:, joint] = joints_world[:, aim] - joints_world[:, joint]
    return normalised(along)


def limb_errors_deg(slots: tuple[str, ...], asked: Array, shown: Array) -> dict[str, float]:
    """The largest angle between directions [T, J, 3] of each limb, by title; NaN directions say nothing."""
    angles = angles_deg(asked, shown)
    errors: dict[str, float] = {}
    for joint, slot in enumerate(slots):
        worst = np.max(angles[:, joint], initial=0.0, where=np.isfinite(angles[:, joint]))
        if (title := title_of(slot)) and np.isfinite(angles[:, joint]).any():
            errors[title] = max(errors.get(title, 0.0), float(worst))
    return errors


def angles_deg(a: Array, b: Array) -> Array:
    """Between unit vectors [..., 3], exact for small angles."""
    return np.degrees(2.0 * np.arcsin(np.clip(0.5 * np.linalg.norm(a - b, axis=-1), 0.0, 1.0)))


def turned_by_solving_deg(
    target: Target, source: SourcePose, R_world_from_joint: Array, joints_world: Array, frames: Array
) -> dict[str, float]:  # fmt: skip
    """How far solving turned each limb from where the source's points, on some `frames`.

    R_world_from_joint [T, J, 3, 3], joints_world [T, J, 3] m: the target over all T frames, as it was solved.
    """
    free = posed(target, sampled(source, frames, source.rate))
    R, joints = target.figure.kinematics(free.R_parent_from_joint, free.root_world)
    to_bone = target.R_joint_from_bone
    asked = directions(target, R @ to_bone, joints)
    return limb_errors_deg(target.slots, asked, directions(target, R_world_from_joint[frames] @ to_bone,
                                                           joints_world[frames]))  # fmt: skip


def spread_frames(count: int, most: int) -> Array:
    """At most `most` frame numbers from the first of `count` frames to the last, evenly spread."""
    return np.unique(np.rint(np.linspace(0, count - 1, min(count, most))).astype(np.int64))
