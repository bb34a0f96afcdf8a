"""From a few postures in a row to motion: minimum-jerk moves, planted hands and feet, slow sway, a floor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Sequence

import numpy as np

from backend.train.motions.training_clip import RATE_HZ
from backend.train.variety.figure import Figure, locals_of
from backend.train.variety.posture import CHEST, Posture, trunk_rotations, with_forearms_rolled, with_limbs
from motion.arrays import Array, Mask
from motion.filters import gaussian_smoothed
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle
from motion.skeleton import JOINT

_END_JOINTS = np.array([JOINT[name] for name in ("left_ankle", "right_ankle", "left_wrist", "right_wrist")])
_LOWER_JOINTS = np.array([JOINT[name] for name in ("left_knee", "right_knee", "left_elbow", "right_elbow")])
_TRUNK = np.array([JOINT[name] for name in ("pelvis", "spine1", "spine2", "spine3", "left_hip", "right_hip",
                                            "left_shoulder", "right_shoulder")])  # fmt: skip
_SWAY_M, _SWAY_RAD, _SWAY_S = 0.008, 0.02, 0.5  # quiet stance sways by about a centimetre
_STEP_LIFT_M, _WHOLE_STEP_M = 0.09, 0.15  # how high planted hands and feet are lifted, from which step length on
_TOES_REST_M, _TOES_FREE_M = 0.015, 0.05  # height of the ball at which toes lie down, and at which not
_ROUNDS = 4  # of lifting what lies below the floor
_RAISE_PER_M = 10.0  # how far knees and elbows are turned up in a round, by how deep they are


@dataclass(frozen=True, eq=False)
class Key:
    """A posture, how long the way to it takes and how long it is held."""

    posture: Posture
    move_s: float
    hold_s: float = 0.0


@dataclass(frozen=True, eq=False)
class _Times:
    """Per frame, between which keys it lies and how far on the way."""

    before: Array  # [T] index of a key
    share: Array  # [T] 0..1, minimum jerk
    starts: Array  # [K] frame of each key


def animated(keys: Sequence[Key], rng: np.random.Generator, flowing: bool = False,
             smoothed: bool = True) -> tuple[Array, Array]:  # fmt: skip
    """R_parent_from_joint [T, 22, 3, 3] and root_world [T, 3] m at 30 Hz.

    `flowing` motion does not rest at its keys: the trunk passes them at even speed. What is not `smoothed` is at its
    keys exactly as they say.
    """
    postures, times = _laid_out(keys, flowing)
    figure = postures[0].figure
    smooth = _smooth if smoothed else np.asarray
    root, R = _trunk(postures, times, rng, smooth)
    R_world, joints = figure.posed(R, root)
    lift = _lift_to_floor(joints, figure, _between(np.array([p.grounded for p in postures]), times))
    root = root + smooth(lift)[:, None] * np.array([0.0, 0.0, 1.0])
    R_world, joints = figure.posed(R, root)
    ends, towards = _limb_ends(postures, times, R_world, joints)
    R_world = _above_floor(figure, R_world, joints, ends, towards, postures, times)
    return locals_of(with_forearms_rolled(R_world)), root


def _laid_out(keys: Sequence[Key], flowing: bool) -> tuple[list[Posture], _Times]:
    postures, before, share, starts = [], [], [], [0]
    for key in keys:
        for seconds in (key.move_s, key.hold_s):
            frames = int(round(seconds * RATE_HZ))
            if not postures:
                postures.append(key.posture)
            elif frames > 0:
                postures.append(key.posture)
                before += [len(postures) - 2] * frames
                share += list(np.arange(frames) / frames)
                starts.append(len(before))
    before.append(len(postures) - 2)
    share.append(1.0)
    t = np.array(share)
    eased = t if flowing else t**3 * (10.0 - 15.0 * t + 6.0 * t * t)
    return postures, _Times(np.array(before), eased, np.array(starts))


def _between(values: Array, times: _Times) -> Array:
    """Values [K, ...] at the keys taken over time, [T, ...]."""
    share = times.share.reshape((-1,) + (1,) * (values.ndim - 1))
    return values[times.before] + share * (values[times.before + 1] - values[times.before])


def _turned_between(R: Array, times: _Times) -> Array:
    """Rotations [K, ..., 3, 3] at the keys taken over time along shortest arcs."""
    step = axis_angle_from_matrix(np.swapaxes(R[:-1], -1, -2) @ R[1:])
    share = times.share.reshape((-1,) + (1,) * (step.ndim - 1))
    return R[times.before] @ matrix_from_axis_angle(share * step[times.before])


def _trunk(postures: list[Posture], times: _Times, rng: np.random.Generator,
           smooth: Callable[[Array], Array]) -> tuple[Array, Array]:  # fmt: skip
    """root [T, 3] and R_parent_from_joint [T, 22, 3, 3] of trunk and head, swaying."""
    sway = _between(np.array([p.sway for p in postures]), times)[:, None]
    frames = len(sway)
    root = smooth(_between(np.array([p.root for p in postures]), times))
    root = root + sway * _noise(rng, frames, 3) * _SWAY_M * np.array([1.0, 1.0, 0.3])
    trunk, head = (
        smooth(_between(np.array([getattr(p, name) for p in postures]), times))
        + sway * _SWAY_RAD * strength * _noise(rng, frames, 3)
        for name, strength in (("trunk", 1.5), ("head", 3.0))
    )
    shoulders = _between(np.array([p.shoulders for p in postures]), times)
    R_pelvis = _turned_between(np.array([p.R_pelvis for p in postures]), times)
    R_pelvis = R_pelvis @ matrix_from_axis_angle(sway * _SWAY_RAD * _noise(rng, frames, 3))
    return root, trunk_rotations(R_pelvis, trunk, head, shoulders)


def _smooth(values: Array) -> Array:
    return gaussian_smoothed(values, RATE_HZ, 0.08)


def _noise(rng: np.random.Generator, frames: int, width: int) -> Array:
    """Slow noise [T, width] of about unit size."""
    raw = rng.normal(size=(frames + 120, width))
    return gaussian_smoothed(raw, RATE_HZ, _SWAY_S)[60:-60] * np.sqrt(2.0 * np.sqrt(np.pi) * _SWAY_S * RATE_HZ)


def _lift_to_floor(joints: Array, figure: Figure, grounded: Array) -> Array:
    """[T] m by which the body is raised or lowered until its trunk lies on the floor, or at least not below."""
    lowest = (joints[:, _TRUNK, 2] - figure.thickness[_TRUNK]).min(axis=1)
    return np.where(lowest < 0.0, -lowest, -grounded * lowest)


def _limb_ends(postures: list[Posture], times: _Times, R_world: Array, joints: Array) -> tuple[Array, Array]:
    """Where ankles and wrists are, [T, 4, 3] m, and where knees and elbows point to, [T, 4, 3].

    Limbs planted at both keys stay in the world, others go along with pelvis or chest.
    """
    carriers = np.array([0, 0, CHEST, CHEST])
    R, origin = R_world[:, carriers], joints[:, carriers]
    ends, towards = (np.array([getattr(p, name) for p in postures]) for name in ("ends", "towards"))
    at_key = np.clip(times.starts, 0, len(R) - 1)
    local = _into(R[at_key], ends - origin[at_key])
    carried = _out_of(R, _between(local, times)) + origin
    in_world = _planted_ends(postures[0].figure, ends, np.array([p.R_ends for p in postures]), times)
    both = _rest(postures, times)[..., None]
    aims = _out_of(R, _between(_into(R[at_key], towards), times))
    return np.where(both, in_world, carried), np.where(both, _between(towards, times), aims)


def _into(R: Array, vectors: Array) -> Array:
    return np.einsum("...ji,...j->...i", R, vectors)


def _out_of(R: Array, vectors: Array) -> Array:
    return np.einsum("...ij,...j->...i", R, vectors)


def _planted_ends(figure: Figure, ends: Array, R_ends: Array, times: _Times) -> Array:
    """Where planted ankles and wrists are, [T, 4, 3] m: feet turn about their balls and step where these go."""
    pivots = np.zeros((4, 3))
    pivots[:2] = figure.touching[[1, 4]]
    rests = ends + _out_of(R_ends, pivots)
    on_floor = _between(rests, times) + _steps(rests, R_ends, times)
    return on_floor - _out_of(_turned_between(R_ends, times), pivots)


def _steps(rests: Array, R_ends: Array, times: _Times) -> Array:
    """[T, 4, 3] m by which planted ends are lifted while they go elsewhere; feet on their backs slide along."""
    lengths = np.linalg.norm(np.diff(rests, axis=0), axis=-1)
    upright = np.clip(R_ends[:-1, :, 2, 1] / 0.3, 0.0, 1.0)
    heights = _STEP_LIFT_M * upright * np.clip(lengths / _WHOLE_STEP_M, 0.0, 1.0)
    bump = 16.0 * times.share**2 * (1.0 - times.share) ** 2
    return (bump[:, None] * heights[times.before])[..., None] * np.array([0.0, 0.0, 1.0])


def _above_floor(figure: Figure, R_trunk: Array, joints_trunk: Array, ends: Array, towards: Array,
                 postures: list[Posture], times: _Times) -> Array:  # fmt: skip
    """R_world [T, 22, 3, 3] with limbs whose hands, feet, knees and elbows are not below the floor."""
    for _ in range(_ROUNDS):
        R_world = with_limbs(figure, R_trunk, joints_trunk, ends, towards)
        _, joints = figure.posed(locals_of(R_world), joints_trunk[:, 0])
        R_world = _with_ends(figure, R_world, joints, postures, times)
        ends = ends + _missing(_lowest_of_ends(figure, R_world, joints))[..., None] * np.array([0.0, 0.0, 1.0])
        short = _missing(joints[:, _LOWER_JOINTS, 2] - figure.thickness[_LOWER_JOINTS]) * ~_rest(postures, times)
        towards = towards + _RAISE_PER_M * _smooth(short)[..., None] * np.array([0.0, 0.0, 1.0])
    return R_world


def _rest(postures: list[Posture], times: _Times) -> Mask:
    """Which limbs' ends rest or step, [T, 4]: they are planted at the key before and at the one after."""
    planted = np.array([p.planted for p in postures])
    return (planted[:-1] & planted[1:])[times.before]


