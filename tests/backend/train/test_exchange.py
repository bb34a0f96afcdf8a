from dataclasses import replace

import numpy as np
import pytest
import torch

from backend.train import exchange
from backend.train.bodies import BodyFamily
from backend.train.chance import Chance
from backend.train.exchange import arm_overlaps, exchanged
from backend.train.kinematics import forward_kinematics, matrix_from_quaternion
from backend.train.motions.training_clip import Teaches
from backend.train.packed import PackedMotions
from backend.train.people import BatchSettings, draw_people
from backend.train.variety import piercing
from backend.train.variety.figure import Figure
from backend.train.variety.limbs import ARMS, TRUNK
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT
from tests.backend.train.made_up_clips import several, walking
from tests.backend.train.variety.made_up_clips import REST_JOINTS, marching

FAMILY = BodyFamily()
BELOW = [0, 1, 2, 4, 5, 7, 8, 10, 11]
EVERYONE = BatchSettings(batch_size=24, frames=60, exchanged_share=1.0)


def windows_of(*clips, frames=40):
    motions, count = PackedMotions(clips, FAMILY), len(clips)
    return motions.windows(torch.arange(count), torch.zeros(count), torch.ones(count), frames)


def rest(count=1):
    return torch.tensor(REST_JOINTS, dtype=torch.float32).expand(count, -1, -1)


def posed(name, joint_turns, pelvis_turn_rad=np.pi / 2.0, height_m=0.95, frames=40):
    """Somebody who stands, arms hanging, but for some joints' rotation vectors; and holds that."""
    vectors = np.zeros((frames, 22, 3))
    vectors[:, 0, 0] = pelvis_turn_rad
    for side, sign in (("left", 1.0), ("right", -1.0)):
        vectors[:, JOINT[f"{side}_shoulder"], 2] = -1.2 * sign
    for joint, turn in joint_turns.items():
        vectors[:, JOINT[joint]] = turn
    root = np.tile(np.float32([0.0, 0.0, height_m]), (frames, 1))
    return replace(marching(name, frames), R_parent_from_joint=matrix_from_axis_angle(vectors).astype(np.float32),
                   root_world=root)  # fmt: skip


@pytest.mark.parametrize("trunk_too", [False, True])
def test_legs_and_path_stay_bit_for_bit_and_what_is_above_comes_whole(trunk_too):
    legs, above = windows_of(marching("a")), windows_of(marching("b", arms_rad=0.7, seed=1))
    mixed, fits = exchanged(legs, above, torch.tensor([trunk_too]), rest())
    taken = [*ARMS, *(TRUNK if trunk_too else ())]
    kept = [joint for joint in range(22) if joint not in taken]
    assert fits.all() and set(BELOW) <= set(kept)
    assert torch.equal(mixed.quat_wxyz[:, :, kept], legs.quat_wxyz[:, :, kept])
    assert torch.equal(mixed.quat_wxyz[:, :, taken], above.quat_wxyz[:, :, taken])
    assert torch.equal(mixed.root_world, legs.root_world) and torch.equal(mixed.still, legs.still)


def test_who_bows_keeps_a_trunk_that_fits_the_pelvis():
    upright, bowed = windows_of(posed("a", {})), windows_of(posed("b", {"spine1": [-0.8, 0, 0]}, np.pi / 2.0 + 0.8))
    mixed, _ = exchanged(upright, bowed, torch.tensor([True]), rest())
    assert torch.equal(mixed.quat_wxyz[:, :, list(TRUNK)], upright.quat_wxyz[:, :, list(TRUNK)])


def test_what_is_taught_comes_from_where_the_rotations_come():
    def taught(*missing):
        return Teaches(joints=tuple(joint not in missing for joint in range(22)))

    legs = windows_of(replace(marching("a"), teaches=taught(JOINT["left_ankle"], JOINT["left_wrist"], JOINT["neck"])))
    by_hand = replace(taught(JOINT["right_wrist"], JOINT["right_knee"]), speed=False)
    mixed, _ = exchanged(legs, windows_of(replace(marching("b"), teaches=by_hand)), torch.tensor([False]), rest())
    assert (~mixed.joints[0]).nonzero()[:, 0].tolist() == [JOINT[n] for n in ("left_ankle", "neck", "right_wrist")]
    assert not mixed.speed.any()


def test_a_window_that_ends_too_soon_is_not_taken():
    legs, above = windows_of(marching("a")), windows_of(marching("b", frames=20))
    mixed, fits = exchanged(legs, above, torch.tensor([True]), rest())
    assert not fits.any() and torch.equal(mixed.quat_wxyz, legs.quat_wxyz)
    assert exchanged(above, legs, torch.tensor([True]), rest())[1].all()   # the other way round it is long enough


