"""Things that hang on the body: extra vertices which follow parts of it, as a skirt the pelvis and the thighs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from motion.arrays import Array, Indices
from motion.body import BodyModel
from motion.skeleton import JOINT

SUPPORTS = 24     # vertices by which the movement of one part is known
RIGID = 0.97      # weight of the joint from which a vertex counts as its part's


@dataclass(frozen=True, eq=False)
class Piece:
    """One thing at rest, before it is hung."""

    rest_m: Array                           # [E, 3]
    faces: Indices                          # [G, 3]
    parts: tuple[str, ...]                  # the joints that it follows
    weights: Array                          # [E, parts]
    painted: Callable[[Array], Array]       # places at rest [N, 3] -> sRGB [N, 3]


@dataclass(frozen=True, eq=False)
class Hung:
    """All things on one body; vertex = mixture @ body vertices[sources]."""

    rest_m: Array        # [E, 3]
    faces: Indices       # [G, 3] into E
    piece: Indices       # [G] which of pieces
    mixture: Array       # [E, U]
    sources: Indices     # [U]
    pieces: list[Piece]


def no_hung() -> Hung:
    """Nothing hangs."""
    none = np.zeros(0, dtype=np.int64)
    return Hung(np.zeros((0, 3)), np.zeros((0, 3), np.int64), none, np.zeros((0, 0)), none, [])


def hung_on(model: BodyModel, pieces: list[Piece]) -> Hung:
    """The pieces as mixtures of the body's vertices.

    A part of the body moves rigidly, so that an affine map fitted to a few of its vertices carries whatever hangs on
    it; the map is linear in those vertices, and so is everything that follows several parts by weights.
    """
    names = sorted({name for piece in pieces for name in piece.parts})
    supports = {name: _supports(model, name) for name in names}
    sources = np.concatenate([supports[name] for name in names])
    start = {name: SUPPORTS * number for number, name in enumerate(names)}
    mixture = [_mixture(model, piece, supports, start, len(sources)) for piece in pieces]
    offsets = np.cumsum([0, *(len(piece.rest_m) for piece in pieces)])
    return Hung(
        rest_m=np.concatenate([piece.rest_m for piece in pieces]),
        faces=np.concatenate([piece.faces + offset for piece, offset in zip(pieces, offsets)]),
        piece=np.repeat(np.arange(len(pieces)), [len(piece.faces) for piece in pieces]),
        mixture=np.concatenate(mixture), sources=sources, pieces=pieces,
    )  # fmt: skip


def _mixture(model: BodyModel, piece: Piece, supports: dict[str, Indices], start: dict[str, int], count: int) -> Array:
    mixture = np.zeros((len(piece.rest_m), count))
    for name, weight in zip(piece.parts, piece.weights.T, strict=True):
        affine = np.linalg.pinv(_homogeneous(model.vertices[supports[name]]).T)
        mixture[:, start[name] : start[name] + SUPPORTS] += weight[:, None] * (affine @ _homogeneous(piece.rest_m).T).T
    return mixture


def _homogeneous(points: Array) -> Array:
    return np.concatenate([points, np.ones((len(points), 1))], axis=1)


def _supports(model: BodyModel, joint: str) -> Indices:
    """Vertices that follow one joint, spread over its part: each the farthest from those chosen before."""
    weight = np.where(model.weight_joints == JOINT[joint], model.weights, 0.0).sum(axis=1)
    own = np.flatnonzero(weight >= min(RIGID, np.sort(weight)[-2 * SUPPORTS]))
    chosen = [0]
    distance = np.full(len(own), np.inf)
    for _ in range(SUPPORTS - 1):
        last = model.vertices[own[chosen[-1]]]
        distance = np.minimum(distance, np.linalg.norm(model.vertices[own] - last, axis=1))
        chosen.append(int(distance.argmax()))
    return own[chosen]
