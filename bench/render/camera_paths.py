"""Where the camera of a clip is: it aims at the person, keeps them in the picture and moves as its kind does."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from backend.cameras.projection import projected
from bench.render.performance import heading_rad
from bench.render.plan import SIDES, Plan
from motion.arrays import Array
from motion.filters import gaussian_smoothed
from motion.landmarks import LANDMARK
from motion.rotations import matrix_from_axis_angle, normalised

FOCAL_SHARE = (0.85, 1.35)          # focal length by the picture's longer side
SMALLEST_PERSON_PX = 203.0          # how tall somebody of that height would stand in the picture
MARGIN_SHARE = 0.05                 # of the picture, left free about a person shown whole
WHOLE_FURTHER = (1.0, 1.45)         # than the least distance that shows the person whole
CUT_NEARER, CUT_HIGHER = 0.68, 0.13  # of the distance that shows the person whole; aimed higher by so many heights
SIDE_JITTER_DEG, PITCH_JITTER_DEG = 12.0, 2.0
FOLLOWED_WITHIN_S = {"pan": 0.5, "track": 0.45, "handheld": 0.6}
PUSHED_IN_FROM = 1.35               # times the last distance
SHAKE_TURN_RAD, SHAKE_PLACE_M, SHAKE_S = 0.011, 0.012, 0.16
LOWEST_CAMERA_M, HIGHEST_CAMERA_M = 0.25, 3.6


@dataclass(frozen=True, eq=False)
class CameraPath:
    """A pinhole over T frames, axes as in OpenCV."""

    K: Array                     # [3, 3] px
    R_camera_from_world: Array   # [T, 3, 3]
    t_camera_from_world: Array   # [T, 3] m

    @property
    def centres_world(self) -> Array:
        return -np.einsum("tji,tj->ti", self.R_camera_from_world, self.t_camera_from_world)

    def in_camera(self, points_world: Array) -> Array:
        """Points [T, P, 3] m in the camera's axes."""
        return np.einsum("tij,tpj->tpi", self.R_camera_from_world, points_world) + self.t_camera_from_world[:, None]


@dataclass(frozen=True, eq=False)
class _Shot:
    """What stays when the camera is moved nearer or further."""

    plan: Plan
    points_world: Array   # [T, P, 3]
    K: Array
    back: Array           # [3] unit vector from the person to the camera
    shake_turns: Array    # [T, 3] rad
    shake_places: Array   # [T, 3] m
    aim_share: float      # across the picture, of its half width; 0 in the middle
    aim_higher_m: float

    def path(self, distance_m: float) -> CameraPath:
        higher = np.array([0.0, 0.0, self.aim_higher_m])
        middle = self.points_world.mean(axis=1) + higher
        still_middle = 0.5 * (self.points_world.min(axis=(0, 1)) + self.points_world.max(axis=(0, 1))) + higher
        kind, rate_hz, count = self.plan.camera, self.plan.rate_hz, len(middle)
        target = np.broadcast_to(still_middle, middle.shape)
        if kind in FOLLOWED_WITHIN_S:
            target = _followed(middle, rate_hz, FOLLOWED_WITHIN_S[kind])
        base = target if kind == "track" else np.broadcast_to(still_middle, middle.shape)
        pushed = np.linspace(PUSHED_IN_FROM, 1.0, count) if kind == "push" else np.ones(count)
        centres = base + distance_m * pushed[:, None] * self.back + self.shake_places
        centres[:, 2] = np.clip(centres[:, 2], LOWEST_CAMERA_M, HIGHEST_CAMERA_M)
        level = _looking(target - centres, self.K, self.aim_share, self.plan)
        return CameraPath(self.K, matrix_from_axis_angle(self.shake_turns) @ level,
                          -np.einsum("tij,tj->ti", matrix_from_axis_angle(self.shake_turns) @ level, centres))


def camera_path(plan: Plan, points_world: Array, R_world_from_pelvis: Array, height_m: float) -> CameraPath:
    """The camera of a plan for somebody of `height_m` whose points [T, P, 3] m and pelvis [T, 3, 3] are given."""
    random = np.random.default_rng([plan.seed, 2])
    points_world = np.concatenate([points_world, top_of_head(points_world)[:, None]], axis=1)
    shot = _shot(plan, points_world, R_world_from_pelvis, random)
    furthest = _furthest(shot, height_m)
    nearest = _nearest_whole(shot, furthest)
    whole = min(furthest, random.uniform(*WHOLE_FURTHER) * nearest)
    if plan.framing == "cut":
        return replace(shot, aim_higher_m=CUT_HIGHER * height_m).path(CUT_NEARER * nearest)
    if plan.framing in ("whole", "small"):
        return shot.path(whole if plan.framing == "whole" else furthest)
    aside = replace(shot, aim_share=_aside(shot, whole, 0 if plan.framing == "enters" else -1))
    return aside.path(min(whole, furthest))


