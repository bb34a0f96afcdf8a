"""Pieces: findings that follow each other in time and are one body beyond reasonable doubt."""

from __future__ import annotations

import numpy as np

from backend.detect.appearance import difference
from backend.track.association import STILL, Bodies, pairs_between, strangeness
from motion.arrays import Array, Indices, Mask

CLEAR_RATIO = 1.5           # a next finding is taken where any other would be this much stranger
ABRUPT_SIZES = 0.35         # by which one step differs from those before and after it: perhaps another body
OTHER_CLOTHES = 17.0        # appearance.difference of the time before and after: perhaps another person
COLOUR_WINDOW_S = 0.5       # looked at on either side


def pieces_of(bodies: Bodies) -> list[Indices]:
    """The findings [M] of each piece, rising in time: tracklets cut where they may jump, and what is near by itself."""
    successor = _along_tracklets(bodies)
    first, second = _clear_steps(bodies, successor)
    successor[first] = second
    return [part for piece in _chains(successor) for part in cut(piece, _colour_changes(bodies, piece))]


def cut(piece: Indices, places: Indices) -> list[Indices]:
    """The parts of a piece [M] that begin at `places`."""
    return [part for part in np.split(piece, np.unique(places)) if len(part)]


def _along_tracklets(bodies: Bodies) -> Indices:
    """The next finding of the same tracklet, unless it lies abruptly elsewhere, else -1; [N]."""
    order = np.lexsort((bodies.picture, bodies.tracklet))
    first, second = order[:-1], order[1:]
    follows = bodies.tracklet[first] == bodies.tracklet[second]
    follows &= bodies.picture[first] < bodies.picture[second]
    away_s = bodies.time_s[second] - bodies.time_s[first]
    follows &= strangeness(bodies, first, second, away_s, STILL) < 2
    follows &= ~_is_abrupt(bodies, first, second, follows, away_s)
    successor = np.full(len(order), -1)
    successor[first[follows]] = second[follows]
    return successor


def _is_abrupt(bodies: Bodies, first: Indices, second: Indices, follows: Mask, away_s: Array) -> Mask:
    """Which steps are unlike both of their neighbours."""
    steps = (bodies.middle_px[second] - bodies.middle_px[first]) / bodies.size_px[first][:, None]
    speeds = np.where(follows[:, None], steps / np.maximum(away_s, 1e-6)[:, None], np.nan)
    gap = np.full((1, 2), np.nan)
    neighbours = np.stack([np.concatenate([gap, speeds[:-1]]), np.concatenate([speeds[1:], gap])])
    known = np.isfinite(neighbours)
    usual = np.where(known, neighbours, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    apart = np.linalg.norm(steps - usual * away_s[:, None], axis=-1)
    return known.any(axis=(0, 2)) & (apart > ABRUPT_SIZES)


def _clear_steps(bodies: Bodies, successor: Indices) -> tuple[Indices, Indices]:
    """Pairs of findings without successor and predecessor in neighbouring pictures that nobody else claims."""
    has_predecessor = np.isin(np.arange(len(successor)), successor)
    first, second = pairs_between(bodies.picture, np.flatnonzero(successor < 0), np.flatnonzero(~has_predecessor), 1, 1)
    near = np.linalg.norm(bodies.middle_px[second] - bodies.middle_px[first], axis=-1) < 2 * bodies.size_px[first]
    first, second = first[near], second[near]
    strange = strangeness(bodies, first, second, bodies.time_s[second] - bodies.time_s[first], STILL)
    first, second, strange = (array[strange < 2] for array in (first, second, strange))
    best_other = np.minimum(_best_other(strange, first), _best_other(strange, second))
    clear = CLEAR_RATIO * strange <= best_other
    return first[clear], second[clear]


def _best_other(strange: Array, owner: Indices) -> Array:
    """For each pair the least strangeness of the owner's other pairs, infinite where there is none."""
    order = np.lexsort((strange, owner))
    is_best = np.r_[True, owner[order][1:] != owner[order][:-1]][: len(order)]
    ranks = np.flatnonzero(is_best)[np.cumsum(is_best) - 1]         # place of each owner's best in the order
    padded = np.r_[strange[order], np.inf]
    seconds = np.where(np.r_[owner[order], -1][ranks + 1] == owner[order], padded[ranks + 1], np.inf)
    others = np.empty(len(order))
    others[order] = np.where(is_best, seconds, padded[ranks])
    return others


def _chains(successor: Indices) -> list[Indices]:
    """Findings joined by `successor` [N]."""
    label = np.full(len(successor), -1)
    count = 0
    for n, following in enumerate(successor):       # a successor lies in a later picture
        if label[n] < 0:
            label[n], count = count, count + 1
        if following >= 0:
            label[following] = label[n]
    order = np.argsort(label, kind="stable")
    return np.split(order, np.searchsorted(label[order], np.arange(1, count))) if count else []


def _colour_changes(bodies: Bodies, piece: Indices) -> Indices:
    """Where the clothes look lastingly different from before: the strongest place of each such time."""
    times_s = bodies.time_s[piece]
    if times_s[-1] - times_s[0] < 2 * COLOUR_WINDOW_S:
        return np.array([], np.int64)
    places = np.flatnonzero((times_s - times_s[0] >= COLOUR_WINDOW_S) & (times_s[-1] - times_s >= COLOUR_WINDOW_S))
    begins, ends = (np.searchsorted(times_s, times_s[places] + shift) for shift in (-COLOUR_WINDOW_S, COLOUR_WINDOW_S))
    colours = bodies.colours[piece]
    changes = np.nan_to_num(difference(_means(colours, begins, places), _means(colours, places, ends)))
    strongest = []
    while (changes > OTHER_CLOTHES).any():
        equal = np.flatnonzero(changes == changes.max())
        strongest.append(equal[len(equal) // 2])
        changes[np.abs(times_s[places] - times_s[places[strongest[-1]]]) < COLOUR_WINDOW_S] = 0.0
    return places[np.array(strongest, np.int64)]


def _means(colours: Array, begins: Indices, ends: Indices) -> Array:
    """Mean colours [K, C] of the findings from `begins` to before `ends`, NaN where none are known."""
    known = np.isfinite(colours)
    sums = np.concatenate([np.zeros((1, colours.shape[1])), np.cumsum(np.where(known, colours, 0), axis=0)])
    counts = np.concatenate([np.zeros((1, colours.shape[1])), np.cumsum(known, axis=0)])
    count = counts[ends] - counts[begins]
    return np.where(count > 0, (sums[ends] - sums[begins]) / np.maximum(count, 1), np.nan)
