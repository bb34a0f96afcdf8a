"""Standing people whose hands go where they are told, with what they touch known exactly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from motion.contacts.contacts import Contacts
from motion.figure import Figure
from motion.limb_ik import limb_posed
from motion.retarget.source.source_pose import R_WORLD_FROM_REST, SourcePose
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT
from tests.motion.retarget.odd_proportions import SOURCE_FIGURE

RATE = 30.0
_AHEAD = {"left": np.array([0.0, -0.5 * np.pi, 0.0]), "right": np.array([0.0, 0.5 * np.pi, 0.0])}


def standing_with(
    palms: dict[str, np.ndarray], held: dict[tuple[str, int], np.ndarray], floor_world_m: float = 0.0,
    heights: dict[tuple[str, int], float] | None = None, thighs_up_deg: float = 0.0, figure: Figure = SOURCE_FIGURE,
) -> SourcePose:  # fmt: skip
    """Faces -Y, hips over the origin of the floor, from which palms [T, 3] m are; held [T] by point and joint."""
    frames = len(next(iter(palms.values())))
    R = np.tile(R_WORLD_FROM_REST, (frames, 55, 1, 1))
    rest = figure.rest_joints
    joints = (rest - [0.0, figure.points_rest[figure.point("left_ball"), 1], rest[1, 2]]) @ R_WORLD_FROM_REST.T
    joints = np.tile(joints + [0.0, 0.0, floor_world_m], (frames, 1, 1))
    for side, palm in palms.items():
        limb, point = figure.limbs[f"{side}_arm"], figure.point(f"{side}_palm")
        R_hand = R_WORLD_FROM_REST @ matrix_from_axis_angle(_AHEAD[side])
        wrist = palm + [0.0, 0.0, floor_world_m] - R_hand @ (figure.points_rest[point] - rest[limb.end])
        outward = np.array([1.0 if side == "left" else -1.0, 0.3, -0.8])
        R_upper, R_lower = limb_posed(limb, rest, joints[:, limb.upper], wrist, outward)
        R[:, limb.upper], R[:, limb.lower] = R_upper, R_lower
        R[:, [limb.end, *_fingers(side)]] = R_hand
    R[:, [JOINT["left_hip"], JOINT["right_hip"]]] = R_WORLD_FROM_REST @ matrix_from_axis_angle(
        np.array([-np.deg2rad(thighs_up_deg), 0.0, 0.0]))  # fmt: skip
    local = figure.local(R)
    R, joints = figure.kinematics(local, joints[:, 0])
    return SourcePose(figure, RATE, R, joints, _contacts(held, heights or {}, frames), floor_world_m)


def _fingers(side: str) -> list[int]:
    return [joint for name, joint in JOINT.items() if name.startswith(side) and name[-1].isdigit()]


def _contacts(held: dict[tuple[str, int], np.ndarray], heights: dict[tuple[str, int], float], frames: int) -> Contacts:
    if not held:
        return Contacts((), *(np.zeros((frames, 0)) for _ in range(3)), np.zeros(0))
    mask = np.stack(list(held.values()), axis=1)
    height = np.tile([heights.get(key, 0.0) for key in held], (frames, 1))
    return Contacts(tuple(name for name, _ in held), mask, mask.astype(float), height,
                    np.array([joint for _, joint in held]))  # fmt: skip


def clapping(frames: int = 120) -> SourcePose:
    """Once a second, 3 cm from palm to palm."""
    apart = 0.03 + 0.18 * np.clip(0.5 - 0.75 * np.cos(2.0 * np.pi * np.arange(frames) / RATE), 0.0, 1.0)
    palms = {side: np.stack([0.5 * sign * apart, np.full(frames, -0.35), np.full(frames, 1.25)], axis=1)
             for side, sign in (("left", 1.0), ("right", -1.0))}  # fmt: skip
    return standing_with(palms, {("left_palm", JOINT["right_wrist"]): apart < 0.0301})


def on_hips(frames: int = 120) -> SourcePose:
    """Hands go to the hips, rest there and leave."""
    share = _there_and_back(frames)
    palms = {}
    for side, sign in (("left", 1.0), ("right", -1.0)):
        hip, free = np.array([sign * 0.17, -0.02, 1.0]), np.array([sign * 0.3, -0.25, 1.0])
        palms[side] = free + share[:, None] * (hip - free)
    return standing_with(palms, {(f"{side}_palm", 0): share == 1.0 for side in palms})


def on_thighs(frames: int = 120) -> SourcePose:
    """Sits; the left hand lies on the left thigh for a while."""
    share, there = _there_and_back(frames), np.array([0.12, -0.18, 1.02])
    palm = there + (1.0 - share[:, None]) * [0.15, -0.05, 0.15]
    held = {("left_palm", JOINT["left_hip"]): share == 1.0}
    return standing_with({"left": palm}, held, thighs_up_deg=85.0)


def on_table(frames: int = 120, height: float = 0.95) -> SourcePose:
    """The left hand goes down on a table."""
    share = _there_and_back(frames)
    palm = np.array([0.25, -0.25, height + 0.2]) - share[:, None] * [0.0, 0.0, 0.2]
    return standing_with({"left": palm}, {("left_palm", -1): share == 1.0}, 0.3, {("left_palm", -1): height})


def on_floor(frames: int = 60) -> SourcePose:
    """Sits on the floor; the left hand slides a little where it should rest, on a cushion."""
    slide = 0.02 * np.sin(np.arange(frames) / 9.0)
    palm = np.stack([0.3 + slide, 0.05 - slide, np.full(frames, 0.12)], axis=1)
    source = standing_with({"left": palm + [0.0, 0.0, 0.98]}, {("left_palm", -1): np.ones(frames, dtype=bool)})
    return replace(source, floor_world_m=0.98)


def on_forearm(frames: int = 120) -> SourcePose:
    """The right hand goes to the left forearm, which is held out."""
    share = _there_and_back(frames)
    left = np.tile([0.1, -0.4, 1.2], (frames, 1))
    right = np.array([-0.2, -0.45, 1.0]) + share[:, None] * [0.33, 0.15, 0.18]
    return standing_with({"left": left, "right": right}, {("right_palm", JOINT["left_elbow"]): share == 1.0})


def _there_and_back(frames: int) -> np.ndarray:
    """0, smoothly up to 1 in the middle third, and back."""
    way = np.clip(1.0 - (np.abs(np.arange(frames) / frames - 0.5) - 0.17) / 0.25, 0.0, 1.0)
    return way * way * way * (10.0 - 15.0 * way + 6.0 * way * way)
