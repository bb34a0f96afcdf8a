"""Arms, legs, hands and feet of a recording on ours: bones point exactly as recorded."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..rotations import matrix_from_axis_angle, normalised, smallest_rotation, twist_about
from ..skeleton import JOINT, Skeleton
from .hinges import bends, hinge_axis, onto_hinge
from .source import Source

CHAINS = (("hip", "knee", "ankle"), ("shoulder", "elbow", "wrist"))
LIMBS = (("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"), ("elbow", "wrist"))


def lay_limbs(R_world: Array, source: Source, skeleton: Skeleton, A: dict[str, Array]) -> None:
    """Fills the limbs of R_world [T, 55, 3, 3], Y up; in place."""
    for side in ("left", "right"):
        for chain in CHAINS:
            _lay_chain(R_world, source, skeleton, A, *(f"{side}_{joint}" for joint in chain))
        _share_roll(R_world, source, skeleton, A, side)
        foot, ankle = f"{side}_foot", f"{side}_ankle"
        toes_move = source.has(foot) and foot not in source.naming.noisy
        R_world[:, JOINT[foot]] = source.turn(foot) @ A[foot] if toes_move else R_world[:, JOINT[ankle]]


def _lay_chain(
    R_world: Array, source: Source, skeleton: Skeleton, A: dict[str, Array], upper: str, lower: str, end: str
) -> None:
    axes, bend = bends(source, upper, lower, end)
    turns = source.turn_before(lower, upper), source.turn(lower)
    for joint, tip, turn in ((upper, lower, turns[0]), (lower, end, turns[1])):
        bone = source.place(tip) - source.place(joint)
        R = turn @ A[joint]
        R = smallest_rotation(R @ skeleton.offsets[JOINT[tip]], bone) @ R
        R_world[:, JOINT[joint]] = onto_hinge(R, bone, hinge_axis(lower), axes, bend)
    R_world[:, JOINT[end]] = source.turn(end) @ A[end]


def _share_roll(R_world: Array, source: Source, skeleton: Skeleton, A: dict[str, Array], side: str) -> None:
    """Gives the elbow half of the forearm's roll; in place."""
    elbow, wrist = JOINT[f"{side}_elbow"], JOINT[f"{side}_wrist"]
    roller = f"{side}_forearm" if source.has(f"{side}_forearm") else f"{side}_wrist"
    rolled = source.turn(roller) @ A[f"{side}_wrist"]
    along = normalised(skeleton.offsets[wrist])
    roll = twist_about(along, np.swapaxes(R_world[:, elbow], -1, -2) @ rolled)
    R_world[:, elbow] = R_world[:, elbow] @ matrix_from_axis_angle(0.5 * roll[:, None] * along)
