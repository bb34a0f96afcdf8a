"""What must hold for any weights."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
import torch

from backend.lift.network.configuration import LifterConfiguration
from backend.lift.network.lifter import LifterOutputs

from .made_up_inputs import SMALL, some_inputs, some_lifter


def told(outputs: LifterOutputs) -> dict[str, torch.Tensor]:
    return {each.name: values for each in fields(outputs) if (values := getattr(outputs, each.name)) is not None}


def assert_same(one: LifterOutputs, other: LifterOutputs, tolerance: float = 1e-4) -> None:
    for name, values in told(one).items():
        torch.testing.assert_close(getattr(other, name), values, atol=tolerance, rtol=tolerance, msg=name)


def test_a_larger_picture_with_the_same_lens_is_told_the_same() -> None:
    lifter, inputs = some_lifter(), some_inputs()
    twice = torch.diag(torch.tensor([2.0, 2.0, 1.0]))
    assert_same(lifter(inputs), lifter(replace(inputs, landmarks_px=2 * inputs.landmarks_px, K=twice @ inputs.K)))


def test_clips_beside_each_other_do_not_mix() -> None:
    lifter, inputs = some_lifter(), some_inputs()
    other = replace(inputs, landmarks_camera=1.3 * inputs.landmarks_camera)
    both = replace(inputs, **{each.name: torch.cat([getattr(inputs, each.name), getattr(other, each.name)])
                              for each in fields(inputs) if each.name != "features"})  # fmt: skip
    for name, values in told(lifter(both)).items():
        torch.testing.assert_close(values[:1], getattr(lifter(inputs), name), atol=1e-4, rtol=1e-4, msg=name)
        torch.testing.assert_close(values[1:], getattr(lifter(other), name), atol=1e-4, rtol=1e-4, msg=name)


def test_rotations_are_rotations_and_directions_have_unit_length() -> None:
    outputs = some_lifter()(some_inputs())
    R = outputs.R_person_from_joint
    torch.testing.assert_close(R @ R.mT, torch.eye(3).expand_as(R), atol=1e-5, rtol=0)
    torch.testing.assert_close(outputs.down_person.norm(dim=-1), torch.ones(1, 20))
    assert (outputs.root_person[..., 2] > 0).all() and (outputs.height_m > 0.5).all()


@pytest.mark.parametrize("without", [
    {"world_landmarks": False}, {"bone_tokens": False}, {"graph_convolution": False}, {"limb_order": False},
    {"both_directions": False}, {"over_time": "attention"}, {"joint_blocks": 0},
])  # fmt: skip
def test_every_choice_of_the_ablations_builds_a_lifter(without: dict) -> None:
    lifter = some_lifter(LifterConfiguration(**{**SMALL.to_dict(), **without}))
    assert all(values.isfinite().all() for values in told(lifter(some_inputs(frames=5))).values())


def test_a_lifter_that_is_not_told_world_landmarks_does_not_look_at_them() -> None:
    lifter, inputs = some_lifter(replace(SMALL, world_landmarks=False)), some_inputs()
    assert_same(lifter(inputs), lifter(replace(inputs, landmarks_camera=-2.0 * inputs.landmarks_camera)))
