"""Spines and necks of other lengths."""

import numpy as np
import pytest

from bench.rigs.all_rigs import made_up_rigs
from bench.rigs.made_up_rig import as_rig, slots_of
from motion.retarget.settings import RetargetSettings
from motion.retarget.target.build_target import target_of
from motion.retarget.target.chains import followed
from motion.retarget.target.pose_target import turns_of
from motion.skeleton import JOINT
from tests.motion.retarget.made_up_source import dancing, open_figure

RIGS = made_up_rigs()


def turned(name, source):
    made = target_of(as_rig(RIGS[name]), slots_of(RIGS[name]), open_figure(), RetargetSettings())
    return made, turns_of(followed(made, open_figure().rest_joints), source.R_world_from_joint)


def chain(made, slot):
    return [joint for joint, name in enumerate(made.slots) if name == slot]


@pytest.mark.parametrize("name", RIGS)
def test_the_last_bone_of_every_chain_has_the_sources_last_turn(name):
    source = dancing()
    made, R = turned(name, source)
    for slot, joint in (("spine", "spine3"), ("neck", "neck"), ("left_clavicle", "left_collar"), ("head", "head")):
        if slot in made.slots:
            last = R[:, chain(made, slot)[-1]]
            np.testing.assert_allclose(last, source.R_world_from_joint[:, JOINT[joint]], atol=1e-9)


def test_a_longer_spine_bends_in_smaller_steps():
    source = dancing()
    made, R = turned("unreal_ue5", source)
    whole = [0, *chain(made, "spine")]
    def largest(joints, turns):
        steps = np.swapaxes(turns[:, joints[:-1]], -1, -2) @ turns[:, joints[1:]]
        return np.arccos(np.clip((np.trace(steps, axis1=-2, axis2=-1) - 1) / 2, -1, 1)).max()

    ours = [JOINT[joint] for joint in ("pelvis", "spine1", "spine2", "spine3")]
    assert largest(whole, R) < largest(ours, source.R_world_from_joint)


def test_shares_rise_along_a_chain():
    for name in RIGS:
        made = target_of(as_rig(RIGS[name]), slots_of(RIGS[name]), open_figure(), RetargetSettings())
        way = followed(made, open_figure().rest_joints)
        spine = chain(made, "spine")
        order = way.first[spine] + way.share[spine]   # the joints of the source's spine have rising numbers
        assert np.all(np.diff(order) > 0.0), name
