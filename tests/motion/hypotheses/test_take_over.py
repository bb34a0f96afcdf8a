from __future__ import annotations

from dataclasses import fields, replace
from fractions import Fraction

import numpy as np
import pytest

from motion.arrays import Array
from motion.clean_up.plant import plant
from motion.clean_up.settings import CleanUpSettings
from motion.hypotheses.limbs import LIMBS, WHOLE_BODY
from motion.hypotheses.take_over import taken_over
from motion.kinematics import forward_kinematics
from motion.motion import Motion
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle
from motion.skeleton import JOINT, Skeleton
from tests.motion.clean_up.performers import (
    FIGURE,
    RATE,
    SOLE_M,
    UPRIGHT,
    Take,
    in_place,
    noisy,
    pitched,
    standing,
    walking,
)
from tests.motion.made_up import made_up_motion

FIRST, LAST, FADE = 40, 70, 9
INSIDE = slice(FIRST, LAST + 1)
OUTSIDE = np.r_[0 : FIRST - FADE, LAST + FADE + 1 : 120]
LIMBS_ALONE = [limb for limb in LIMBS if limb != WHOLE_BODY]
LEGS = ["left_leg", "right_leg"]


def motion_of(take: Take, *others: Take) -> Motion:
    """A take, other takes of the same length being its hypotheses."""
    return Motion(
        Skeleton(FIGURE.rest_joints), Fraction(RATE), take.R, take.root,
        hypotheses=np.array([axis_angle_from_matrix(other.R) for other in others]),
        hypotheses_root=np.array([other.root for other in others]), hypotheses_weights=np.ones(len(others)),
    )  # fmt: skip


def walks(seed: int, off_deg: float = 2.0, off_m: float = 0.02) -> Take:
    """A walk with errors of its own, its feet planted on the floor."""
    take = noisy(walking(), np.random.default_rng(seed), off_deg, off_m)
    return take.with_motion(*plant(FIGURE, take.R, take.root, take.contacts, RATE, CleanUpSettings(), None))


@pytest.fixture(scope="module")
def two_walks() -> Motion:
    return motion_of(walks(1), walks(2), walks(3, 6.0, 0.05))


def world(motion: Motion) -> tuple[Array, Array]:
    return forward_kinematics(motion.skeleton, motion.R_parent_from_joint, motion.root_world)


def hypothesis(motion: Motion, number: int) -> Motion:
    return replace(motion, R_parent_from_joint=matrix_from_axis_angle(motion.hypotheses[number]),
                   root_world=motion.hypotheses_root[number])  # fmt: skip


def soles(motion: Motion, leg: str) -> Array:
    """[T, 3, 3] heel, ball and toe in the world."""
    points = FIGURE.points(*world(motion))
    return points[:, [FIGURE.point(f"{leg.split('_')[0]}_{part}") for part in ("heel", "ball", "toe")]]


def standing_still(drop: float, lean_m: float = 0.0, heels_up_deg: float = 0.0) -> Take:
    """The balls of both feet always on the same places; the pelvis sways, lower by `drop` m and forward by `lean_m`."""
    take = in_place(120, drop)
    offset = FIGURE.rest_joints[JOINT["left_foot"]] - FIGURE.rest_joints[JOINT["left_ankle"]]
    R_foot = pitched(np.tile(UPRIGHT, (120, 1, 1)), np.full(120, np.deg2rad(heels_up_deg)))
    ankles = {side: np.array([0.0, sign * 0.12, SOLE_M]) + (UPRIGHT - R_foot) @ (offset * [sign, 1.0, 1.0])
              for side, sign in (("left", 1.0), ("right", -1.0))}  # fmt: skip
    level = {side: np.tile(UPRIGHT, (120, 1, 1)) for side in ankles}
    return standing(take.R[:, 0], take.root + [lean_m, 0.0, 0.0], ankles, dict.fromkeys(ankles, R_foot), take.contacts,
                    bend_toes=level)  # fmt: skip


@pytest.mark.parametrize("limb", LIMBS_ALONE)
def test_a_limb_is_oriented_in_the_world_as_in_the_hypothesis(two_walks, limb):
    after = taken_over(two_walks, 1, limb, FIRST, LAST, FADE)
    wanted, R = world(hypothesis(two_walks, 1))[0], world(after)[0]
    knee_gives_way = {JOINT[f"{limb[:-4]}_{joint}"] for joint in ("hip", "knee")} if limb in LEGS else set()
    joints = [joint for joint in LIMBS[limb] if joint not in knee_gives_way]
    np.testing.assert_allclose(R[INSIDE][:, joints], wanted[INSIDE][:, joints], atol=1e-9)


@pytest.mark.parametrize("limb", LIMBS)
def test_all_but_the_limb_and_all_other_frames_stay_exactly_as_they_are(two_walks, limb):
    after = taken_over(two_walks, 0, limb, FIRST, LAST, FADE)
    rest = [joint for joint in range(55) if joint not in LIMBS[limb]]
    np.testing.assert_array_equal(after.R_parent_from_joint[:, rest], two_walks.R_parent_from_joint[:, rest])
    np.testing.assert_array_equal(after.R_parent_from_joint[OUTSIDE], two_walks.R_parent_from_joint[OUTSIDE])
    unmoved = OUTSIDE if limb == WHOLE_BODY else slice(None)
    np.testing.assert_array_equal(after.root_world[unmoved], two_walks.root_world[unmoved])


