"""A take's cameras and clocks, as they are, agree with what each clip shows."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import torch

import bench.multiview_plans
from backend.train.errors.learned import read_learned
from bench.metrics import mpjpe_mm
from bench.multiview_odd import CHANGES, ONE_SECOND_S
from bench.multiview_plans import LEAST_APART_DEG, TakePlan, TakePlans, drawn_body, held_still
from bench.multiview_simulated import NOTHING, RIGHT_ARM, take_of
from bench.multiview_takes import Take
from bench.multiview_ways import LiftedTake
from motion.landmarks import LIMB_LANDMARKS
from motion.refusal import Refusal
from tests.bench.render.made_clip import marching

PREPARED = "prepared.npz"


@pytest.fixture(autouse=True)
def one_marcher(monkeypatch):
    monkeypatch.setattr(bench.multiview_plans, "read_prepared", lambda path: [marching(frames=400, speed_m_s=0.1)])


def plans() -> TakePlans:
    return TakePlans(PREPARED, "dev", 5, seconds=(6.0, 7.0))


@cache
def plan(number: int, views: int) -> TakePlan:
    return plans().plan(number, views)


@cache
def made(number: int = 3, views: int = 3, arm_hidden: bool = False) -> Take:
    errors, generator = read_learned(wider=0.0), torch.Generator().manual_seed(1)
    return take_of(plan(number, views), errors, generator, RIGHT_ARM if arm_hidden else NOTHING)


def test_the_same_number_is_the_same_plan_and_another_number_another():
    one, same, other = plan(1, 2), plans().plan(1, 2), plan(3, 2)
    np.testing.assert_array_equal(one.performance.root_world, same.performance.root_world)
    np.testing.assert_array_equal(one.cameras[1].K, same.cameras[1].K)
    assert one.cameras[1].K[0, 0] != other.cameras[1].K[0, 0]


def test_cameras_stand_apart_begin_within_five_seconds_and_see_the_person():
    drawn = plan(0, 4)
    middle = np.median(drawn.limbs_world.reshape(-1, 3), axis=0)
    flat = np.array([camera.place_world - middle for camera in drawn.cameras])[:, :2]
    turns = np.degrees(np.arctan2(*flat.T))
    apart = np.abs((turns[:, None] - turns + 180.0) % 360.0 - 180.0) + 360.0 * np.eye(4)
    assert apart.min() > LEAST_APART_DEG - 5.0      # the middle of a path is not quite that of its box
    starts_s = [camera.start_s for camera in drawn.cameras]
    assert min(starts_s) == 0.0 and max(starts_s) <= 5.0
    for view, camera in enumerate(drawn.cameras):
        limbs = camera.in_camera(drawn.shown(view).points_world()[:, LIMB_LANDMARKS])
        px = limbs @ camera.K.T / limbs[..., 2:]
        assert ((px[..., :2] > 0) & (px[..., :2] < camera.size_px)).mean() > 0.9


def test_bodies_are_adults_whose_heights_spread_by_six_percent():
    heights_m = [drawn_body(np.random.default_rng(number)).height for number in range(80)]
    assert min(heights_m) > 1.44 and 0.045 < np.std(heights_m) / np.mean(heights_m) < 0.075


def test_motion_of_another_split_is_refused_by_name():
    with pytest.raises(Refusal) as refused:
        TakePlans(PREPARED, "test", 5)
    assert refused.value.sentence == "prepared.npz holds no motion of the split test."


def test_the_rig_takes_what_each_clip_shows_to_the_first_camera_at_the_right_moment():
    take = made()
    rig, first = take.rig(), take.views[0].camera
    for view, each in enumerate(take.views):
        own_s = np.linspace(0.5, 5.0, 9)
        seen = take.limbs_before(each.camera, each.camera.take_times_s(own_s))
        before_first = take.limbs_before(first, first.take_times_s(rig.first_times_s(view, own_s)))
        np.testing.assert_allclose(rig.in_first(view, seen), before_first, atol=1e-6)


def test_what_is_found_in_a_clip_lies_where_the_truth_is_seen():
    take = made()
    for view in take.views:
        truth = take.limbs_before(view.camera, view.camera.take_times_s(view.track.times_s))
        px = truth @ view.camera.K.T / truth[..., 2:]
        off = np.linalg.norm(view.track.landmarks_px[:, LIMB_LANDMARKS] - px[..., :2], axis=-1)
        assert np.nanmedian(off) < 0.05 * np.ptp(px[..., 1], axis=1).mean()


def test_of_times_at_which_nobody_knows_the_truth_nothing_is_said():
    take = made()
    limbs = take.limbs_before(take.views[0].camera, np.array([-1.0, take.times_s[5], take.times_s[-1] + 1.0]))
    assert np.isnan(limbs[[0, 2]]).all() and np.isfinite(limbs[1]).all()


def test_angles_are_those_at_the_person():
    take = made(views=2)
    turned = take.only([1, 0])
    assert 25.0 < take.angle_deg(0, 1) < 180.0 and turned.angle_deg(0, 1) == pytest.approx(take.angle_deg(0, 1))


def test_landmarks_that_only_one_camera_sees_have_low_scores_in_the_others():
    seen, hidden = made(), made(arm_hidden=True)
    arm = [view.track.scores[:, RIGHT_ARM].mean() for view in hidden.views]
    usual = [view.track.scores[:, RIGHT_ARM].mean() for view in seen.views]
    lower = [low < 0.8 * high for low, high in zip(arm, usual, strict=True)]
    assert sum(lower) == 2


def test_who_is_held_still_does_not_move():
    assert np.ptp(held_still(plan(1, 2)).limbs_world, axis=0).max() < 1e-9


def test_a_mirrors_picture_is_mirrored_and_the_mirror_of_it_is_the_first():
    take = made(views=2)
    once = CHANGES["mirrored"](take, take)
    track, image = take.views[1].track, once.views[1].track
    width = take.views[1].camera.size_px[0]
    left, right = LIMB_LANDMARKS[0], LIMB_LANDMARKS[1]
    np.testing.assert_allclose(image.landmarks_px[:, left, 0], width - track.landmarks_px[:, right, 0])
    np.testing.assert_allclose(CHANGES["mirrored"](once, once).views[1].track.landmarks_px, track.landmarks_px)


def test_the_last_clip_is_somebody_elses_or_lasts_a_second():
    take, other = made(views=2), made()
    foreign = CHANGES["foreign"](take, other).views[1]
    assert foreign.track is other.views[0].track and foreign.camera.name == take.views[1].camera.name
    short = CHANGES["one_second"](take, other)
    assert short.views[1].track.times_s[-1] < ONE_SECOND_S and short.views[0] is take.views[0]


def test_only_the_time_that_all_cameras_share_is_judged():
    take = made()
    seen = LiftedTake(take, ())
    first = take.views[0]
    spans = [each.camera.take_times_s(each.track.times_s[[0, -1]]) for each in take.views]
    shared = first.camera.take_times_s(first.track.times_s[seen.shared(first.track.times_s)])
    assert shared[0] >= max(span[0] for span in spans) - 1e-9 and shared[-1] <= min(span[1] for span in spans) + 1e-9
    truth = seen.truth_at(first.track.times_s)
    assert mpjpe_mm(truth, take.limbs_before(first.camera, first.camera.take_times_s(first.track.times_s))) == 0.0
