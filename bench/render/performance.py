"""The person of a clip: a training clip's motion on a body of another shape, cut and resampled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.train.motions.still import still_labels
from backend.train.motions.training_clip import RATE_HZ, TrainingClip
from bench.render.plan import Plan
from motion.arrays import Array, Mask
from motion.body import Body, BodyModel
from motion.contacts.believe import STILL_POINTS
from motion.filters import gaussian_smoothed
from motion.kinematics import attached_points, forward_kinematics
from motion.resample import interpolate_linear
from motion.rotations import interpolate_rotations, matrix_from_axis_angle
from motion.skeleton import BODY_JOINT_COUNT, JOINT, JOINT_COUNT, Skeleton

HEIGHT_M, HEIGHT_SPREAD_M, HEIGHT_RANGE_M = 1.70, 0.09, (1.52, 1.92)
SHAPE_SPREAD = {"gender": 1.3, "weight": 1.1, "muscle": 0.9, "proportions": 0.8}
FINGER_CURL_RAD = (0.15, 0.5)
BLEND_FRAMES = 6        # over which joined motions flow into each other
STANDING_WITHIN_M = 0.05          # of the floor; the soles of people who lie are higher
MAY_SINK_M, LIFT_S = 0.012, 0.2   # cloth and flesh give way that much
EVERY_VERTEX = 5
SOLES = ("left_heel_sole", "left_ball_sole", "right_heel_sole", "right_ball_sole")


@dataclass(frozen=True, eq=False)
class Performance:
    """One person over T frames; Z up, floor at z = 0."""

    body: Body
    rate_hz: float
    R_parent_from_joint: Array   # [T, 55, 3, 3]
    root_world: Array            # [T, 3] m

    def points_world(self) -> Array:
        """The body's named points, [T, P, 3] m."""
        skeleton = self.body.skeleton
        R_world_from_joint, joints = forward_kinematics(skeleton, self.R_parent_from_joint, self.root_world)
        return attached_points(R_world_from_joint, joints, skeleton, self.body.points, self.body.model.point_joints)

    def still(self) -> Mask:
        """[T, 6] which of STILL_POINTS rest."""
        return still_labels(still_points(self.points_world(), self.body.model.point_names), self.rate_hz)


def still_points(points_world: Array, point_names: tuple[str, ...]) -> Array:
    """STILL_POINTS [T, 6, 3] m out of the named points [T, P, 3] m; palms between first and last knuckle."""
    named = dict(zip(point_names, np.moveaxis(points_world, 1, 0), strict=True))

    def point(name: str) -> Array:
        side, part = name.split("_")
        return 0.5 * (named[f"{side}_index"] + named[f"{side}_pinky"]) if part == "palm" else named[f"{name}_sole"]

    return np.stack([point(name) for name in STILL_POINTS], axis=1)


def performed(plan: Plan, clips: list[TrainingClip], model: BodyModel) -> Performance:
    """The motion of `clips`, one after the other, on the body that the plan's seed draws.

    All lengths grow in one ratio, so that feet which rested still rest.
    """
    random = np.random.default_rng([plan.seed, 1])
    body = drawn_body(model, clips[0].rest_joints, random)
    wanted_s = plan.start_s + np.arange(round(plan.seconds * plan.rate_hz)) / plan.rate_hz
    ends_s = (sum(len(clip.root_world) for clip in clips) - 1) / RATE_HZ
    if wanted_s[-1] > ends_s + 0.5 / RATE_HZ:
        raise ValueError(f"{plan.name}: its motion ends after {ends_s:.2f} s.")
    return performed_by(body, clips, wanted_s, plan.rate_hz, random.uniform(*FINGER_CURL_RAD))


def performed_by(
    body: Body, clips: list[TrainingClip], wanted_s: Array, rate_hz: float, curl_rad: float
) -> Performance:
    """The motion of `clips` on any body, at times wanted_s [T] that are 1 / rate_hz apart, fingers curled so far."""
    R_body, root = _joined(clips)
    scale = _leg_length(body.skeleton.rest_joints) / _leg_length(clips[0].rest_joints)
    times_s = np.arange(len(root)) / RATE_HZ
    R = np.broadcast_to(np.eye(3), (len(wanted_s), JOINT_COUNT, 3, 3)).copy()
    R[:, :BODY_JOINT_COUNT] = interpolate_rotations(R_body, times_s, wanted_s)
    R[:, BODY_JOINT_COUNT:] = _curled_hands(curl_rad)
    return _on_the_floor(Performance(body, rate_hz, R, scale * interpolate_linear(root, times_s, wanted_s)))


def drawn_body(model: BodyModel, rest_joints: Array, random: np.random.Generator) -> Body:
    """A body of random shape and height on bones in the proportions of `rest_joints` [55, 3] m."""
    drawn = {name: np.clip(random.normal(0.0, spread), -2.0, 2.0) for name, spread in SHAPE_SPREAD.items()}
    shape = np.array([drawn.get(name, 0.0) for name in model.shape_names])
    height_m = float(np.clip(random.normal(HEIGHT_M, HEIGHT_SPREAD_M), *HEIGHT_RANGE_M))
    body = model.shaped(shape, height_m / model.shaped(shape).height)
    ratio = height_m / model.shaped(shape).fitted_to(Skeleton(rest_joints)).height
    return body.fitted_to(Skeleton(ratio * rest_joints.astype(float)))


