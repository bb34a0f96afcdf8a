"""A rig and its mapping as a Target: the character brought into our T-pose, limb by limb.

What a bone's turn means is the same for everybody once both stand alike. Limbs and fingers are aligned in full, so that
they point where the source's do; trunk, head, collars and soles keep the character's own posture.
"""

from __future__ import annotations

import numpy as np

from ...arrays import Array, Indices
from ...figure import Figure
from ...limb_ik import LIMBS, Limb
from ...rotations import frame_from_axes
from ..mapping.rig_mapping import RigMapping
from ..rig.rig import Rig
from ..rig.shown_bones import NOTHING_ELSE, Shown, shown_bones
from ..settings import RetargetSettings
from ..slots import LIMB_PARTS, SIDES, part_of, side_of
from .alignment import T_POSE_UP, aligned
from .anatomy import last_joint, mapped_bones, slots_above
from .rest_points import rest_points
from .target import Target

_LOWEST_ANKLE, _HIGHEST_ANKLE, _USUAL_ANKLE = 0.0, 0.3, 0.09   # above the floor, in lengths of the leg


def target_of(
    rig: Rig, mapping: RigMapping, source_figure: Figure, settings: RetargetSettings, shown: Shown = NOTHING_ELSE
) -> Target:  # fmt: skip
    """The character as the solvers see it. Raises ValueError when a needed slot has no bone.

    `shown` has bones by slot that tell where the joints are, for control rigs whose controls lie elsewhere.
    """
    slots, bones = _joints(rig, mapping, settings)
    telling = shown_bones(rig, slots, bones, shown)
    at_rest = _RestPose(rig, slots, bones, telling)
    R_rest_from_trunk = aligned(slots, at_rest.places, at_rest.ends, source_figure.rest_joints)
    rest_joints, parents = _in_t_pose(slots, at_rest.places, R_rest_from_trunk)
    ankle_m, floor_world_m = _ground(rig, slots, at_rest, rest_joints)
    tails = rest_joints + np.einsum("jki,ji->jk", R_rest_from_trunk, at_rest.ends - at_rest.places)
    names, point_joints, points_rest = rest_points(
        _joints_of(slots), rest_joints, _by_side("toe", slots, tails) or _by_side("foot", slots, tails),
        _by_side("hand", slots, tails), _lowest_ankle(slots, rest_joints) - ankle_m, source_figure,
    )  # fmt: skip
    figure = Figure(
        parents=parents, rest_joints=rest_joints, limbs=_limbs(slots), toe_joints=_toe_joints(slots),
        point_names=names, point_joints=point_joints, points_rest=points_rest,
    )  # fmt: skip
    scale = settings.path_scale or (_leg_m(slots, rest_joints) + ankle_m) / _standing_m(source_figure)
    R_joint_from_bone = R_rest_from_trunk @ at_rest.R_trunk_from_bone
    return Target(figure, slots, bones, R_joint_from_bone, scale, floor_world_m, rig.origin_world, telling)


def _joints(rig: Rig, mapping: RigMapping, settings: RetargetSettings) -> tuple[tuple[str, ...], Indices]:
    if mapping.missing:
        raise ValueError(f"No bone for {', '.join(mapping.missing)}.")
    pairs = list(mapped_bones(mapping, settings.fingers))
    return tuple(slot for slot, _ in pairs), np.array([rig.bone(bone) for _, bone in pairs], dtype=np.int64)


def _joints_of(slots: tuple[str, ...]) -> dict[str, list[int]]:
    return {slot: [joint for joint, name in enumerate(slots) if name == slot] for slot in dict.fromkeys(slots)}


class _RestPose:
    """J mapped bones of the reference pose, seen from the character: left, up, front; metres."""

    def __init__(self, rig: Rig, slots: tuple[str, ...], bones: Indices, telling: Indices) -> None:
        heads, tails = rig.reference_heads[telling], rig.reference_tails[telling]
        self.R_rig_from_trunk = _trunk(slots, heads)
        self.places = rig.scale * heads @ self.R_rig_from_trunk
        self.ends = rig.scale * tails @ self.R_rig_from_trunk
        self.R_trunk_from_bone = self.R_rig_from_trunk.T @ rig.R_rig_from_reference_bone[bones]


def _trunk(slots: tuple[str, ...], heads: Array) -> Array:
    """R_rig_from_trunk [3, 3]: left by the hips, up the axis of the rig along which the character stands."""
    def middle(part: str) -> Array:
        return heads[[slots.index(f"{side}_{part}") for side in SIDES]].mean(axis=0)

    standing = middle("upper_arm") - middle("shin")
    axis = int(np.argmax(np.abs(standing)))
    up = np.sign(standing[axis]) * np.eye(3)[axis]
    across = heads[slots.index("left_thigh")] - heads[slots.index("right_thigh")]
    return frame_from_axes(across - up * (across @ up), up)


