"""Made-up recordings whose truth is known: our own skeleton moving, told in the names and rest pose of a family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from motion.body import Body, read_open_body
from motion.kinematics import forward_kinematics
from motion.recordings.naming import SIDES
from motion.recordings.recording import Recording
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT, JOINT_COUNT, JOINT_NAMES, PARENTS

RATE_HZ = 60.0
BODY = read_open_body().shaped([])
_HINGES = {"left_knee": [1, 0, 0], "right_knee": [1, 0, 0], "left_elbow": [0, -1, 0], "right_elbow": [0, 1, 0]}


@dataclass(frozen=True)
class Truth:
    """R_parent_from_joint [T, 55, 3, 3], joints [T, 55, 3] m, Y up."""

    R_parent_from_joint: np.ndarray
    joints: np.ndarray
    root: np.ndarray


@cache
def walking_about(seconds: float = 1.0, seed: int = 5, body: Body = BODY) -> Truth:
    """Everything turns smoothly: trunk and limbs by up to half a radian, hinges between 0.3 and 1.3."""
    rng = np.random.default_rng(seed)
    times = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    turns = np.zeros((len(times), JOINT_COUNT, 3))
    for joint, name in enumerate(JOINT_NAMES[:22]):
        waves = np.sin(times[:, None] * rng.uniform(2.0, 5.0, 3) + rng.uniform(0.0, 6.0, 3))
        size = 0.1 if name.startswith(("spine", "neck", "head")) or name.endswith(("ankle", "wrist", "collar")) else 0.4
        turns[:, joint] = size * waves
        if name in _HINGES:
            turns[:, joint] = (0.8 + 0.5 * waves[:, :1]) * np.array(_HINGES[name], dtype=float)
        if name.endswith("foot"):
            turns[:, joint] = 0.0
    R = matrix_from_axis_angle(turns)
    root = np.stack([0.3 * np.sin(times), 0.95 + 0.02 * np.cos(3.0 * times), 0.8 * times], axis=1)
    return Truth(R, forward_kinematics(body.skeleton, R, root)[1], root)


def told_by(
    family: dict, truth: Truth, rest_turns: Mapping[str, Sequence[float]], basis: np.ndarray, body: Body = BODY
) -> Recording:
    """The motion under a family's names, as a file has it whose rest pose is bent and turned.

    rest_turns [3] rad by joint bend our T-pose into that rest pose; basis [3, 3] turns it whole, such as to face -X.
    """
    bent = np.zeros((JOINT_COUNT, 3))
    for joint, turn in rest_turns.items():
        bent[JOINT[joint]] = turn
    R_rest, rest = forward_kinematics(body.skeleton, matrix_from_axis_angle(bent), np.zeros(3))
    R_rest, rest = basis @ R_rest, rest @ basis.T
    R_world = forward_kinematics(body.skeleton, truth.R_parent_from_joint, truth.root)[0]
    since_rest = R_world @ np.swapaxes(R_rest, -1, -2)
    names = our_joint_by_name(family)
    kept = sorted(set(names.values()))
    above = [max((j for j in kept if j in _ancestors(joint)), default=-1) for joint in kept]
    R_local, places = since_rest[:, kept], np.tile(rest[kept], (len(truth.root), 1, 1))
    for row, parent in enumerate(above):
        if parent >= 0:
            R_local[:, row] = np.swapaxes(since_rest[:, parent], -1, -2) @ since_rest[:, kept[row]]
            places[:, row] = rest[kept[row]] - rest[parent]
    places[:, 0] = truth.root
    by_joint = {joint: name for name, joint in names.items()}
    parents = tuple(kept.index(parent) if parent >= 0 else -1 for parent in above)
    joint_names = tuple(by_joint[joint] for joint in kept)
    return Recording(family["name"], RATE_HZ, joint_names, parents, rest[kept], R_local, places)


def our_joint_by_name(family: dict) -> dict[str, int]:
    """Our joint by the family's name, without rolls of forearms and thumbs, which ours has not or elsewhere."""
    spine = {2: ("spine1", "spine3"), 3: ("spine1", "spine2", "spine3"), 5: ("spine1", "spine2", "spine3")}
    theirs = family["spine"][::2] if len(family["spine"]) == 5 else family["spine"]
    names = {name: JOINT[joint] for name, joint in zip(theirs, spine[len(family["spine"])])}
    for joint, name in family["joints"].items():
        if joint in ("pelvis", "neck", "head"):
            names[name] = JOINT[joint]
        elif joint not in ("forearm", "thumb"):
            left, right = name.format_map(SIDES["left"]), name.format_map(SIDES["right"])
            names |= {left: JOINT[f"left_{joint}"], right: JOINT[f"right_{joint}"]}
    return names


def _ancestors(joint: int) -> set[int]:
    found = set()
    while PARENTS[joint] >= 0:
        joint = PARENTS[joint]
        found.add(joint)
    return found
