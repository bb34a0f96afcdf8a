"""Arms or legs alone are put back; dancers, walkers and tumblers, whose sides pass each other, are left alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from backend.track.sides import with_sides_exchanged
from backend.track.tracks import Track
from backend.track.unswap import exchanges, unswapped
from motion.landmarks import LANDMARK, LANDMARK_NAMES
from tests.backend.track.made_up_people import STANDING

SECONDS = 4.0
KINDS = {"body": (True, True), "arms": (True, False), "legs": (False, True)}
FRONT = np.array([-0.07 if "foot" in name or name == "nose" else 0.0 for name in LANDMARK_NAMES])
REST = 1.7 * np.stack([STANDING[:, 0], STANDING[:, 1], FRONT], axis=-1)      # faces the camera
ARMS = [[LANDMARK[f"{side}_{part}"] for part in ("shoulder", "elbow", "wrist", "pinky", "index", "thumb")]
        for side in ("left", "right")]  # fmt: skip
LEGS = [[LANDMARK[f"{side}_{part}"] for part in ("hip", "knee", "ankle", "heel", "foot_index")]
        for side in ("left", "right")]  # fmt: skip


def about(axis: int, angle_rad: np.ndarray) -> np.ndarray:
    """Rotations [T, 3, 3] about x, y or z."""
    cos, sin, R = np.cos(angle_rad), np.sin(angle_rad), np.zeros((len(angle_rad), 3, 3))
    first, second = (axis + 1) % 3, (axis + 2) % 3
    R[:, axis, axis] = 1
    R[:, first, first], R[:, second, second], R[:, first, second], R[:, second, first] = cos, cos, -sin, sin
    return R


def turned(points: np.ndarray, limb: list[int], R: np.ndarray) -> np.ndarray:
    """A stiff limb of points [T, 33, 3] turned about its first landmark."""
    moved, root = points.copy(), points[:, limb[:1]]
    moved[:, limb] = root + (points[:, limb] - root) @ R.transpose(0, 2, 1)
    return moved


def walking(times_s: np.ndarray) -> np.ndarray:
    """Arms and legs swing to and fro, twice in three seconds each way."""
    points = np.tile(REST, (len(times_s), 1, 1))
    swing_rad = 0.5 * np.sin(2 * np.pi * 0.8 * times_s)
    for limb, angle in ((LEGS[0], swing_rad), (LEGS[1], -swing_rad), (ARMS[0], -swing_rad), (ARMS[1], swing_rad)):
        points = turned(points, limb, about(0, angle))
    return points


def folding_arms(times_s: np.ndarray) -> np.ndarray:
    """Both arms go across the chest, one before the other, and back."""
    points = np.tile(REST, (len(times_s), 1, 1))
    across_rad = 0.45 + 0.45 * np.sin(2 * np.pi * 0.5 * times_s)
    for sign, arm in zip((1, -1), ARMS, strict=True):
        points = turned(points, arm, about(0, np.full(len(times_s), -0.6 - 0.2 * sign)))
        points = turned(points, arm, about(2, sign * across_rad))
    return points


def turning(times_s: np.ndarray) -> np.ndarray:
    return walking(times_s) @ about(1, 0.5 * np.pi * times_s)


def pirouette(times_s: np.ndarray) -> np.ndarray:
    return walking(0 * times_s + 0.3) @ about(1, 4 * np.pi * times_s)       # twice in a second


def cartwheel(times_s: np.ndarray) -> np.ndarray:
    return walking(times_s) @ about(2, 2 * np.pi * times_s)


def seen_from_the_side(times_s: np.ndarray) -> np.ndarray:
    return walking(times_s) @ about(1, np.full(len(times_s), np.pi / 2))


def seen_from_behind(times_s: np.ndarray) -> np.ndarray:
    return walking(times_s) @ about(1, np.full(len(times_s), np.pi))


MOTIONS = [walking, folding_arms, pirouette, cartwheel, seen_from_the_side, seen_from_behind]


def track_of(motion: Callable[[np.ndarray], np.ndarray], rate: float = 30.0, seed: int = 0) -> Track:
    """What a good detector tells: places 2 px and 2 cm off."""
    times_s = np.arange(round(SECONDS * rate)) / rate
    rng, count = np.random.default_rng(seed), len(times_s)
    landmarks_camera = motion(times_s) + rng.normal(0, 0.02, (count, 33, 3))
    hands = np.zeros((count, 2, 21, 3))
    landmarks_px = 640 + 250 * landmarks_camera[..., :2] + rng.normal(0, 2, (count, 33, 2))
    return Track(times_s, np.ones(count, bool), landmarks_px, np.full((count, 33), 0.9), np.ones((count, 33)),
                 landmarks_camera, hands[..., :2], hands, np.zeros((count, 2)))  # fmt: skip


def runs_of(kind: str, length: int, count: int) -> np.ndarray:
    frames = np.zeros(count, bool)
    for start in range(length + 3, count - length - 3, max(4 * length, 12)):
        frames[start : start + length] = True
    return frames[:, None] & np.array(KINDS[kind])


def without(track: Track, frames: np.ndarray) -> Track:
    """The track with gaps."""
    seen = track.seen & ~frames
    gone = {name: np.where(seen.reshape(-1, *[1] * (getattr(track, name).ndim - 1)), getattr(track, name), missing)
            for name, missing in (("landmarks_px", np.nan), ("landmarks_camera", np.nan), ("doubts_px", np.nan),
                                  ("scores", 0.0), ("hands_px", np.nan), ("hands_camera", np.nan))}  # fmt: skip
    return replace(track, seen=seen, **gone)


def mirrored(track: Track) -> Track:
    """The same before a mirror: left is right, also of the face."""
    other = np.array([LANDMARK[name.replace("left", "*").replace("right", "left").replace("*", "right")]
                      for name in LANDMARK_NAMES])  # fmt: skip
    return replace(track, landmarks_px=track.landmarks_px[:, other] * [-1, 1], scores=track.scores[:, other],
                   doubts_px=track.doubts_px[:, other],
                   landmarks_camera=track.landmarks_camera[:, other] * [-1, 1, 1])  # fmt: skip


@pytest.mark.parametrize("motion", [walking, seen_from_behind, turning])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("length", [1, 3, 12, 30])
def test_runs_of_arms_or_legs_or_both_are_found(motion, kind, length):
    track = track_of(motion)
    injected = runs_of(kind, length, len(track.seen))
    np.testing.assert_array_equal(exchanges(with_sides_exchanged(track, injected)), injected)


@pytest.mark.parametrize("rate", [12.0, 24.0, 60.0, 120.0])
@pytest.mark.parametrize("kind", KINDS)
def test_runs_are_found_at_any_rate(rate, kind):
    track = track_of(walking, rate)
    injected = runs_of(kind, max(1, round(0.2 * rate)), len(track.seen))
    np.testing.assert_array_equal(exchanges(with_sides_exchanged(track, injected)), injected)


@pytest.mark.parametrize("motion", MOTIONS)
@pytest.mark.parametrize("rate", [12.0, 30.0, 120.0])
def test_who_turns_fast_tumbles_folds_arms_or_passes_leg_by_leg_is_left_alone(motion, rate):
    for seed in range(2):
        assert not exchanges(track_of(motion, rate, seed)).any()


@pytest.mark.parametrize("kind", KINDS)
def test_runs_beside_gaps_are_found_and_gaps_stay_gaps(kind):
    track = track_of(seen_from_behind)
    injected = np.zeros((len(track.seen), 2), bool)
    injected[40:60] = KINDS[kind]
    gaps = np.zeros(len(track.seen), bool)
    gaps[[45, 46, 47, 80]] = True
    found = exchanges(without(with_sides_exchanged(track, injected), gaps))
    np.testing.assert_array_equal(found, injected & ~gaps[:, None])


def test_nobody_and_a_single_frame_stay_as_they_are():
    track = track_of(walking)
    for left in (0, 1):
        frames = np.arange(len(track.seen)) >= left
        assert not exchanges(without(track, frames)).any()


@pytest.mark.parametrize("motion", MOTIONS)
def test_who_was_put_right_stays_right(motion):
    rng = np.random.default_rng(3)
    track = with_sides_exchanged(track_of(motion), rng.random((round(30 * SECONDS), 2)) < 0.2)
    once = unswapped(track)
    assert not exchanges(once).any()


@pytest.mark.parametrize("kind", KINDS)
def test_a_mirror_changes_nothing(kind):
    track = track_of(seen_from_the_side)
    track = with_sides_exchanged(track, runs_of(kind, 5, len(track.seen)))
    np.testing.assert_array_equal(exchanges(mirrored(track)), exchanges(track))


def test_frames_in_which_both_looks_contradict_each_other_go_with_their_neighbours():
    track = track_of(walking)
    injected = np.zeros((len(track.seen), 2), bool)
    injected[40:60] = KINDS["body"]
    swapped = with_sides_exchanged(track, injected)
    doubts_px, landmarks_px = swapped.doubts_px.copy(), swapped.landmarks_px.copy()
    for frame in (50, 80, 100):
        doubts_px[frame] = 90.0
        landmarks_px[frame] = landmarks_px[frame].mean(axis=0)
    found = exchanges(replace(swapped, doubts_px=doubts_px, landmarks_px=landmarks_px))
    np.testing.assert_array_equal(found, injected)
