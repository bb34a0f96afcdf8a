import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motion.body import read_open_body
from motion.kinematics import forward_kinematics, local_rotations
from motion.limb_ik import LIMBS, limb_posed, limb_reaching, reachable
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle, normalised

SKELETON = read_open_body().shaped([]).skeleton
ANGLES = st.floats(-1.2, 1.2)
BENDS = st.floats(0.3, 2.2)


def posed(limb, swing, bend):
    """The whole body, everything at rest but one limb: orientations [1, 55, 3, 3] and joints [1, 55, 3]."""
    R = np.tile(np.eye(3), (1, 55, 1, 1))
    R[:, 0] = matrix_from_axis_angle([0.3, -0.8, 0.2])
    R[:, limb.upper] = matrix_from_axis_angle(np.asarray(swing, dtype=float))
    R[:, limb.lower] = matrix_from_axis_angle(bend * np.array(limb.hinge_rest))
    return forward_kinematics(SKELETON, R, np.array([[0.4, -0.2, 1.1]]))


def solved(limb, R, joints, target):
    """Orientations and joints after the limb reached."""
    R = R.copy()
    R[..., limb.upper, :, :], R[..., limb.lower, :, :] = limb_reaching(limb, SKELETON.rest_joints, R, joints, target)
    return forward_kinematics(SKELETON, local_rotations(R), joints[..., 0, :])


def bone_lengths(limb, joints):
    return [np.linalg.norm(joints[..., a, :] - joints[..., b, :], axis=-1)
            for a, b in ((limb.upper, limb.lower), (limb.lower, limb.end))]  # fmt: skip


@given(name=st.sampled_from(list(LIMBS)), swing=st.tuples(ANGLES, ANGLES, ANGLES), bend=BENDS,
       direction=st.tuples(ANGLES, ANGLES, ANGLES).filter(lambda v: np.linalg.norm(v) > 0.1),
       share=st.floats(0.35, 0.985))  # fmt: skip
def test_targets_within_reach_are_met_and_bones_keep_their_length(name, swing, bend, direction, share):
    limb = LIMBS[name]
    R, joints = posed(limb, swing, bend)
    reach = sum(bone_lengths(limb, joints))[0]
    target = joints[:, limb.upper] + share * reach * normalised(np.array(direction))
    _, after = solved(limb, R, joints, target)
    assert np.linalg.norm(after[:, limb.end] - target) < 1e-6
    np.testing.assert_allclose(bone_lengths(limb, after), bone_lengths(limb, joints))


@given(name=st.sampled_from(list(LIMBS)), swing=st.tuples(ANGLES, ANGLES, ANGLES), bend=BENDS)
def test_where_the_end_already_is_nothing_turns(name, swing, bend):
    limb = LIMBS[name]
    R, joints = posed(limb, swing, bend)
    after, _ = solved(limb, R, joints, joints[:, limb.end])
    np.testing.assert_allclose(after, R, atol=1e-6)


@pytest.mark.parametrize("name", LIMBS)
def test_a_target_along_the_limb_bends_it_in_its_own_plane(name):
    limb = LIMBS[name]
    R, joints = posed(limb, (0.2, 0.3, -0.4), 1.1)
    root, middle, end = (joints[0, joint] for joint in (limb.upper, limb.lower, limb.end))
    normal = normalised(np.cross(middle - root, end - middle))
    _, after = solved(limb, R, joints, (root + 0.8 * (end - root))[None])
    bent = np.cross(after[0, limb.lower] - root, after[0, limb.end] - after[0, limb.lower])
    assert normalised(bent) @ normal > 1.0 - 1e-9


@pytest.mark.parametrize("name", LIMBS)
@pytest.mark.parametrize("bend", [-0.15, -1e-3, 0.0, 1e-9, 0.02])
def test_straight_and_overstretched_limbs_bend_the_way_their_hinge_goes(name, bend):
    limb = LIMBS[name]
    R, joints = posed(limb, (0.2, 0.3, -0.4), bend)
    root, end = joints[:, limb.upper], joints[:, limb.end]
    _, after = solved(limb, R, joints, root + 0.9 * (end - root))
    bent = np.cross(after[0, limb.lower] - root[0], after[0, limb.end] - after[0, limb.lower])
    assert normalised(bent) @ (R[0, limb.upper] @ np.array(limb.hinge_rest)) > 0.95


def test_noise_about_the_straight_knee_never_flips_the_plane():
    limb = LIMBS["left_leg"]
    rng = np.random.default_rng(3)
    bends = np.concatenate([posed(limb, (0.1, 0.0, 0.0), bend)[1] for bend in rng.normal(0.0, 0.03, 60)])
    Rs = np.concatenate([posed(limb, (0.1, 0.0, 0.0), bend)[0] for bend in rng.normal(0.0, 0.03, 60)])
    target = bends[:, limb.upper] + 0.97 * (bends[:, limb.end] - bends[:, limb.upper])
    after, _ = solved(limb, Rs, bends, target)
    turns = axis_angle_from_matrix(np.swapaxes(after[:-1, limb.upper], -1, -2) @ after[1:, limb.upper])
    assert np.rad2deg(np.linalg.norm(turns, axis=-1)).max() < 10.0


def test_reach_is_smooth_at_full_stretch_and_never_beyond_it():
    wanted = np.linspace(0.3, 1.2, 4001)
    spanned = reachable(wanted, 0.4, 0.45)
    slope = np.diff(spanned) / np.diff(wanted)
    assert spanned.max() < 0.85 + 1e-9 and slope.min() > -1e-9 and np.abs(np.diff(slope)).max() < 0.05
    np.testing.assert_allclose(spanned[wanted < 0.84], wanted[wanted < 0.84])


@pytest.mark.parametrize("name, towards", [("left_leg", (0.1, 0.2, 1.0)), ("right_arm", (-0.4, -1.0, -0.3))])
def test_a_posed_limb_meets_its_target_and_points_where_it_is_told(name, towards):
    limb = LIMBS[name]
    root = SKELETON.rest_joints[limb.upper]
    target = root + np.array([0.1, -0.35, 0.15])
    R_upper, R_lower = limb_posed(limb, SKELETON.rest_joints, root, target, np.array(towards))
    middle = root + R_upper @ SKELETON.offsets[limb.lower]
    np.testing.assert_allclose(middle + R_lower @ SKELETON.offsets[limb.end], target, atol=1e-9)
    way = normalised(target - root)
    aside = np.array(towards) - (np.array(towards) @ way) * way
    assert normalised(middle - root - ((middle - root) @ way) * way) @ normalised(aside) > 1.0 - 1e-9
    bend = axis_angle_from_matrix(R_upper.T @ R_lower)
    assert normalised(bend) @ np.array(limb.hinge_rest) > 1.0 - 1e-6
