"""Any rig that moves as a source: its bones' turns on the SMPL-X joints, on a body with its limbs' lengths."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from ...body import Body
from ...contacts.body_points import figure_of
from ...recordings.floor import floor_height
from ...rotations import axis_angle_from_matrix, matrix_from_axis_angle
from ...skeleton import JOINT, JOINT_COUNT, JOINT_NAMES, PARENTS, Skeleton
from ..rig.rig import Rig
from ..slots import SIDES, part_of
from ..target.anatomy import joint_followed
from ..target.target import Target
from .source_contacts import as_large, contacts_of
from .source_pose import SourcePose

_SPINE = ("spine1", "spine2", "spine3")
_SOLES = tuple(f"{side}_{part}" for side in SIDES for part in ("heel", "ball"))
_TRUNK = ("pelvis", *_SPINE, "neck", "left_collar", "right_collar")   # as high as the rig's shoulders are


def source_of_rig(
    rig: Rig, target: Target, R_world_from_shown: Array, heads_world: Array, rate: float, body: Body
) -> SourcePose:  # fmt: skip
    """The motion of a rig whose bones `target.shown` stand like that over T frames: [T, J, 3, 3] and [T, J, 3] m.

    What was aligned between the rest poses counts from there, so that limbs point exactly as the rig's do. Shape is
    that of `body`, lengths are the rig's.
    """
    axes = rig.R_rig_from_reference_bone
    R_joint_from_shown = target.R_joint_from_bone @ np.swapaxes(axes[target.bones], -1, -2) @ axes[target.shown]
    R = _on_our_joints(target, R_world_from_shown @ np.swapaxes(R_joint_from_shown, -1, -2), body.skeleton.rest_joints)
    size = _scale(target, body.skeleton.rest_joints)
    rest = _rest_joints(target, body.skeleton.rest_joints)
    hips_world = heads_world[:, [target.joint(f"{side}_thigh") for side in SIDES]].mean(axis=1)
    root_world = hips_world - R[:, 0] @ (_middle(rest, "hip") - rest[0])
    # Files in centimetres bring giants.
    person = figure_of(body.grown_to(Skeleton(rest / size)))
    R, joints = person.kinematics(person.local(R), root_world / size)
    floor = _floor(person.points(R, joints)[:, [person.point(name) for name in _SOLES]], rate)
    contacts = contacts_of(person, R, joints - [0.0, 0.0, floor], rate)
    figure, contacts = as_large(person, contacts, size)
    return SourcePose(figure, rate, R, size * joints, contacts, size * floor)


def _floor(soles: Array, rate: float) -> float:
    """Where soles [T, P, 3] m rest, else the lowest that they come to, m."""
    resting = floor_height(soles, rate)
    return float(np.percentile(soles[..., 2].min(axis=1), 2.0)) if resting is None else resting


def _middle(rest_joints: Array, joint: str) -> Array:
    return rest_joints[[JOINT[f"{side}_{joint}"] for side in SIDES]].mean(axis=0)


def _on_our_joints(target: Target, R_joint: Array, our_rest: Array) -> Array:
    """R_world_from_joint [T, 55, 3, 3]; what the rig lacks follows what it hangs on."""
    R = np.empty((len(R_joint), JOINT_COUNT, 3, 3))
    # The last bone of a chain, and what hangs on the hips, is found last and counts.
    turns = {joint_followed(slot, joint - target.slots.index(slot)): R_joint[:, joint]
             for joint, slot in enumerate(target.slots)}  # fmt: skip
    spine = [R_joint[:, joint] for joint, slot in enumerate(target.slots) if slot == "spine"]
    along = _spread([turns[0], *spine], our_rest)
    turns |= {JOINT[name]: turn for name, turn in zip(_SPINE, along, strict=True)}
    for joint in range(JOINT_COUNT):
        R[:, joint] = turns[joint] if joint in turns else R[:, PARENTS[joint]]
    return R


def _spread(chain: list[Array], our_rest: Array) -> list[Array]:
    """Our three spine joints' turns [T, 3, 3] at their shares of a chain of turns from the pelvis to the last spine."""
    if len(chain) == 1:
        return chain * len(_SPINE)
    ends = np.linspace(0.0, 1.0, len(chain))
    ours = np.linalg.norm(np.diff(our_rest[[JOINT[name] for name in (*_SPINE, "neck")]], axis=0), axis=1)
    turns = []
    for share in np.cumsum(ours) / ours.sum():
        after = int(np.clip(np.searchsorted(ends, share - 1e-9), 1, len(ends) - 1))
        step = axis_angle_from_matrix(np.swapaxes(chain[after - 1], -1, -2) @ chain[after])
        part = np.clip((share - ends[after - 1]) / (ends[after] - ends[after - 1]), 0.0, 1.0)
        turns.append(chain[after - 1] @ matrix_from_axis_angle(part * step))
    return turns


def _rest_joints(target: Target, our_rest: Array) -> Array:
    """[55, 3] m: our skeleton at the rig's size, with its limbs as the rig has them in our T-pose."""
    theirs, found = target.figure.rest_joints, _limb_joints(target)
    scale = _scale(target, our_rest)
    rest = scale * our_rest
    offsets = rest - rest[np.maximum(PARENTS, 0)]
    hips, shoulders = (theirs[[target.joint(f"{side}_{part}") for side in SIDES]].mean(axis=0)
                       for part in ("thigh", "upper_arm"))  # fmt: skip
    ours, our_shoulders = _middle(our_rest, "hip"), _middle(our_rest, "shoulder")
    taller = np.array([scale, (shoulders - hips)[1] / (our_shoulders - ours)[1], scale])
    for joint in range(JOINT_COUNT):
        if joint in found:
            rest[joint] = theirs[found[joint]]
        elif joint and JOINT_NAMES[joint] not in _TRUNK:
            rest[joint] = rest[PARENTS[joint]] + offsets[joint]
        else:
            rest[joint] = hips + taller * (our_rest[joint] - ours)
    return rest


def _limb_joints(target: Target) -> dict[int, int]:
    """The rig's joints of its limbs, by ours; trunk and collars keep our own way between hips and shoulders."""
    return {joint_followed(slot): target.joint(slot) for slot in target.slots
            if part_of(slot) in ("thigh", "shin", "foot", "toe", "upper_arm", "forearm", "hand")}  # fmt: skip


def _scale(target: Target, our_rest: Array) -> float:
    """Length of the rig's thigh and shin beside ours; of the thigh alone where there is no foot."""
    def length(rest: Array, joints: list[int]) -> float:
        return float(np.linalg.norm(np.diff(rest[joints], axis=0), axis=1).sum())

    parts = [part for part in ("thigh", "shin", "foot") if target.joint(f"left_{part}") >= 0]
    theirs = [target.joint(f"left_{part}") for part in parts]
    return length(target.figure.rest_joints, theirs) / length(our_rest, [joint_followed(f"left_{p}") for p in parts])
