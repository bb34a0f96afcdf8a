"""Which views belong together."""

from __future__ import annotations

import torch

from backend.multiview.fuse.network.together import Together

from .made_up_views import around, together_of


def in_camera(together: Together, points_first: torch.Tensor) -> torch.Tensor:
    """[V, P, 3] of the only take."""
    return (points_first - together.places_first[0][:, None]) @ together.R_first_from_camera[0]


POINTS = torch.tensor([[0.3, -0.4, 4.2], [1.0, 0.6, 3.7]])


def test_in_the_mirror_every_camera_sees_points_mirrored() -> None:
    together = together_of(around(0.9, 2.0, frames=2)[1])
    flip = torch.tensor([-1.0, 1.0, 1.0])
    torch.testing.assert_close(in_camera(together.mirrored(), POINTS * flip), in_camera(together, POINTS) * flip)


def test_cameras_turned_over_see_points_on_the_other_side() -> None:
    together = together_of(around(0.9, 2.0, frames=2)[1])
    which = torch.tensor([False, True, False])
    over = in_camera(together.turned_over(which), POINTS)
    expected = in_camera(together, POINTS)
    expected[1] *= torch.tensor([-1.0, -1.0, 1.0])
    torch.testing.assert_close(over, expected)


def test_the_first_camera_turned_over_turns_none_of_the_others() -> None:
    """What is said in its frame is said in the old one still; rows are views, and relative turns are what counts."""
    together = together_of(around(0.9, frames=2)[1])
    over = together.turned_over(torch.tensor([True, False]))
    half = torch.diag(torch.tensor([-1.0, -1.0, 1.0]))
    torch.testing.assert_close(over.R_first_from_camera[0, 0].T @ over.R_first_from_camera[0, 1],
                               half @ together.R_first_from_camera[0, 1])  # fmt: skip