def _joined(clips: list[TrainingClip]) -> tuple[Array, Array]:
    """Rotations [T, 22, 3, 3] and root [T, 3] of clips in a row; each goes on where and as the last one faced."""
    R, root = clips[0].R_parent_from_joint.astype(float), clips[0].root_world.astype(float)
    for clip in clips[1:]:
        R_next, root_next = _going_on(R[-1, 0], root[-1], clip)
        share = (np.arange(1, BLEND_FRAMES + 1) / (BLEND_FRAMES + 1)).reshape(-1, 1)
        ends = np.array([0.0, 1.0])
        for frame in range(min(BLEND_FRAMES, len(R_next))):
            both = np.stack([R[-1], R_next[frame]])
            R_next[frame] = interpolate_rotations(both, ends, share[frame])[0]
        gap = root[-1, 2] - root_next[0, 2]
        root_next[:BLEND_FRAMES, 2] += gap * (1.0 - share[: len(root_next), 0])
        R, root = np.concatenate([R, R_next]), np.concatenate([root, root_next])
    return R, root


def _going_on(R_last: Array, root_last: Array, clip: TrainingClip) -> tuple[Array, Array]:
    R, root = clip.R_parent_from_joint.astype(float).copy(), clip.root_world.astype(float)
    turn = heading_rad(R_last) - heading_rad(R[0, 0])
    R_turn = matrix_from_axis_angle(np.array([0.0, 0.0, turn]))
    R[:, 0] = R_turn @ R[:, 0]
    root = (root - root[0] * [1.0, 1.0, 0.0]) @ R_turn.T + root_last * [1.0, 1.0, 0.0]
    return R, root


def heading_rad(R_world_from_pelvis: Array) -> Array:
    """Where the pelvis faces on the floor, [...] rad from the world's x axis; of lying people where their head is not.

    Told from the sideways axis, which stays level when people bend, lie down or turn over.
    """
    left = R_world_from_pelvis[..., :, 0]
    return np.arctan2(-left[..., 0], left[..., 1])


def _curled_hands(curl_rad: float) -> Array:
    """R_parent_from_joint [33, 3, 3] of jaw, eyes and fingers: all but the thumbs bent towards the palm."""
    first_finger = JOINT["left_index1"]
    joints = np.arange(BODY_JOINT_COUNT, JOINT_COUNT)
    outward = np.where(joints < JOINT["right_index1"], 1.0, -1.0)
    curls = (joints >= first_finger) & ((joints - first_finger) % 15 < 12)
    turns = np.zeros((len(joints), 3))
    turns[:, 2] = -outward * curl_rad * curls
    return matrix_from_axis_angle(turns)


def _on_the_floor(performance: Performance) -> Performance:
    """Lifted or lowered as a whole, so that resting soles lie on the floor in the mean."""
    points = performance.points_world()
    names = performance.body.model.point_names
    soles = points[:, [names.index(name) for name in SOLES]]
    standing = performance.still()[:, [0, 1, 3, 4]] & (np.abs(soles[..., 2]) < STANDING_WITHIN_M)
    height_m = np.median(soles[..., 2][standing]) if standing.any() else 0.0
    return _out_of_the_floor(_lifted(performance, np.full(len(soles), -height_m)))


def _out_of_the_floor(performance: Performance) -> Performance:
    """Lifted, gently over time, where the body would sink in: people who lie were recorded on softer backs."""
    body, rate_hz = performance.body, performance.rate_hz
    R_world, joints = forward_kinematics(body.skeleton, performance.R_parent_from_joint, performance.root_world)
    moved = joints - np.einsum("tjab,jb->tja", R_world, body.skeleton.rest_joints)
    chosen = slice(None, None, EVERY_VERTEX)
    movers, weights = body.model.weight_joints[chosen], body.model.weights[chosen]
    up = np.einsum("tvkb,vb->tvk", R_world[:, movers, 2], body.vertices[chosen]) + moved[:, movers, 2]
    sunk = np.maximum(0.0, -(weights * up).sum(axis=-1).min(axis=1) - MAY_SINK_M)
    reach = round(LIFT_S * rate_hz)
    padded = np.pad(sunk, 4 * reach, mode="edge")
    held = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).max(axis=-1)
    return _lifted(performance, gaussian_smoothed(held, rate_hz, LIFT_S / 2)[3 * reach : -3 * reach])


def _lifted(performance: Performance, up_m: Array) -> Performance:
    root = performance.root_world + up_m[:, None] * [0.0, 0.0, 1.0]
    return Performance(performance.body, performance.rate_hz, performance.R_parent_from_joint, root)


def _leg_length(rest_joints: Array) -> float:
    hip, knee, ankle = (rest_joints[JOINT[f"left_{name}"]] for name in ("hip", "knee", "ankle"))
    return float(np.linalg.norm(knee - hip) + np.linalg.norm(ankle - knee))
