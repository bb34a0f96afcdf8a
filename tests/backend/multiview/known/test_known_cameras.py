from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.multiview.known.calibrated_camera import CalibratedCamera
from backend.multiview.known.known_cameras import NO_UP, Z_UP, together, up_axis
from motion.rotations import matrix_from_axis_angle
from tests.backend.multiview.known.made_up_rig import made_up_cameras


def in_another_world(R_other_from_world: np.ndarray) -> list[CalibratedCamera]:
    return [replace(each, R_camera_from_world=each.R_camera_from_world @ R_other_from_world.T)
            for each in made_up_cameras()]  # fmt: skip


@pytest.mark.parametrize("factor, in_metres", [(1.0, True), (1000.0, False), (100.0, False), (0.01, False)])
def test_lengths_are_metres_only_if_they_could_be(factor, in_metres) -> None:
    cameras = [replace(each, t_camera_from_world=factor * each.t_camera_from_world) for each in made_up_cameras()]
    assert together(cameras, None, NO_UP).in_metres == in_metres


@given(st.integers(0, 5))
def test_up_is_the_axis_that_level_cameras_stand_on(axis: int) -> None:
    up = np.concatenate([np.eye(3), -np.eye(3)])[axis]
    turn = np.cross([0, 0, 1.0], up)
    R = matrix_from_axis_angle(np.pi / 2 * turn if turn.any() else np.pi * (up[2] < 0) * np.array([1.0, 0, 0]))
    assert np.allclose(R @ [0, 0, 1.0], up)
    assert np.allclose(up_axis(in_another_world(R), NO_UP), up[None])


def test_a_world_that_lay_anyhow_has_no_up() -> None:
    askew = in_another_world(matrix_from_axis_angle(np.array([0.4, 0.3, 0.1])))
    assert len(up_axis(askew, NO_UP)) == 0 and len(up_axis(askew, Z_UP)) == 1
    assert len(up_axis(in_another_world(matrix_from_axis_angle(np.array([2.0, 0.0, 0.0]))), Z_UP)) == 0


def test_one_camera_tells_no_up() -> None:
    assert len(up_axis(made_up_cameras()[:1], NO_UP)) == 0


def test_some_cameras_keep_what_is_theirs() -> None:
    known = together(made_up_cameras(), True, Z_UP)
    some = known.only([2, 0])
    assert some.names == ("door", "left") and np.array_equal(some.K[1], known.K[0])
    assert np.array_equal(some.places_world, known.places_world[[2, 0]])