def test_the_whole_body_is_the_hypothesis(two_walks):
    after = taken_over(two_walks, 1, WHOLE_BODY, FIRST, LAST, FADE)
    wanted = matrix_from_axis_angle(two_walks.hypotheses[1])
    np.testing.assert_array_equal(after.R_parent_from_joint[INSIDE], wanted[INSIDE])
    np.testing.assert_array_equal(after.root_world[INSIDE], two_walks.hypotheses_root[1][INSIDE])


@pytest.mark.parametrize("leg", LEGS)
def test_a_leg_alone_stands_where_the_hypothesis_stands(two_walks, leg):
    after, other = taken_over(two_walks, 0, leg, FIRST, LAST, FADE), hypothesis(two_walks, 0)
    hips = np.linalg.norm(after.world_joints() - other.world_joints(), axis=-1)[INSIDE, JOINT["left_hip"]]
    assert hips.max() > 0.05, "though the trunk is elsewhere"
    off = np.linalg.norm(soles(after, leg) - soles(other, leg), axis=-1)[INSIDE]
    assert np.median(off) < 1e-6
    assert off.max() < 0.01, "but where the leg is too short"


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("limb", [*LEGS, WHOLE_BODY])
def test_soles_do_not_sink(two_walks, limb, number):
    after = taken_over(two_walks, number, limb, FIRST, LAST, FADE)
    low = np.min([soles(after, leg)[..., 2] for leg in LEGS], axis=(0, 2))
    assert low[INSIDE].min() > -1e-6
    assert low.min() > -0.005, "where one motion stands on its heel and the other one on the whole sole"


def test_a_foot_that_stands_in_the_same_place_in_both_does_not_move():
    low, high = standing_still(drop=0.12, lean_m=0.03), standing_still(drop=0.03, lean_m=-0.04)
    for limb in (*LEGS, WHOLE_BODY):
        after = taken_over(motion_of(low, high), 0, limb, FIRST, LAST, FADE)
        for leg in LEGS:
            np.testing.assert_allclose(np.ptp(soles(after, leg), axis=0), 0.0, atol=1e-6)


def test_a_foot_going_on_tiptoe_keeps_its_ball_where_it_is():
    flat, tiptoe = standing_still(drop=0.10), standing_still(drop=0.05, heels_up_deg=50.0)
    after = taken_over(motion_of(flat, tiptoe), 0, WHOLE_BODY, FIRST, LAST, FADE)
    ball = after.world_joints()[:, JOINT["left_foot"]]
    np.testing.assert_allclose(np.ptp(ball, axis=0), 0.0, atol=1e-6)


def test_a_limb_that_passes_half_a_turn_against_the_main_one_does_not_pop():
    frames = 60
    R, turns = np.tile(np.eye(3), (frames, 55, 1, 1)), np.zeros((1, frames, 55, 3))
    turns[0, :, JOINT["head"], 1] = np.deg2rad(np.linspace(120.0, 240.0, frames))   # half a turn in the fade's middle
    main = Motion(Skeleton(FIGURE.rest_joints), Fraction(30), R, np.zeros((frames, 3)), hypotheses=turns,
                  hypotheses_root=np.zeros((1, frames, 3)), hypotheses_weights=np.ones(1))  # fmt: skip
    after = taken_over(main, 0, "head", 45, 59, 30).R_parent_from_joint[:, JOINT["head"]]
    steps_deg = np.rad2deg(np.linalg.norm(axis_angle_from_matrix(np.swapaxes(after[:-1], -1, -2) @ after[1:]), axis=-1))
    assert steps_deg.max() < 240.0 * 1.875 / 31 + 2.1, "the steepest of a smooth step, and the turn itself"


@pytest.mark.parametrize("limb", LIMBS)
@pytest.mark.parametrize(("first", "last", "fade"), [(0, 119, 9), (0, 20, 9), (4, 30, 9), (90, 119, 200), (7, 7, 0)])
def test_ends_of_the_clip_cut_fades_off(two_walks, limb, first, last, fade):
    after = taken_over(two_walks, 0, limb, first, last, fade)
    moved = np.abs(after.R_parent_from_joint - two_walks.R_parent_from_joint).max(axis=(1, 2, 3)) > 0.0
    assert np.flatnonzero(moved).min() == max(first - fade, 0)
    assert np.flatnonzero(moved).max() == min(last + fade, 119)


def test_all_else_in_the_motion_is_kept(rng):
    main = made_up_motion(rng, 9)
    after = taken_over(main, 1, "left_arm", 3, 5, 2)
    for kept in fields(Motion):
        if kept.name not in ("R_parent_from_joint", "root_world"):
            before_it, after_it = getattr(main, kept.name), getattr(after, kept.name)
            assert after_it is before_it or np.array_equal(after_it, before_it), kept.name


@pytest.mark.parametrize(("number", "limb", "first", "last", "fade"), [
    (2, "head", 1, 2, 3), (-1, "head", 1, 2, 3), (0, "tail", 1, 2, 3), (0, "head", 3, 2, 3), (0, "head", -1, 2, 3),
    (0, "head", 1, 120, 3), (0, "head", 1, 2, -1),
])  # fmt: skip
def test_what_is_not_there_cannot_be_taken_over(two_walks, number, limb, first, last, fade):
    with pytest.raises(ValueError):
        taken_over(two_walks, number, limb, first, last, fade)
