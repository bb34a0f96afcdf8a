"""People out of pieces: the cheapest way to join ends and beginnings over the gaps between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from backend.detect.appearance import difference
from backend.track.association import LARGEST_SCALE, STILL, Bodies, pairs_between, strangeness
from motion.arrays import Array, Indices, Mask

SPEED_S = 0.3               # a speed is that of this time before an end or after a beginning
PREDICTED_S = 1.0           # and goes on for so long at most, from either side of a gap
STOPPED_COST = 0.2          # of not having gone on
TURNED_SIZES_S = 2.0        # change of speed, sizes of the body a second, that counts as much as being out of reach
TURNING_S = 0.3             # the less the more time there was for it
ALIKE_CLOTHES = 8.0         # appearance.difference: half of the differences of one person with himself are below 6,
OTHER_CLOTHES = 12.0        # of people in different clothes hardly any below 16
UNKNOWN_CLOTHES = 0.2       # cost where nothing is known
MOST_FOR_CLOTHES = 3.0
NEW_LIGHT, NEW_CLOTHES_S = 0.5, 3.0     # of the clothes' cost that forbids nothing, and by which it grows a second
SIZE_COST = 0.5             # of the largest ratio between sizes of one person
GAP_COST = 1.0              # of the longest gap and beyond: one person seldom comes and goes in another one's gaps
SAME_SIZES = 1.3            # ratio, over a long gap
LONG_GAP = 5.0              # times the longest gap, for who comes back to the same place in the same clothes
FOR_FOLLOWED = 0.6          # what it counts that the detector thought so
DEAREST = 3.5               # beyond, an end and a beginning are two people
SURE_S = 0.3                # who is found for so long is no mistake of the detector
ROUNDS = 3                  # clothes of whole people are known when they were joined once


@dataclass(frozen=True, eq=False)
class _Ways:
    """Ends and beginnings that could be joined: K pairs of pieces and what speaks against each but the clothes."""

    before: Indices     # [K]
    after: Indices      # [K]
    gap_s: Array        # [K]
    cost: Array         # [K]
    is_long: Mask       # [K] gaps that only the clothes can bridge


def joined(bodies: Bodies, pieces: list[Indices], max_gap_s: float) -> list[Indices]:
    """The findings [M] of each person, rising in time. What lies in neighbouring pictures is never a gap."""
    if not pieces:
        return []
    ways = _ways(bodies, pieces, max(max_gap_s, _step_s(bodies)))
    looks, counts = _looks(bodies, pieces)
    alone = _costs_alone(bodies, pieces)
    by_begin = np.argsort(bodies.time_s[[piece[0] for piece in pieces]], kind="stable")
    successor = np.full(len(pieces), -1)
    for _ in range(ROUNDS):
        before, after = _looks_before_and_after(looks, counts, successor, by_begin)
        apart = difference(before[ways.before], after[ways.after])
        successor = _cheapest(ways, _with_clothes(ways, apart), alone)
    return [np.concatenate([pieces[number] for number in chain]) for chain in _chains(successor)]


def _costs_alone(bodies: Bodies, pieces: list[Indices]) -> Array:
    """Of pieces [P] that are joined to nothing: of short ones little, so that no mistake takes somebody's place."""
    return DEAREST * np.minimum(np.array([len(piece) for piece in pieces]) * _step_s(bodies) / SURE_S, 1)


def _step_s(bodies: Bodies) -> float:
    """From one picture to the next."""
    times_s = np.unique(bodies.time_s)
    return float(np.median(np.diff(times_s))) if len(times_s) > 1 else SURE_S


def _ways(bodies: Bodies, pieces: list[Indices], max_gap_s: float) -> _Ways:
    before, after = _pairs_in_time(bodies, pieces, LONG_GAP * max_gap_s)
    last, first = np.array([piece[-1] for piece in pieces])[before], np.array([piece[0] for piece in pieces])[after]
    gap_s = bodies.time_s[first] - bodies.time_s[last]
    leaving_px_s = np.array([_speed_px_s(bodies, piece, -1) for piece in pieces])[before]
    coming_px_s = np.array([_speed_px_s(bodies, piece, 0) for piece in pieces])[after]
    moved_px = (leaving_px_s + coming_px_s) * np.minimum(gap_s / 2, PREDICTED_S)[:, None]
    motion = np.minimum(strangeness(bodies, last, first, gap_s, moved_px),
                        strangeness(bodies, last, first, gap_s, STILL) + STOPPED_COST)  # fmt: skip
    turned = np.linalg.norm(coming_px_s - leaving_px_s, axis=-1) / bodies.size_px[last] / TURNED_SIZES_S
    sizes_px = np.array([np.median(bodies.size_px[piece]) for piece in pieces])
    scale = np.abs(np.log(sizes_px[after] / sizes_px[before]))
    followed = (bodies.tracklet[last] == bodies.tracklet[first]) & (bodies.picture[first] - bodies.picture[last] == 1)
    cost = (motion + np.minimum(turned, 1) * np.exp(-gap_s / TURNING_S) - FOR_FOLLOWED * followed
            + GAP_COST * np.minimum(gap_s / max_gap_s, 1)
            + SIZE_COST * np.minimum(scale / np.log(LARGEST_SCALE), 1))  # fmt: skip
    is_long = gap_s > max_gap_s + 1e-9
    possible = np.isfinite(motion) & (~is_long | (scale < np.log(SAME_SIZES)))
    return _Ways(*(array[possible] for array in (before, after, gap_s, cost, is_long)))


