import numpy as np
import pytest

from backend.multiview.scale.bone_lengths import SEGMENTS, bone_lengths, lengths_at_rest
from motion.body import read_open_body
from motion.landmarks import LANDMARK, LANDMARK_COUNT
from motion.rotations import matrix_from_axis_angle

NAMES = [segment.name for segment in SEGMENTS]
BODY = read_open_body().shaped(np.array([0.7, -0.4]), 1.1)
AT_REST = BODY.points[:LANDMARK_COUNT]


def turning(rng, frames: int = 300):
    """The body as one rigid piece, turned anyhow and moved about."""
    R = matrix_from_axis_angle(rng.normal(size=(frames, 3)))
    return np.einsum("tij,lj->tli", R, AT_REST) + rng.normal(size=(frames, 1, 3))


def test_lengths_of_a_body_are_found_wherever_it_is(rng):
    np.testing.assert_allclose(bone_lengths(turning(rng)).lengths, lengths_at_rest(AT_REST))


def test_a_thigh_is_from_hip_to_knee():
    hip, knee = AT_REST[LANDMARK["left_hip"]], AT_REST[LANDMARK["left_knee"]]
    assert lengths_at_rest(AT_REST)[NAMES.index("thigh")] == pytest.approx(np.sqrt(np.sum((hip - knee) ** 2)))


def test_noise_does_not_make_bones_longer(rng):
    noisy = turning(rng, 3000) + rng.normal(0.0, 0.02, (3000, LANDMARK_COUNT, 3))
    rigid = [segment.rigid for segment in SEGMENTS]
    error_log = np.log(bone_lengths(noisy).lengths / lengths_at_rest(AT_REST))[rigid]
    assert np.abs(error_log).max() < 0.01      # uncorrected, the hand is 7 % too long
    assert np.abs(error_log).mean() < 0.005


def test_a_landmark_gone_astray_for_a_while_changes_little(rng):
    landmarks = turning(rng)
    landmarks[50:110, LANDMARK["left_knee"]] += 0.4
    np.testing.assert_allclose(bone_lengths(landmarks).lengths, lengths_at_rest(AT_REST), rtol=0.01)


def test_what_is_hidden_is_not_known_and_one_side_is_enough(rng):
    landmarks = turning(rng)
    landmarks[:, LANDMARK["right_knee"]] = np.nan
    landmarks[:, LANDMARK["nose"]] = np.nan
    bones = bone_lengths(landmarks)
    known = np.array([name != "head's depth" for name in NAMES])
    np.testing.assert_allclose(bones.lengths[known], lengths_at_rest(AT_REST)[known])
    assert np.isnan(bones.lengths[~known]).all() and np.isinf(bones.sigma_log[~known]).all()


def test_longer_clips_are_surer(rng):
    noisy = turning(rng, 600) + rng.normal(0.0, 0.02, (600, LANDMARK_COUNT, 3))
    assert (bone_lengths(noisy).sigma_log < 0.6 * bone_lengths(noisy[:100]).sigma_log).all()


@pytest.mark.parametrize("frames", [0, 1, 5])
def test_a_few_frames_tell_nothing(rng, frames):
    assert np.isnan(bone_lengths(turning(rng, frames)).lengths).all()
