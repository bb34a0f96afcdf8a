from dataclasses import replace

import numpy as np
import pytest
from scipy.special import softmax

from backend.cameras.projection import projected
from backend.hypotheses.rpea import aggregated, joint_weights, mean_turns, pose_weights, rpea, weights_of
from backend.hypotheses.settings import RpeaSettings
from backend.lift.lift import Lift
from motion.kinematics import forward_kinematics
from motion.refusal import Refusal
from motion.skeleton import BODY_JOINT_COUNT, JOINT, PARENTS
from tests.backend.hypotheses.slow_samples import only, slow_samples, turned_samples
from tests.backend.lift.refine.clips import walker, wrong_lift

PUBLISHED = RpeaSettings(kept=99, temperature=0.7, smoothed_s=0.0)   # where all are kept


@pytest.fixture(scope="module")
def lift() -> Lift:
    return walker()


def test_where_all_are_kept_weights_are_the_published_softmax() -> None:
    distances = np.random.default_rng(3).uniform(0.0, 5.0, (6, 9, 22))
    np.testing.assert_allclose(weights_of(distances, 30.0, PUBLISHED), softmax(-distances / 0.7, axis=0))


def test_of_samples_as_near_as_each_other_the_likelier_counts_more() -> None:
    distances = np.random.default_rng(2).uniform(0.0, 5.0, (3, 9, 22))
    shares = np.array([0.5, 0.2, 0.3])
    expected = shares[:, None, None] * softmax(-distances / 0.7, axis=0)
    np.testing.assert_allclose(weights_of(distances, 30.0, PUBLISHED, shares), expected / expected.sum(axis=0))
    unknown = weights_of(np.full((3, 9, 22), np.nan), 30.0, PUBLISHED, shares)
    np.testing.assert_allclose(unknown, np.broadcast_to(shares[:, None, None], unknown.shape))


def test_the_samples_own_shares_are_heard(lift: Lift) -> None:
    turns = np.repeat(slow_samples(lift, 1).turns_rad, 2, axis=0)
    samples = replace(turned_samples(lift, turns), shares=np.array([0.8, 0.2]))
    np.testing.assert_allclose(joint_weights(samples, RpeaSettings())[0], 0.8)
    np.testing.assert_allclose(pose_weights(samples, RpeaSettings())[0], 0.8)


def test_only_the_nearest_count() -> None:
    distances = 4.0 * np.random.default_rng(3).permuted(np.tile(np.arange(12.0)[:, None], (1, 22)), axis=0)[:, None]
    weights = weights_of(distances, 30.0, replace(PUBLISHED, temperature=2.0, kept=4))
    kept = distances < 4.0 * 4
    np.testing.assert_allclose(weights, softmax(np.where(kept, -distances / 2.0, -np.inf), axis=0), atol=0.02)


def test_a_sample_that_falls_out_of_the_nearest_leaves_without_a_jump() -> None:
    times = np.linspace(0.0, 1.0, 401)
    distances = np.stack([3.0 * times, 1.0 - 0.5 * times, np.full(401, 0.8), np.full(401, 0.9)])[..., None]
    weights = weights_of(distances, 30.0, replace(PUBLISHED, kept=2))
    assert np.abs(np.diff(weights, axis=1)).max() < 0.02
    assert weights[0, 0] > 0.7 and weights[0, -1] < 0.01


def test_samples_that_are_as_good_as_equally_far_count_alike() -> None:
    weights = weights_of(2.0 + 1e-3 * np.arange(10.0)[:, None, None], 30.0, RpeaSettings(kept=3))
    np.testing.assert_allclose(weights, 0.1, atol=0.01)


@pytest.mark.parametrize("nothing", [np.nan, 0.0, 4.2])
def test_samples_of_which_nothing_is_known_count_alike(nothing: float) -> None:
    weights = weights_of(np.full((5, 7, 22), nothing), 30.0, RpeaSettings(kept=2))
    np.testing.assert_allclose(weights, 0.2)


def test_all_that_is_very_far_is_alike_unlikely() -> None:
    weights = weights_of(np.array([900.0, 30.0])[:, None, None], 30.0, PUBLISHED)
    np.testing.assert_allclose(weights, 0.5)


def test_trembling_distances_do_not_make_trembling_weights() -> None:
    distances = 2.0 + np.random.default_rng(1).normal(size=(8, 60, 1))
    def steps(smoothed_s: float) -> float:
        weights = weights_of(distances, 30.0, replace(PUBLISHED, smoothed_s=smoothed_s))
        return float(np.abs(np.diff(weights, axis=1)).mean())

    assert steps(0.15) < 0.15 * steps(0.0)


