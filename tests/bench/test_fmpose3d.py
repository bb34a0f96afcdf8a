"""The published flow: its size, its graph, and its way from noise to places."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from backend.lift.published.skeleton17 import HUMAN36M
from bench import fmpose3d
from bench.fmpose3d import Fmpose3d, adjacency, flow_loss, hypotheses, sampled


class Field(nn.Module):
    """A velocity that is told."""

    def __init__(self, velocity):
        super().__init__()
        self.velocity = velocity

    def forward(self, keypoints, places, t):
        return self.velocity(keypoints, places, t)


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(fmpose3d, "WIDTH", 32)
    monkeypatch.setattr(fmpose3d, "BLOCKS", 2)
    torch.manual_seed(4)
    return Fmpose3d().eval()


def test_it_is_as_large_as_the_published_one():
    assert sum(values.numel() for values in Fmpose3d().parameters()) == 16_045_837


def test_neighbours_of_a_joint_count_one_in_all_and_are_of_one_kind_each():
    links = adjacency()
    torch.testing.assert_close(links.sum((0, 1)), torch.ones(17))
    assert ((links > 0).sum(0) <= 1).all()
    knee, hip, ankle, other = (HUMAN36M.joints.index(name) for name in (
        "right_knee", "right_hip", "right_ankle", "left_knee"))  # fmt: skip
    kinds = [links[:, joint, knee].argmax().item() for joint in (knee, hip, ankle, other)]
    assert kinds == [0, 1, 2, 3]
    assert links[:, :, knee].sum(0).nonzero().flatten().tolist() == sorted([knee, hip, ankle, other])


def test_a_constant_velocity_is_followed_exactly_in_any_number_of_steps():
    noise, velocity = torch.randn(5, 17, 3), torch.randn(5, 17, 3)
    for steps in (1, 3, 5):
        places = sampled(Field(lambda *_: velocity), torch.zeros(5, 17, 2), noise, steps)
        torch.testing.assert_close(places[:, 1:], (noise + velocity)[:, 1:])
        assert (places[:, 0] == 0).all()


def test_steps_are_taken_at_the_beginning_of_each_third():
    heard = []
    field = Field(lambda keypoints, places, t: heard.append(t[0].item()) or places)
    sampled(field, torch.zeros(1, 17, 2), torch.ones(1, 17, 3))
    assert heard == pytest.approx([0.0, 1 / 3, 2 / 3])


def test_the_velocity_that_leads_from_noise_to_the_truth_has_no_loss():
    truth = torch.randn(6, 17, 3)

    def straight(keypoints, places, t):
        return (truth - places) / (1 - t)[:, None, None]

    loss = flow_loss(Field(straight), torch.zeros(6, 17, 2), truth, torch.Generator().manual_seed(2))
    assert loss < 1e-6
    assert flow_loss(Field(lambda *_: truth), torch.zeros(6, 17, 2), truth, torch.Generator().manual_seed(2)) > 0.5


def test_people_do_not_hear_of_each_other(small):
    keypoints, noise, order = torch.rand(4, 17, 2), torch.randn(4, 17, 3), [2, 0, 3, 1]
    torch.testing.assert_close(sampled(small, keypoints[order], noise[order]), sampled(small, keypoints, noise)[order],
                               rtol=1e-4, atol=1e-5)  # fmt: skip


def test_every_keypoint_reaches_every_velocity(small):
    keypoints = torch.rand(1, 17, 2, requires_grad=True)
    small(keypoints, torch.randn(1, 17, 3), torch.tensor([0.3]))[0, 13].sum().backward()
    assert (keypoints.grad.abs().sum(-1) > 0).all()


def test_in_training_paths_and_numbers_are_dropped(small):
    arguments = torch.rand(3, 17, 2), torch.randn(3, 17, 3), torch.rand(3)
    torch.testing.assert_close(small(*arguments), small(*arguments))
    small.train()
    assert (small(*arguments) - small(*arguments)).abs().max() > 1e-4


def test_every_second_hypothesis_is_that_of_the_mirror():
    def to_the_keypoint(keypoints, places, t):
        return torch.cat([keypoints - places[..., :2], -places[..., 2:]], -1) / (1 - t)[:, None, None]

    keypoints = torch.rand(2, 17, 2)
    places = hypotheses(Field(to_the_keypoint), keypoints, torch.randn(4, 2, 17, 3))
    torch.testing.assert_close(places[:, :, 1:, :2], keypoints[:, 1:].expand(4, -1, -1, -1))
