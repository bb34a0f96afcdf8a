"""Mixing inside a frame."""

from __future__ import annotations

import math

import pytest
import torch

from backend.lift.network.joints import POLAR_BINS, GatedFusion, GraphConvolution, bones_of, polar_bins
from backend.lift.network.parts import PARTS
from motion.landmarks import LANDMARK


@pytest.mark.parametrize("polar_deg, bin", [(0, 0), (29, 0), (31, 1), (89, 2), (91, 3), (149, 4), (151, 5), (180, 5)])
def test_polar_angles_are_counted_from_the_viewing_axis(polar_deg: float, bin: int) -> None:
    polar = math.radians(polar_deg)
    for azimuth in (0.0, 2.0, -1.0):
        across = math.sin(polar)
        bone = torch.tensor([across * math.cos(azimuth), across * math.sin(azimuth), math.cos(polar)])
        assert int(polar_bins(0.3 * bone)) == bin < POLAR_BINS


def test_a_bone_leads_from_the_part_above() -> None:
    points = torch.zeros(33, 2)
    points[LANDMARK["left_elbow"]], points[LANDMARK["left_wrist"]] = torch.tensor([1.0, 2.0]), torch.tensor([4.0, 3.0])
    assert bones_of(points)[PARTS.index("left_wrist")].tolist() == [3.0, 1.0]
    assert bones_of(points)[PARTS.index("trunk")].tolist() == [0.0, 0.0]


def test_joints_and_bones_count_the_same_before_anything_is_learnt() -> None:
    joints, bones = torch.ones(2, 14, 8), torch.full((2, 14, 8), 3.0)
    torch.testing.assert_close(GatedFusion(8)(joints, bones), torch.full((2, 14, 8), 2.0))


def test_a_convolution_reaches_neighbours_and_nobody_else() -> None:
    torch.manual_seed(0)
    layer, x = GraphConvolution(8).eval(), torch.randn(1, 14, 8)
    moved = x.clone()
    moved[0, PARTS.index("left_elbow")] += torch.randn(8)
    changed = (layer(moved) - layer(x)).abs().sum(-1)[0] > 1e-6
    assert {PARTS[part] for part in changed.nonzero()[:, 0]} <= {"left_shoulder", "left_elbow", "left_wrist"}