def _in_t_pose(slots: tuple[str, ...], places: Array, R_rest_from_trunk: Array) -> tuple[Array, tuple[int, ...]]:
    """Joints [J, 3] m after each limb was turned as its alignment says, and their parents."""
    rest_joints, parents = np.array(places), []
    for joint in range(len(slots)):
        parent = _parent(slots, joint)
        parents.append(parent)
        if parent >= 0:
            offset = R_rest_from_trunk[parent] @ (places[joint] - places[parent])
            rest_joints[joint] = rest_joints[parent] + offset
    return rest_joints, tuple(parents)


def _parent(slots: tuple[str, ...], joint: int) -> int:
    """The bone before it in its chain, else the last one of the nearest slot above that there is."""
    slot = slots[joint]
    if joint and slots[joint - 1] == slot:
        return joint - 1
    for above in slots_above(slot):
        if above in slots:
            return last_joint(slots, above)
    return -1


def _by_side(part: str, slots: tuple[str, ...], places: Array) -> dict[str, Array]:
    """Those [3] of places [J, 3] that are of a part."""
    return {side: places[slots.index(f"{side}_{part}")] for side in SIDES if f"{side}_{part}" in slots}


def _ground(rig: Rig, slots: tuple[str, ...], at_rest: _RestPose, rest_joints: Array) -> tuple[float, float]:
    """How high the ankles are above the floor on straight legs, and the floor's height in the world, m."""
    ankles = [joint for joint, slot in enumerate(slots) if part_of(slot) == "foot"]
    leg_m = _leg_m(slots, rest_joints)
    if not ankles:
        return _USUAL_ANKLE * leg_m, rig.floor_world_m
    lowest = rig.to_world(at_rest.places[ankles] / rig.scale @ at_rest.R_rig_from_trunk.T)[:, 2].min()
    ankle_m = float(lowest) - rig.floor_world_m
    if _LOWEST_ANKLE * leg_m <= ankle_m <= _HIGHEST_ANKLE * leg_m:
        return ankle_m, rig.floor_world_m
    # The object is tilted or the floor of another thing was meant.
    return _USUAL_ANKLE * leg_m, float(rig.origin_world[2])


def _lowest_ankle(slots: tuple[str, ...], rest_joints: Array) -> float:
    low = [joint for joint, slot in enumerate(slots) if part_of(slot) == "foot"]
    low = low or [joint for joint, slot in enumerate(slots) if part_of(slot) == "shin"]
    return float(rest_joints[low] @ T_POSE_UP if len(low) == 1 else (rest_joints[low] @ T_POSE_UP).min())


def _leg_m(slots: tuple[str, ...], rest_joints: Array) -> float:
    """Thigh and shin, the mean of both legs, in the unit of the joints."""
    total = 0.0
    for side in SIDES:
        chain = [slots.index(f"{side}_{part}") for part in ("thigh", "shin", "foot") if f"{side}_{part}" in slots]
        total += float(np.linalg.norm(np.diff(rest_joints[chain], axis=0), axis=1).sum())
    return 0.5 * total


def _standing_m(figure: Figure) -> float:
    """The source's legs with the height of its ankles above the soles."""
    legs = [limb for name, limb in figure.limbs.items() if name.endswith("leg")]
    joints = figure.rest_joints
    lengths = [np.linalg.norm(np.diff(joints[leg.joints], axis=0), axis=1).sum() for leg in legs]
    soles = [point for point, name in enumerate(figure.point_names) if name.endswith(("heel", "ball"))]
    ankles = joints[[leg.end for leg in legs]] @ T_POSE_UP
    return float(np.mean(lengths) + ankles.min() - (figure.points_rest[soles] @ T_POSE_UP).min())


def _limbs(slots: tuple[str, ...]) -> dict[str, Limb]:
    """All whole ones; in the T-pose they bend about the axes of ours."""
    limbs = {}
    for name, ours in LIMBS.items():
        chain = [f"{side_of(name)}_{part}" for part in LIMB_PARTS[part_of(name)]]
        if all(slot in slots for slot in chain):
            limbs[name] = Limb(*(slots.index(slot) for slot in chain), ours.hinge_rest)
    return limbs


def _toe_joints(slots: tuple[str, ...]) -> dict[str, int]:
    return {f"{side}_leg": slots.index(f"{side}_toe") for side in SIDES if f"{side}_toe" in slots}
