import numpy as np
import pytest
import torch

from backend.train.bodies import BodyFamily
from backend.train.cameras.cameras import KINDS, looking, projected
from backend.train.cameras.draw import draw_camera, draw_cameras
from backend.train.chance import Chance
from backend.train.kinematics import forward_kinematics
from motion.skeleton import JOINT
from tests.backend.train.made_up_clips import several
from tests.backend.world.tilted import up_from_angles


@pytest.fixture(scope="module")
def people():
    """[600, 90, 22, 3] m of walkers at speeds up to 2.4 m/s, and their heights."""
    clips = several(9, frames=90)
    R = torch.from_numpy(np.stack([clip.R_parent_from_joint for clip in clips]))
    root = torch.from_numpy(np.stack([clip.root_world for clip in clips]))
    rest = torch.from_numpy(np.stack([clip.rest_joints for clip in clips]))
    joints = forward_kinematics(R, root, rest)[1]
    chosen = torch.arange(600) % len(clips)
    return joints[chosen], BodyFamily().on_skeletons(rest).height_m[chosen]


@pytest.fixture(scope="module")
def cameras(people):
    return draw_cameras(*people, 30.0, Chance.seeded(5))


def test_the_root_is_always_in_front_of_the_lens(people, cameras):
    assert cameras.in_camera(people[0])[:, :, 0, 2].min() >= 0.5


def test_somebody_is_in_the_picture_in_some_frames_and_mostly_in_nearly_all(people, cameras):
    points = cameras.in_camera(people[0])
    pixels = projected(points, cameras.K)
    inside = ((pixels >= 0) & (pixels <= cameras.size_px[:, None, None])).all(-1).any(-1).float().mean(1)
    assert inside.min() > 0.0 and (inside > 0.9).float().mean() > 0.8 and (inside < 1.0).any()


def test_cameras_look_mostly_down_and_never_far_up(cameras):
    pitch_deg = torch.rad2deg(cameras.pitch_rad[:, 45])
    assert 4.0 < pitch_deg.median() < 16.0
    assert (pitch_deg > 40.0).float().mean() < 0.1 and pitch_deg.min() > -30.0 and (pitch_deg < -3.0).any()


def test_most_cameras_are_held_level_and_some_phones_are_not(cameras):
    roll_deg = torch.rad2deg(cameras.roll_rad[:, 0]).abs()
    assert (roll_deg < 4.0).float().mean() > 0.8 and 0.03 < (roll_deg > 9.0).float().mean() < 0.15


def test_people_are_small_and_large_and_cut_off(people, cameras):
    points = cameras.in_camera(people[0])
    pixels = projected(points, cameras.K)[:, 45]
    heights = (pixels[..., 1].amax(-1) - pixels[..., 1].amin(-1)) / cameras.size_px[:, 1]
    below = pixels[:, JOINT["left_ankle"], 1] > cameras.size_px[:, 1]
    assert (heights < 0.3).float().mean() > 0.08 and (heights > 1.0).float().mean() > 0.05
    assert below.float().mean() > 0.08


def test_every_kind_of_camera_moves_as_it_is_called(cameras):
    travelled = (cameras.places_world[:, 1:] - cameras.places_world[:, :-1]).norm(dim=-1).sum(1)
    turned = (cameras.R_camera_from_world[:, 1:] - cameras.R_camera_from_world[:, :-1]).norm(dim=(-1, -2)).sum(1)
    counts = torch.bincount(cameras.kind, minlength=len(KINDS))
    assert (counts > 600 * 0.02).all()
    static, panning = cameras.kind == KINDS.index("static"), cameras.kind == KINDS.index("panning")
    orbiting = cameras.kind == KINDS.index("orbiting")
    assert travelled[static].max() < 1e-3 and turned[static].max() < 1e-3
    assert travelled[panning].median() < 0.3 < travelled[orbiting].median()


def test_lenses_are_between_wide_and_portrait_and_look_through_the_middle(cameras):
    over_long_side = cameras.K[:, 0, 0] / cameras.size_px.amax(-1)
    assert over_long_side.min() > 0.599 and over_long_side.max() < 1.601
    torch.testing.assert_close(2.0 * cameras.K[:, :2, 2], cameras.size_px)
    assert (cameras.size_px[:, 1] > cameras.size_px[:, 0]).any()


def test_rotations_are_rotations(cameras):
    R = cameras.R_camera_from_world
    torch.testing.assert_close(R @ R.transpose(-1, -2), torch.eye(3).expand_as(R), atol=1e-5, rtol=0.0)
    assert torch.linalg.det(R).min() > 0.99


def test_pitch_and_roll_mean_the_same_as_in_the_product():
    R = looking(torch.tensor(0.7), torch.deg2rad(torch.tensor(21.0)), torch.deg2rad(torch.tensor(-8.0)))
    np.testing.assert_allclose(R[:, 2], up_from_angles(-8.0, 21.0), atol=1e-6)


def test_one_camera_for_one_clip_depends_on_its_seed_alone(people):
    joints = people[0][1].numpy()
    first, again, other = (draw_camera(joints, 1.7, 30.0, seed) for seed in (3, 3, 4))
    assert first["R_camera_from_world"].shape == (90, 3, 3) and str(first["kind"]) in KINDS
    np.testing.assert_array_equal(first["t_camera_from_world"], again["t_camera_from_world"])
    assert not np.array_equal(first["t_camera_from_world"], other["t_camera_from_world"])


def test_who_runs_through_the_camera_is_still_in_front_of_it():
    joints = torch.randn(40, 60, 22, 3, generator=torch.Generator().manual_seed(1)) * 0.3
    joints[..., 0] += torch.linspace(-30.0, 30.0, 60)[:, None]
    cameras = draw_cameras(joints, torch.full((40,), 1.7), 30.0, Chance.seeded(2))
    assert cameras.in_camera(joints)[:, :, 0, 2].min() >= 0.5
