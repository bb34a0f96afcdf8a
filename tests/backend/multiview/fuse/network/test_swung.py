"""Bones that point where landmarks say."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from backend.multiview.fuse.network.swung import swung
from motion.landmarks import LANDMARK
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT, PARENTS
from tests.backend.lift.made_up_track import MadeUp, reaching_and_stepping

LIMBS = [JOINT[f"{side}_{name}"] for side in ("left", "right") for name in ("shoulder", "elbow", "hip", "knee")]


def given(made: MadeUp) -> tuple[torch.Tensor, ...]:
    """Orientations of the 22 joints, landmarks, and rest joints."""
    R = torch.from_numpy(made.R_camera_from_joint[:, :22].copy())
    return R, torch.from_numpy(made.points_camera[:, :33].copy()), torch.from_numpy(
        made.body.skeleton.rest_joints.copy())  # fmt: skip


def angle_deg(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    trace = (one.mT @ other).diagonal(dim1=-2, dim2=-1).sum(-1)
    return torch.acos(((trace - 1.0) / 2.0).clamp(-1.0, 1.0)).rad2deg()


def test_a_body_that_fits_its_landmarks_stays() -> None:
    R, points, rest = given(reaching_and_stepping())
    assert angle_deg(swung(R, points, torch.ones(points.shape[:2]), rest), R).max() < 12.0    # landmarks are not joints


def wrong(R: torch.Tensor) -> torch.Tensor:
    """Every joint turned by 25 degrees, each about another axis."""
    axes = np.random.default_rng(4).normal(size=(22, 3))
    turns = matrix_from_axis_angle(np.deg2rad(25.0) * axes / np.linalg.norm(axes, axis=-1, keepdims=True))
    return torch.from_numpy(turns) @ R


def test_sure_landmarks_bring_limbs_to_where_they_point() -> None:
    R, points, rest = given(reaching_and_stepping())
    back = swung(wrong(R), points, torch.ones(points.shape[:2]), rest)
    for joint in LIMBS:
        child = next(child for child in range(22) if PARENTS[child] == joint)
        bone = rest[child] - rest[joint]
        cosine = torch.nn.functional.cosine_similarity(back[:, joint] @ bone, R[:, joint] @ bone, dim=-1)
        assert cosine.clamp(max=1.0).acos().max().rad2deg() < 10.0


def test_unsure_landmarks_turn_nothing() -> None:
    R, points, rest = given(reaching_and_stepping())
    torch.testing.assert_close(swung(wrong(R), points, torch.zeros(points.shape[:2]), rest), wrong(R))


def test_bones_that_are_far_too_long_are_not_believed() -> None:
    R, points, rest = given(reaching_and_stepping())
    wrist, elbow = LANDMARK["left_wrist"], LANDMARK["left_elbow"]
    points[:, wrist] = points[:, elbow] + 2.2 * (points[:, wrist] - points[:, elbow])
    start = wrong(R)
    back = swung(start, points, torch.ones(points.shape[:2]), rest)
    assert angle_deg(back[:, JOINT["left_elbow"]], start[:, JOINT["left_elbow"]]).max() < 2.0


@pytest.mark.parametrize("seed", [1, 2])
def test_turning_the_stage_turns_the_result(seed: int) -> None:
    R, points, rest = given(reaching_and_stepping())
    turn = torch.from_numpy(matrix_from_axis_angle(np.random.default_rng(seed).normal(size=3)))
    sure = torch.rand(points.shape[:2], dtype=R.dtype, generator=torch.Generator().manual_seed(seed))
    one, other = swung(wrong(R), points, sure, rest), swung(turn @ wrong(R), points @ turn.mT, sure, rest)
    torch.testing.assert_close(other, turn @ one)
