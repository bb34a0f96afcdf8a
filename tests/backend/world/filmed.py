"""Made-up people before made-up cameras, lifted nearly without error: depth trembles as it does in footage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from types import SimpleNamespace

import numpy as np

from backend.cameras.camera_path import CameraPath
from backend.lift.beliefs import Beliefs
from backend.lift.lift import Lift
from backend.world.place import WorldSettings, place
from motion.arrays import Array
from motion.body import read_open_body
from motion.contacts.believe import STILL_POINTS
from motion.filters import gaussian_smoothed
from motion.limb_ik import LIMBS, limb_posed
from motion.rotations import matrix_from_axis_angle, normalised
from tests.backend.lift.made_up_track import K, seen
from tests.backend.world.test_gravity_view import WORLD_FROM_LEVEL, about, down_of, from_first
from tests.motion.contacts.takes import ANKLE_M, FIGURE, SIDES, UPRIGHT, Take, ankles_at, take_of, times, with_palm

BODY = read_open_body().shaped([])
KINDS = ("static", "turning", "travelling", "unknown")   # the last travels, and nobody can say where to

_CARTWHEEL_M = 2.6


@dataclass(frozen=True, eq=False)
class Shot:
    """A true camera, and what is known of it."""

    R_world_from_camera: np.ndarray
    lens_world: np.ndarray
    path: CameraPath


def aimed(lens_world, at_world, pitch=0.1):
    """R_world_from_camera [T, 3, 3] of a camera that looks at places [T, 3], never rolled."""
    way = at_world - lens_world
    return WORLD_FROM_LEVEL @ about(1, np.arctan2(way[:, 0], way[:, 1])) @ about(0, np.full(len(way), -pitch))


def shot_of(R_world_from_camera, lens_world, kind, rate=30.0, unit_m=1.0):
    """`unit_m`: how long in truth the unit is in which the camera's places are told."""
    places = (lens_world - lens_world[0]) @ R_world_from_camera[0] / unit_m
    told = kind == "travelling"
    path = CameraPath(
        np.arange(len(lens_world)) / rate, from_first(R_world_from_camera), places if told else np.zeros_like(places),
        "travelling" if kind == "unknown" else kind, 1.0, places_known=kind != "unknown",
    )  # fmt: skip
    return Shot(R_world_from_camera, lens_world, path)


def shot_before(take, kind, away_m=5.0, unit_m=2.5):
    """From the right of somebody who faces along x: stands, pans after them, or goes along with them."""
    root = take.joints[:, 0]
    middle = np.tile([root[:, 0].mean(), root[:, 1].mean(), 1.5], (len(root), 1))
    lens = middle - [0.0, away_m, 0.0]
    if kind == "static":
        return shot_of(aimed(lens, middle), lens, kind, take.rate)
    if kind != "turning":
        time_s = np.arange(len(root))[:, None] / take.rate
        lens = lens + 0.6 * (root - root.mean(axis=0)) * [1.0, 1.0, 0.0] + np.sin(0.7 * time_s) * [0.2, -0.4, 0.05]
    return shot_of(aimed(lens, gaussian_smoothed(root, take.rate, 0.3)), lens, kind, take.rate, unit_m)


def drifting(shot, turn_error_deg, seed=0):
    """The shot with an error in every turn that is told of its camera."""
    R_true, frames = shot.R_world_from_camera, len(shot.lens_world)
    errors = matrix_from_axis_angle(np.deg2rad(turn_error_deg) * np.random.default_rng(seed).normal(size=(frames, 3)))
    told = [np.eye(3)]
    for before, after, error in zip(R_true[:-1], R_true[1:], errors, strict=False):
        told.append(told[-1] @ before.T @ after @ error)
    sigma = np.full(frames, np.deg2rad(turn_error_deg))
    return replace(shot, path=replace(shot.path, R_first_from_camera=np.array(told), turn_sigma_rad=sigma))


def lift_of(take, shot, seed=0, depth_share=0.02, with_beliefs=True, hands=None):
    """What a good lifter says of a take; `hands` [T] by side where palms truly bear."""
    chance, frames = np.random.default_rng(seed), len(take.joints)
    R_camera_from_world = np.swapaxes(shot.R_world_from_camera, -1, -2)
    R = FIGURE.local(take.R)
    R[:, 0] = R_camera_from_world @ take.R[:, 0]
    root = np.einsum("tij,tj->ti", R_camera_from_world, take.joints[:, 0] - shot.lens_world)
    track = seen(BODY, R, root, take.rate).track
    wrong = 1.0 + depth_share * trembling(chance, frames, 1, take.rate)
    beliefs = beliefs_of(take, shot, chance, hands or {}) if with_beliefs else None
    return Lift(track, BODY, K, R, root * wrong, np.ones((frames, 55)), beliefs)


def beliefs_of(take, shot, chance, hands):
    frames, rate = len(take.joints), take.rate
    down = normalised(down_of(shot.R_world_from_camera) + np.deg2rad(1.0) * trembling(chance, frames, 3, rate))
    velocity = velocities_of(take.R[:, 0], take.joints[:, 0], rate) + 0.05 * trembling(chance, frames, 3, rate)
    rests = {f"{side}_{part}": take.rests[side] for side in take.rests for part in ("heel", "ball")}
    rests |= {f"{side}_palm": bears for side, bears in hands.items()}
    still = np.stack([rests.get(name, np.zeros(frames, dtype=bool)) for name in STILL_POINTS], axis=1)
    return Beliefs(
        down, np.full(frames, np.deg2rad(3.0)), velocity, np.where(still, 0.97, 0.03),
        np.full((frames, 22), 0.05), np.full((frames, 22, 2), 0.02),
        np.zeros((frames, 33, 2)), np.full((frames, 33), 3.0),
    )  # fmt: skip


