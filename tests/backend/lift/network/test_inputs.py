"""The camera that looks at the person."""

from __future__ import annotations

from dataclasses import replace

import torch

from backend.lift.network.inputs import HIPS, LifterInputs, bridged, person_view
from backend.lift.network.rotations import matrix_from_six

K = torch.tensor([[900.0, 0.0, 640.0], [0.0, 950.0, 360.0], [0.0, 0.0, 1.0]])
FRAMES = 6


def seen_without_error(points_camera: torch.Tensor, K: torch.Tensor = K) -> LifterInputs:
    """One clip of points [T, 33, 3] m."""
    projected = points_camera @ K.T
    about_hips = points_camera - points_camera[:, HIPS].mean(1, keepdim=True)
    frames = len(points_camera)
    return LifterInputs(
        (projected[..., :2] / projected[..., 2:])[None], torch.full((1, frames, 33), 0.9), about_hips[None],
        torch.ones(1, frames, dtype=torch.bool), K[None], torch.eye(3).expand(1, frames, 3, 3))  # fmt: skip


def some_points() -> torch.Tensor:
    """Somebody who rests, since depth and the hips' ray are smoothed over time."""
    points = 0.4 * torch.randn(33, 3, generator=torch.Generator().manual_seed(2)) + torch.tensor([1.2, -0.5, 5.0])
    return points.expand(FRAMES, 33, 3)


def test_a_projection_of_known_points_gives_back_their_depth() -> None:
    points = some_points()
    view = person_view(seen_without_error(points))
    hips = (view.R_person_from_camera[0] @ points[:, HIPS].mean(1)[..., None])[..., 0]
    torch.testing.assert_close(view.depth_m[0], hips[:, 2], rtol=1e-4, atol=0)


def test_points_at_the_depth_of_the_hips_are_seen_where_they_are() -> None:
    points = some_points()
    view = person_view(seen_without_error(points))
    in_view = points @ view.R_person_from_camera[0].mT
    shown = in_view[..., :2] / in_view[..., 2:] * view.depth_m[0, :, None, None]
    torch.testing.assert_close(view.seen_m[0], shown, rtol=1e-4, atol=1e-4)


def test_turning_the_camera_changes_nothing_but_the_roll() -> None:
    points = some_points()
    turn = matrix_from_six(torch.tensor([1.0, 0.1, -0.2, 0.05, 1.0, 0.1]))
    one, other = (person_view(seen_without_error(each)) for each in (points, points @ turn.T))
    torch.testing.assert_close(other.depth_m, one.depth_m, rtol=1e-3, atol=0)
    torch.testing.assert_close(other.seen_m.norm(dim=-1), one.seen_m.norm(dim=-1), rtol=1e-2, atol=5e-3)
    torch.testing.assert_close(other.metres[..., 2], one.metres[..., 2], rtol=1e-2, atol=3e-3)


def test_a_larger_picture_with_the_same_lens_is_the_same_view() -> None:
    inputs = seen_without_error(some_points())
    twice = torch.diag(torch.tensor([2.0, 2.0, 1.0]))
    larger = replace(inputs, landmarks_px=2 * inputs.landmarks_px, K=twice @ inputs.K)
    one, other = person_view(inputs), person_view(larger)
    for name in ("R_person_from_camera", "hip_ray", "depth_m", "seen_m", "metres"):
        torch.testing.assert_close(getattr(other, name), getattr(one, name))


def test_frames_without_the_person_are_bridged_between_their_neighbours() -> None:
    values = torch.tensor([9.0, 1.0, 9.0, 9.0, 4.0, 9.0])[None, :, None]
    seen = torch.tensor([[False, True, False, False, True, False]])
    assert bridged(values, seen)[0, :, 0].tolist() == [1.0, 1.0, 2.0, 3.0, 4.0, 4.0]


def test_what_stands_in_unseen_frames_does_not_matter() -> None:
    inputs = seen_without_error(some_points())
    seen = torch.tensor([[True, False, False, True, True, False]])

    def view(unseen: float):
        def where(values: torch.Tensor) -> torch.Tensor:
            return torch.where(seen.reshape(1, -1, *[1] * (values.ndim - 2)), values, unseen)

        arrays = {name: where(getattr(inputs, name)) for name in ("landmarks_px", "scores", "landmarks_camera")}
        return person_view(replace(inputs, seen=seen, **arrays))

    one, other = view(0.0), view(123.0)
    for name in ("R_person_from_camera", "depth_m", "seen_m", "metres"):
        torch.testing.assert_close(getattr(one, name), getattr(other, name))
    assert not one.seen_m[0, 1].any() and not one.metres[0, 5].any()


def test_somebody_who_is_never_seen_makes_no_infinities() -> None:
    inputs = seen_without_error(torch.zeros(FRAMES, 33, 3) + 1e-3)
    nobody = replace(inputs, seen=torch.zeros_like(inputs.seen), landmarks_px=torch.zeros(1, FRAMES, 33, 2),
                     scores=torch.zeros(1, FRAMES, 33))  # fmt: skip
    view = person_view(nobody)
    assert view.depth_m.isfinite().all() and view.seen_m.isfinite().all()