def test_forearms_that_would_go_through_the_thighs_of_who_sits_are_given_back():
    sides = (("left", 1.0), ("right", -1.0))
    before_hips = {f"{side}_shoulder": [0.0, 0.0, -1.75 * sign] for side, sign in sides}
    before_hips |= {f"{side}_elbow": [0.0, -0.5 * sign, 0.0] for side, sign in sides}
    thighs_up = {f"{side}_hip": [-1.9, 0.0, 0.0] for side, _ in sides}
    arms, standing, sitting = (windows_of(posed(*who)) for who in (("a", before_hips), ("b", {}), ("c", thighs_up)))
    arms_only = torch.tensor([False])
    assert exchanged(standing, arms, arms_only, rest())[1].all()
    mixed, fits = exchanged(sitting, arms, arms_only, rest())
    assert not fits.any() and torch.equal(mixed.quat_wxyz, sitting.quat_wxyz)
    assert exchanged(sitting, standing, arms_only, rest())[1].all()


def test_who_lies_gets_no_arms_that_reach_through_the_floor():
    back = {f"{side}_shoulder": [0.0, sign * 1.5, 0.0] for side, sign in (("left", 1.0), ("right", -1.0))}
    lying = windows_of(posed("a", {}, pelvis_turn_rad=0.0, height_m=0.1))
    assert not exchanged(lying, windows_of(posed("b", back)), torch.tensor([False]), rest())[1].any()
    standing = windows_of(posed("a", {}))
    assert exchanged(standing, windows_of(posed("b", back)), torch.tensor([False]), rest())[1].all()


def test_overlaps_are_those_of_the_rules_for_made_up_motion():
    window = windows_of(marching("a", arms_rad=1.2))
    _, joints = forward_kinematics(matrix_from_quaternion(window.quat_wxyz), window.root_world, rest())
    arms = [index for index, pair in enumerate(piercing.PAIRS) if "arm" in pair[0]]
    figure = Figure(REST_JOINTS)
    expected = figure.leg_length * piercing.overlaps(figure, joints[0].double().numpy())[:, arms]
    np.testing.assert_allclose(arm_overlaps(joints)[0], expected, atol=1e-4)


def test_an_exchange_in_the_mirror_is_the_mirrored_exchange():
    clips = several(3, 90)
    motions, reverse = PackedMotions(clips, FAMILY), torch.arange(2, -1, -1)
    legs, above = windows_of(*clips), windows_of(*clips)[reverse]
    everyone, trunk_too, bodies = torch.ones(3, dtype=torch.bool), torch.tensor([True, False, True]), motions.bodies
    one, fits = exchanged(legs, above, trunk_too, bodies.rest_joints)
    other, fits_too = exchanged(
        legs.mirrored(everyone), above.mirrored(everyone), trunk_too, bodies.mirrored().rest_joints
    )
    assert torch.equal(fits, fits_too)
    for name in ("quat_wxyz", "root_world", "joints", "still"):
        torch.testing.assert_close(getattr(one.mirrored(everyone), name), getattr(other, name))


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_as_many_are_exchanged_as_is_asked_for_and_their_legs_are_as_without(share):
    motions = PackedMotions(several(6), FAMILY)
    people, plain = (
        draw_people(motions, FAMILY, replace(EVERYONE, exchanged_share=each), Chance.seeded(5)) for each in (share, 0.0)
    )
    assert people.exchanged.float().mean() <= share and people.exchanged.any() == (share > 0.0)
    assert torch.equal(people.windows.quat_wxyz[:, :, BELOW], plain.windows.quat_wxyz[:, :, BELOW])
    assert torch.equal(people.windows.root_world, plain.windows.root_world)
    changed = (people.windows.quat_wxyz != plain.windows.quat_wxyz).flatten(1).any(1)
    assert torch.equal(changed, people.exchanged)


def test_the_same_chance_draws_the_same_people():
    motions = PackedMotions(several(6), FAMILY)
    one, again, other = (draw_people(motions, FAMILY, EVERYONE, Chance.seeded(seed)) for seed in (1, 1, 2))
    assert torch.equal(one.windows.quat_wxyz, again.windows.quat_wxyz)
    assert not torch.equal(one.windows.quat_wxyz, other.windows.quat_wxyz)


def test_alone_in_the_world_one_may_still_be_drawn():
    motions = PackedMotions([walking("only", 30, 1.0)], FAMILY)
    assert draw_people(motions, FAMILY, EVERYONE, Chance.seeded(0)).windows.quat_wxyz.isfinite().all()


def test_the_capsules_of_arms_are_all_looked_at():
    names = list(piercing.CAPSULES)
    _, _, first, _ = exchange._arm_pairs(torch.device("cpu"))
    assert {names[index] for index in first.tolist()} == {name for name in names if "arm" in name}
