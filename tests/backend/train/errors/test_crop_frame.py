import torch

from backend.train.errors.crop_frame import HIPS, SHOULDERS, crop_frame
from tests.backend.train.errors.made_up_views import made_up_views


def test_the_trunk_stands_upright_in_the_crop():
    frame = crop_frame(made_up_views())
    trunk = frame.pose[..., SHOULDERS, :2].mean(-2)
    assert trunk[..., 0].abs().max() < 1e-5
    assert (trunk[..., 1] < 0).all()
    assert frame.pose[..., HIPS, :].mean(-2).abs().max() < 1e-5


def lengths(points: torch.Tensor) -> torch.Tensor:
    return (points[..., :, None, :] - points[..., None, :, :]).norm(dim=-1)


def test_the_crop_keeps_the_shape_of_the_body():
    views = made_up_views()
    pose = crop_frame(views).pose
    torch.testing.assert_close(lengths(pose), lengths(views.landmarks_camera), atol=1e-5, rtol=0)


def test_errors_go_into_the_crop_and_back():
    frame = crop_frame(made_up_views())
    off_px = torch.randn(3, 40, 33, 2, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(frame.off_px(frame.errors_px(off_px)), off_px, atol=1e-4, rtol=0)
    metres = torch.randn(3, 40, 33, 3, generator=torch.Generator().manual_seed(2))
    torch.testing.assert_close(frame.from_crop(frame.to_crop(metres)), metres, atol=1e-5, rtol=0)


def test_a_camera_that_is_rolled_sees_the_same_crop():
    views = made_up_views()
    cosine, sine = torch.cos(torch.tensor(0.6)), torch.sin(torch.tensor(0.6))
    roll = torch.tensor([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])
    rolled = type(views)(views.landmarks_camera @ roll.T, views.K, views.size_px, views.hidden, views.rate_hz)
    torch.testing.assert_close(crop_frame(rolled).pose, crop_frame(views).pose, atol=1e-4, rtol=0)


def test_a_pixel_is_larger_on_those_who_are_farther_away():
    views = made_up_views()
    farther = views.landmarks_camera * 1.0
    farther[..., 2] *= 2
    far = crop_frame(type(views)(farther, views.K, views.size_px, views.hidden, views.rate_hz))
    torch.testing.assert_close(far.px_per_m * 2, crop_frame(views).px_per_m, rtol=1e-5, atol=0)