def test_the_mean_about_one_axis_is_that_of_points_on_a_circle() -> None:
    rng = np.random.default_rng(5)
    angles, weights = rng.uniform(-1.2, 1.2, (4, 3, BODY_JOINT_COUNT)), rng.dirichlet(np.ones(4), (3, BODY_JOINT_COUNT))
    weights, axis = np.moveaxis(weights, -1, 0), np.array([0.6, 0.0, 0.8])
    mean = np.arctan2((weights * np.sin(angles)).sum(axis=0), (weights * np.cos(angles)).sum(axis=0))
    np.testing.assert_allclose(mean_turns(angles[..., None] * axis, weights), mean[..., None] * axis, atol=1e-12)


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_the_lift_is_one_sample_more_of_so_much_weight(lift: Lift, share: float) -> None:
    samples = slow_samples(lift, 3)
    with_lift = np.concatenate([samples.turns_rad, np.zeros_like(samples.turns_rad[:1])])
    weights = np.array([0.5, 0.3, 0.2, 0.0])[:, None, None] * (1.0 - share) + np.array([0, 0, 0, share])[:, None, None]
    expected = mean_turns(with_lift, np.broadcast_to(weights, with_lift.shape[:3]))
    own = np.broadcast_to(np.array([0.5, 0.3, 0.2])[:, None, None], samples.turns_rad.shape[:3])
    np.testing.assert_allclose(mean_turns(samples.turns_rad, own, share), expected, atol=1e-12)


def test_samples_that_agree_are_their_mean(lift: Lift) -> None:
    turns = np.repeat(slow_samples(lift, 1).turns_rad, 3, axis=0)
    samples = turned_samples(lift, turns)
    together, one = rpea(samples, RpeaSettings(lift_share=0.0)), samples.lift_of(1)
    np.testing.assert_allclose(together.R_parent_from_joint, one.R_parent_from_joint, atol=1e-9)
    np.testing.assert_allclose(together.root_camera, one.root_camera, atol=1e-9)


def test_bones_keep_their_lengths_where_means_of_places_shorten_them(lift: Lift) -> None:
    samples = slow_samples(lift, 8, turn_rad=0.5)
    together = rpea(samples, RpeaSettings())
    _, joints = forward_kinematics(together.body.skeleton, together.R_parent_from_joint, together.root_camera)
    forearm = JOINT["left_wrist"], PARENTS[JOINT["left_wrist"]]
    length = np.linalg.norm(lift.body.skeleton.offsets[forearm[0]])
    np.testing.assert_allclose(np.linalg.norm(joints[:, forearm[0]] - joints[:, forearm[1]], axis=-1), length)
    places = samples.joints_camera().mean(axis=0)
    assert np.linalg.norm(places[:, forearm[0]] - places[:, forearm[1]], axis=-1).mean() < 0.9 * length


@pytest.mark.parametrize("seed", range(3))
def test_together_they_fall_nearer_to_the_landmarks_than_their_mean(lift: Lift, seed: int) -> None:
    samples = slow_samples(wrong_lift(lift, np.random.default_rng(seed), shift_m=0.0), 20, seed=seed)
    alike = np.full((20, len(lift.root_camera), BODY_JOINT_COUNT), 0.05)

    def off_px(together: Lift) -> float:
        points_px = projected(together.points_camera()[:, :33], lift.K)
        return float(np.linalg.norm(points_px - lift.track.landmarks_px, axis=-1).mean())

    assert off_px(rpea(samples, RpeaSettings(lift_share=0.0))) < 0.95 * off_px(aggregated(samples, alike))


def test_joints_are_weighed_each_by_itself_and_poses_as_a_whole(lift: Lift) -> None:
    """Of two samples one has the truth's left arm, the other its right arm."""
    turns = np.stack([only(lift, "right_elbow", (0.0, 0.0, 0.6)), only(lift, "left_elbow", (0.0, 0.0, 0.6))])
    samples, settings = turned_samples(lift, turns), RpeaSettings(temperature=0.5)
    weights = joint_weights(samples, settings).mean(axis=1)
    assert weights[0, JOINT["left_elbow"]] > 0.95 and weights[1, JOINT["right_elbow"]] > 0.95
    poses = pose_weights(samples, settings)
    assert poses.shape == (2, len(lift.root_camera))
    np.testing.assert_allclose(poses.mean(axis=1), 0.5, atol=0.2)


@pytest.mark.parametrize("change", [{"kept": 2}, {"temperature": 0.2}, {"smoothed_s": 1.0}, {"lift_share": 0.0}])
def test_every_setting_matters(lift: Lift, change: dict) -> None:
    samples = slow_samples(wrong_lift(lift, np.random.default_rng(1)), 20)
    usual, other = (rpea(samples, settings) for settings in (RpeaSettings(), RpeaSettings(**change)))
    assert np.abs(usual.R_parent_from_joint - other.R_parent_from_joint).max() > 0.02


@pytest.mark.parametrize("change", [{"kept": 0}, {"temperature": 0.0}, {"smoothed_s": -0.1}, {"lift_share": 1.01}])
def test_senseless_settings_are_refused_with_their_name(change: dict) -> None:
    with pytest.raises(Refusal, match=f"The {next(iter(change))} of RPEA cannot be"):
        RpeaSettings(**change)
