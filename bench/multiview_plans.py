"""Who moves how before which cameras: takes of several cameras, drawn by chance, before anybody has looked at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import torch

from backend.train.bodies import BodyFamily
from backend.train.chance import Chance
from backend.train.motions.prepared import read_prepared
from backend.train.motions.training_clip import RATE_HZ, TrainingClip
from bench.multiview_takes import StandingCamera, at_times
from bench.render.performance import FINGER_CURL_RAD, Performance, performed_by
from motion.arrays import Array
from motion.body import Body, BodyModel, read_open_body
from motion.landmarks import LANDMARK_COUNT, LIMB_LANDMARKS
from motion.refusal import Refusal
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT

SECONDS, STARTS_S, LEAST_SHARED_S = (6.0, 20.0), 5.0, 4.0
RATES_HZ = (24.0, 25.0, 30000 / 1001, 30.0, 50.0, 60.0)
DRIFT, DRIFTING = 50e-6, 0.3               # of a clock, and the share of cameras whose clock is off by that
LEAST_APART_DEG = 30.0
DISTANCE_M, LENS_HEIGHT_M = (2.5, 5.0), (0.8, 2.0)
FOCAL_OVER_LONG_SIDE = (0.75, 1.05)
AIM_DEG, ROLL_DEG = 3.0, 2.0               # sigmas of how far off the person cameras look, and of their roll
SIZES_PX = ((1280, 720), (1920, 1080), (720, 1280), (1080, 1920))
LEAST_IN_PICTURE, TRIES = 0.97, 60         # of landmarks and frames; cameras drawn until one sees so much
LEAST_ADULT_M = 1.45                       # the spread of those who are taller is 6 %
LEAST_TURN_RAD_S, FARTHEST_M = 0.2, 4.0    # of limbs, else nobody could tell when; and from end to end of the path


@dataclass(frozen=True, eq=False)
class TakePlan:
    """One person and the cameras about them; the take's clock begins with the performance."""

    name: str
    performance: Performance
    cameras: tuple[StandingCamera, ...]
    lengths_s: tuple[float, ...]           # of each clip, on the take's clock

    def own_times_s(self, camera: int) -> Array:
        """[T] of the pictures, on the clip's own clock."""
        standing = self.cameras[camera]
        return np.arange(int(self.lengths_s[camera] * standing.rate_hz)) / standing.rate_hz

    def shown(self, camera: int) -> Performance:
        """The person at the pictures of a clip."""
        return at_times(self.performance, self.cameras[camera].take_times_s(self.own_times_s(camera)))

    @property
    def limbs_world(self) -> Array:
        """[N, 12, 3] m."""
        return self.performance.points_world()[:, LIMB_LANDMARKS]


def held_still(plan: TakePlan) -> TakePlan:
    """The same, but that the person never leaves the first pose."""
    done = plan.performance
    R, root = (np.repeat(values[:1], len(values), axis=0) for values in (done.R_parent_from_joint, done.root_world))
    return replace(plan, performance=replace(done, R_parent_from_joint=R, root_world=root))


class TakePlans:
    """An endless row of plans; the same number, the same plan."""

    def __init__(
        self, prepared: Path, split: str, seed: int, seconds: tuple[float, float] = SECONDS,
        sizes_px: Sequence[tuple[int, int]] = SIZES_PX, rates_hz: Sequence[float] = RATES_HZ,
    ) -> None:  # fmt: skip
        """Raises Refusal for a file without motion of that split."""
        clips = [clip for clip in read_prepared(prepared) if clip.origin.split == split]
        self._pool = [clip for clip in clips if clip.teaches.path and clip.teaches.speed and _limbs_move(clip)]
        if not self._pool:
            raise Refusal("no-motion", f"{prepared} holds no motion of the split {split}.",
                          "Make it with python -m backend train prepare, of all recordings.")  # fmt: skip
        self._seed, self._seconds, self._sizes_px, self._rates_hz = seed, seconds, sizes_px, rates_hz

    def plan(self, number: int, views: int) -> TakePlan:
        """One of them with so many cameras."""
        chance = np.random.default_rng([self._seed, number])
        length_s = float(chance.uniform(*self._seconds))
        starts_s = chance.uniform(0.0, min(STARTS_S, length_s - LEAST_SHARED_S), views)
        starts_s -= starts_s.min()
        lengths_s = tuple(length_s - chance.uniform(0.0, 0.5, views))
        performance, name = self._performance(length_s + float(starts_s.max()), chance)
        rates_hz = chance.choice(self._rates_hz, views)
        cameras = around(performance, starts_s, rates_hz, self._sizes_px, chance)
        return TakePlan(f"{number:02d} {name}", performance, cameras, lengths_s)

    def _performance(self, seconds: float, chance: np.random.Generator) -> tuple[Performance, str]:
        """Recordings in a row that last so long, on a body of its own; those that go too far are drawn again."""
        wanted_s = np.arange(int(seconds * RATE_HZ) + 1) / RATE_HZ
        for _ in range(TRIES):
            clips = self._row(seconds + 1.0 / RATE_HZ, chance)
            spare_s = (sum(len(clip.root_world) for clip in clips) - 1) / RATE_HZ - wanted_s[-1]
            body, curl_rad = drawn_body(chance), chance.uniform(*FINGER_CURL_RAD)
            done = performed_by(body, clips, chance.uniform(0.0, spare_s) + wanted_s, RATE_HZ, curl_rad)
            if np.ptp(done.root_world[:, :2], axis=0).max() < FARTHEST_M:
                break
        return done, clips[0].origin.name

    def _row(self, seconds: float, chance: np.random.Generator) -> list[TrainingClip]:
        """Mostly of the few long recordings; one that ends too early goes on with another, which shows other things."""
        weights = np.square([clip.seconds for clip in self._pool])
        row: list[TrainingClip] = []
        while sum(len(clip.root_world) - 1 for clip in row) / RATE_HZ < seconds:
            drawn = self._pool[chance.choice(len(self._pool), p=weights / weights.sum())]
            if drawn not in row or len(row) >= len(self._pool):
                row.append(drawn)
        return row


