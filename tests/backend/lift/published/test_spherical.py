"""Bones about the viewing axis."""

import math

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.lift.published.skeleton17 import HUMAN36M, MPI_INF_3DHP
from backend.lift.published.spherical import CLASSES, at_children, bone_features, bone_vectors


def points_with(child, vector):
    """17 joints at the origin but one and what hangs on it."""
    points = torch.zeros(17, 3)
    points[child] = torch.tensor(vector)
    return points


def polar_classes(points, skeleton):
    """The class 0..5 of every bone's angle to the viewing axis, 30 degrees each, of places [..., 17, 3].

    [..., 17]: a bone stands at its child's joint, and the root, which is none's, has class 0.
    """
    vectors = bone_vectors(points, skeleton)
    polar_rad = torch.atan2(vectors[..., :2].norm(dim=-1), vectors[..., 2])
    classes = (polar_rad / (math.pi / CLASSES)).floor().long().clamp(max=CLASSES - 1)
    return at_children(classes[..., None], skeleton)[..., 0]


def test_bones_run_from_parent_to_child():
    points = torch.arange(17.0)[:, None] ** 2
    expected = [float(child**2 - parent**2) for parent, child in HUMAN36M.bones]
    assert bone_vectors(points, HUMAN36M)[:, 0].tolist() == expected


@settings(deadline=None, max_examples=60)
@given(azimuth=st.floats(-3.1, 3.1), polar_bin=st.integers(0, 5), length=st.floats(0.01, 2.0))
def test_a_bone_at_the_middle_of_its_class_comes_back_from_its_shadow(azimuth, polar_bin, length):
    polar = math.pi * (polar_bin + 0.5) / 6
    across = length * math.sin(polar)
    points = points_with(10, [across * math.cos(azimuth), across * math.sin(azimuth), length * math.cos(polar)])
    classes = polar_classes(points, HUMAN36M)
    found = bone_features(points[:, :2], classes, HUMAN36M, "children")[10]
    np.testing.assert_allclose(found, [azimuth / math.pi, polar / math.pi, length], rtol=1e-4, atol=1e-5)


def test_released_lifters_have_every_bone_one_token_earlier_and_nothing_last():
    torch.manual_seed(1)
    keypoints, classes = torch.randn(2, 17, 2), torch.randint(0, 6, (2, 17))
    at_children = bone_features(keypoints, classes, HUMAN36M, "children")
    released = bone_features(keypoints, classes, HUMAN36M, "published")
    assert torch.equal(released[:, :16], at_children[:, 1:])
    assert released[:, 16].abs().sum() == at_children[:, 0].abs().sum() == 0


def test_on_the_other_data_set_nothing_stands_at_its_root_in_the_middle():
    torch.manual_seed(2)
    points = torch.randn(17, 3)
    classes = polar_classes(points, MPI_INF_3DHP)
    features = bone_features(points[:, :2], classes, MPI_INF_3DHP, "children")
    assert features.abs().sum(-1).eq(0).nonzero().flatten().tolist() == [14]
    wrist_from_elbow = points[7] - points[6]
    expected = int(math.degrees(math.atan2(wrist_from_elbow[:2].norm(), wrist_from_elbow[2])) // 30)
    assert classes[7] == expected
    azimuth = math.atan2(wrist_from_elbow[1], wrist_from_elbow[0]) / math.pi
    np.testing.assert_allclose(features[7, :2], [azimuth, (expected + 0.5) / 6], rtol=1e-5)
