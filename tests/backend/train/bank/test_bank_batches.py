from dataclasses import replace

import numpy as np
import pytest
import torch

from backend.train.bank.bank_batches import BankBatches
from backend.train.batches import Batch
from backend.train.bodies import BodyFamily
from backend.train.kinematics import attached_points, forward_kinematics
from motion.landmarks import LANDMARK
from motion.skeleton import JOINT
from tests.backend.train.bank.made_up_bank import NOT_SEEN, made_up_bank

BANK = made_up_bank(6)
WHOLE = torch.zeros(6, dtype=torch.int64)
YES, NO = torch.ones(6, dtype=torch.bool), torch.zeros(6, dtype=torch.bool)


def whole_clips(mirrored: torch.Tensor) -> Batch:
    return BankBatches(BANK, 6, 60).windows(torch.arange(6), WHOLE, mirrored)


@pytest.fixture(scope="module", params=[False, True], ids=["as filmed", "mirrored"])
def batch(request):
    return whole_clips(YES if request.param else NO)


def test_windows_are_what_the_bank_holds():
    batch = whole_clips(NO)
    for index, clip in enumerate(BANK):
        np.testing.assert_array_equal(batch.detections.landmarks_px[index], clip.said_px)
        np.testing.assert_array_equal(batch.features[index], clip.features)
        np.testing.assert_array_equal(batch.joints_camera[index], clip.joints_camera)
        np.testing.assert_array_equal(batch.still[index], clip.motion.still)
        assert batch.bodies.height_m[index] == pytest.approx(clip.origin.body_height_m)


def test_rotations_and_rest_joints_lead_to_the_joints(batch):
    _, joints = forward_kinematics(batch.R_parent_from_joint, batch.root_camera, batch.rest_joints)
    assert (joints - batch.joints_camera).norm(dim=-1).max() < 1e-4


def test_landmarks_ride_on_the_body_that_was_filmed(batch):
    family = BodyFamily()
    R, joints = forward_kinematics(batch.R_parent_from_joint, batch.root_camera, batch.rest_joints)
    landmarks = attached_points(R, joints, family.landmark_offsets(batch.bodies), family.landmark_joints)
    assert (landmarks - batch.views.landmarks_camera).norm(dim=-1).max() < 1e-4


def test_what_was_said_is_near_what_there_was_to_see(batch):
    off_px = (batch.detections.landmarks_px - batch.views.landmarks_px).norm(dim=-1)[batch.detections.seen]
    assert off_px.mean() < 3.0 and off_px.max() < 15.0
    hips = batch.views.landmarks_camera[:, :, [LANDMARK["left_hip"], LANDMARK["right_hip"]]].mean(2, keepdim=True)
    off_m = batch.detections.landmarks_camera - (batch.views.landmarks_camera - hips)
    assert off_m[batch.detections.seen].abs().max() < 1e-4


def test_where_nobody_was_found_all_is_zero(batch):
    assert not batch.detections.seen[:, NOT_SEEN].any() and batch.detections.seen[:, :20].all()
    for values in (batch.detections.landmarks_px, batch.detections.landmarks_camera, batch.detections.scores,
                   batch.features):  # fmt: skip
        assert (values[:, NOT_SEEN] == 0).all()


def test_a_mirror_image_twice_is_the_picture():
    plain = whole_clips(NO)
    bank = BankBatches(BANK, 6, 60)._bank
    frames = bank.frames[bank.places(torch.arange(6), WHOLE, 60)[0]]
    width_px = bank.shots.size_px[:6, :1]
    again = frames.mirrored(width_px).mirrored(width_px)
    for name in ("landmarks_camera", "said_camera", "scores", "hidden", "R_parent_from_joint", "still", "joints_camera",
                 "R_camera_from_world", "t_camera_from_world", "root_velocity"):  # fmt: skip
        assert torch.equal(getattr(again, name), getattr(frames, name)), name
    torch.testing.assert_close(again.said_px, plain.detections.landmarks_px, atol=1e-3, rtol=0.0)


