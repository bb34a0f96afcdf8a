"""Takes a shaped MakeHuman body from its resting stance into the T-pose of SMPL-X."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from assets.makehuman_files import Floats, MakeHumanFiles
from motion.rotations import frame_from_axes, matrix_from_axis_angle, normalised, smallest_rotation

DOWN = np.array([0.0, -1.0, 0.0])
FORWARD = np.array([0.0, 0.0, 1.0])
SHOULDER_LIFT_RAD = {"clavicle": np.radians(8.0), "shoulder01": np.radians(16.0)}
TWIST_SHARES = {"lowerarm01": 0.3, "lowerarm02": 0.75}
TOE_OUT_RAD = np.radians(5.0)


def t_pose(files: MakeHumanFiles, vertices: Floats) -> tuple[Floats, dict[str, Floats], dict[str, Floats]]:
    """The base mesh [19158, 3] m with level arms and upright legs, and its bones' heads and tails, all in metres."""
    heads, tails = files.heads(vertices), files.heads(vertices, "tail")
    turns = {name: np.eye(3) for name in files.bones}
    for side, outward in (("L", np.array([1.0, 0.0, 0.0])), ("R", np.array([-1.0, 0.0, 0.0]))):
        turns |= _arm_turns(heads, side, outward)
        turns |= _finger_turns(heads, tails, turns[f"wrist.{side}"], side)
        turns |= _leg_turns(heads, files, side, outward)
    posed_heads = _posed_heads(files, heads, turns)
    posed_tails = {name: posed_heads[name] + turns[name] @ (tails[name] - heads[name]) for name in heads}
    return _skinned(files, vertices, heads, posed_heads, turns), posed_heads, posed_tails


def _arm_turns(heads: Mapping[str, Floats], side: str, outward: Floats) -> dict[str, Floats]:
    """World turns from the collar to the hand: arm level, elbow ready to bend forwards, palm down."""
    shoulder, elbow, wrist = (heads[f"{bone}.{side}"] for bone in ("upperarm01", "lowerarm01", "wrist"))
    hinge = np.cross(elbow - shoulder, wrist - elbow)
    wanted = frame_from_axes(outward, np.cross(outward, FORWARD))
    upper = wanted @ frame_from_axes(elbow - shoulder, hinge).T
    lower = wanted @ frame_from_axes(wrist - elbow, hinge).T
    hand = _hand_turn(heads, side, outward)
    twist_rad = _twist(hand @ lower.T, outward)
    turns = {f"{bone}.{side}": matrix_from_axis_angle(np.array([0, 0, lift * outward[0]]))
             for bone, lift in SHOULDER_LIFT_RAD.items()}  # fmt: skip
    turns |= {f"upperarm01.{side}": upper, f"upperarm02.{side}": upper}
    for bone, share in TWIST_SHARES.items():
        turns[f"{bone}.{side}"] = matrix_from_axis_angle(share * twist_rad * outward) @ lower
    return turns | {f"{bone}.{side}": hand for bone in ("wrist", *(f"metacarpal{i}" for i in (1, 2, 3, 4)))}


def _hand_turn(heads: Mapping[str, Floats], side: str, outward: Floats) -> Floats:
    """The turn that points the middle metacarpal outwards and lays the row of knuckles level."""
    wrist, middle = heads[f"wrist.{side}"], heads[f"finger3-1.{side}"]
    across = heads[f"finger2-1.{side}"] - heads[f"finger5-1.{side}"]
    return frame_from_axes(outward, FORWARD) @ frame_from_axes(middle - wrist, across).T


def _twist(R: Floats, axis: Floats) -> float:
    """The angle in radians by which R turns about a unit axis."""
    sine = 0.5 * np.array([R[2, 1] - R[1, 2], R[0, 2] - R[2, 0], R[1, 0] - R[0, 1]]) @ axis
    return float(np.arctan2(sine, 0.5 * (np.trace(R) - axis @ R @ axis)))


def _finger_turns(
    heads: Mapping[str, Floats], tails: Mapping[str, Floats], hand: Floats, side: str
) -> dict[str, Floats]:
    """World turns of the phalanges: fingers straight and level in the direction they leave the palm."""
    turns = {f"finger1-{i}.{side}": hand for i in (1, 2, 3)}
    for finger in (2, 3, 4, 5):
        first = hand @ (heads[f"finger{finger}-2.{side}"] - heads[f"finger{finger}-1.{side}"])
        level = normalised(first * np.array([1.0, 0.0, 0.7]))
        for i in (1, 2, 3):
            bone = f"finger{finger}-{i}.{side}"
            turns[bone] = smallest_rotation(hand @ (tails[bone] - heads[bone]), level) @ hand
    return turns


def _leg_turns(heads: Mapping[str, Floats], files: MakeHumanFiles, side: str, outward: Floats) -> dict[str, Floats]:
    """World turns of thigh, shank, foot and toes: upright legs, flat soles, feet nearly ahead."""
    hip, knee, ankle, toe = (heads[f"{bone}.{side}"] for bone in ("upperleg01", "lowerleg01", "foot", "toe3-1"))
    thigh, shank = smallest_rotation(knee - hip, DOWN), smallest_rotation(ankle - knee, DOWN)
    ahead = FORWARD * np.cos(TOE_OUT_RAD) + outward * np.sin(TOE_OUT_RAD)
    foot = smallest_rotation((toe - ankle) * np.array([1.0, 0.0, 1.0]), ahead)
    turns = {f"{bone}{i}.{side}": turn for bone, turn in (("upperleg0", thigh), ("lowerleg0", shank)) for i in (1, 2)}
    below = [bone for bone in files.bones if bone.startswith(("foot", "toe")) and bone.endswith(side)]
    return turns | {bone: foot for bone in below}


def _posed_heads(files: MakeHumanFiles, heads: Mapping[str, Floats], turns: Mapping[str, Floats]) -> dict[str, Floats]:
    posed: dict[str, Floats] = {}
    for name, bone in files.bones.items():
        parent = bone["parent"]
        posed[name] = posed[parent] + turns[parent] @ (heads[name] - heads[parent]) if parent else heads[name]
    return posed


def _skinned(
    files: MakeHumanFiles,
    vertices: Floats,
    heads: Mapping[str, Floats],
    posed_heads: Mapping[str, Floats],
    turns: Mapping[str, Floats],
) -> Floats:
    """Linear blend skinning with MakeHuman's own weights; vertices without weights stay."""
    moved, total = np.zeros_like(vertices), np.zeros(len(vertices))
    for name, pairs in files.weights.items():
        numbers = np.array([number for number, _ in pairs], dtype=int)
        weight = np.array([value for _, value in pairs])
        moved[numbers] += weight[:, None] * ((vertices[numbers] - heads[name]) @ turns[name].T + posed_heads[name])
        total[numbers] += weight
    return np.where(total[:, None] > 0, moved / np.maximum(total, 1e-9)[:, None], vertices)