def drawn_body(chance: np.random.Generator) -> Body:
    """An adult whose shape goes with the height as in training; heights spread by 6 %."""
    seeded = Chance.seeded(int(chance.integers(2**31)))
    shapes, heights_m = _family().drawn_shapes(64, seeded)
    adult = int(torch.nonzero(heights_m > LEAST_ADULT_M)[0])
    model, shape, height_m = _model(), shapes[adult].numpy().astype(float), float(heights_m[adult])
    return model.shaped(shape, height_m / model.shaped(shape).height)


@cache
def _family() -> BodyFamily:
    return BodyFamily()


@cache
def _model() -> BodyModel:
    return read_open_body()


def around(performance: Performance, starts_s: Array, rates_hz: Array, sizes_px: Sequence[tuple[int, int]],
           chance: np.random.Generator) -> tuple[StandingCamera, ...]:  # fmt: skip
    """Cameras that look at a person from sides at least LEAST_APART_DEG apart, each with lens and clock of its own."""
    points_world = performance.points_world()[:, :LANDMARK_COUNT]
    cameras = []
    for number, side_rad in enumerate(_sides_rad(len(starts_s), chance)):
        drawn = [_camera(points_world, side_rad, sizes_px, chance) for _ in range(TRIES)]
        chosen = _first_that_sees(points_world[::6], drawn)
        rate = 1.0 + chance.choice((-DRIFT, DRIFT)) * (chance.random() < DRIFTING)
        cameras.append(replace(chosen, name=f"cam{number + 1}", rate_hz=float(rates_hz[number]),
                               start_s=float(starts_s[number]), clock_rate=float(rate)))  # fmt: skip
    return tuple(cameras)


def _first_that_sees(points_world: Array, cameras: Sequence[StandingCamera]) -> StandingCamera:
    """Nearly all of somebody; else the one that sees most."""
    shares = []
    for camera in cameras:
        shares.append(_share_in_picture(camera, points_world))
        if shares[-1] > LEAST_IN_PICTURE:
            return camera
    return cameras[int(np.argmax(shares))]


def _sides_rad(count: int, chance: np.random.Generator) -> Array:
    """Of two cameras all angles from LEAST_APART_DEG to 180 are as likely."""
    while True:
        steps = chance.choice((-1, 1)) * chance.uniform(LEAST_APART_DEG, 180.0, count - 1)
        turns = np.concatenate([[0.0], np.cumsum(steps)])
        between = np.abs((turns[:, None] - turns + 180.0) % 360.0 - 180.0) + 360.0 * np.eye(count)
        if between.min() >= LEAST_APART_DEG:
            return np.radians(turns + chance.uniform(0.0, 360.0))


def _camera(points_world: Array, side_rad: float, sizes_px: Sequence[tuple[int, int]],
            chance: np.random.Generator) -> StandingCamera:  # fmt: skip
    middle = 0.5 * (points_world.min(axis=(0, 1)) + points_world.max(axis=(0, 1)))
    flat = chance.uniform(*DISTANCE_M) * np.array([np.cos(side_rad), np.sin(side_rad)])
    place = np.append(middle[:2] + flat, chance.uniform(*LENS_HEIGHT_M))
    size_px = sizes_px[chance.integers(len(sizes_px))]
    focal_px = chance.uniform(*FOCAL_OVER_LONG_SIDE) * max(size_px)
    K = np.array([[focal_px, 0.0, size_px[0] / 2.0], [0.0, focal_px, size_px[1] / 2.0], [0.0, 0.0, 1.0]])
    off = matrix_from_axis_angle(np.radians(chance.normal(0.0, (AIM_DEG, AIM_DEG, ROLL_DEG))))
    R = off @ looking_at(middle - place)
    return StandingCamera("", size_px, K, R, -R @ place, rate_hz=30.0)


def looking_at(ahead: Array) -> Array:
    """R_camera_from_world [3, 3] of a level camera that looks along [3]."""
    z = ahead / np.linalg.norm(ahead)
    x = np.cross(z, [0.0, 0.0, 1.0])
    x /= np.linalg.norm(x)
    return np.stack([x, np.cross(z, x), z])


def _share_in_picture(camera: StandingCamera, points_world: Array) -> float:
    points = camera.in_camera(points_world)
    px = points @ camera.K.T / np.maximum(points[..., 2:], 0.1)
    inside = ((px[..., :2] > 0) & (px[..., :2] < camera.size_px)).all(axis=-1) & (points[..., 2] > 0.1)
    return float(inside.mean())


def _limbs_move(clip: TrainingClip) -> bool:
    """Whether somebody does anything at all."""
    joints = [JOINT[f"{side}_{name}"] for side in ("left", "right") for name in ("shoulder", "elbow", "hip", "knee")]
    R = clip.R_parent_from_joint[:, joints]
    turns_rad = np.linalg.norm(np.diff(R, axis=0), axis=(-1, -2)) / np.sqrt(2.0)     # of small turns
    return len(R) > RATE_HZ and float(turns_rad.mean()) * RATE_HZ > LEAST_TURN_RAD_S
