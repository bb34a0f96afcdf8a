"""Cameras keep the person in the picture, on the side that was asked for."""

from __future__ import annotations

import numpy as np
import pytest

from backend.cameras.projection import projected
from bench.render.camera_paths import SIDE_JITTER_DEG, camera_path, person_px, top_of_head
from bench.render.performance import performed
from bench.render.plan import SIDES
from motion.body import read_open_body
from motion.landmarks import LANDMARK
from tests.bench.render.made_clip import marching
from tests.bench.render.made_plan import planned

PERFORMANCE = performed(planned(), [marching()], read_open_body())
POINTS = PERFORMANCE.points_world()


def filmed(**changes):
    plan = planned(**changes)
    return plan, camera_path(plan, POINTS, PERFORMANCE.R_parent_from_joint[:, 0], PERFORMANCE.body.height)


def inside(plan, path):
    points_px = projected(path.in_camera(np.concatenate([POINTS, top_of_head(POINTS)[:, None]], axis=1)), path.K)
    return ((points_px > 0.0) & (points_px < plan.size_px)).all(axis=-1)


@pytest.mark.parametrize("camera", ["static", "pan", "track", "push", "handheld"])
@pytest.mark.parametrize("picture", ["landscape", "portrait"])
def test_a_whole_person_is_whole_and_large_enough_before_every_camera(camera, picture):
    plan, path = filmed(camera=camera, picture=picture)
    assert inside(plan, path).mean() > 0.999
    assert person_px(path, POINTS, PERFORMANCE.body.height).min() >= 200.0


def test_only_the_cameras_that_shall_move_do():
    moves = {camera: filmed(camera=camera)[1] for camera in ("static", "pan", "track")}
    turns = {camera: np.ptp(path.R_camera_from_world, axis=0).max() for camera, path in moves.items()}
    went = {camera: np.ptp(path.centres_world, axis=0).max() for camera, path in moves.items()}
    assert turns["static"] < 1e-9 and turns["pan"] > 0.01
    assert went["static"] < 1e-9 and went["pan"] < 1e-9 and went["track"] > 0.3


def test_people_walk_in_and_out():
    for framing, frame, later in (("enters", 0, -1), ("leaves", -1, 0)):
        plan, path = filmed(framing=framing, side="left")
        there = inside(plan, path).mean(axis=1)
        assert 0.1 < there[frame] < 0.9 < there[later] + 0.05


def test_a_cut_person_keeps_the_head():
    plan, path = filmed(framing="cut")
    there = inside(plan, path)
    assert there[:, LANDMARK["nose"]].all() and there.mean() < 0.95


@pytest.mark.parametrize("side", SIDES)
def test_the_camera_is_on_the_side_that_was_asked_for(side):
    _, path = filmed(side=side)
    away = path.centres_world[0] - POINTS.mean(axis=(0, 1))
    ahead, left = -away[1], away[0]    # people who face -y have their left at +x
    off_deg = np.degrees(np.arctan2(left, ahead)) - SIDES[side]
    assert abs((off_deg + 180.0) % 360.0 - 180.0) < SIDE_JITTER_DEG + 1.0


def test_one_seed_makes_one_camera():
    first, second, other = filmed(seed=3)[1], filmed(seed=3)[1], filmed(seed=4)[1]
    np.testing.assert_array_equal(first.t_camera_from_world, second.t_camera_from_world)
    assert np.abs(first.t_camera_from_world - other.t_camera_from_world).max() > 0.01
