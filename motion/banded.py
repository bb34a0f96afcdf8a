"""Least squares over time: few unknowns a frame, each term about neighbouring frames only.

Blender's Python has no scipy, so that clean-up, which also runs there, brings its own solver.
"""

from __future__ import annotations

import numpy as np

from .arrays import Array

# Unknowns solved together; few enough that OpenBLAS stays in one thread. Numpy 1.26, which Blender has, spreads 48 over
# several; on a busy machine they wait: 6 to 13 ms a block instead of 0.2.
_BLOCK = 8


class BandedNormal:
    """Normal equations A x = b for x [T, D] whose terms couple frames at most `reach` apart.

    A is kept as blocks: blocks[k][t] [D, D] couples frame t + k (rows) with frame t (columns), k = 0 .. reach.
    With `alike` C, as many problems of the same A are solved at once, for x [T, D, C].
    """

    def __init__(self, frames: int, width: int, reach: int, alike: int | None = None) -> None:
        self.blocks = [np.zeros((max(frames - k, 0), width, width)) for k in range(reach + 1)]
        self.right = np.zeros((frames, width) if alike is None else (frames, width, alike))

    def add_differences(self, coefficients: Array, weights: Array, wanted: Array | None = None) -> None:
        """Add sum over t of weights_t |sum over k of coefficients_k x_(t+k) - wanted_t|^2.

        coefficients [K], K at most reach + 1; weights [T-K+1] or [T-K+1, D], of each direction, or
        [T-K+1, D, D], symmetric; wanted [T-K+1, D] or [T-K+1, D, C], zero if None.
        """
        frames, width = self.right.shape[:2]
        count = frames - len(coefficients) + 1
        if count <= 0:
            return
        matrices = _as_matrices(np.asarray(weights, dtype=np.float64), width)
        for i, first in enumerate(coefficients):
            for j, second in enumerate(coefficients[: i + 1]):
                self.blocks[i - j][j : j + count] += first * second * matrices
            if wanted is not None:
                self.right[i : i + count] += first * np.einsum("tij,tj...->ti...", matrices, wanted)

    def solve(self) -> Array:
        """x [T, D] or [T, D, C]; A must be positive definite."""
        return solve_block_banded(self.blocks, self.right)


def _as_matrices(weights: Array, width: int) -> Array:
    if weights.ndim == 3:
        return weights
    columns = weights[:, None] if weights.ndim == 1 else weights
    return columns[:, :, None] * np.eye(width)


def solve_block_banded(blocks: list[Array], right: Array) -> Array:
    """x [T, D] of a symmetric positive definite block-banded system, by elimination of larger blocks.

    blocks[k] [T-k, D, D] couples frame t + k with frame t; right [T, D], or [T, D, C] as then is x.
    """
    frames, width = right.shape[:2]
    together = max(len(blocks) - 1, _BLOCK // width, 1)
    count = -(-frames // together)
    diagonal, below = _large_blocks(blocks, frames, width, together, count)
    padded = np.zeros((count * together, *right.shape[1:]))
    padded[:frames] = right
    x = _solve_tridiagonal(diagonal, below, padded.reshape(count, together * width, -1))
    return x.reshape(padded.shape)[:frames]


def _large_blocks(blocks: list[Array], frames: int, width: int, together: int, count: int) -> tuple[Array, Array]:
    """Diagonal [count, N, N] and those below it [count, N, N] (the first unused) of `together` frames each."""
    size = together * width
    diagonal, below = (np.zeros((count, together, width, together, width)) for _ in range(2))
    for k, values in enumerate(blocks):
        row, column = np.arange(k, frames), np.arange(frames - k)
        inside = row // together == column // together
        for target, chosen in ((diagonal, inside), (below, ~inside)):
            at = (row[chosen] // together, row[chosen] % together, slice(None), column[chosen] % together)
            target[at] += values[chosen]
    for lone in range(frames, count * together):
        diagonal[-1, lone % together, :, lone % together] = np.eye(width)
    diagonal, below = (each.reshape(count, size, size) for each in (diagonal, below))
    lower = np.tril(diagonal)
    return lower + np.swapaxes(np.tril(diagonal, -1), -1, -2), below


def _solve_tridiagonal(diagonal: Array, below: Array, right: Array) -> Array:
    """x [count, N, C]; below[i] couples block i (rows) with block i - 1.

    Every other block is eliminated at once, then half of the rest (Buzbee, Golub & Nielson 1970, cyclic reduction).
    """
    if len(diagonal) == 1:
        return np.linalg.solve(diagonal, right)
    size, pairs, links = diagonal.shape[-1], len(diagonal) // 2, (len(diagonal) - 1) // 2
    to_before, to_after = np.swapaxes(below[1::2], -1, -2), below[2::2]     # from odd blocks to the even ones beside
    after = np.zeros_like(below[1::2])
    after[:links] = np.swapaxes(to_after, -1, -2)
    solved = np.linalg.solve(diagonal[1::2], np.concatenate([below[1::2], after, right[1::2]], axis=-1))
    by_before, by_after, alone = solved[..., :size], solved[..., size : 2 * size], solved[..., 2 * size :]
    even, even_right, even_below = diagonal[::2].copy(), right[::2].copy(), np.zeros_like(diagonal[::2])
    even[:pairs] -= to_before @ by_before
    even[1:] -= to_after @ by_after[:links]
    even_right[:pairs] -= to_before @ alone
    even_right[1:] -= to_after @ alone[:links]
    even_below[1:] = -to_after @ by_before[:links]
    x = np.empty_like(right)
    x[::2] = _solve_tridiagonal(even, even_below, even_right)
    x[1::2] = alone - by_before @ x[::2][:pairs]
    x[1::2][:links] -= by_after[:links] @ x[2::2]
    return x