def top_of_head(points_world: Array) -> Array:
    """[T, 3] m of points [T, P, 3] m, landmarks first: over the ears, about twice as far as from mouth to eyes."""
    def middle(left: str, right: str) -> Array:
        return 0.5 * (points_world[:, LANDMARK[left]] + points_world[:, LANDMARK[right]])

    up = middle("left_eye", "right_eye") - middle("mouth_left", "mouth_right")
    return middle("left_ear", "right_ear") + 2.2 * up


def person_px(path: CameraPath, points_world: Array, height_m: float) -> Array:
    """How tall somebody of `height_m` would stand in the picture where the person is, [T] px."""
    return path.K[1, 1] * height_m / path.in_camera(points_world)[..., 2].mean(axis=1)


def _shot(plan: Plan, points_world: Array, R_world_from_pelvis: Array, random: np.random.Generator) -> _Shot:
    width, height = plan.size_px
    focal = random.uniform(*FOCAL_SHARE) * max(width, height)
    headings = heading_rad(R_world_from_pelvis)
    facing = np.arctan2(np.sin(headings).mean(), np.cos(headings).mean())
    azimuth = facing + np.radians(SIDES[plan.side] + random.uniform(-SIDE_JITTER_DEG, SIDE_JITTER_DEG))
    pitch = np.radians(plan.pitch_deg + random.uniform(-PITCH_JITTER_DEG, PITCH_JITTER_DEG))
    back = np.array([np.cos(azimuth) * np.cos(pitch), np.sin(azimuth) * np.cos(pitch), np.sin(pitch)])
    held = 1.0 if plan.camera == "handheld" else 0.0
    shape = (len(points_world), 3)
    turns, places = (amount * held * _band_limited(shape, plan.rate_hz, random)
                     for amount in (SHAKE_TURN_RAD, SHAKE_PLACE_M))  # fmt: skip
    K = np.array([[focal, 0.0, width / 2], [0.0, focal, height / 2], [0.0, 0.0, 1.0]])
    return _Shot(plan, points_world, K, back, turns, places, 0.0, 0.0)


def _looking(ahead: Array, K: Array, aim_share: float, plan: Plan) -> Array:
    """R_camera_from_world [T, 3, 3] along `ahead` [T, 3], turned aside and rolled."""
    z = normalised(ahead)
    x = normalised(np.cross(z, [0.0, 0.0, 1.0]))
    level = np.stack([x, np.cross(z, x), z], axis=1)
    aside = np.array([0.0, aim_share * np.arctan2(K[0, 2], K[0, 0]), 0.0])
    roll = np.array([0.0, 0.0, np.radians(plan.roll_deg)])
    return matrix_from_axis_angle(roll) @ matrix_from_axis_angle(aside) @ level


def _followed(middle: Array, rate_hz: float, within_s: float) -> Array:
    """What a person behind the camera follows: smoothed, the bobbing of steps left out."""
    padded = np.pad(middle, [(len(middle), len(middle)), (0, 0)], mode="edge")
    return gaussian_smoothed(padded, rate_hz, within_s)[len(middle) : 2 * len(middle)]


def _band_limited(shape: tuple[int, int], rate_hz: float, random: np.random.Generator) -> Array:
    """Smooth noise of unit spread."""
    noise = gaussian_smoothed(random.normal(size=(shape[0] + 64, shape[1])), rate_hz, SHAKE_S)[32:-32]
    slow = gaussian_smoothed(random.normal(size=(shape[0] + 64, shape[1])), rate_hz, 4 * SHAKE_S)[32:-32]
    mixed = noise / noise.std(axis=0) * 0.5 + slow / slow.std(axis=0)
    return mixed / mixed.std(axis=0)


def _whole(shot: _Shot, distance_m: float) -> bool:
    """Whether all points lie inside the picture at that distance, with a margin."""
    path = shot.path(distance_m)
    in_camera = path.in_camera(shot.points_world)
    points_px, size = projected(in_camera, shot.K), np.array(shot.plan.size_px)
    margin = MARGIN_SHARE * size
    inside = (points_px > margin) & (points_px < size - margin)
    return bool(inside.all() and in_camera[..., 2].min() > 0.6)


def _nearest_whole(shot: _Shot, furthest_m: float) -> float:
    distances = np.linspace(1.0, furthest_m, 120)
    return next((distance for distance in distances if _whole(shot, distance)), furthest_m)


def _furthest(shot: _Shot, height_m: float) -> float:
    """The largest distance at which the person never gets too small."""
    def smallest(distance_m: float) -> float:
        return float(person_px(shot.path(distance_m), shot.points_world, height_m).min())

    distances = np.linspace(0.8, 9.0, 165)
    good = [distance for distance in distances if smallest(distance) >= SMALLEST_PERSON_PX]
    return max(good, default=distances[0])


def _aside(shot: _Shot, distance_m: float, frame: int) -> float:
    """How far to turn aside so that the middle of the person is on the border at `frame`, 0 or -1."""
    path = shot.path(distance_m)
    x_px = projected(path.in_camera(shot.points_world), shot.K)[frame, :, 0].mean()
    half = shot.plan.size_px[0] / 2
    off = (x_px - half) / half
    return float(np.clip(np.sign(off) - off, -0.9, 0.9))