def test_in_the_mirror_left_is_right():
    plain, mirrored = whole_clips(NO), whole_clips(YES)
    left, right = LANDMARK["left_wrist"], LANDMARK["right_wrist"]
    seen = plain.detections.seen
    x_px = plain.views.size_px[:, None, 0] - plain.detections.landmarks_px[:, :, left, 0]
    torch.testing.assert_close(mirrored.detections.landmarks_px[:, :, right, 0][seen], x_px[seen])
    assert not plain.teaching.joints[:, JOINT["left_wrist"]].any()
    assert plain.teaching.joints[:, JOINT["right_wrist"]].all()
    assert mirrored.teaching.joints[:, JOINT["left_wrist"]].all()
    assert not mirrored.teaching.joints[:, JOINT["right_wrist"]].any()
    assert (mirrored.features == 0).all() and not plain.teaching.contacts.any()


def test_velocities_lead_from_root_to_root(batch):
    R, t = batch.cameras.R_camera_from_world, batch.cameras.t_camera_from_world
    R_world_from_pelvis = R.transpose(-1, -2) @ batch.R_parent_from_joint[:, :, 0]
    steps = (R_world_from_pelvis @ batch.root_velocity[..., None])[..., 0] / 30.0
    root_world = (R.transpose(-1, -2) @ (batch.root_camera - t)[..., None])[..., 0]
    torch.testing.assert_close(root_world[:, :1] + steps[:, :-1].cumsum(1), root_world[:, 1:], atol=1e-4, rtol=0.0)


def test_the_gravity_view_knows_how_the_body_leans(batch):
    R_world_from_pelvis = batch.cameras.R_camera_from_world.transpose(-1, -2) @ batch.R_parent_from_joint[:, :, 0]
    down_in_pelvis = -R_world_from_pelvis[..., 2, :]
    torch.testing.assert_close(batch.R_gravity_view_from_pelvis[..., 1, :], down_in_pelvis, atol=1e-5, rtol=0.0)
    assert (torch.linalg.det(batch.R_gravity_view_from_pelvis) > 0.99).all()


def test_beyond_a_clips_end_nobody_is_seen_and_nothing_taught():
    batch = BankBatches(BANK, 5, 81).batch(0)
    assert batch.joints_camera.shape == (5, 81, 22, 3) and batch.features.shape == (5, 81, 8)
    assert batch.teaching.inside[:, :60].all() and not batch.teaching.inside[:, 60:].any()
    assert not batch.detections.seen[:, 60:].any() and (batch.detections.landmarks_px[:, 60:] == 0).all()
    assert torch.equal(batch.joints_camera[:, 60:], batch.joints_camera[:, 59:60].expand(-1, 21, -1, -1))


def test_batches_depend_on_their_number_alone_and_go_on_after_a_break():
    one, two = BankBatches(BANK, 8, 27, seed=3), BankBatches(BANK, 8, 27, seed=4)
    first, second = next(one), next(one)
    two.restore({"seed": 3, "next": 1})
    again = next(two)
    assert torch.equal(second.detections.landmarks_px, again.detections.landmarks_px)
    assert torch.equal(second.R_parent_from_joint, again.R_parent_from_joint)
    assert not torch.equal(first.joints_camera, second.joints_camera)


def test_windows_begin_anywhere_and_half_of_them_are_mirrored():
    batch = BankBatches(BANK, 400, 40).batch(0)
    mirrored = (batch.features == 0).all(-1).all(-1)
    assert 0.4 < mirrored.float().mean() < 0.6
    gaps = (~batch.detections.seen).float().argmax(1)      # where the frames without detection begin
    assert len(gaps.unique()) == 21


def test_twice_as_many_pictures_a_second_are_halved():
    batch = BankBatches(made_up_bank(2, rate_hz=60.0), 2, 60).windows(torch.arange(2), WHOLE[:2], NO[:2])
    assert batch.teaching.inside.sum(1).tolist() == [30, 30] and batch.views.rate_hz.tolist() == [30.0, 30.0]
    np.testing.assert_array_equal(batch.joints_camera[0, :30], BANK[0].joints_camera[::2])
    slow = BankBatches(made_up_bank(2, rate_hz=24.0), 2, 60).windows(torch.arange(2), WHOLE[:2], NO[:2])
    torch.testing.assert_close(slow.root_velocity, 0.8 * whole_clips(NO).root_velocity[:2])


def test_clips_whose_motion_is_unknown_teach_nothing():
    with pytest.raises(ValueError, match="holds no motion"):
        BankBatches([*BANK, replace(BANK[0], motion=None)], 2, 10)