def _pairs_in_time(bodies: Bodies, pieces: list[Indices], most_s: float) -> tuple[Indices, Indices]:
    """Pairs of pieces of which the second begins after the first's end, `most_s` later at most."""
    begins_s, ends_s = (bodies.time_s[[piece[at] for piece in pieces]] for at in (0, -1))
    by_begin = np.argsort(begins_s, kind="stable")
    numbers = np.arange(len(pieces))
    before, after = pairs_between(np.concatenate([ends_s, begins_s[by_begin]]), numbers, len(pieces) + numbers,
                                  1e-9, most_s + 1e-9)  # fmt: skip
    return before, by_begin[after - len(pieces)]


def _speed_px_s(bodies: Bodies, piece: Indices, at: int) -> Array:
    """Of the trunk's and limbs' middle at the beginning (0) or the end (-1) of a piece, [2]."""
    times_s = bodies.time_s[piece] - bodies.time_s[piece[at]]
    near = piece[np.abs(times_s) <= SPEED_S]
    near = near if len(near) > 2 else (piece[:3] if at == 0 else piece[-3:])
    times_s = bodies.time_s[near] - bodies.time_s[near].mean()
    if len(near) < 2:
        return np.zeros(2)
    return times_s @ bodies.limbs_px[near].mean(axis=1) / np.sum(times_s**2)


def _with_clothes(ways: _Ways, apart: Array) -> Array:
    """What all speaks against each way [K], with clothes that are `apart` [K].

    Who is out of sight for a moment may come back in another light: then clothes choose, but forbid nothing.
    """
    clothes = np.where(np.isnan(apart), UNKNOWN_CLOTHES, np.minimum((apart / OTHER_CLOTHES) ** 2, MOST_FOR_CLOTHES))
    least = ways.cost + np.minimum(clothes, NEW_LIGHT + NEW_CLOTHES_S * ways.gap_s)
    cost = np.where(least < DEAREST, np.minimum(ways.cost + clothes, (least + DEAREST) / 2), np.inf)
    return np.where(ways.is_long & ~(apart < ALIKE_CLOTHES), np.inf, cost)


def _looks(bodies: Bodies, pieces: list[Indices]) -> tuple[Array, Array]:
    """Median colours of each piece [P, C], and of how many findings each is known [P, C]."""
    counts = np.array([np.isfinite(bodies.colours[piece]).sum(axis=0) for piece in pieces])
    medians = np.array([_median(bodies.colours[piece]) for piece in pieces])
    return medians, counts


def _median(colours: Array) -> Array:
    """Over the known ones of each column, NaN where none is."""
    rising = np.sort(colours, axis=0)           # NaN comes last
    middle = np.maximum(np.isfinite(colours).sum(axis=0) - 1, 0) // 2
    return rising[middle, np.arange(colours.shape[1])]


def _looks_before_and_after(looks: Array, counts: Array, successor: Indices,
                            by_begin: Indices) -> tuple[Array, Array]:  # fmt: skip
    """Mean colours [P, C] of each person up to and with a piece, and from a piece on."""
    before = np.stack([np.where(counts > 0, looks, 0) * counts, counts])
    after = before.copy()
    for number in by_begin[successor[by_begin] >= 0]:
        before[:, successor[number]] += before[:, number]
    for number in by_begin[::-1][successor[by_begin[::-1]] >= 0]:
        after[:, number] += after[:, successor[number]]
    means = [np.where(count > 0, total / np.maximum(count, 1), np.nan) for total, count in (before, after)]
    return means[0], means[1]


def _cheapest(ways: _Ways, cost: Array, alone: Array) -> Indices:
    """For each piece the one that follows, or -1, at the least cost in all; joined to nothing it costs `alone`; [P]."""
    successor = np.full(len(alone), -1)
    is_open = cost < DEAREST
    before, after, cost = ways.before[is_open], ways.after[is_open], cost[is_open]
    graph = coo_array((np.ones(len(before)), (before, after)), shape=(len(alone), len(alone)))
    label = connected_components(graph, directed=False)[1][before]
    order = np.argsort(label, kind="stable")
    for ways_here in np.split(order, np.flatnonzero(np.diff(label[order])) + 1):
        pieces, places = np.unique([before[ways_here], after[ways_here]], return_inverse=True)
        table = np.full((len(pieces), len(pieces)), DEAREST)
        np.fill_diagonal(table, alone[pieces])
        table[tuple(places.reshape(2, -1))] = cost[ways_here]
        ends, begins = linear_sum_assignment(table)
        is_joined = (table[ends, begins] < DEAREST) & (ends != begins)
        successor[pieces[ends[is_joined]]] = pieces[begins[is_joined]]
    return successor


def _chains(successor: Indices) -> list[list[int]]:
    """Pieces that follow each other."""
    chains = []
    for first in np.setdiff1d(np.arange(len(successor)), successor):
        chain = [int(first)]
        while successor[chain[-1]] >= 0:
            chain.append(int(successor[chain[-1]]))
        chains.append(chain)
    return chains
