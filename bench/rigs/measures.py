"""How a character that was seen moving compares with the motion that it was to make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from motion.arrays import Array
from motion.retarget.limb_errors import angles_deg
from motion.retarget.slots import SIDES
from motion.retarget.source.source_pose import SourcePose
from motion.rotations import axis_angle_from_matrix, normalised
from motion.skeleton import JOINT

# Where a limb begins and ends: slots of the character, joints of the source; an end is the middle of several.
_LIMBS = {
    "upper_arm": ("upper_arm", ("forearm",), "shoulder", ("elbow",)),
    "forearm": ("forearm", ("hand",), "elbow", ("wrist",)),
    "hand": ("hand", ("index", "middle", "ring", "pinky"), "wrist", ("index1", "middle1", "ring1", "pinky1")),
    "thigh": ("thigh", ("shin",), "hip", ("knee",)),
    "shin": ("shin", ("foot",), "knee", ("ankle",)),
}
LEGS = tuple(f"{side}_{limb}" for side in SIDES for limb in ("thigh", "shin"))
# The last bone of a chain turns as the last of the source's does, whatever posture the character has.
_TRUNK = {"hips": "pelvis", "chest": "spine3", "head": "head"}


@dataclass(frozen=True, eq=False)
class Seen:
    """Parts of a character over N frames, in the world."""

    places: Mapping[str, Array]    # by slot, where it begins [N, 3] m
    trunk: Mapping[str, Array]     # hips, chest, head: R_world_from_bone [N, 3, 3]
    soles: Mapping[str, Array]     # left_heel, left_ball, left_toe ..: [N, 3] m
    turns: Mapping[str, Array]     # by bone that deforms: R_world_from_bone [N, 3, 3]


def limb_errors_deg(seen: Seen, source: SourcePose, frames: Array) -> dict[str, Array]:
    """The angle [N] between each limb and the source's on its `frames` [N]; of hands where there are fingers."""
    errors = {}
    for side in SIDES:
        for limb, (start, ends, joint, joints) in _LIMBS.items():
            if any(f"{side}_{end}" not in seen.places for end in ends):
                continue
            shown = np.mean([seen.places[f"{side}_{end}"] for end in ends], axis=0) - seen.places[f"{side}_{start}"]
            places = source.joints_world[frames]
            towards = places[:, [JOINT[f"{side}_{end}"] for end in joints]].mean(axis=1)
            asked = towards - places[:, JOINT[f"{side}_{joint}"]]
            errors[f"{side}_{limb}"] = angles_deg(normalised(shown), normalised(asked))
    return errors


def trunk_errors_deg(seen: Seen, source: SourcePose, frames: Array) -> dict[str, Array]:
    """The angle [N] between the turns of hips, chest and head since the first frame, and the source's."""
    errors = {}
    for part, joint in _TRUNK.items():
        R, R_source = seen.trunk[part], source.R_world_from_joint[frames, JOINT[joint]]
        turned, asked = (each @ each[0].T for each in (R, R_source))
        errors[part] = np.degrees(np.linalg.norm(axis_angle_from_matrix(np.swapaxes(turned, -1, -2) @ asked), axis=-1))
    return errors


def slides_m(seen: Seen, source: SourcePose, frames: Array) -> Array:
    """How far each point of a sole goes in a frame while the source's stands before and after, all in one row, m."""
    rows, contacts = [], source.contacts
    for name, path in seen.soles.items():
        still = contacts.held[frames, contacts.names.index(name)]
        rows.append(np.linalg.norm(np.diff(path, axis=0), axis=-1)[still[1:] & still[:-1]])
    return np.concatenate(rows)


def fastest_deg(R: Array) -> float:
    """The largest turn from one frame to the next of rotations [N, ..., 3, 3]."""
    return float(np.degrees(np.linalg.norm(axis_angle_from_matrix(np.swapaxes(R[:-1], -1, -2) @ R[1:]), axis=-1).max()))