def trembling(chance, frames, columns, rate):
    """Noise [T, columns] of size 1 that lasts for a fifth of a second."""
    noise = gaussian_smoothed(chance.normal(size=(frames, columns)), rate, 0.2)
    return noise / max(noise.std(), 1e-12)


def placed(lifts, shot, **more):
    """Their motions, in one world."""
    times_s = shot.path.times_s
    rate = Fraction(round(1.0 / (times_s[1] - times_s[0])))
    clip = SimpleNamespace(width_px=960, height_px=1080, path="film.mp4", sha256="", byte_count=1, times_s=times_s,
                           rate=rate)  # fmt: skip
    return [each.motion for each in place(lifts, clip, shot.path, WorldSettings(), **more)]


def points_of(motion, *names):
    """[T, N, 3] of the figure's points by name."""
    at = FIGURE.points(*FIGURE.kinematics(motion.R_parent_from_joint, motion.root_world))
    return at[:, [FIGURE.point(name) for name in names]]


def turned_on_the_spot(take, turn_rad):
    """The take on a turntable at the origin."""
    turn = about(2, turn_rad)
    joints = np.einsum("tij,tpj->tpi", turn, take.joints)
    return Take(turn[:, None] @ take.R, joints, take.rate, take.rests)


def sitting_down(rate=30.0):
    """Stands for a second, then sits down on a chair behind and stays there."""
    t = times(4.0, rate)
    done = np.clip((t - 1.0) / 1.2, 0.0, 1.0)
    done = done**3 * (10.0 - 15.0 * done + 6.0 * done**2)
    root = np.stack([-0.38 * done, np.zeros(len(t)), 0.93 - 0.37 * done], axis=1)
    always = np.ones(len(t), dtype=bool)
    return take_of(root, ankles_at(len(t)), rate, {"left": always, "right": always})


def cartwheel(rate=30.0):
    """To the left (+y), and when the palms bear, [T] by side."""
    t = times(3.5, rate)
    turn = 2.0 * np.pi * np.clip((t - 0.6) / 2.3, 0.0, 1.0)
    root = np.stack([0.0 * t, _CARTWHEEL_M * turn / (2.0 * np.pi), 0.93 - 0.1 * (1.0 - np.cos(turn))], axis=1)
    take, bears = _legs_of_cartwheel(turn, root, rate), {}
    near = np.clip(2.0 - np.abs(turn - np.pi) / 0.8, 0.0, 1.0)
    for side, sign in SIDES:
        palm = np.array([0.1, 0.5 * _CARTWHEEL_M - 0.25 * sign, 0.03])
        overhead = root + take.R[:, 0] @ [0.35 * sign, 0.9, 0.1]
        take = with_palm(take, side, eased_to(overhead, palm, near))
        bears[side] = np.linalg.norm(take.points[:, FIGURE.point(f"{side}_palm")] - palm, axis=-1) < 0.005
    return take, bears


def _legs_of_cartwheel(turn, root, rate):
    """The feet stand until the body has tipped over by 0.4 rad, then go round with it, and so at the end."""
    tipped = np.minimum(turn, 2.0 * np.pi - turn)
    R_feet = about(0, -np.sign(np.pi - turn) * np.where(tipped < 1.2, np.maximum(1.5 * tipped - 0.6, 0.0), tipped))
    world, joints = FIGURE.kinematics(np.tile(np.eye(3), (len(turn), 55, 1, 1)), root)
    world = (about(0, -turn) @ UPRIGHT)[:, None] @ world
    joints = FIGURE.kinematics(FIGURE.local(world), root)[1]
    stands = np.clip(1.5 - 1.25 * tipped, 0.0, 1.0)
    for side, sign in SIDES:
        limb = LIMBS[f"{side}_leg"]
        loose = root + world[:, 0] @ [0.3 * sign, -0.78, 0.0]
        place = np.stack([0.0 * turn, 0.11 * sign + _CARTWHEEL_M * (turn > np.pi), np.full(len(turn), ANKLE_M)], axis=1)
        ankle, ahead = eased_to(loose, place, stands), world[:, 0] @ [0.0, 0.0, 1.0]
        legs = limb_posed(limb, FIGURE.rest_joints, joints[:, limb.upper], ankle, ahead)
        world[:, limb.upper], world[:, limb.lower] = legs
        world[:, limb.end] = world[:, FIGURE.toe_joints[f"{side}_leg"]] = R_feet @ UPRIGHT
    return Take(*FIGURE.kinematics(FIGURE.local(world), root), rate, dict.fromkeys(("left", "right"), tipped < 0.4))


def eased_to(path, place, share):
    """A path [T, 3] drawn to a place by shares [T] 0..1, smoothly."""
    share = (share**3 * (10.0 - 15.0 * share + 6.0 * share**2))[:, None]
    return path + share * (np.array(place) - path)


def velocities_of(R_world_from_root: Array, path_world: Array, rate: float) -> Array:
    """Velocities [T, 3] m/s in the root's frame to the next frame, the last one repeated; the way back of roll_out.

    R_world_from_root [T, 3, 3], path_world [T, 3] m. One frame alone stands still.
    """
    steps = np.diff(path_world, axis=0) * rate
    velocity = np.einsum("tji,tj->ti", R_world_from_root[:-1], steps)
    return np.concatenate([velocity, velocity[-1:]]) if len(velocity) else np.zeros((1, 3))
