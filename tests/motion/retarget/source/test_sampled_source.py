"""A source at other moments: its own frames exactly, between them halfway, contacts of the nearest frame."""

from __future__ import annotations

import numpy as np
import pytest

from bench.rigs.made_up_motion import performance
from motion.retarget.source.sampled_source import sampled
from motion.rotations import axis_angle_from_matrix


@pytest.fixture(scope="module")
def whole():
    return performance()


def test_own_frames_are_exactly_the_same(whole):
    part = sampled(whole, np.arange(20.0, 80.0), whole.rate)
    assert part.frame_count == 60 and part.figure is whole.figure
    assert np.array_equal(part.joints_world, whole.joints_world[20:80])
    assert np.allclose(part.R_world_from_joint, whole.R_world_from_joint[20:80], atol=1e-12)
    assert np.array_equal(part.contacts.held, whole.contacts.held[20:80])


def test_halfway_between_two_frames_everything_is_halfway(whole):
    middle = sampled(whole, np.arange(60.0) + 0.5, whole.rate)
    assert np.allclose(2.0 * middle.joints_world, whole.joints_world[:60] + whole.joints_world[1:61])
    R_before, R_after = whole.R_world_from_joint[:60], whole.R_world_from_joint[1:61]
    to_middle = np.swapaxes(R_before, -1, -2) @ middle.R_world_from_joint
    onwards = np.swapaxes(middle.R_world_from_joint, -1, -2) @ R_after
    assert np.allclose(axis_angle_from_matrix(to_middle), axis_angle_from_matrix(onwards), atol=1e-9)


def test_twice_the_rate_takes_the_same_time(whole):
    twice = sampled(whole, np.arange(0.0, whole.frame_count - 0.5, 0.5), 2.0 * whole.rate)
    assert (twice.frame_count - 1) / twice.rate == pytest.approx((whole.frame_count - 1) / whole.rate)
    assert np.array_equal(twice.contacts.held[::2], whole.contacts.held)


def test_the_source_is_not_changed(whole):
    before = whole.joints_world.copy()
    sampled(whole, np.array([3.3]), 24.0)
    assert np.array_equal(whole.joints_world, before)
