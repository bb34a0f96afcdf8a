"""Who carries whom in plain skeletons, against Blender's own way of posing bones."""

from dataclasses import replace

import numpy as np
import pytest

from motion.retarget.rig.basis import heads_of, moved_to, turns_beyond_rest
from motion.retarget.rig.carriage import Carriage, carriage_of
from motion.retarget.rig.rig import Rig
from motion.retarget.rig.rig_pose import posed_bones
from motion.rotations import matrix_from_axis_angle


def random_rig(seed, count=12, **flags) -> Rig:
    rng = np.random.default_rng(seed)
    parents = [-1, *(int(rng.integers(0, bone)) for bone in range(1, count))]
    heads = rng.normal(size=(count, 3))
    names = tuple(f"bone{bone}" for bone in range(count))
    return Rig(names, np.array(parents), heads, heads + rng.normal(size=heads.shape),
               matrix_from_axis_angle(rng.normal(size=(count, 3))), np.eye(3), 1.0, np.zeros(3),
               R_rest_from_posed=matrix_from_axis_angle(rng.normal(size=(count, 3))),
               posed_locations=rng.normal(size=(count, 3)), **flags)  # fmt: skip


def evaluated(rig, carriage, R_basis, locations):
    R, places = np.array(rig.R_rest_from_posed)[None], np.array(rig.posed_locations)[None]
    keyed = [rig.bone(name) for name in carriage.bones]
    R[:, keyed], places[:, keyed] = R_basis, locations
    R, heads = posed_bones(rig, R, places)
    return R[:, keyed], heads[:, keyed]


@pytest.mark.parametrize("seed", range(12))
def test_keys_through_the_carriage_put_bones_where_they_were_asked_to_be(seed):
    rng = np.random.default_rng(100 + seed)
    rig = random_rig(seed, local_location=rng.random(12) < 0.7)
    carriage = carriage_of(rig, {name for name in rig.names if rng.random() < 0.6})
    wanted = matrix_from_axis_angle(rng.normal(size=(1, len(carriage.bones), 3)))
    locations = rng.normal(size=(1, len(carriage.bones), 3))
    R, heads = evaluated(rig, carriage, turns_beyond_rest(carriage, wanted), locations)
    np.testing.assert_allclose(R, wanted, atol=1e-9)
    np.testing.assert_allclose(heads, heads_of(carriage, wanted, locations), atol=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_keyed_bones_that_do_not_turn_with_their_parents(seed):
    """They keep their place on the parent all the same."""
    rng = np.random.default_rng(200 + seed)
    rig = random_rig(seed)
    keyed = {name for name in rig.names if rng.random() < 0.7}
    rig = replace(rig, inherits_rotation=np.array([name not in keyed or rng.random() < 0.5 for name in rig.names]))
    carriage = carriage_of(rig, keyed)
    wanted = matrix_from_axis_angle(rng.normal(size=(1, len(carriage.bones), 3)))
    none = np.zeros((1, len(carriage.bones), 3))
    R, heads = evaluated(rig, carriage, turns_beyond_rest(carriage, wanted), none)
    np.testing.assert_allclose(R, wanted, atol=1e-9)
    np.testing.assert_allclose(heads, heads_of(carriage, wanted, none), atol=1e-9)


def test_a_bone_is_moved_until_another_that_it_carries_is_in_its_place():
    rig = random_rig(3, parents_in_a_row := 6)
    rig = replace(rig, parents=np.arange(parents_in_a_row) - 1)
    carriage = carriage_of(rig, {"bone1", "bone3", "bone5"})
    rng = np.random.default_rng(5)
    R, wanted = matrix_from_axis_angle(rng.normal(size=(4, 3, 3))), rng.normal(size=(4, 3))
    locations = moved_to(carriage, R, np.zeros((4, 3, 3)), 0, 2, wanted)
    np.testing.assert_allclose(heads_of(carriage, R, locations)[:, 2], wanted, atol=1e-9)
    assert not locations[:, 1:].any()


def test_what_carries_must_come_before():
    with pytest.raises(ValueError, match="before"):
        eye = np.tile(np.eye(3), (2, 1, 1))
        Carriage(("a", "b"), np.array([1, -1]), eye, np.zeros((2, 3)), eye)
