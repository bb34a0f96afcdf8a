"""What single views lose."""

from __future__ import annotations

import pytest
import torch

from backend.train.chance import Chance
from backend.train.multiview.lost import Covers, Losses, draw_covers, lose
from backend.train.views import SimulatedDetections

from .made_up_takes import NOTHING_LOST

VIEWS, ROWS, FRAMES = 3, 60, 20


def moving() -> SimulatedDetections:
    """Landmarks that all go 2 px and 1 cm a frame."""
    frame = torch.arange(FRAMES, dtype=torch.float32)[None, :, None, None]
    return SimulatedDetections(2.0 * frame.expand(ROWS, FRAMES, 33, 2), torch.full((ROWS, FRAMES, 33), 0.9),
                               0.01 * frame.expand(ROWS, FRAMES, 33, 3), torch.ones(ROWS, FRAMES, dtype=torch.bool))


def lost(losses: Losses) -> tuple[SimulatedDetections, Covers]:
    chance = Chance.seeded(8)
    covers = draw_covers(ROWS // VIEWS, VIEWS, FRAMES, losses, chance)
    return lose(moving(), torch.full((ROWS, FRAMES), 200.0), VIEWS, covers.beside, losses, chance), covers


def test_nothing_is_lost_by_chance_zero() -> None:
    said, covers = lost(NOTHING_LOST)
    assert not covers.only_one.any() and not covers.behind.any()
    for name in ("landmarks_px", "scores", "landmarks_camera", "seen"):
        assert torch.equal(getattr(said, name), getattr(moving(), name))


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_limbs_are_lost_by_all_views_but_one(share: float) -> None:
    said, covers = lost(Losses(view_share=0.0, limb_share=1.0, beside_share=share, late_frames=0.0))
    only_one = covers.only_one
    lacking = (covers.behind | covers.beside).unflatten(0, (-1, VIEWS))
    beside = ((said.landmarks_px - moving().landmarks_px).norm(dim=-1) > 1e-3).unflatten(0, (-1, VIEWS))
    of_take = only_one.unflatten(0, (-1, VIEWS))
    assert only_one.any() and (of_take == of_take[:, :1]).all()
    assert (lacking.sum(1)[of_take[:, 0]] == VIEWS - 1).all() and (lacking.sum(1)[~of_take[:, 0]] == 0).all()
    assert torch.equal(beside.flatten(0, 1), covers.beside) and not (covers.beside & covers.behind).any()
    assert covers.beside.any() == (share > 0.0) and covers.behind.any() == (share < 1.0)
    assert (said.scores[beside.flatten(0, 1)] < 0.46).all() and (said.scores[~beside.flatten(0, 1)] == 0.9).all()


def test_clocks_differ_by_a_part_of_a_frame_but_for_the_first() -> None:
    said, _ = lost(Losses(view_share=0.0, limb_share=0.0, late_frames=0.3))
    late = ((said.landmarks_px - moving().landmarks_px)[:, 5, 0, 0] / 2.0).unflatten(0, (-1, VIEWS))
    assert (late[:, 0] == 0.0).all() and 0.2 < late[:, 1:].abs().max() <= 0.3 and late.min() < 0.0 < late.max()


@pytest.mark.parametrize("share", [0.3, 1.0])
def test_who_is_not_seen_leaves_nothing_behind(share: float) -> None:
    said, _ = lost(Losses(view_share=share, limb_share=0.5))
    gone = ~said.seen
    assert gone.any(1).float().mean() == pytest.approx(share, abs=0.25)
    for values in (said.landmarks_px, said.scores, said.landmarks_camera):
        assert (values[gone] == 0.0).all()
