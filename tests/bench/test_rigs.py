"""The made-up characters are people: they stand on the floor, look ahead, and hang together as bodies do."""

from __future__ import annotations

import numpy as np
import pytest

from bench.rigs.all_rigs import made_up_rigs
from bench.rigs.made_up_motion import CLAPS, FRAMES, HANDSTAND, performance, standing
from bench.rigs.made_up_rig import as_rig, axes_of, slots_of
from motion.retarget.slots import SIDES
from motion.skeleton import JOINT

RIGS = made_up_rigs()
PERFORMANCE = performance()


def from_origin(made_up, slot):
    """Where a slot's first bone begins, [3] m in the world from the object's origin."""
    rig = as_rig(made_up)
    return rig.to_world(rig.heads[rig.bone(slots_of(made_up).first(slot))]) - made_up.object_place


@pytest.mark.parametrize("name", RIGS)
def test_all_stand_on_the_floor_and_look_ahead_but_one_to_the_side(name):
    ahead, left = ([1, 0], [0, 1]) if name == "mpfb_default" else ([0, -1], [1, 0])
    for side, outward in zip(SIDES, (1.0, -1.0)):
        toe, ankle = from_origin(RIGS[name], f"{side}_toe"), from_origin(RIGS[name], f"{side}_foot")
        assert (toe - ankle)[:2] @ ahead > 0.1
        assert outward * ankle[:2] @ left > 0.05
        assert 0.05 < ankle[2] < 0.1
    assert from_origin(RIGS[name], "head")[2] > from_origin(RIGS[name], "hips")[2] + 0.3


@pytest.mark.parametrize("name", RIGS)
def test_arms_hang_as_the_rest_pose_says(name):
    for side in SIDES:
        way = from_origin(RIGS[name], f"{side}_forearm") - from_origin(RIGS[name], f"{side}_upper_arm")
        down_deg = np.degrees(np.arctan2(-way[2], np.linalg.norm(way[:2])))
        low, high = {"T": (-0.1, 0.1), "A": (35.0, 56.0), "own": (15.0, 35.0)}[RIGS[name].rest]
        assert low <= down_deg <= high


@pytest.mark.parametrize("name", RIGS)
def test_bones_of_a_slot_are_there_and_hang_on_each_other(name):
    rig, mapping = as_rig(RIGS[name]), slots_of(RIGS[name])
    assert mapping.missing == ()
    assert len(set(rig.names)) == len(rig.names)
    assert max(len(bone.encode()) for bone in rig.names) < 64
    for slot, chain in mapping.bones.items():
        bones = [rig.bone(bone) for bone in chain]
        if not slot.endswith("_twist"):
            assert all(above in rig.ancestors(below) for above, below in zip(bones, bones[1:])), slot


def test_no_two_characters_are_built_alike():
    def shares(made_up):
        """Of the height: thigh and upper arm, in millionths."""
        bones = (("left_thigh", "left_shin"), ("left_upper_arm", "left_forearm"))
        lengths = [np.linalg.norm(from_origin(made_up, end) - from_origin(made_up, start)) for start, end in bones]
        return tuple(np.rint(1e6 * np.array(lengths) / from_origin(made_up, "head")[2]))

    assert len({shares(made_up) for made_up in RIGS.values()}) == len(RIGS) - 1   # the nameless one is Mixamo's


def test_axes_are_right_handed_with_y_along_the_bone(rng):
    directions, rolls = rng.normal(size=(20, 3)), rng.uniform(-3.0, 3.0, 20)
    R = axes_of(directions, rolls)
    np.testing.assert_allclose(R[:, :, 1], directions / np.linalg.norm(directions, axis=1)[:, None], atol=1e-12)
    np.testing.assert_allclose(np.linalg.det(R), 1.0)


def test_feet_of_the_made_up_motion_stand_still_on_the_floor():
    points, figure = PERFORMANCE.points_world(), PERFORMANCE.figure
    for side in SIDES:
        stands = standing(side)
        for part in ("heel", "ball", "toe"):
            sole = points[:, figure.point(f"{side}_{part}")]
            steps = np.linalg.norm(np.diff(sole, axis=0), axis=1)[stands[1:] & stands[:-1]]
            assert steps.max() < 1e-9
            assert np.abs(sole[stands, 2]).max() < 1e-3


def test_the_made_up_motion_claps_turns_round_and_stands_on_its_hands():
    points, figure = PERFORMANCE.points_world(), PERFORMANCE.figure
    palms = points[:, [figure.point(f"{side}_palm") for side in SIDES]]
    assert np.abs(palms[HANDSTAND[0] : HANDSTAND[1] + 1, :, 2]).max() < 1e-9
    for first, last in CLAPS:
        assert np.linalg.norm(palms[first : last + 1, 0] - palms[first : last + 1, 1], axis=-1).max() < 0.03
    ahead = PERFORMANCE.R_world_from_joint[:180, JOINT["pelvis"], :2, 2]
    yaw = np.unwrap(np.arctan2(ahead[:, 1], ahead[:, 0]))
    assert yaw[-1] - yaw[0] == pytest.approx(2.0 * np.pi)
    assert PERFORMANCE.joints_world[HANDSTAND[0], JOINT["head"], 2] < 0.5
    assert PERFORMANCE.frame_count == FRAMES
