from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

from backend.hypotheses.choices import Represented
from backend.hypotheses.hypotheses import Hypotheses
from backend.hypotheses.in_world import cleaned_sample, sample_in_world, with_hypotheses
from backend.world.common_floor import scaled
from backend.world.place import Placed, WorldSettings, place
from motion.clean_up.clean_motion import clean_motion
from motion.clean_up.settings import CleanUpSettings
from motion.contacts.body_points import figure_of
from motion.hypotheses.choice import Choice
from motion.kinematics import forward_kinematics
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import BODY_JOINT_COUNT, JOINT
from tests.backend.hypotheses.slow_samples import only, slow_samples, turned_samples
from tests.backend.world.filmed import lift_of, points_of, shot_before
from tests.motion.contacts.takes import walking

CLEAN_UP = CleanUpSettings()
SOLES = tuple(f"{side}_{part}" for side in ("left", "right") for part in ("heel", "ball"))


def filmed(kind="static"):
    """A walk before a camera: what was lifted and where it was placed."""
    take = walking(seconds=2.0)
    shot = shot_before(take, kind)
    lift = lift_of(take, shot)
    clip = SimpleNamespace(width_px=960, height_px=1080, path="film.mp4", sha256="", byte_count=1,
                           times_s=shot.path.times_s, rate=Fraction(round(take.rate)))  # fmt: skip
    (placed,) = place([lift], clip, shot.path, WorldSettings())
    return lift, placed


@pytest.fixture(scope="module", params=["static", "turning"])
def walker(request):
    return filmed(request.param)


def choice(share, sample):
    return Represented(Choice("left_arm", 3, 20, share, "left wrist 18 cm nearer"), sample)


def cleaned(placed, samples, number=0):
    return cleaned_sample(placed, samples, number, figure_of(placed.lift.body), CLEAN_UP)


def test_a_sample_that_is_the_lift_is_the_main_motion(walker):
    lift, placed = walker
    same = cleaned(placed, slow_samples(lift, 1, 0.0))
    np.testing.assert_allclose(same.R_parent_from_joint, placed.motion.R_parent_from_joint, atol=1e-4)
    np.testing.assert_allclose(same.root_world, placed.motion.root_world, atol=1e-5)


def test_what_turns_in_the_camera_turns_in_the_world_as_the_camera_stands(walker):
    lift, placed = walker
    turns = only(lift, "left_shoulder", (0.3, -0.2, 0.4))
    samples = turned_samples(lift, turns[None])
    raw, camera = placed.motion.raw, placed.motion.cameras[0]
    R_world_from_camera = camera.R_camera_from_world.swapaxes(-1, -2)
    own, other = (forward_kinematics(raw.skeleton, each.R_parent_from_joint, each.root_world)[0][:, :BODY_JOINT_COUNT]
                  for each in (raw, sample_in_world(placed, samples, 0)))  # fmt: skip
    turns_world = np.einsum("tij,tpj->tpi", R_world_from_camera, turns)
    np.testing.assert_allclose(other, matrix_from_axis_angle(turns_world) @ own, atol=1e-9)


def test_the_body_is_as_far_from_the_main_motion_as_before_the_camera(walker):
    lift, placed = walker
    samples = slow_samples(lift, 2, 0.3)
    moved = np.linalg.norm(sample_in_world(placed, samples, 1).root_world - placed.motion.raw.root_world, axis=-1)
    np.testing.assert_allclose(moved, np.linalg.norm(samples.root_camera[1] - lift.root_camera, axis=-1), atol=1e-9)


def test_feet_that_stand_do_not_slide_and_none_is_under_the_floor(walker):
    lift, placed = walker
    other = cleaned(placed, slow_samples(lift, 1, 0.1, seed=4))
    soles = points_of(other, *SOLES)
    held = other.contacts[:, [other.contact_names.index(name) for name in SOLES]] > 0.5
    step_m = np.linalg.norm(np.diff(soles, axis=0), axis=-1)[held[1:] & held[:-1]]
    assert held.any(axis=0).all() and step_m.mean() < 2e-3
    assert soles[..., 2].min() > -0.01


def test_fingers_are_the_main_motions(walker):
    lift, placed = walker
    other = cleaned(placed, slow_samples(lift, 1, 0.2))
    np.testing.assert_array_equal(other.R_parent_from_joint[:, BODY_JOINT_COUNT:],
                                  placed.motion.R_parent_from_joint[:, BODY_JOINT_COUNT:])  # fmt: skip


