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
PASSING_S = 0.5             # but those whom the detector tells apart, and who pass for no longer than this
BRIDGED_S = 0.15            # apart for no longer, two findings were on one body all the time
SAME_POSE_SIZES = 0.05      # mean distance of landmarks: so near, whoever they are, it is one body found twice
SURENESS_S = 0.25           # over which findings are compared for the better one


def bodies_apart(bodies: Bodies, pieces: list[Indices]) -> list[Indices]:
    """Pieces of which each is another body while it lasts, cut wherever two had been near each other."""
    meetings = _meetings(bodies, pieces)
    doubles = [meeting for meeting in meetings if meeting.is_double]
    cuts: list[set[int]] = [set() for _ in pieces]
    for meeting in meetings:
        for piece in (meeting.one, meeting.other):
            cuts[piece] |= {meeting.first, meeting.last + 1} if meeting.is_double else {meeting.middle}
    _cut_alike(cuts, doubles)
    parts = [part for piece, pictures in zip(pieces, cuts, strict=True)
             for part in cut(piece, np.searchsorted(bodies.picture[piece], sorted(pictures)))]  # fmt: skip
    same = np.concatenate([np.empty((0, 2), np.int64), *(meeting.findings for meeting in doubles)])
    return [_better_findings(bodies, group) for group in _groups(parts, same, len(bodies.picture))]


@dataclass(frozen=True, eq=False)
class _Meeting:
    """Two pieces near each other from picture `first` to `last`; double: they are one body, else two who pass."""

    one: int
    other: int
    first: int
    middle: int
    last: int
    is_double: bool
    findings: Indices       # [K, 2] of both pieces


def _cut_alike(cuts: list[set[int]], doubles: list[_Meeting]) -> None:
    """Cut what is one body at the same pictures."""
    changed = True
    while changed:
        changed = False
        for double in doubles:
            one, other = cuts[double.one], cuts[double.other]
            missing = {picture for picture in one ^ other if double.first < picture <= double.last}
            changed = changed or bool(missing)
            one |= missing
            other |= missing


def _meetings(bodies: Bodies, pieces: list[Indices]) -> list[_Meeting]:
    return [meeting for encounter in _encounters(bodies, pieces)
            for meeting in _meetings_of(bodies, pieces, encounter)]  # fmt: skip


def _meetings_of(bodies: Bodies, pieces: list[Indices], encounter: _Encounter) -> Iterator[_Meeting]:
    both = np.stack([pieces[encounter.one][encounter.own], pieces[encounter.other][encounter.others]], axis=-1)
    pictures = bodies.picture[both[:, 0]]
    for begin, end in _runs(encounter.near, bodies.time_s[both[:, 0]]):
        bounded = begin > 0 and end < len(both)
        yield _Meeting(encounter.one, encounter.other, int(pictures[begin]), int(pictures[(begin + end) // 2]),
                       int(pictures[end - 1]), not _are_two(bodies, *both[begin:end].T, bounded),
                       both[begin:end])  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Encounter:
    """Two pieces in the pictures that both are in, [K] places in each, and in which of them they are near."""

    one: int
    other: int
    own: Indices
    others: Indices
    near: Mask


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
    """Places at which each time of being near begins, and behind its end, short interruptions bridged."""
    places = np.flatnonzero(near)
    breaks = np.flatnonzero((np.diff(places) > 1) & (np.diff(times_s[places]) > BRIDGED_S))
    return list(zip(places[np.r_[0, breaks + 1]].tolist(), (places[np.r_[breaks, -1]] + 1).tolist(), strict=True))


def _are_two(bodies: Bodies, one: Indices, other: Indices, bounded: bool) -> bool:
    """Whether findings [K] near each other are two people: by the detector's word, or as they pass.

    Who passes was elsewhere before and after (`bounded`).
    """
    lasting_s = bodies.time_s[one[-1]] - bodies.time_s[one[0]]
    told_apart = np.mean(bodies.apart[one] & bodies.apart[other]) > 0.5
    poses_px = np.linalg.norm(bodies.limbs_px[one] - bodies.limbs_px[other], axis=-1).mean(axis=-1)
    differ = np.median(poses_px / bodies.size_px[one]) > SAME_POSE_SIZES
    return bool(differ and (told_apart or (bounded and lasting_s < PASSING_S)))


def _groups(parts: list[Indices], same: Indices, count: int) -> list[list[Indices]]:
    """Parts that are one body, together, as pairs of findings [K, 2] out of `count` say."""
    part_of = np.empty(count, np.int64)
    for number, part in enumerate(parts):
        part_of[part] = number
    one, other = part_of[same].T
    graph = coo_array((np.ones(len(one)), (one, other)), shape=(len(parts), len(parts)))
    groups: dict[int, list[Indices]] = {}
    for number, part in zip(connected_components(graph, directed=False)[1].tolist(), parts, strict=True):
        groups.setdefault(number, []).append(part)
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
