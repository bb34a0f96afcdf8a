from dataclasses import replace

import numpy as np
import pytest

from backend.train.variety.balance import centre_of_mass, outside_support
from backend.train.variety.limits import fitted_limits
from backend.train.variety.made import attempt
from backend.train.variety.mirrored import mirrored_rotations
from backend.train.variety.piercing import fitted_piercing, segment_distances
from backend.train.variety.rules import Rules, falls, resting, slides_m
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT
from tests.backend.train.variety.made_up_clips import FIGURE, LENIENT, REST_JOINTS, marching

STANDING = attempt("made/hands behind/0", "one leg", REST_JOINTS, LENIENT, np.random.default_rng(1))


def upright(frames=60):
    """Arms hanging, R [frames, 22, 3, 3] and a root that stands on the floor."""
    R = np.tile(np.eye(3), (frames, 22, 1, 1))
    R[:, 0] = matrix_from_axis_angle([np.pi / 2.0, 0.0, 0.0])
    for side, sign in (("left", -1.0), ("right", 1.0)):
        R[:, JOINT[f"{side}_shoulder"]] = matrix_from_axis_angle([0.0, 0.0, sign * 1.3])
    _, joints = FIGURE.posed(R[:1], np.zeros((1, 3)))
    points = FIGURE.touching_world(*FIGURE.posed(R[:1], np.zeros((1, 3))))
    return R, np.tile([0.0, 0.0, -points[0, [0, 1, 3, 4], 2].min()], (frames, 1))


def test_segments_that_cross_at_a_distance_are_as_far_apart_as_the_3_4_5_triangle_says():
    a = np.array([[-1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]), np.array([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    b = np.array([[0.0, -1.0, 0.7], [4.0, 4.0, 0.0]]), np.array([[0.0, 1.0, 0.7], [9.0, 4.0, 0.0]])
    np.testing.assert_allclose(segment_distances(*a, *b), [0.7, 5.0])


def test_the_least_distance_is_never_more_than_that_of_any_two_points():
    rng = np.random.default_rng(2)
    ends = rng.normal(size=(4, 300, 3))
    share = np.linspace(0.0, 1.0, 41)[:, None, None]
    a, b = (ends[i] + share * (ends[i + 1] - ends[i]) for i in (0, 2))
    sampled = np.linalg.norm(a[:, None] - b[None], axis=-1).min(axis=(0, 1))
    exact = segment_distances(*ends)
    assert (exact <= sampled + 1e-9).all() and (sampled - exact).max() < 0.1


def test_an_arm_through_the_chest_is_found_and_a_hanging_one_is_fine():
    R, root = upright(2)
    piercing = fitted_piercing([])
    assert piercing.too_deep(FIGURE, FIGURE.posed(R, root)[1]).max() < 0.0
    joints = FIGURE.posed(R, root)[1]
    joints[:, JOINT["left_wrist"]] = joints[:, JOINT["spine2"]]  # the hand is inside
    assert piercing.too_deep(FIGURE, joints).min() > 0.05


def test_who_stands_is_balanced_and_who_leans_over_like_a_plank_is_not():
    R, root = upright()
    assert not falls(FIGURE, *FIGURE.posed(R, root))
    tilt = matrix_from_axis_angle([0.45, 0.0, 0.0])
    leaning, moved = R.copy(), root @ tilt.T + [0.0, 0.0, 0.03]
    leaning[:, 0] = tilt @ R[:, 0]
    assert falls(FIGURE, *FIGURE.posed(leaning, moved))


def test_who_is_high_in_the_air_stands_on_nothing():
    R, root = upright(3)
    assert np.isinf(outside_support(FIGURE, *FIGURE.posed(R, root + [0.0, 0.0, 0.5]))).all()


def test_the_centre_of_mass_is_in_the_middle_a_little_above_the_hips():
    R, root = upright(1)
    joints = FIGURE.posed(R, root)[1]
    centre = centre_of_mass(joints)[0]
    height = joints[0, JOINT["head"], 2] + 0.13
    assert abs(centre[0]) < 1e-6 and 0.53 < centre[2] / height < 0.60  # 0.55 to 0.57 (Winter 2009, section 4.1)


def test_recorded_turns_are_within_limits_and_a_backward_knee_is_not():
    limits = fitted_limits([marching(f"clip {i}", seed=i, swing_rad=0.5 + 0.03 * i) for i in range(8)],
                           np.random.default_rng(0))  # fmt: skip
    fine = marching("held out", seed=99, swing_rad=0.6).R_parent_from_joint
    assert limits.beyond(fine).max() < 1.0
    broken = fine.copy()
    broken[:, JOINT["left_knee"]] = matrix_from_axis_angle([-1.0, 0.0, 0.0])
    assert (limits.beyond(broken)[:, JOINT["left_knee"]] > 1.0).all()
    np.testing.assert_allclose(
        limits.beyond(broken)[:, JOINT["right_knee"]], limits.beyond(fine)[:, JOINT["right_knee"]]
    )


def test_limits_do_not_prefer_a_side():
    limits = fitted_limits([marching("one", seed=1)], np.random.default_rng(0))
    R = marching("two", seed=2, arms_rad=0.9).R_parent_from_joint
    one, other = limits.beyond(R), limits.beyond(mirrored_rotations(R))
    np.testing.assert_allclose(one[:, JOINT["left_elbow"]], other[:, JOINT["right_elbow"]], atol=0.05)


def test_limits_of_a_joint_depend_on_its_parent():
    bent, straight = matrix_from_axis_angle([1.4, 0.0, 0.0]), np.eye(3)
    clips = []
    for thigh, shin, name in ((bent, bent, "bent"), (straight, straight, "straight")):
        clip = marching(name)
        R = clip.R_parent_from_joint.copy()
        for side in ("left", "right"):
            R[:, JOINT[f"{side}_hip"]], R[:, JOINT[f"{side}_knee"]] = thigh, shin
        clips.append(replace(clip, R_parent_from_joint=R))
    limits = fitted_limits(clips, np.random.default_rng(0))
    R = clips[0].R_parent_from_joint.copy()
    R[:, JOINT["left_hip"]] = straight  # each of both turns was recorded, but not together
    beyond = limits.beyond(R) * limits.reach
    assert beyond[:, JOINT["left_knee"]].min() > 0.2 > beyond[:, JOINT["right_knee"]].max()


@pytest.mark.parametrize("fault", ["floor", "sliding", "limits"])
def test_each_fault_is_told_by_its_name(fault):
    assert LENIENT.faults(STANDING) == ()
    if fault == "floor":
        clip, rules = replace(STANDING, root_world=STANDING.root_world - np.float32([0.0, 0.0, 0.01])), LENIENT
    elif fault == "sliding":
        drift = np.float32([0.004, 0.0, 0.0]) * np.arange(len(STANDING.root_world), dtype=np.float32)[:, None]
        clip, rules = replace(STANDING, root_world=STANDING.root_world + drift), LENIENT
    else:
        clip = STANDING
        rules = Rules(fitted_limits([marching("one")], np.random.default_rng(0)), LENIENT.piercing)
    assert fault in rules.faults(clip)


def test_what_creeps_does_not_rest():
    t = np.arange(90) / 30.0
    points = np.zeros((90, 6, 3))
    points[:, 0, 0], points[:, 1, 0] = 0.02 * t, 0.12 * t
    still = resting(points)
    assert still[:, 0].all() and not still[:, 1].any()
    assert slides_m(points, still) < 0.003
