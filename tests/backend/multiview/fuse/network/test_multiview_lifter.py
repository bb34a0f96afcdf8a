"""Views that meet: a set without an order, of which those count that see somebody."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
import torch

from backend.lift.network.inputs import LifterInputs
from backend.lift.network.lifter import LifterOutputs
from backend.multiview.fuse.network.multiview_lifter import MultiviewLifter
from backend.multiview.fuse.network.together import Together, without_rig
from tests.backend.lift.network.made_up_inputs import some_lifter

from .made_up_views import WANTED, around, inputs_of_views, some_multiview_lifter, together_of

ANGLES = (0.7, -1.5, 2.6)


def told_names() -> list[str]:
    return [field.name for field in fields(LifterOutputs) if field.name not in ("bias_depth_m", "R_person_from_camera")]


def chosen(inputs: LifterInputs, rows: list[int]) -> LifterInputs:
    named = {field.name: getattr(inputs, field.name) for field in fields(LifterInputs)}
    return LifterInputs(**{name: None if values is None else values[rows] for name, values in named.items()})


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("order", [[2, 0, 1, 3], [3, 2, 1, 0]])
def test_the_order_of_views_does_not_matter(order: list[int], known: bool) -> None:
    made, rig = around(*ANGLES, frames=20)
    inputs, lifter = inputs_of_views(made), some_multiview_lifter()
    one = lifter(inputs, together_of(rig, known))
    other = lifter(chosen(inputs, order), together_of(rig.only(order), known))
    for name in told_names():
        torch.testing.assert_close(getattr(other, name), getattr(one, name)[order], atol=2e-4, rtol=1e-4)


@pytest.mark.parametrize("views", [1, 2, 5, 8])
def test_before_training_every_view_is_told_what_it_is_told_alone(views: int) -> None:
    made, rig = around(*(0.6 * number for number in range(1, views)), frames=12)
    inputs, single = inputs_of_views(made), some_lifter()
    told, alone = MultiviewLifter(single, WANTED)(inputs, together_of(rig)), single(inputs)
    for name in told_names():
        torch.testing.assert_close(getattr(told, name), getattr(alone, name), atol=1e-6, rtol=0.0)


def test_one_view_is_told_the_same_after_training_too() -> None:
    made, rig = around(frames=12)
    inputs, lifter = inputs_of_views(made), some_multiview_lifter()
    told, alone = lifter(inputs, together_of(rig)), lifter.single(inputs)
    for name in told_names():
        assert torch.equal(getattr(told, name), getattr(alone, name))


def unseen(inputs: LifterInputs, view: int, frames: slice, value: float = 0.0) -> LifterInputs:
    """With other values where one view does not see the person."""
    def without(values: torch.Tensor, instead: float) -> torch.Tensor:
        changed = values.clone()
        changed[view, frames] = instead
        return changed

    return replace(inputs, seen=without(inputs.seen, False), scores=without(inputs.scores, 0.0),
                   landmarks_px=without(inputs.landmarks_px, value),
                   landmarks_camera=without(inputs.landmarks_camera, value))  # fmt: skip


@pytest.mark.parametrize("known", [True, False])
def test_views_that_see_nobody_say_nothing(known: bool) -> None:
    """The others are told the same as if there were no such view."""
    made, rig = around(*ANGLES[:2], frames=16)
    inputs, lifter = inputs_of_views(made), some_multiview_lifter()
    blind = lifter(unseen(inputs, 1, slice(None)), together_of(rig, known))
    without = lifter(chosen(inputs, [0, 2]), together_of(rig.only([0, 2]), known))
    for name in told_names():
        torch.testing.assert_close(getattr(blind, name)[[0, 2]], getattr(without, name), atol=2e-4, rtol=1e-4)


def test_what_stands_in_unseen_frames_does_not_matter_to_others() -> None:
    made, rig = around(*ANGLES[:1], frames=16)
    inputs, lifter, together = inputs_of_views(made), some_multiview_lifter(), together_of(rig)
    one, other = (lifter(unseen(inputs, 1, slice(4, 9), value), together) for value in (0.0, 0.3))
    for name in told_names():
        torch.testing.assert_close(getattr(one, name)[0], getattr(other, name)[0], atol=1e-4, rtol=1e-4)


def test_takes_do_not_hear_each_other() -> None:
    made, rig = around(*ANGLES[:1], frames=16)
    inputs, lifter, one = inputs_of_views(made), some_multiview_lifter(), together_of(rig)
    both = chosen(inputs, [0, 1, 1, 0])
    two = Together(*(torch.cat([getattr(one, name), getattr(without_rig(1, 2), name)])
                     for name in ("R_first_from_camera", "places_first", "known")))  # fmt: skip
    told, of_first = lifter(both, two), lifter(inputs, one)
    torch.testing.assert_close(told.R_person_from_joint[:2], of_first.R_person_from_joint, atol=1e-5, rtol=0.0)


def test_only_what_was_added_learns() -> None:
    made, rig = around(*ANGLES[:1], frames=8)
    lifter = MultiviewLifter(some_lifter(), WANTED)
    lifter(inputs_of_views(made), together_of(rig)).R_person_from_joint.square().flatten()[::7].sum().backward()
    learns = {name for name, values in lifter.named_parameters() if values.grad is not None}
    assert learns and all(name.startswith("meetings.") for name in learns)
