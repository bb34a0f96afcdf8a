"""Cuts in made-up films: what a camera sees of a patterned wall through a window that moves over it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from backend.video.pictures import Picture, pictures
from backend.video.shots import AHEAD, with_shots
from tests.backend.video.made_footage import Rgb

SAMPLE = Path(__file__).parents[3] / "assets/sample/sample.mp4"
WIDTH, HEIGHT = 256, 144


def wall(seed: int, width: int = 4 * WIDTH) -> Rgb:
    """Coloured blots of all sizes."""
    rng = np.random.default_rng(seed)
    scene = np.zeros((2 * HEIGHT, width, 3))
    for blots in (3, 9, 27):
        grid = rng.uniform(-1, 1, (2 * blots, 2 * blots * width // WIDTH // 2, 3)) / np.sqrt(blots)
        scene += cv2.resize(grid, (width, 2 * HEIGHT), interpolation=cv2.INTER_CUBIC)
    return np.clip(128 + 90 * scene, 0, 255).astype(np.uint8)


def seen(scene: Rgb, across_px: Iterable[float], down_px: float = 40) -> list[Rgb]:
    return [scene[int(down_px) : int(down_px) + HEIGHT, int(x) : int(x) + WIDTH] for x in across_px]


def still(scene: Rgb, count: int = 10) -> list[Rgb]:
    """A camera on a tripod, with a sensor's noise."""
    rng = np.random.default_rng(count)
    return [mixed(view, rng.integers(0, 256, view.shape), 0.03) for view in seen(scene, [60] * count)]


def mixed(first: Rgb, second: Rgb, share: float) -> Rgb:
    return ((1 - share) * first + share * second).astype(np.uint8)


def cuts(film: Iterable[Rgb]) -> list[int]:
    """The pictures with which a new shot begins."""
    shots = [shot for _, shot in with_shots(as_pictures(film))]
    assert not shots or shots[0] == 0
    return [k for k in range(1, len(shots)) if shots[k] != shots[k - 1]]


def as_pictures(film: Iterable[Rgb]) -> Iterator[Picture]:
    return (Picture(k, k / 30.0, rgb) for k, rgb in enumerate(film))


HALL, OTHER, THIRD = wall(1), wall(2), wall(3)


def test_each_shot_begins_with_its_own_first_picture():
    assert cuts([*still(HALL, 7), *still(OTHER, 5), *still(THIRD, 9), *still(HALL, 4)]) == [7, 12, 21]


@pytest.mark.parametrize("lengths", [(2, 8), (8, 2), (6, 2, 6)])
def test_two_pictures_are_a_shot(lengths):
    film = [view for scene, count in zip((HALL, OTHER, THIRD), lengths, strict=False) for view in still(scene, count)]
    assert cuts(film) == np.cumsum(lengths)[:-1].tolist()


def test_two_views_of_one_hall_have_the_same_colours_and_are_two_shots():
    assert cuts([*still(HALL), *(np.ascontiguousarray(view[:, ::-1]) for view in still(HALL))]) == [10]


def test_a_cut_between_two_pans_is_found():
    assert cuts([*seen(HALL, range(0, 100, 10)), *seen(OTHER, range(300, 200, -10))]) == [10]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_a_picture_mixed_of_both_shots_belongs_to_one_of_them(share):
    before, after = still(HALL), still(OTHER)
    assert cuts([*before, mixed(before[-1], after[0], share), *after]) in ([10], [11])


@pytest.mark.parametrize("shape", [(36, 64), (1080, 1920), (640, 360)])
def test_pictures_of_any_size_and_shape_are_compared(shape):
    film = [cv2.resize(view, shape[::-1]) for view in [*still(HALL, 4), *still(OTHER, 4)]]
    assert cuts(film) == [4]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_flash_of_light_is_no_cut(count):
    film = still(HALL, 16)
    for picture in range(8, 8 + count):
        film[picture] = mixed(film[picture], np.full_like(film[picture], 255), 0.8)
    assert cuts(film) == []


@pytest.mark.parametrize("count", [1, 4])
def test_pictures_without_anything_on_them_are_no_cut(count):
    film = still(HALL, 16)
    film[8 : 8 + count] = [np.full_like(film[8], 250)] * count
    assert cuts(film) == []


def test_a_single_picture_of_another_place_is_no_cut():
    film = still(HALL, 16)
    film[8] = still(OTHER)[0]
    assert cuts(film) == []


@pytest.mark.parametrize("step_px", [4, 12, 30, 60])
def test_a_pan_however_fast_is_no_cut(step_px):
    way_px = np.clip(np.cumsum(np.interp(np.arange(30), [4, 8, 16, 20], [0, step_px, step_px, 0])), 0, 3 * WIDTH)
    assert cuts(seen(HALL, way_px)) == []


def test_a_hand_that_shakes_at_five_pictures_a_second_is_no_cut():
    rng = np.random.default_rng(0)
    assert cuts([seen(HALL, [x], y)[0] for x, y in rng.normal(60, 8, (40, 2))]) == []


@pytest.mark.parametrize("step_px", [15, 45])
def test_somebody_who_walks_by_close_to_the_lens_is_no_cut(step_px):
    film = still(HALL, 30)
    body = OTHER[:HEIGHT, : WIDTH // 2]
    for number, left in enumerate(range(-WIDTH // 2, WIDTH, step_px)):
        shown = slice(max(left, 0), left + WIDTH // 2)
        film[4 + number % 24][:, shown] = body[:, max(-left, 0) :][:, : film[0][:, shown].shape[1]]
    assert cuts(film) == []


def test_light_that_goes_on_is_no_cut():
    film = still(HALL, 16)
    assert cuts([*(mixed(view, np.zeros_like(view), 0.7) for view in film[:8]), *film[8:]]) == []


def test_fades_and_slow_dissolves_are_no_cuts():
    before, after = still(HALL, 24), still(OTHER, 24)
    share = np.clip((np.arange(24) - 6) / 12, 0, 1)
    assert cuts([mixed(*views) for views in zip(before, after, share, strict=True)]) == []
    assert cuts([mixed(view, np.zeros_like(view), each) for view, each in zip(before, share, strict=True)]) == []


def test_another_place_after_black_is_another_shot():
    black = [np.zeros_like(HALL[:HEIGHT, :WIDTH])] * 5
    assert cuts([*still(HALL), *black, *still(OTHER)]) == [15]
    assert cuts([*still(HALL), *black, *still(HALL)]) == []


def test_pictures_that_come_twice_are_no_cut():
    assert cuts([view for view in seen(HALL, range(0, 200, 12)) for _ in range(2)]) == []


def test_the_sample_is_one_shot():
    clip = open_clip(SAMPLE, VideoSettings(out_s=2.0))
    assert {shot for _, shot in with_shots(pictures(clip))} == {0}


@pytest.mark.parametrize("count", range(6))
def test_all_pictures_come_in_order_and_few_ahead(count):
    taken: list[int] = []

    def film() -> Iterator[Picture]:
        for picture in as_pictures(still(HALL, 5)[:count]):
            taken.append(picture.index)
            yield picture

    for number, (picture, _) in enumerate(with_shots(film())):
        assert picture.index == number and len(taken) <= number + 1 + AHEAD
    assert len(taken) == min(count, 5)
