from __future__ import annotations

from dataclasses import replace

import torch

from backend.lift.network.weights import read_lifter
from backend.lift.network.windows import lifted_row
from backend.lift.network.wrong_way_up import is_wrong_way_up, turned_over

from .made_up_inputs import some_inputs


def clip_of(inputs):
    """The first of some clips, the person upright in the picture."""
    first = replace(inputs, **{name: getattr(inputs, name)[:1] for name in (
        "landmarks_px", "scores", "landmarks_camera", "seen", "K", "R_camera_from_previous")})  # fmt: skip
    return turned_over(first) if is_wrong_way_up(first) else first


def test_a_film_turned_over_is_lifted_as_the_other_one():
    upright = clip_of(some_inputs())
    over = turned_over(upright)
    assert is_wrong_way_up(over) and not is_wrong_way_up(upright)
    lifter = read_lifter()
    one, other = lifted_row(lifter, upright), lifted_row(lifter, over)
    half_turn = torch.diag(torch.tensor([-1.0, -1.0, 1.0]))

    def in_camera(told):
        return told.R_person_from_camera.mT[:, :, None] @ told.R_person_from_joint

    assert torch.allclose(in_camera(other), half_turn @ in_camera(one), atol=1e-4)
    assert torch.allclose(other.bias_m, -one.bias_m, atol=1e-4)


def test_half_a_turn_twice_is_none():
    upright = clip_of(some_inputs())
    back = turned_over(turned_over(upright))
    assert torch.allclose(back.landmarks_px, upright.landmarks_px, atol=1e-3)
    assert torch.allclose(back.landmarks_camera, upright.landmarks_camera)
