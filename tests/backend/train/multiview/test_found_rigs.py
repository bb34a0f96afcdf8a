"""Rigs as they are found."""

from __future__ import annotations

import pytest
import torch

from backend.train.chance import Chance
from backend.train.multiview.found_rigs import RigErrors, found
from backend.train.multiview.take_batches import _about_world

from .made_up_takes import EXACT, some_takes

WRONG = RigErrors(unknown_share=0.0, exact_share=0.0)


def seen_at(K: torch.Tensor, points: torch.Tensor) -> torch.Tensor:
    pixels = points @ K.mT
    return pixels[..., :2] / pixels[..., 2:]


def test_a_wrong_rig_still_fits_the_picture_where_the_person_is() -> None:
    take = some_takes(4, batch_size=40)
    about = _about_world(take.batch)
    rig, K = found(take.batch.cameras, about, 4, WRONG, Chance.seeded(3))
    right, right_K = found(take.batch.cameras, about, 4, EXACT, Chance.seeded(3))
    for each, lens in ((rig, K), (right, right_K)):
        # Where rays to the person from the first two cameras nearly meet, by their directions alone.
        place = take.batch.cameras.in_camera(about[:, None, None])[:, 0, 0]
        rays = torch.linalg.inv(lens) @ (take.batch.views.K @ (place / place[:, 2:])[..., None])
        first = torch.einsum("mvab,mvb->mva", each.R_first_from_camera, each.by_take(rays[..., 0]))
        a, b, away = first[:, 0], first[:, 1], each.places_first[:, 1]
        normal = torch.nn.functional.normalize(torch.linalg.cross(a, b), dim=-1)
        assert (normal * away).sum(-1).abs().median() < 0.08


def test_errors_are_as_large_as_is_said() -> None:
    take = some_takes(4, batch_size=40)
    about = _about_world(take.batch)
    rig, _ = found(take.batch.cameras, about, 4, WRONG, Chance.seeded(3))
    right, _ = found(take.batch.cameras, about, 4, EXACT, Chance.seeded(3))
    off = (rig.R_first_from_camera.mT @ right.R_first_from_camera)[:, 1:]
    angle = torch.acos(((off.diagonal(dim1=-2, dim2=-1).sum(-1) - 1.0) / 2.0).clamp(-1, 1)).rad2deg()
    assert 1.5 < angle.median() < 6.0
    length = rig.places_first[:, 1:].norm(dim=-1) / right.places_first[:, 1:].norm(dim=-1)
    assert 0.005 < (length - 1.0).abs().median() < 0.1


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_some_takes_have_no_rig(share: float) -> None:
    take = some_takes(4, batch_size=40)
    errors = RigErrors(unknown_share=share)
    rig, _ = found(take.batch.cameras, _about_world(take.batch), 4, errors, Chance.seeded(1))
    assert (rig.known == (share == 0.0)).all()
