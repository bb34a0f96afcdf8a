"""Six numbers and rotations."""

from __future__ import annotations

import torch

from backend.lift.network.rotations import matrix_from_six, six_from_matrix, turn_to_axis

EYE = torch.eye(3, dtype=torch.float64)


def numbers(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(3), dtype=torch.float64)


def assert_rotations(R: torch.Tensor) -> None:
    torch.testing.assert_close(R @ R.mT, EYE.expand_as(R), atol=1e-9, rtol=0)
    torch.testing.assert_close(torch.linalg.det(R), torch.ones(R.shape[:-2], dtype=R.dtype), atol=1e-9, rtol=0)


def test_any_six_numbers_become_a_rotation() -> None:
    assert_rotations(matrix_from_six(numbers(50, 6)))


def test_lengths_do_not_matter() -> None:
    six = numbers(20, 6)
    longer = six * torch.tensor([3.0] * 3 + [0.2] * 3)
    torch.testing.assert_close(matrix_from_six(longer), matrix_from_six(six))


def test_the_six_numbers_of_a_rotation_become_that_rotation() -> None:
    R = matrix_from_six(numbers(5, 4, 6))
    torch.testing.assert_close(matrix_from_six(six_from_matrix(R)), R)


def test_a_direction_is_turned_to_the_axis_by_the_smallest_rotation() -> None:
    direction = torch.nn.functional.normalize(numbers(50, 3) + torch.tensor([0.0, 0.0, 1.0]), dim=-1)
    R = turn_to_axis(direction)
    assert_rotations(R)
    torch.testing.assert_close((R @ direction[..., None])[..., 0], EYE[2].expand(50, 3))
    trace = R.diagonal(dim1=-2, dim2=-1).sum(-1)
    torch.testing.assert_close(trace, 1.0 + 2.0 * direction[:, 2])   # 1 + 2 cos of the angle between the two
