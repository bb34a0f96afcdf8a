"""Characters of odd proportions on the source's own tree, posed as a source is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from motion.body import read_open_body
from motion.contacts.body_points import figure_of
from motion.figure import Figure
from motion.limb_ik import Limb
from motion.retarget.source.source_pose import SourcePose
from motion.retarget.target.rest_points import rest_points
from motion.retarget.target.target import Target, TargetPose
from motion.skeleton import JOINT, JOINT_NAMES, PARENTS

SOURCE_FIGURE = figure_of(read_open_body().shaped([]))
_OF_SIDE = {"collar": "clavicle", "shoulder": "upper_arm", "elbow": "forearm", "wrist": "hand", "hip": "thigh",
            "knee": "shin", "ankle": "foot", "foot": "toe"}  # fmt: skip
_KEPT = [j for j, name in enumerate(JOINT_NAMES) if name not in ("jaw", "left_eye", "right_eye")]
_NAMES = [JOINT_NAMES[j] for j in _KEPT]


@dataclass(frozen=True)
class Proportions:
    """Shares of the source's lengths."""

    thigh: float = 1.0
    shin: float = 1.0
    hips: float = 1.0          # width
    foot: float = 1.0
    spine: float = 1.0
    shoulders: float = 1.0     # width
    arm: float = 1.0
    hand: float = 1.0
    heel_m: float = 0.0        # by how much shoes raise the ankle


SAME = Proportions()
KINDS = {
    "long thighs": Proportions(thigh=1.2, shin=0.85),
    "long shins": Proportions(thigh=0.85, shin=1.2, hips=0.8, shoulders=0.9, arm=0.9),
    "wide dwarf": Proportions(0.6, 0.55, 1.4, 1.3, 0.9, 1.3, 0.8, 1.3),
    "long legs": Proportions(1.6, 1.5, 0.9, 0.7, 1.0, 0.8, 1.2, 0.9),
    "high heels": Proportions(1.05, 1.05, 1.1, 0.9, 1.0, 0.85, 0.95, 0.9, 0.08),
}


def target_of(of: Proportions, source_figure: Figure = SOURCE_FIGURE, floor_world_m: float = 0.0) -> Target:
    rest, floor = _rest(of, source_figure.rest_joints), _floor(source_figure)
    own_floor = rest[JOINT["left_foot"], 1] - of.foot * (source_figure.rest_joints[JOINT["left_foot"], 1] - floor)
    slots = tuple(_slot(name) for name in _NAMES)
    chains = {slot: [j for j, each in enumerate(slots) if each == slot] for slot in slots}
    tails = {side: _tip(side, of, rest, source_figure) for side in ("left", "right")}
    points = rest_points(chains, rest[_KEPT], tails, {}, own_floor, source_figure)
    limbs = {name: Limb(*(_KEPT.index(j) for j in (limb.upper, limb.lower, limb.end)), limb.hinge_rest)
             for name, limb in source_figure.limbs.items()}  # fmt: skip
    toes = {f"{side}_leg": _NAMES.index(f"{side}_foot") for side in ("left", "right")}
    parents = tuple(_KEPT.index(PARENTS[j]) if PARENTS[j] >= 0 else -1 for j in _KEPT)
    return Target(
        Figure(parents, rest[_KEPT], limbs, toes, *points), slots, np.arange(len(slots)),
        np.tile(np.eye(3), (len(slots), 1, 1)), _leg(rest, own_floor) / _leg(source_figure.rest_joints, floor),
        floor_world_m,
    )  # fmt: skip


def posed(target: Target, source: SourcePose) -> TargetPose:
    """As the source turns, on a path of the hip joints' middle as long as the legs."""
    R_world = source.R_world_from_joint[:, _KEPT]
    middle = hip_middle(source.figure, source.joints_world) - [0.0, 0.0, source.floor_world_m]
    rest = target.figure.rest_joints
    root = target.path_scale * middle + [0.0, 0.0, target.floor_world_m]
    root = root - R_world[:, 0] @ (hip_middle(target.figure, rest) - rest[0])
    return TargetPose(target.figure.local(R_world), root)


def hip_middle(figure: Figure, joints: np.ndarray) -> np.ndarray:
    return joints[..., [figure.limbs[f"{side}_leg"].upper for side in ("left", "right")], :].mean(axis=-2)


def _rest(of: Proportions, source: np.ndarray) -> np.ndarray:
    """[55, 3] m"""
    rest = source.copy()
    for joint, parent in enumerate(PARENTS):
        if parent >= 0:
            rest[joint] = rest[parent] + _share(JOINT_NAMES[joint], of) * (source[joint] - source[parent])
    for side in ("left", "right"):
        rest[JOINT[f"{side}_foot"], 1] -= of.heel_m
    return rest


def _share(name: str, of: Proportions) -> np.ndarray:
    """How long the way from its parent to a joint is, by direction."""
    part = name.removeprefix("left_").removeprefix("right_")
    if part in ("hip", "shoulder"):
        return np.array([of.hips if part == "hip" else of.shoulders, 1.0, 1.0])
    if part[-1].isdigit() and not part.startswith("spine"):
        return np.full(3, of.hand)
    by_name = {"knee": of.thigh, "ankle": of.shin, "foot": of.foot, "elbow": of.arm, "wrist": of.arm,
               "collar": of.spine, "neck": of.spine, "head": of.spine}  # fmt: skip
    return np.full(3, of.spine if part.startswith("spine") else by_name.get(part, 1.0))


def _slot(name: str) -> str:
    if not name.startswith(("left_", "right_")):
        return {"pelvis": "hips"}.get(name, name.rstrip("123"))
    side, _, part = name.partition("_")
    return f"{side}_{_OF_SIDE.get(part, part.rstrip('123'))}"


def _floor(figure: Figure) -> float:
    return float(figure.points_rest[figure.point("left_ball"), 1])


def _tip(side: str, of: Proportions, rest: np.ndarray, figure: Figure) -> np.ndarray:
    """Where the bone of the toes ends."""
    toe = JOINT[f"{side}_foot"]
    return rest[toe] + of.foot * (figure.points_rest[figure.point(f"{side}_toe")] - figure.rest_joints[toe])


def _leg(rest: np.ndarray, floor: float) -> float:
    hip, knee, ankle = rest[[JOINT["left_hip"], JOINT["left_knee"], JOINT["left_ankle"]]]
    return float(np.linalg.norm(knee - hip) + np.linalg.norm(ankle - knee) + ankle[1] - floor)
