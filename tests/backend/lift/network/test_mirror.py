"""A mirror changes sides, and nothing else."""

from __future__ import annotations

from dataclasses import fields, replace

import torch

from backend.lift.network.mirror import mirrored_inputs, mirrored_outputs, other_sides
from backend.lift.network.windows import lifted_row
from motion.landmarks import LANDMARK, LANDMARK_NAMES

from .made_up_inputs import some_inputs, some_lifter
from .test_lifter import assert_same


def test_the_other_side_of_the_other_side_is_the_same() -> None:
    others = other_sides(LANDMARK_NAMES)
    assert [others[other] for other in others] == list(range(33))
    assert others[LANDMARK["left_knee"]] == LANDMARK["right_knee"] and others[LANDMARK["nose"]] == LANDMARK["nose"]
    assert others[LANDMARK["mouth_left"]] == LANDMARK["mouth_right"]


def test_mirrored_twice_is_as_before() -> None:
    inputs = some_inputs()
    twice = mirrored_inputs(mirrored_inputs(inputs))
    for each in fields(inputs):
        if each.name != "features":
            torch.testing.assert_close(getattr(twice, each.name), getattr(inputs, each.name), msg=each.name)
    told = some_lifter()(inputs)
    assert_same(told, mirrored_outputs(mirrored_outputs(told)))


def test_rotations_stay_rotations() -> None:
    R = mirrored_outputs(some_lifter()(some_inputs())).R_person_from_joint
    torch.testing.assert_close(torch.linalg.det(R), torch.ones(R.shape[:-2]))


def test_the_lift_of_a_mirrored_clip_is_the_mirrored_lift() -> None:
    """But for the hidden tokens, which mean something else in a mirror."""
    lifter, inputs = some_lifter(), some_inputs()
    one, other = mirrored_outputs(lifted_row(lifter, inputs)), lifted_row(lifter, mirrored_inputs(inputs))
    assert_same(replace(one, hidden=other.hidden), other)
