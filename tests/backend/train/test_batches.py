from dataclasses import replace

import pytest
import torch

from backend.train.batches import Batches, BatchSettings
from backend.train.motions.training_clip import RATE_HZ, Teaches
from backend.train.views import SimulatedDetections
from motion.skeleton import PARENTS
from tests.backend.train.made_up_clips import several, walking

SMALL = BatchSettings(batch_size=12, frames=50)


@pytest.fixture(scope="module")
def batch():
    return next(Batches(several(5), None, SMALL, seed=4))


def test_after_a_break_batches_go_on_as_if_there_had_been_none():
    through, broken = (Batches(several(3), None, SMALL, seed=9) for _ in range(2))
    next(through), next(through)
    next(broken)
    resumed = Batches(several(3), None, SMALL, seed=1)
    resumed.restore(broken.state())
    ahead, again = next(resumed), through.batch(1)
    assert torch.equal(ahead.detections.landmarks_px, again.detections.landmarks_px)
    assert torch.equal(ahead.R_parent_from_joint, again.R_parent_from_joint)


def test_other_seeds_and_numbers_give_other_batches():
    batches = Batches(several(3), None, SMALL, seed=9)
    first, second = batches.batch(0).joints_camera, batches.batch(1).joints_camera
    other = Batches(several(3), None, SMALL, seed=10).batch(0).joints_camera
    assert not torch.equal(first, second) and not torch.equal(first, other)


def test_landmarks_fall_where_the_lens_puts_them(batch):
    points, K = batch.views.landmarks_camera[3, 20], batch.views.K[3]
    pixels = points @ K.T
    torch.testing.assert_close(batch.views.landmarks_px[3, 20], pixels[:, :2] / pixels[:, 2:], atol=1e-2, rtol=1e-5)


def test_bones_keep_the_length_they_have_at_rest(batch):
    parents = list(PARENTS[1:22])
    posed = (batch.joints_camera[:, :, 1:] - batch.joints_camera[:, :, parents]).norm(dim=-1)
    rest = (batch.rest_joints[:, 1:22] - batch.rest_joints[:, parents]).norm(dim=-1)
    torch.testing.assert_close(posed, rest[:, None].expand_as(posed), atol=1e-4, rtol=0.0)


def test_the_root_target_is_the_pelvis(batch):
    assert torch.equal(batch.root_camera, batch.joints_camera[:, :, 0])


def test_the_gravity_view_knows_how_the_body_leans_whatever_the_camera_does(batch):
    R_world_from_pelvis = batch.cameras.R_camera_from_world.transpose(-1, -2) @ batch.R_parent_from_joint[:, :, 0]
    down_in_pelvis = -R_world_from_pelvis[..., 2, :]
    torch.testing.assert_close(batch.R_gravity_view_from_pelvis[..., 1, :], down_in_pelvis, atol=1e-5, rtol=0.0)


def test_velocities_lead_from_root_to_root(batch):
    R_world_from_pelvis = batch.cameras.R_camera_from_world.transpose(-1, -2) @ batch.R_parent_from_joint[:, :, 0]
    steps = (R_world_from_pelvis @ batch.root_velocity[..., None])[..., 0] / RATE_HZ
    R, t = batch.cameras.R_camera_from_world, batch.cameras.t_camera_from_world
    root_world = (R.transpose(-1, -2) @ (batch.root_camera - t)[..., None])[..., 0]
    walked = root_world[:, :1] + steps[:, :-1].cumsum(1)
    torch.testing.assert_close(walked, root_world[:, 1:], atol=2e-3, rtol=0.0)


def test_only_what_is_true_is_taught():
    unsure = Teaches(joints=(False,) + (True,) * 21, path=False, speed=False, contacts=False)
    batch = next(Batches([walking("a", 30, 1.0, teaches=unsure)], None, SMALL))
    teaching = batch.teaching
    assert not teaching.joints[:, 0].any() and teaching.joints[:, 1:].all()
    assert not (teaching.path.any() or teaching.speed.any() or teaching.contacts.any())


def test_beyond_a_clips_end_nobody_is_seen_and_nothing_taught():
    batch = next(Batches([walking("short", 20, 1.0)], None, SMALL))
    beyond = ~batch.teaching.inside
    assert beyond.any() and not batch.detections.seen[beyond].any()
    assert (batch.detections.landmarks_px[beyond] == 0).all() and (batch.detections.scores[beyond] == 0).all()


def test_a_single_pose_may_last():
    batch = next(Batches([walking("pose", 1, 0.0, teaches=Teaches(speed=False))], None, SMALL))
    assert batch.teaching.inside.all() and batch.root_velocity.abs().max() == 0


def test_longer_legs_go_farther_and_feet_stay_on_their_floor():
    settings = replace(SMALL, other_body_share=1.0, other_speed_share=0.0, batch_size=64)
    clip = walking("a", 60, 1.2, seed=2)
    batch = next(Batches([clip], None, settings))
    speed = batch.root_velocity[:, 5].norm(dim=-1)
    pelvis = batch.bodies.pelvis_height_m
    torch.testing.assert_close(speed / pelvis, (speed / pelvis).mean().expand(64), rtol=1e-3, atol=0.0)


def test_an_error_model_sees_the_truth_and_has_the_last_word():
    class Blind:
        def detections(self, views, chance):
            noise = chance.uniform(0.0, 1.0, *views.landmarks_px.shape)
            shape = views.hidden.shape
            return SimulatedDetections(noise, torch.ones(shape), torch.ones(*shape, 3), torch.ones(shape[:2]) > 0)

    batches = Batches(several(2), Blind(), SMALL)
    first = batches.batch(3).detections
    assert first.landmarks_px.max() <= 1.0 and torch.equal(first.landmarks_px, batches.batch(3).detections.landmarks_px)
