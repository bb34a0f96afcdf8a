import numpy as np
import pytest

from motion.body import read_open_body
from motion.skeleton import Skeleton
from tests.box_body import box_body_model


@pytest.mark.parametrize("model", [box_body_model(), read_open_body()], ids=["boxes", "open body"])
@pytest.mark.parametrize("size", [0.6, 1.0, 1.2])
def test_a_body_grown_to_smaller_bones_is_the_same_body_smaller(model, size):
    body = model.shaped([0.5])
    grown = body.grown_to(Skeleton(size * body.skeleton.rest_joints))
    np.testing.assert_allclose(grown.vertices, size * body.vertices, atol=1e-9)
    np.testing.assert_allclose(grown.points, size * body.points, atol=1e-9)


def test_a_grown_body_has_the_bones_that_it_grew_to():
    body = box_body_model().shaped([])
    bones = body.skeleton.rest_joints * [1.1, 0.9, 1.0]
    np.testing.assert_array_equal(body.grown_to(Skeleton(bones)).skeleton.rest_joints, bones)


def test_growing_twice_is_growing_once():
    body = box_body_model().shaped([])
    small = Skeleton(0.7 * body.skeleton.rest_joints)
    twice = body.grown_to(Skeleton(1.2 * body.skeleton.rest_joints)).grown_to(small)
    np.testing.assert_allclose(twice.vertices, body.grown_to(small).vertices, atol=1e-12)


def test_a_scaled_body_is_that_of_the_same_shape_at_another_scale():
    model = box_body_model()
    scaled, shaped = model.shaped([0.5], 1.1).scaled(1.2), model.shaped([0.5], 1.32)
    assert scaled.scale == pytest.approx(shaped.scale)
    for name in ("vertices", "points"):
        np.testing.assert_allclose(getattr(scaled, name), getattr(shaped, name), atol=1e-12)
    np.testing.assert_allclose(scaled.skeleton.rest_joints, shaped.skeleton.rest_joints, atol=1e-12)