def _missing(heights: Array) -> Array:
    """How far below the floor heights [T, ...] m are."""
    return np.maximum(-heights, 0.0)


def _lowest_of_ends(figure: Figure, R_world: Array, joints: Array) -> Array:
    """Height [T, 4] m of the lowest point of each foot and hand."""
    points = figure.touching_world(R_world, joints)[..., 2]
    thick = joints[:, _END_JOINTS, 2] - np.array([0.03, 0.03, 0.02, 0.02])
    toes = joints[:, _END_JOINTS[:2]] + R_world[:, _END_JOINTS[:2]] @ figure.offsets[JOINT["left_foot"]]
    thick[:, :2] = np.minimum(thick[:, :2], toes[..., 2] - 0.01)
    parts = ((0, 1), (3, 4), (2,), (5,))
    return np.stack([np.minimum(points[:, part].min(axis=1), thick[:, i]) for i, part in enumerate(parts)], axis=1)


def _with_ends(figure: Figure, R_world: Array, joints: Array, postures: list[Posture], times: _Times) -> Array:
    """Hands and feet turned as their keys say: in the world where planted, else against shin and forearm."""
    R_keys = np.array([p.R_ends for p in postures])
    at_key = np.clip(times.starts, 0, len(R_world) - 1)
    R_lower = R_world[:, _LOWER_JOINTS]
    carried = R_lower @ _turned_between(np.swapaxes(R_lower[at_key], -1, -2) @ R_keys, times)
    both = _rest(postures, times)[..., None, None]
    R = R_world.copy()
    R[:, _END_JOINTS] = np.where(both, _turned_between(R_keys, times), carried)
    return _with_toes(figure, R, joints)


def _with_toes(figure: Figure, R_world: Array, joints: Array) -> Array:
    """Toes follow the foot but lie on the floor where the heel is lifted about the ball."""
    R = R_world.copy()
    for side, ball in (("left", 1), ("right", 4)):
        foot = R[:, JOINT[f"{side}_ankle"]]
        height = (joints[:, JOINT[f"{side}_ankle"]] + foot @ figure.touching[ball])[:, 2]
        rests = np.clip((_TOES_FREE_M - height) / (_TOES_FREE_M - _TOES_REST_M), 0.0, 1.0)
        rests *= np.clip(foot[:, 2, 1] / 0.3, 0.0, 1.0)  # only where the sole looks down
        pitch = np.arcsin(np.clip(-foot[:, 2, 2], 0.0, 0.87)) * rests
        R[:, JOINT[f"{side}_foot"]] = foot @ matrix_from_axis_angle(-pitch[:, None] * np.array([1.0, 0.0, 0.0]))
    return R
