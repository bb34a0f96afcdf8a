"""Bones about the viewing axis."""

import math

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.lift.published.skeleton17 import BONES
from backend.lift.published.spherical import bone_features, bone_vectors, polar_classes


def points_with(child, vector):
    """17 joints at the origin but one and what hangs on it."""
    points = torch.zeros(17, 3)
    points[child] = torch.tensor(vector)
    return points


def test_bones_run_from_parent_to_child():
    points = torch.arange(17.0)[:, None] ** 2
    expected = [float(child**2 - parent**2) for parent, child in BONES]
    assert bone_vectors(points)[:, 0].tolist() == expected


def test_classes_are_thirty_degrees_wide_and_stand_at_the_child():
    for degrees, expected in ((1, 0), (29, 0), (31, 1), (89, 2), (91, 3), (121, 4), (151, 5), (180, 5)):
        angle = math.radians(degrees)
        classes = polar_classes(points_with(3, [math.sin(angle) * 0.6, math.sin(angle) * 0.8, math.cos(angle)]))
        assert classes.shape == (17,) and classes[3] == expected, degrees
        assert classes[0] == 0


@settings(deadline=None, max_examples=60)
@given(azimuth=st.floats(-3.1, 3.1), polar_bin=st.integers(0, 5), length=st.floats(0.01, 2.0))
def test_a_bone_at_the_middle_of_its_class_comes_back_from_its_shadow(azimuth, polar_bin, length):
    polar = math.pi * (polar_bin + 0.5) / 6
    across = length * math.sin(polar)
    points = points_with(10, [across * math.cos(azimuth), across * math.sin(azimuth), length * math.cos(polar)])
    classes = polar_classes(points)
    found = bone_features(points[:, :2], classes, "children")[10]
    np.testing.assert_allclose(found, [azimuth / math.pi, polar / math.pi, length], rtol=1e-4, atol=1e-5)


def test_released_lifters_have_every_bone_one_token_earlier_and_nothing_last():
    torch.manual_seed(1)
    keypoints, classes = torch.randn(2, 17, 2), torch.randint(0, 6, (2, 17))
    at_children, released = (bone_features(keypoints, classes, places) for places in ("children", "published"))
    assert torch.equal(released[:, :16], at_children[:, 1:])
    assert released[:, 16].abs().sum() == at_children[:, 0].abs().sum() == 0
