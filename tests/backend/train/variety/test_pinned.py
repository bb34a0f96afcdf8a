from dataclasses import replace

import numpy as np

from backend.train.variety.figure import Figure
from backend.train.variety.made import attempt
from backend.train.variety.pinned import faded, pinned_feet
from backend.train.variety.reshaped import reshaped
from backend.train.variety.rules import slides_m
from motion.body import read_open_body
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT
from tests.backend.train.variety.made_up_clips import FIGURE, LENIENT, REST_JOINTS

SQUATS = attempt("made/squat/0", "squat", REST_JOINTS, LENIENT, np.random.default_rng(3))
LONG_LEGGED = 1.2 * read_open_body().shaped([0.5]).skeleton.rest_joints


def drifted():
    """Squats whose pelvis trembles and drifts, so that the feet slide along; with the labels of before."""
    rng = np.random.default_rng(0)
    frames = len(SQUATS.root_world)
    drift = 0.02 * np.sin(np.arange(frames)[:, None] / 9.0 + np.array([0.0, 1.0, 2.0])) * [1.0, 1.0, 0.2]
    return replace(
        SQUATS, root_world=(SQUATS.root_world + drift + rng.normal(0.0, 1e-3, (frames, 3))).astype(np.float32)
    )


def touching(figure, R, root):
    return figure.touching_world(*figure.posed(R, root))


def test_pinned_soles_stay_where_they_are_and_on_the_floor():
    clip = drifted()
    R, root = pinned_feet(FIGURE, clip.R_parent_from_joint.astype(float), clip.root_world.astype(float), clip.still)
    assert slides_m(touching(FIGURE, clip.R_parent_from_joint, clip.root_world), clip.still) > 0.004
    points = touching(FIGURE, R, root)
    assert slides_m(points, clip.still) < 0.003
    balls = points[:, [1, 4], 2][clip.still[:, [1, 4]]]
    assert np.abs(balls).max() < 0.005  # heels may be lifted


def test_feet_that_rest_already_are_left_alone():
    clip = attempt("made/hands behind/0", "hands behind", REST_JOINTS, LENIENT, np.random.default_rng(3))
    R, root = pinned_feet(FIGURE, clip.R_parent_from_joint.astype(float), clip.root_world.astype(float), clip.still)
    before, after = touching(FIGURE, clip.R_parent_from_joint, clip.root_world), touching(FIGURE, R, root)
    assert np.abs(after - before)[:, [0, 1, 3, 4]].max() < 0.002


def test_a_heel_that_rises_too_slowly_to_be_seen_is_let_rise():
    frames = 75
    R = np.tile(SQUATS.R_parent_from_joint[:1].astype(float), (frames, 1, 1, 1))
    pitch = np.radians(14.0) * np.clip((np.arange(frames) - 30.0) / 45.0, 0.0, None)
    R[:, JOINT["left_ankle"]] = R[:, JOINT["left_ankle"]] @ matrix_from_axis_angle(pitch[:, None] * [1.0, 0.0, 0.0])
    root = np.tile(SQUATS.root_world[:1].astype(float), (frames, 1))
    before = touching(FIGURE, R, root)
    after = touching(FIGURE, *pinned_feet(FIGURE, R, root, np.ones((frames, 6), bool)))
    rise_before, rise_after = (points[:, 0, 2] - points[:, 1, 2] for points in (before, after))
    assert rise_before[-1] - rise_before[0] > 0.025
    np.testing.assert_allclose(rise_after[-15:], rise_before[-15:], atol=0.002)
    assert np.abs(np.diff(after[:, 1], axis=0)).max() < 1e-3   # the ball stays


def test_trunk_and_arms_are_not_touched_by_pinning():
    clip = drifted()
    R, root = pinned_feet(FIGURE, clip.R_parent_from_joint.astype(float), clip.root_world.astype(float), clip.still)
    others = [joint for joint in range(22) if joint not in (1, 2, 4, 5, 7, 8, 10, 11)]
    np.testing.assert_allclose(R[:, others], clip.R_parent_from_joint[:, others], atol=1e-6)


def test_corrections_fade_to_zero_or_go_over_into_the_next():
    known = np.zeros(100, bool)
    known[[*range(10), *range(20, 30), *range(90, 100)]] = True
    corrections = np.where(known[:, None], [1.0, -2.0, 0.5], 0.0)
    corrections[20:30] *= 3.0
    out = faded(corrections, known)
    np.testing.assert_array_equal(out[known], corrections[known])
    np.testing.assert_array_equal(out[45:75], 0.0)
    assert np.abs(np.diff(out[:, 0])).max() < 0.6 and (np.diff(out[9:21, 0]) > 0.0).all()


def test_longer_legs_go_a_longer_way_on_soles_that_rest():
    walk = np.float32([0.0, -0.01, 0.0]) * np.arange(len(SQUATS.root_world), dtype=np.float32)[:, None]
    moving = replace(SQUATS, root_world=SQUATS.root_world + walk, still=np.zeros_like(SQUATS.still))
    other = reshaped(moving, LONG_LEGGED)
    way_before, way_after = (np.linalg.norm(np.ptp(clip.root_world, axis=0)[:2]) for clip in (moving, other))
    assert 1.15 < way_after / way_before < 1.3


def test_a_clip_on_another_body_slides_no_more_than_before():
    other = reshaped(SQUATS, LONG_LEGGED)
    points = touching(Figure(other.rest_joints), other.R_parent_from_joint, other.root_world)
    assert slides_m(points, other.still) < 0.003
    assert points[:, [0, 1, 3, 4], 2].min() > -0.015
