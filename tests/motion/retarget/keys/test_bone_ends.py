"""The ends of bones from the numbers on their curves."""

import numpy as np
import pytest

from motion.eulers import eulers_from_matrix
from motion.retarget.keys.bone_ends import BoneEnds, matrix_in_mode
from motion.retarget.rig.carriage import carriage_of
from motion.retarget.rig.rig import Rig
from motion.retarget.rig.rig_pose import posed_bones
from motion.rotations import matrix_from_axis_angle, quaternion_from_matrix

MODES = ("QUATERNION", "XYZ", "ZXY", "AXIS_ANGLE", "QUATERNION", "YZX")


def odd_rig(rng) -> Rig:
    """Six bones that lie anyhow, with inheritance switched off for one and a location in the parent's axes."""
    heads, R = rng.normal(size=(6, 3)), matrix_from_axis_angle(rng.normal(size=(6, 3)))
    return Rig(tuple("abcdef"), np.array([-1, 0, 1, 1, 3, 4]), heads, heads + 0.3 * R[:, :, 1], R, np.eye(3), 0.01,
               np.zeros(3), inherits_rotation=[1, 1, 1, 1, 0, 1], local_location=[1, 1, 0, 1, 1, 1])  # fmt: skip


def channels_of(R, locations):
    """[N, 7 K] of turns [N, K, 3, 3] in MODES, not continuous."""
    channels = np.zeros((len(R), len(MODES), 7))
    for bone, mode in enumerate(MODES):
        if mode == "QUATERNION":
            channels[:, bone, :4] = quaternion_from_matrix(R[:, bone])
        elif mode == "AXIS_ANGLE":
            wxyz = quaternion_from_matrix(R[:, bone])
            channels[:, bone, 0], channels[:, bone, 1:4] = 2.0 * np.arccos(wxyz[:, 0]), 3.0 * wxyz[:, 1:]
        else:
            channels[:, bone, :3] = eulers_from_matrix(R[:, bone], mode)
    channels[..., 4:] = locations
    return channels.reshape(len(R), -1)


@pytest.mark.parametrize("keyed", [tuple("abcdef"), tuple("acef")])
def test_ends_are_where_forward_kinematics_has_them(keyed):
    rng = np.random.default_rng(8)
    rig = odd_rig(rng)
    R, locations = matrix_from_axis_angle(rng.normal(size=(5, 6, 3))), rng.normal(size=(5, 6, 3))
    chosen = np.array([name in keyed for name in rig.names])
    R[:, ~chosen], locations[:, ~chosen] = np.eye(3), 0.0
    R_rig, heads = posed_bones(rig, R, locations)
    tails = heads + 0.3 * R_rig[..., 1]
    own = np.array([[0.0, 0.3, 0.0]] * chosen.sum())
    modes = tuple(mode for mode, is_keyed in zip(MODES, chosen, strict=True) if is_keyed)
    channels = channels_of(R, locations).reshape(5, 6, 7)[:, chosen].reshape(5, -1)
    points = BoneEnds(carriage_of(rig, keyed), modes, own, 0.01).points(channels)
    np.testing.assert_allclose(points, 0.01 * np.concatenate([heads[:, chosen], tails[:, chosen]], axis=1), atol=1e-9)


@pytest.mark.parametrize("mode", ["XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX"])
def test_angles_mean_what_they_were_made_from(mode):
    R = matrix_from_axis_angle(np.random.default_rng(1).normal(size=(20, 3)))
    padded = np.pad(eulers_from_matrix(R, mode), ((0, 0), (0, 1)))
    np.testing.assert_allclose(matrix_in_mode(padded, mode), R, atol=1e-9)
