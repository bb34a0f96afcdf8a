"""Resting characters brought into the T-pose."""

import numpy as np
import pytest

from bench.rigs.all_rigs import made_up_rigs
from bench.rigs.made_up_rig import as_rig, slots_of
from motion.retarget.settings import RetargetSettings
from motion.retarget.target.build_target import target_of
from motion.rotations import normalised
from motion.skeleton import JOINT
from tests.motion.retarget.made_up_source import open_figure

RIGS = made_up_rigs()
WITH_FINGERS = [name for name, rig in RIGS.items() if slots_of(rig).has("left_index")]


def target(name):
    return target_of(as_rig(RIGS[name]), slots_of(RIGS[name]), open_figure(), RetargetSettings())


def way(figure, first, second):
    return normalised(figure.rest_joints[second] - figure.rest_joints[first])


@pytest.mark.parametrize("name", RIGS)
def test_limbs_of_the_t_pose_point_as_the_sources_do(name):
    made = target(name)
    for name, ours in open_figure().limbs.items():
        theirs = made.figure.limbs[name]
        for bones in (("upper", "lower"), ("lower", "end")):
            shown, asked = (way(figure, *(getattr(limb, bone) for bone in bones))
                            for figure, limb in ((made.figure, theirs), (open_figure(), ours)))  # fmt: skip
            np.testing.assert_allclose(shown, asked, atol=1e-9)


@pytest.mark.parametrize("name", RIGS)
def test_bones_keep_their_lengths(name):
    made, rig = target(name), as_rig(RIGS[name])
    for leg in made.figure.limbs.values():
        for first, second in ((leg.upper, leg.lower), (leg.lower, leg.end)):
            before = rig.scale * np.diff(rig.heads[made.bones[[first, second]]], axis=0)
            after = np.diff(made.figure.rest_joints[[first, second]], axis=0)
            assert np.linalg.norm(before) == pytest.approx(np.linalg.norm(after))


@pytest.mark.parametrize("name", WITH_FINGERS)
def test_palms_lie_as_the_sources_do(name):
    made = target(name)
    for side in ("left", "right"):
        def normal(figure, wrist, index, pinky):
            return normalised(np.cross(way(figure, wrist, index), way(figure, wrist, pinky)))

        theirs = normal(made.figure, *(made.joint(f"{side}_{slot}") for slot in ("hand", "index", "pinky")))
        ours = normal(open_figure(), *(JOINT[f"{side}_{joint}"] for joint in ("wrist", "index1", "pinky1")))
        assert np.degrees(np.arccos(np.clip(theirs @ ours, -1, 1))) < 6.0   # hands of other shapes


@pytest.mark.parametrize("name", RIGS)
def test_left_is_left_and_soles_are_below(name):
    figure = target(name).figure
    places = dict(zip(figure.point_names, figure.points_rest, strict=True))
    assert places["left_heel"][0] > 0.0 > places["right_heel"][0]
    assert places["left_heel"][1] == pytest.approx(places["right_ball"][1], abs=1e-6)
    assert places["left_ball"][2] > places["left_heel"][2]


def test_a_trunk_keeps_its_posture():
    """A stooped character stoops as the source stands straight: its spine is not straightened."""
    made = target("smplx")
    spine = [joint for joint, slot in enumerate(made.slots) if slot == "spine"]
    rig = as_rig(RIGS["smplx"])
    before = rig.R_world_from_rig @ np.diff(rig.heads[made.bones[spine[:2]]], axis=0)[0]
    after = np.diff(made.figure.rest_joints[spine[:2]], axis=0)[0]
    np.testing.assert_allclose(normalised(before)[2], normalised(after)[1], atol=1e-6)
