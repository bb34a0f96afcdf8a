"""Where pieces lie on one another: followed twice, or two people who pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from backend.track.association import Bodies, pairs_between, trunks_apart
from backend.track.pieces import cut
from motion.arrays import Array, Indices, Mask

SAME_BODY_SIZES = 0.12      # distance of two trunks in sizes of the body: in one picture no two bodies are so near,
PASSING_S = 0.5             # but while they pass each other, for no longer than this
BRIDGED_S = 0.15            # apart for no longer, two findings were on one body all the time
SAME_POSE_SIZES = 0.05      # mean distance of landmarks: so near, even people who pass are one body found twice
SURENESS_S = 0.25           # over which findings are compared for the better one


def bodies_apart(bodies: Bodies, pieces: list[Indices]) -> list[Indices]:
    """Pieces of which each is another body while it lasts, cut wherever two had been near each other."""
    pieces, doubles = _cut_at_encounters(bodies, pieces)
    return [_better_findings(bodies, group) for group in _groups(len(pieces), doubles, pieces)]


@dataclass(frozen=True, eq=False)
class _Encounter:
    """Two pieces in the pictures that both are in: [K] findings of each, and in which of them they are near."""

    one: int
    other: int
    own: Indices        # place in piece `one`
    others: Indices     # place in piece `other`
    near: Mask


def _cut_at_encounters(bodies: Bodies, pieces: list[Indices]) -> tuple[list[Indices], list[tuple[int, int]]]:
    """The parts of all pieces, and which pairs of parts are one body."""
    cuts: list[set[int]] = [set() for _ in pieces]
    same: list[tuple[int, int]] = []            # findings of one body
    for meeting in _encounters(bodies, pieces):
        for begin, end in _runs(meeting.near, bodies.time_s[pieces[meeting.one][meeting.own]]):
            one, other = pieces[meeting.one][meeting.own[begin:end]], pieces[meeting.other][meeting.others[begin:end]]
            if _is_passing(bodies, meeting, begin, end, one, other):
                middle = (begin + end) // 2
                cuts[meeting.one].add(int(meeting.own[middle]))
                cuts[meeting.other].add(int(meeting.others[middle]))
                continue
            for places, piece in ((meeting.own, meeting.one), (meeting.others, meeting.other)):
                cuts[piece] |= {int(places[begin]), int(places[end - 1]) + 1}
            same.append((int(one[len(one) // 2]), int(other[len(other) // 2])))
    parts = [part for piece, places in zip(pieces, cuts, strict=True)
             for part in cut(piece, np.array(sorted(places), np.int64))]  # fmt: skip
    part_of = np.full(len(bodies.picture), -1)
    for number, part in enumerate(parts):
        part_of[part] = number
    return parts, [(int(part_of[one]), int(part_of[other])) for one, other in same]


def _encounters(bodies: Bodies, pieces: list[Indices]) -> Iterator[_Encounter]:
    piece_of, place_of = np.empty(len(bodies.picture), np.int64), np.empty(len(bodies.picture), np.int64)
    for number, piece in enumerate(pieces):
        piece_of[piece], place_of[piece] = number, np.arange(len(piece))
    everybody = np.arange(len(bodies.picture))
    one, other = pairs_between(bodies.picture, everybody, everybody, 0, 0)
    ahead = piece_of[one] < piece_of[other]
    one, other = one[ahead], other[ahead]
    near = np.linalg.norm(bodies.middle_px[one] - bodies.middle_px[other], axis=-1) < 0.5 * bodies.size_px[one]
    near[near] = trunks_apart(bodies, one[near], other[near]) < SAME_BODY_SIZES
    pair = piece_of[one] * len(pieces) + piece_of[other]
    meeting = np.isin(pair, pair[near])
    order = np.flatnonzero(meeting)[np.argsort(pair[meeting], kind="stable")]
    for rows in np.split(order, np.flatnonzero(np.diff(pair[order])) + 1):
        if len(rows):
            yield _Encounter(int(piece_of[one[rows[0]]]), int(piece_of[other[rows[0]]]), place_of[one[rows]],
                             place_of[other[rows]], near[rows])  # fmt: skip


def _runs(near: Mask, times_s: Array) -> list[tuple[int, int]]:
    """Begin and end of each time of being near, short interruptions bridged."""
    places = np.flatnonzero(near)
    breaks = np.flatnonzero((np.diff(places) > 1) & (np.diff(times_s[places]) > BRIDGED_S))
    return list(zip(places[np.r_[0, breaks + 1]].tolist(), (places[np.r_[breaks, -1]] + 1).tolist(), strict=True))


def _is_passing(bodies: Bodies, meeting: _Encounter, begin: int, end: int, one: Indices, other: Indices) -> bool:
    """Whether these are two people, both of them seen before and after."""
    bounded = begin > 0 and end < len(meeting.near)
    lasting_s = bodies.time_s[one[-1]] - bodies.time_s[one[0]]
    poses_px = np.linalg.norm(bodies.limbs_px[one] - bodies.limbs_px[other], axis=-1).mean(axis=-1)
    return bool(bounded and lasting_s < PASSING_S and np.median(poses_px / bodies.size_px[one]) > SAME_POSE_SIZES)


def _groups(count: int, doubles: list[tuple[int, int]], pieces: list[Indices]) -> list[list[Indices]]:
    """Pieces that are one body, together."""
    one, other = np.array(doubles, np.int64).reshape(-1, 2).T
    label = connected_components(coo_array((np.ones(len(one)), (one, other)), shape=(count, count)), directed=False)[1]
    groups: dict[int, list[Indices]] = {}
    for number, piece in zip(label.tolist(), pieces, strict=True):
        groups.setdefault(number, []).append(piece)
    return list(groups.values())


def _better_findings(bodies: Bodies, group: list[Indices]) -> Indices:
    """Of each picture the finding of the piece that is surer about that time, rising in time."""
    if len(group) == 1:
        return group[0]
    findings = np.concatenate(group)
    sureness = np.concatenate([_smooth(bodies.weights[piece].mean(axis=-1), bodies.time_s[piece]) for piece in group])
    order = np.lexsort((-sureness, bodies.picture[findings]))
    pictures, first = np.unique(bodies.picture[findings][order], return_index=True)
    return findings[order][first]


def _smooth(values: Array, times_s: Array) -> Array:
    """Running mean over SURENESS_S on either side."""
    sums = np.r_[0.0, np.cumsum(values)]
    begins = np.searchsorted(times_s, times_s - SURENESS_S, side="left")
    ends = np.searchsorted(times_s, times_s + SURENESS_S, side="right")
    return (sums[ends] - sums[begins]) / (ends - begins)
