from dataclasses import replace

import numpy as np
import pytest

from motion.clean_up.root_path import Resting, root_displacement

RATE = 30.0


def feet(path, held):
    """Two points half a metre apart that go along path [T, 3]."""
    points = path[:, None] + np.array([[0.0, 0.25, 0.0], [0.0, -0.25, 0.0]])
    return Resting(points, held, np.zeros(held.shape), np.zeros(2, dtype=bool), np.ones(held.shape))


def others(frames):
    return np.zeros((frames, 0, 3))


def wandering(frames=120):
    time = np.arange(frames) / RATE
    return np.stack([0.05 * np.sin(2 * time), 0.04 * np.cos(1.5 * time), 0.03 * np.sin(time) + 0.02], axis=1)


def test_a_body_that_wanders_over_resting_feet_stands_still_on_the_floor():
    path, held = wandering(), np.ones((120, 2), dtype=bool)
    left = path + root_displacement(feet(path, held), others(120), RATE)
    assert np.abs(np.diff(left, axis=0)).max() < 0.25 * np.abs(np.diff(path, axis=0)).max()
    assert np.abs(left[5:-5, 2]).max() < 2e-3


def test_a_foot_that_is_said_to_rest_while_the_body_walks_does_not_stop_it():
    time = np.arange(120) / RATE
    held = np.ones((120, 2), dtype=bool)
    resting = feet(np.zeros((120, 3)), held)
    walking = resting.points.copy()
    walking[:, 1, 0] += 1.5 * time
    d = root_displacement(replace(resting, points=walking), others(120), RATE)
    assert np.abs(d).max() < 0.01 * np.ptp(walking[:, 1, 0])


def test_nothing_rests_so_nothing_is_moved():
    held = np.zeros((50, 2), dtype=bool)
    assert not root_displacement(feet(wandering(50), held), others(50), RATE).any()


def test_what_sinks_far_is_raised_gently_and_what_sinks_little_is_not():
    held = np.zeros((60, 2), dtype=bool)
    deep, shallow = np.full((60, 1, 3), -0.10), np.full((60, 1, 3), -0.01)
    raised = root_displacement(feet(wandering(60), held), deep, RATE)
    assert raised[30, 2] == pytest.approx(0.08, abs=5e-3) and np.abs(raised[:, :2]).max() < 1e-9
    assert not root_displacement(feet(wandering(60), held), shallow, RATE).any()


def test_the_body_is_moved_along_the_ray_rather_than_across():
    path, held = np.zeros((90, 3)), np.ones((90, 2), dtype=bool)
    path[:, :2] = 0.2 * (np.arange(90) / RATE)[:, None]
    ray = np.array([1.0, 0.0, 0.0])
    sight = np.tile(0.01**-2 * (np.eye(3) - np.outer(ray, ray)) + 0.5**-2 * np.outer(ray, ray), (90, 1, 1))
    left = path + root_displacement(feet(path, held), others(90), RATE, sight=sight)
    along, across = np.ptp(left[:, 0]), np.ptp(left[:, 1])
    assert along < 0.3 * np.ptp(path[:, 0]) and across > 0.7 * np.ptp(path[:, 1])


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_clips_of_a_few_frames_are_moved_too(frames):
    held = np.ones((frames, 2), dtype=bool)
    d = root_displacement(feet(np.full((frames, 3), 0.03), held), others(frames), RATE)
    assert d.shape == (frames, 3) and np.all(d[:, 2] < -0.02)


def test_feet_that_nobody_saw_hold_back_a_seen_body_less():
    resting = feet(wandering(), np.ones((120, 2), dtype=bool))
    sight = np.broadcast_to(np.eye(3) * 0.05**-2, (len(resting.points), 3, 3))
    unseen = replace(resting, certainty=np.full(resting.held.shape, 0.02))
    by_seen, by_unseen = (np.abs(root_displacement(each, others(len(each.points)), RATE, None, sight)).max()
                          for each in (resting, unseen))  # fmt: skip
    assert by_unseen < 0.5 * by_seen
