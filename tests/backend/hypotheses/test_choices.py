"""What is planted into made-up samples is found, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backend.hypotheses.choices import choices_of
from backend.hypotheses.samples import Samples
from motion.hypotheses.limbs import WHOLE_BODY
from motion.landmarks import LANDMARK
from motion.skeleton import BODY_JOINT_COUNT, JOINT, JOINT_NAMES
from tests.backend.hypotheses.made_up_samples import (
    ARM,
    LEG,
    agreeing,
    during,
    mirrored,
    of_side,
    other_side,
    person,
    towards_camera,
    trembling,
    with_turn,
)

FRAMES, FIRST, LAST, COUNT = 200, 90, 130, 20
EVEN = np.full(COUNT, 1.0 / COUNT)
NEARER = [3, 4, 7, 11, 15, 18]   # 0.3 of the samples


@pytest.fixture(scope="module")
def lift():
    return person(FRAMES)


@pytest.fixture
def tremble(lift, rng):
    return trembling(agreeing(lift, COUNT), rng)


def planted(samples: Samples, which=tuple(NEARER), side: str = "left", kind=ARM, angle_rad: float = 0.45,
            first: int = FIRST, last: int = LAST) -> Samples:  # fmt: skip
    turn = towards_camera(samples.lift, side, kind, angle_rad)
    return with_turn(samples, list(which), of_side(side, kind), turn, during(FRAMES, first, last))


def depth_cm(samples: Samples, number: int, joint: str, root: str, first: int, last: int) -> float:
    """How much farther from the camera a joint is than in the lift, its trunk at the same place."""
    away = samples.lift.root_camera / np.linalg.norm(samples.lift.root_camera, axis=-1, keepdims=True)
    none = replace(samples, turns_rad=np.zeros_like(samples.turns_rad[:1]), root_camera=samples.root_camera[:1],
                   shares=np.ones(1))  # fmt: skip
    way, own = (each.joints_camera()[at, :, JOINT[joint]] - each.joints_camera()[at, :, JOINT[root]]
                for each, at in ((samples, number), (none, 0)))  # fmt: skip
    return float(100.0 * np.sum((way - own) * away, axis=-1)[first : last + 1].mean())


def test_an_arm_that_a_third_of_the_samples_have_elsewhere_is_one_choice(tremble):
    samples = planted(tremble)
    (found,) = choices_of(samples, EVEN)
    choice = found.choice
    assert choice.limb == "left_arm"
    assert abs(choice.first - FIRST) <= 4
    assert abs(choice.last - LAST) <= 4
    assert choice.share == pytest.approx(0.3)
    assert found.sample in NEARER
    nearer_cm = -depth_cm(samples, found.sample, "left_wrist", "left_collar", choice.first, choice.last)
    assert nearer_cm > 15.0
    assert choice.words == f"left wrist {nearer_cm:.0f} cm nearer"


def test_shares_are_those_of_the_weights(tremble, rng):
    weights = rng.uniform(0.5, 1.5, COUNT)
    (found,) = choices_of(planted(tremble), weights)
    assert found.choice.share == pytest.approx(weights[NEARER].sum() / weights.sum())


def test_weights_of_joints_count_for_their_limb_and_frames_alone(tremble, rng):
    weights = rng.uniform(0.1, 0.2, (COUNT, FRAMES, BODY_JOINT_COUNT))
    arm = [JOINT[f"left_{name}"] for name in ("collar", *ARM)]
    weights[np.ix_(NEARER, range(FIRST - 4, LAST + 5), arm)] *= 5.0
    near = weights[:, FIRST : LAST + 1, arm].mean(axis=(1, 2))
    (found,) = choices_of(planted(tremble), weights)
    assert found.choice.share == pytest.approx(near[NEARER].sum() / near.sum(), abs=0.02)


def test_samples_differ_from_the_main_motion_where_that_is_another_than_their_lift(tremble):
    samples = planted(tremble)
    (found,) = choices_of(samples, EVEN, main=samples.lift_of(NEARER[0]))
    assert found.choice.words.endswith("farther")
    assert found.choice.share == pytest.approx(0.7)
    assert found.sample not in NEARER


def test_both_ways_are_told_apart(tremble):
    farther = [0, 1, 9, 13]
    samples = planted(planted(tremble), farther, angle_rad=-0.5)
    found = {each.choice.words.split()[-1]: each for each in choices_of(samples, EVEN)}
    assert set(found) == {"nearer", "farther"}
    assert found["nearer"].choice.share == pytest.approx(0.3)
    assert found["farther"].choice.share == pytest.approx(0.2)
    assert found["farther"].sample in farther


def test_a_main_motion_that_stands_alone_is_told_so(tremble):
    (found,) = choices_of(planted(tremble, range(COUNT)), EVEN)
    assert found.choice.share == pytest.approx(1.0)


def test_limbs_and_times_are_told_apart(tremble):
    samples = planted(tremble, first=20, last=50)
    samples = planted(samples, [0, 1, 2, 5, 6], "right", LEG, 0.3, 100, 160)
    samples = planted(samples, [8, 9, 10], first=140, last=180, angle_rad=-0.5)
    found = {(each.choice.limb, each.choice.first // 50, each.choice.words.split()[-1])
             for each in choices_of(samples, EVEN)}  # fmt: skip
    assert found == {("left_arm", 0, "nearer"), ("right_leg", 1, "nearer"), ("left_arm", 2, "farther")}


def test_small_noise_gives_no_choice(tremble):
    assert choices_of(tremble, EVEN) == []


def test_what_lasts_a_moment_gives_no_choice(tremble):
    assert choices_of(planted(tremble, first=100, last=103), EVEN) == []


def test_no_samples_give_no_choice(lift):
    assert choices_of(agreeing(lift, 0), np.zeros(0)) == []


def test_the_order_of_the_samples_does_not_matter(lift, rng):
    samples = planted(trembling(agreeing(lift, COUNT), rng, 0.1))
    weights, order = rng.uniform(0.5, 1.5, COUNT), rng.permutation(COUNT)
    shuffled = replace(samples, turns_rad=samples.turns_rad[order], root_camera=samples.root_camera[order])
    before, after = choices_of(samples, weights), choices_of(shuffled, weights[order])
    assert len(before) > 1
    assert [order[each.sample] for each in after] == [each.sample for each in before]
    for one, other in zip(before, after, strict=True):
        assert replace(one.choice, share=0.0) == replace(other.choice, share=0.0)
        assert one.choice.share == pytest.approx(other.choice.share)


def test_mirrored_samples_give_mirrored_choices(lift, rng):
    samples = planted(trembling(agreeing(lift, COUNT), rng, 0.1))
    before, after = choices_of(samples, EVEN), choices_of(mirrored(samples), EVEN)
    assert len(before) > 1
    assert [(each.sample, each.choice.limb, each.choice.words) for each in after] == [
        (each.sample, other_side(each.choice.limb), other_side(each.choice.words)) for each in before]  # fmt: skip


def test_at_most_five_are_offered_and_the_weightiest_come_first(lift, rng):
    samples = planted(trembling(agreeing(lift, COUNT), rng, 0.17), angle_rad=1.0)
    found = choices_of(samples, EVEN)
    assert len(found) == 5
    assert found[0].choice.limb == "left_arm"
    assert len({(each.choice.limb, each.choice.words, each.choice.first) for each in found}) == 5


def own_axes(lift) -> dict[str, np.ndarray]:
    """Directions in the camera of somebody who stands upright, by the places of joints."""
    joints = agreeing(lift, 1).joints_camera()[0, 0]
    left = joints[JOINT["left_hip"]] - joints[JOINT["right_hip"]]
    up = joints[JOINT["neck"]] - joints[JOINT["pelvis"]]
    feet = sum(joints[JOINT[f"{side}_foot"]] - joints[JOINT[f"{side}_ankle"]] for side in ("left", "right"))
    forwards = np.cross(left, up)
    assert forwards @ feet > 0.0
    return {"left": left, "right": -left, "up": up, "down": -up, "forwards": forwards, "backwards": -forwards}


# What goes which way when a body turns so, or a head.
BODY_TURNS = [("up", "to their left", "turned", "right_shoulder", "forwards"),
              ("down", "to their right", "turned", "left_shoulder", "forwards"),
              ("left", "forwards", "leaning", "neck", "forwards"),
              ("right", "backwards", "leaning", "neck", "backwards"),
              ("forwards", "to their right", "leaning", "neck", "right"),
              ("backwards", "to their left", "leaning", "neck", "left")]  # fmt: skip
HEAD_TURNS = [("up", "to their left", "turned", "nose", "left"), ("down", "to their right", "turned", "nose", "right"),
              ("left", "down", "further", "nose", "down"), ("right", "up", "further", "nose", "up"),
              ("forwards", "to their right", "tilted", "left_ear", "up"),
              ("backwards", "to their left", "tilted", "right_ear", "up")]  # fmt: skip


def turned_about(lift, axis: str, joints: list[str]) -> Samples:
    direction = own_axes(lift)[axis]
    return with_turn(agreeing(lift, COUNT), NEARER, joints, np.deg2rad(35.0) * direction / np.linalg.norm(direction),
                     during(FRAMES, FIRST, LAST))  # fmt: skip


def degrees_in(words: str) -> int:
    return int(words.split("°")[0].split()[-1])


@pytest.mark.parametrize(("axis", "way", "verb", "joint", "goes"), BODY_TURNS)
def test_a_body_that_is_turned_as_a_whole_is_one_choice(lift, axis, way, verb, joint, goes):
    samples = turned_about(lift, axis, list(JOINT_NAMES[:BODY_JOINT_COUNT]))
    (found,) = choices_of(samples, EVEN)
    assert found.choice.limb == WHOLE_BODY
    assert found.choice.words.startswith(verb)
    assert found.choice.words.endswith(f"° {way}")
    assert degrees_in(found.choice.words) == pytest.approx(35, abs=3)
    joints = samples.joints_camera()[:, FIRST, JOINT[joint]]
    assert (joints[found.sample] - joints[0]) @ own_axes(lift)[goes] > 0.0, "which says what the words say"


@pytest.mark.parametrize(("axis", "way", "verb", "landmark", "goes"), HEAD_TURNS)
def test_a_head_that_is_turned_is_a_choice(lift, axis, way, verb, landmark, goes):
    samples = turned_about(lift, axis, ["head"])
    (found,) = choices_of(samples, EVEN)
    assert found.choice.limb == "head"
    assert verb in found.choice.words
    assert found.choice.words.endswith(way)
    assert degrees_in(found.choice.words) == pytest.approx(35, abs=3)
    points = samples.landmarks_camera()[:, FIRST, LANDMARK[landmark]]
    assert (points[found.sample] - points[0]) @ own_axes(lift)[goes] > 0.0


def test_hips_that_shift_over_both_feet_are_a_choice_of_the_body(tremble):
    samples = planted(planted(tremble, kind=LEG, angle_rad=0.3), kind=LEG, side="right", angle_rad=0.3)
    found = choices_of(samples, EVEN)
    assert found[0].choice.limb == WHOLE_BODY
    assert found[0].choice.words.startswith("hips ")
    assert found[0].choice.words.endswith(" cm farther")
