import numpy as np
import pytest

from motion.clean_up.reach import bent_limb, lowering
from motion.limb_ik import LIMBS
from motion.rotations import matrix_from_axis_angle
from tests.motion.clean_up.performers import FIGURE, RATE, UPRIGHT

LEG = LIMBS["left_leg"]
LENGTH = sum(np.linalg.norm(FIGURE.rest_joints[a] - FIGURE.rest_joints[b])
             for a, b in ((LEG.upper, LEG.lower), (LEG.lower, LEG.end)))  # fmt: skip


def bent(angle, frames=60):
    """Orientations and joints of somebody whose knee is bent by angle rad."""
    R = np.tile(np.eye(3), (frames, 55, 1, 1))
    R[:, 0] = UPRIGHT
    R[:, LEG.lower] = matrix_from_axis_angle(angle * np.array(LEG.hinge_rest))
    return FIGURE.kinematics(R, np.tile([0.0, 0.0, 1.0], (frames, 1)))


def end_after(R, joints, target, pinned):
    R_upper, R_lower = bent_limb(FIGURE, LEG, R, joints, target, pinned)
    bones = ((LEG.upper, LEG.lower), (LEG.lower, LEG.end))
    upper, lower = (FIGURE.rest_joints[b] - FIGURE.rest_joints[a] for a, b in bones)
    return joints[:, LEG.upper] + R_upper @ upper + R_lower @ lower


def targets(joints, lengths):
    """Places at these distances [T] from the hip, obliquely down."""
    return joints[:, LEG.upper] + lengths[:, None] * np.array([0.36, 0.48, -0.8])


def test_held_feet_within_reach_are_met():
    R, joints = bent(0.5)
    target = targets(joints, np.linspace(0.7, 0.989, 60) * LENGTH)
    np.testing.assert_allclose(end_after(R, joints, target, np.ones(60)), target, atol=1e-9)


def test_free_feet_come_to_full_stretch_softly():
    R, joints = bent(0.5)
    lengths = np.linspace(0.9, 1.2, 60) * LENGTH
    ends = end_after(R, joints, targets(joints, lengths), np.zeros(60))
    reached = np.linalg.norm(ends - joints[:, LEG.upper], axis=1)
    assert np.all(np.diff(reached) > 0.0) and reached[-1] < 0.9901 * LENGTH
    assert np.abs(np.diff(reached, n=2)).max() < 0.5 * (lengths[1] - lengths[0])


@pytest.mark.parametrize("pinned", [0.0, 0.4, 1.0])
def test_legs_that_were_straight_stay_straight(pinned):
    R, joints = bent(0.0)
    there = joints[:, LEG.end]
    np.testing.assert_allclose(end_after(R, joints, there, np.full(60, pinned)), there, atol=2e-6)


def test_the_body_comes_down_so_far_that_held_feet_are_reached_and_no_further():
    R, joints = bent(0.4)
    too_far = 0.985 + 0.06 * np.exp(-0.5 * ((np.arange(60) - 30) / 5.0) ** 2)
    target = targets(joints, too_far * LENGTH)
    lower = lowering(FIGURE, [(LEG, target, np.ones(60))], joints, RATE)
    way = np.linalg.norm(target - joints[:, LEG.upper] + lower[:, None] * [0.0, 0.0, 1.0], axis=1)
    assert np.all(way <= 0.99 * LENGTH + 1e-9) and way[30] == pytest.approx(0.99 * LENGTH, abs=1e-4)
    assert np.abs(np.diff(lower, n=2)).max() * RATE**2 < 8.0


def test_the_body_does_not_come_down_for_feet_that_are_not_held_or_never_reached():
    R, joints = bent(0.4)
    far, aside = targets(joints, np.full(60, 1.05 * LENGTH)), joints[:, LEG.upper] + [1.3 * LENGTH, 0.0, 0.0]
    assert not lowering(FIGURE, [(LEG, far, np.full(60, 0.9)), (LEG, aside, np.ones(60))], joints, RATE).any()