def test_another_arm_leaves_the_legs_where_they_are(walker):
    lift, placed = walker
    other = cleaned(placed, turned_samples(lift, only(lift, "left_shoulder", (0.0, 0.5, 0.0))[None]))
    ankles = [JOINT["left_ankle"], JOINT["right_ankle"]]
    moved = np.linalg.norm(other.world_joints() - placed.motion.world_joints(), axis=-1)
    assert moved[:, JOINT["left_elbow"]].mean() > 0.1
    assert moved[:, ankles].max() < 0.05   # an arm that is nearer puts the body a little farther off


def test_the_motion_holds_all_choices(walker):
    lift, placed = walker
    samples, spread = slow_samples(lift, 4), np.full((len(lift.root_camera), 22), 0.07)
    found = Hypotheses(samples, lift, spread, [choice(0.4, 2), choice(0.15, 0)])
    motion = with_hypotheses(placed, found, CLEAN_UP)
    assert [each.share for each in motion.choices] == [0.4, 0.15] == list(motion.hypotheses_weights)
    np.testing.assert_array_equal(motion.R_parent_from_joint, placed.motion.R_parent_from_joint)
    np.testing.assert_allclose(motion.spread_m, 0.07)
    for index, number in enumerate((2, 0)):
        other = cleaned(placed, samples, number)
        R = matrix_from_axis_angle(motion.hypotheses[index])
        np.testing.assert_allclose(R, other.R_parent_from_joint, atol=1e-6)
        np.testing.assert_allclose(motion.hypotheses_root[index], other.root_world)


def test_a_choice_of_a_part_of_the_clip_is_the_main_motion_elsewhere(walker):
    lift, placed = walker
    samples, during = slow_samples(lift, 2, 0.3), slice(25, 70)
    choices = [replace(choice(0.4, 1), during=during), choice(0.2, 0)]
    spread = np.zeros((len(lift.root_camera), BODY_JOINT_COUNT))
    motion = with_hypotheses(placed, Hypotheses(samples, lift, spread, choices), CLEAN_UP)
    R, elsewhere = matrix_from_axis_angle(motion.hypotheses[0]), np.ones(motion.frame_count, bool)
    elsewhere[during] = False
    np.testing.assert_allclose(R[elsewhere], placed.motion.R_parent_from_joint[elsewhere], atol=1e-6)
    np.testing.assert_array_equal(motion.hypotheses_root[0, elsewhere], placed.motion.root_world[elsewhere])
    whole = cleaned(placed, samples, 1)
    inner = slice(40, 55)   # what lies beyond the part has its say at its ends only
    np.testing.assert_allclose(R[inner], whole.R_parent_from_joint[inner], atol=0.05)
    assert np.abs(R[inner] - placed.motion.R_parent_from_joint[inner]).max() > 0.1
    np.testing.assert_allclose(matrix_from_axis_angle(motion.hypotheses[1]),
                               cleaned(placed, samples, 0).R_parent_from_joint, atol=1e-6)  # fmt: skip


def test_without_choices_there_is_a_spread_all_the_same(walker):
    lift, placed = walker
    spread = np.full((len(lift.root_camera), BODY_JOINT_COUNT), 0.07)
    motion = with_hypotheses(placed, Hypotheses(slow_samples(lift, 2), lift, spread, []), CLEAN_UP)
    assert motion.hypotheses.shape == (0, len(lift.root_camera), 55, 3) and motion.choices == ()
    assert motion.spread_m.mean() == pytest.approx(0.07)


def test_bodies_that_the_floor_made_larger_are_moved_and_spread_by_more(walker):
    """The placed body is 1.3 times the lifted one: all that was said in the lift's metres grows with it."""
    lift, placed = walker
    samples = slow_samples(scaled(lift, 1.0 / 1.3), 1, 0.2)
    main = Placed(placed.motion, placed.lift)
    same_size = slow_samples(lift, 1, 0.2)
    spread = np.full((len(lift.root_camera), 22), 0.1)
    motion = with_hypotheses(main, Hypotheses(samples, samples.lift, spread, []), CLEAN_UP)
    np.testing.assert_allclose(motion.spread_m, 1.3 * 0.1)
    larger, own = (sample_in_world(main, each, 0).root_world for each in (samples, same_size))
    np.testing.assert_allclose(larger, own, atol=0.02)


def test_the_samples_are_cleaned_as_the_settings_say():
    lift, placed = filmed()
    samples = slow_samples(lift, 1, 0.1)
    never = replace(CLEAN_UP, feet="never", smoothing=0.0)
    rough = cleaned_sample(placed, samples, 0, figure_of(placed.lift.body), never)
    expected = clean_motion(sample_in_world(placed, samples, 0), figure_of(placed.lift.body), never)
    np.testing.assert_array_equal(rough.root_world, expected.root_world)
    assert np.abs(rough.R_parent_from_joint - cleaned(placed, samples).R_parent_from_joint).max() > 0.01
