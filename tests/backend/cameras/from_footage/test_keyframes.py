from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

from backend.cameras.from_footage.keyframes import (
    RETURN_RAD,
    RETURNS,
    SHARED_POINTS,
    Keyframe,
    fresh_corners,
    seen_again,
)
from motion.rotations import matrix_from_axis_angle
from tests.backend.cameras.made_up_background import SIZE, K

WIDTH, HEIGHT = SIZE
BLURRED = gaussian_filter(np.random.default_rng(0).normal(size=(HEIGHT, WIDTH)), 3.0)
GREY = (255 * (BLURRED - BLURRED.min()) / np.ptp(BLURRED)).astype(np.uint8)
PX = fresh_corners(GREY, np.full((HEIGHT, WIDTH), 255, np.uint8), np.zeros((0, 2)), 60)


def keyframe(first_point: int, turn_rad: float = 0.0) -> Keyframe:
    """A picture with points numbered from `first_point` on, thought to be turned by so much."""
    return Keyframe(0, GREY, matrix_from_axis_angle(np.array([0.0, turn_rad, 0.0])), first_point + np.arange(len(PX)),
                    PX)  # fmt: skip


def owners(old: list[Keyframe], known: np.ndarray) -> set[int]:
    """The hundreds of the points that are seen again in the same picture."""
    points, px = seen_again(old, GREY, np.eye(3), known, K)
    assert len(points) == len(px) == len(np.unique(points)) and not np.isin(points, known).any()
    return set((points // 100).tolist())


def test_keyframes_that_show_what_is_known_already_are_passed_over() -> None:
    old = [keyframe(0), keyframe(100)]
    assert owners(old, np.arange(SHARED_POINTS)) == {1}
    assert owners(old, np.arange(SHARED_POINTS - 1)) == {0, 1}


def test_the_nearest_few_are_looked_at_and_none_that_looked_elsewhere() -> None:
    assert owners([keyframe(100 * number) for number in range(RETURNS + 2)], np.zeros(0, int)) == set(range(RETURNS))
    assert owners([keyframe(0, 1.1 * RETURN_RAD), keyframe(100)], np.zeros(0, int)) == {1}
    assert owners([], np.zeros(0, int)) == set()
