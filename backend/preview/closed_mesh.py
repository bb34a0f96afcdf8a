"""Meshes without holes, so that nobody looks into a collar and through the body."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from motion.arrays import Indices


def closed(faces: Indices) -> Indices:
    """`faces` [F, 3] and, for each hole in them, a fan of faces that covers it and faces outwards as they do."""
    fans = [_fan(rim) for rim in _rims(faces)]
    return np.concatenate([faces, *fans])


def _fan(rim: list[int]) -> Indices:
    """Faces over a rim that is given the way its own faces run."""
    return np.array([(rim[0], after, before) for before, after in pairwise(rim[1:])], dtype=np.int64).reshape(-1, 3)


def _rims(faces: Indices) -> list[list[int]]:
    """Closed chains of the edges that only one face has. Where rims touch in a vertex, one of them stays open."""
    edges = {(int(a), int(b)) for a, b in faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)}
    following = {a: b for a, b in sorted(edges) if (b, a) not in edges}
    rims = []
    while following:
        start, vertex = following.popitem()
        rim = [start]
        while vertex in following:
            rim.append(vertex)
            vertex = following.pop(vertex)
        if vertex == start:
            rims.append(rim)
    return rims
