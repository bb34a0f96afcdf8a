"""Which moments the sheet of both lifters shows, and where it draws them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.pipeline import Person
from bench import lifter_sheet
from bench.lifter_panels import GREY, Window, cut_out, drawn_people, panels, window_around
from bench.lifter_sheet import how_far_apart_m, moments
from motion.motion import Camera, Motion
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT, JOINT_COUNT
from tests.box_body import PELVIS_HEIGHT, box_body_model

WIDTH_PX, HEIGHT_PX, FRAMES = 320, 180, 6
PANEL = (90, 110)


def standing(body, x_m=0.0, distance_m=4.0):
    """Somebody who faces the camera, which looks along the world's y."""
    R = np.tile(np.eye(3), (FRAMES, JOINT_COUNT, 1, 1))
    R[:, 0] = matrix_from_axis_angle(np.array([np.pi / 2, 0.0, 0.0]))
    R_camera_from_world = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
    camera = Camera(
        K=np.tile([[250.0, 0, WIDTH_PX / 2], [0, 250.0, HEIGHT_PX / 2], [0, 0, 1]], (FRAMES, 1, 1)),
        R_camera_from_world=np.tile(R_camera_from_world, (FRAMES, 1, 1)),
        t_camera_from_world=np.tile(-R_camera_from_world @ (0.0, -distance_m, 1.0), (FRAMES, 1)),
        width_px=WIDTH_PX, height_px=HEIGHT_PX, landmarks_px=np.full((FRAMES, 33, 2), np.nan),
        scores=np.zeros((FRAMES, 33)),
    )  # fmt: skip
    root = np.tile((x_m, 0.0, PELVIS_HEIGHT), (FRAMES, 1))
    return Motion(body.skeleton, Fraction(30), R, root, cameras=(camera,))


@pytest.fixture(scope="module")
def body():
    return box_body_model().shaped([0.4, 0.2])


@pytest.fixture
def both(body):
    return drawn_people([Person(motion, body, None) for motion in (standing(body), standing(body, 0.3))])


def test_the_greatest_differences_and_a_usual_one_are_shown_in_order_of_time():
    apart_m = np.full(80, 0.05)
    apart_m[[10, 60, 61]] = 0.3, 0.4, 0.39
    apart_m[:5] = np.nan
    chosen = moments(apart_m, 3)
    assert {10, 60} < set(chosen) and chosen == sorted(chosen)
    assert apart_m[next(iter(set(chosen) - {10, 60}))] == 0.05


@given(st.lists(st.one_of(st.just(float("nan")), st.floats(0.0, 2.0)), min_size=1, max_size=60), st.integers(1, 5))
def test_moments_are_different_ones_in_which_somebody_is_seen(apart_m, count):
    apart_m = np.array(apart_m)
    if np.isnan(apart_m).all():
        return
    chosen = moments(apart_m, count)
    assert 1 <= len(chosen) <= count and len(set(chosen)) == len(chosen)
    assert np.isfinite(apart_m[chosen]).all()


def test_where_somebody_stands_is_no_difference_but_how_is(body):
    one, other = standing(body), standing(body, 0.7)
    np.testing.assert_allclose(how_far_apart_m(one, other), 0.0, atol=1e-9)
    R = np.array(one.R_parent_from_joint)
    R[2, JOINT["left_shoulder"]] = matrix_from_axis_angle(np.array([0.0, 0.0, 1.2]))
    apart_m = how_far_apart_m(one, replace(other, R_parent_from_joint=R))
    assert apart_m[2] > 0.02 and np.delete(apart_m, 2).max() < 1e-9


def test_unseen_frames_are_never_shown(body):
    motion = replace(standing(body), seen=np.arange(FRAMES) > 2)
    assert np.isnan(how_far_apart_m(motion, motion)[:3]).all()


def test_a_window_shows_every_joint_in_the_picture_at_the_panels_aspect(both):
    window = window_around(both, 0, 0.8)
    assert window.width_px / window.height_px == pytest.approx(0.8, abs=0.02)
    for person in both:
        px, _ = person.view(0).project(person.motion.world_joints()[0])
        low, high = px.min(axis=0), px.max(axis=0)
        assert low[0] > window.left_px and high[0] < window.left_px + window.width_px
        assert low[1] > window.top_px and high[1] < window.top_px + window.height_px


def test_a_cut_out_is_the_picture_inside_and_black_beyond(rng):
    picture = rng.integers(1, 255, (40, 60, 3), dtype=np.uint8)
    whole = cut_out(picture, Window(-10, 20, 30, 30), 30, 30)
    np.testing.assert_array_equal(whole[:20, 10:], picture[20:, :20])
    assert not whole[20:].any() and not whole[:, :10].any()


def test_bodies_lie_where_the_camera_sees_them(both):
    picture = np.full((HEIGHT_PX, WIDTH_PX, 3), 120, dtype=np.uint8)
    tile = panels(both, 0, picture, *PANEL)
    assert tile.shape == (PANEL[1], 4 * PANEL[0], 3)
    window = window_around(both, 0, PANEL[0] / PANEL[1])
    for number, person in enumerate(both):
        chest_px = person.view(0).project(person.motion.world_joints()[0, JOINT["spine2"]])[0]
        x, y = ((chest_px - (window.left_px, window.top_px)) * PANEL[1] / window.height_px).astype(int)
        assert np.ptp(tile[y, number * PANEL[0] + x].astype(int)) > 30


def test_without_a_picture_there_is_grey_and_nothing_of_the_clip(both):
    tile = panels(both, 0, None, *PANEL)[:, :PANEL[0]]
    assert (tile == GREY).all(axis=-1).mean() > 0.3


def test_somebody_on_a_roof_is_drawn_as_large_from_the_side_as_one_just_over_the_floor(body):
    def coloured(height_m):
        motion = standing(body)
        high = replace(motion, root_world=motion.root_world + (0.0, 0.0, height_m))
        both = drawn_people([Person(each, body, None) for each in (motion, high)])
        from_side = panels(both, 0, None, *PANEL)[:, 3 * PANEL[0]:].astype(int)
        return (np.ptp(from_side, axis=-1) > 60).sum()

    assert coloured(4.0) == pytest.approx(coloured(1.0), rel=0.05)


def test_the_sheet_is_as_good_as_its_size_allows(rng, tmp_path):
    noise = rng.integers(0, 255, (400, 400, 3), dtype=np.uint8)
    sizes = []
    for limit in (60_000, 160_000):
        lifter_sheet.write_sheet(tmp_path / "sheet.jpg", noise, limit)
        sizes.append((tmp_path / "sheet.jpg").stat().st_size)
        assert sizes[-1] <= limit and cv2.imread(str(tmp_path / "sheet.jpg")).shape == noise.shape
    assert sizes[1] > sizes[0]
