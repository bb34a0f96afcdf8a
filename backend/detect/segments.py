"""Long clips in pieces that can be looked at apart from each other, on one machine or on several, and joined again.

Whoever looks at a clip looks at the same segments, so that what is found does not depend on who looked where or when.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from backend.detect.detections import Detections
from backend.detect.pose import SAME_BODY_SHARE, body_size_px, trunk_distance_px
from motion.arrays import Array, Indices, Mask

LEAD = 60   # pictures looked at before those that a segment answers for: two searches in every corner at 30 Hz
TAIL = 6    # and after them: cuts are known from two pictures after, second looks smooth over three
HALVED = 4  # pictures away from a border that say half as much of who goes on behind it
_PER_FINDING = tuple(each.name for each in fields(Detections) if each.name not in ("times_s", "shot", "detector"))


@dataclass(frozen=True)
class Segment:
    """Pictures of a clip, as indices into its times. The first segment has no lead, the last one no tail."""

    first_look: int     # the first picture looked at,
    first: int          # the first answered for: the border to the segment before,
    end: int            # behind the last answered for
    end_look: int       # and behind the last looked at


def segments_of(picture_count: int, length: int) -> tuple[Segment, ...]:
    """All of a clip in about equal segments of about `length` pictures, at least one; rising in time."""
    count = max(1, round(picture_count / length))
    borders = [number * picture_count // count for number in range(count + 1)]
    return tuple(Segment(max(0, first - LEAD), first, end, min(picture_count, end + TAIL))
                 for first, end in zip(borders, borders[1:], strict=False))  # fmt: skip


def joined(parts: Sequence[Detections], segments: Sequence[Segment], times_s: Array) -> Detections:
    """What was found in the segments of a clip whose pictures have `times_s` [F], one Detections each, as of the whole.

    Each picture's findings are those of the segment that answers for it, and of people who had just come before a
    border, and were found behind it only, those of the next one. A tracklet that goes on keeps its number.
    """
    if len(parts) == 1:
        return parts[0]
    looked = [replace(part, picture=part.picture + segment.first_look)
              for part, segment in zip(parts, segments, strict=True)]  # fmt: skip
    numbers = itertools.count()
    number_of = {tracklet: next(numbers) for tracklet in _tracklets(looked[0])}
    tables = [_chosen(looked[0], _answered_for(looked[0], segments[0]), number_of)]
    for (before, left), (after, right) in itertools.pairwise(zip(looked, segments, strict=True)):
        known = _going_on(before, left, after, right)
        number_of = {tracklet: number_of[known[tracklet]] if tracklet in known else next(numbers)
                     for tracklet in _tracklets(after)}  # fmt: skip
        chosen = _answered_for(after, right) | _followed_back(before, left, after, right, known)
        tables.append(_chosen(after, chosen, number_of))
    findings = {name: np.concatenate([table[name] for table in tables]) for name in _PER_FINDING}
    order = np.argsort(findings["picture"], kind="stable")
    return Detections(times_s=times_s, shot=_shots(parts, segments), detector=parts[0].detector,
                      **{name: values[order] for name, values in findings.items()})  # fmt: skip


def _answered_for(looked: Detections, segment: Segment) -> Mask:
    return (looked.picture >= segment.first) & (looked.picture < segment.end)


def _of_answered(looked: Detections, segment: Segment) -> Mask:
    """Findings of tracklets of which the segment answers for some."""
    return np.isin(looked.tracklet, looked.tracklet[_answered_for(looked, segment)])


def _tracklets(looked: Detections) -> list[int]:
    return np.unique(looked.tracklet).tolist()


def _chosen(looked: Detections, chosen: Mask, number_of: dict[int, int]) -> dict[str, Array]:
    """Some of the findings, their tracklets numbered as in the clip."""
    findings = {name: getattr(looked, name)[chosen] for name in _PER_FINDING}
    numbers = [number_of[tracklet] for tracklet in findings["tracklet"].tolist()]
    return findings | {"tracklet": np.array(numbers, np.int64)}


def _going_on(before: Detections, left: Segment, after: Detections, right: Segment) -> dict[int, int]:
    """By tracklet in `after` the one in `before` that it goes on from behind the border."""
    both = right.first_look, left.end_look
    early, late = _seen(before, left, *both), _seen(after, right, *both)
    agreement = np.array([[_agreement(one, other, right.first) for other in late.values()] for one in early.values()])
    if agreement.size == 0:
        return {}
    pairs = zip(*linear_sum_assignment(-agreement), strict=True)
    early_tracklets, late_tracklets = list(early), list(late)
    return {late_tracklets[column]: early_tracklets[row] for row, column in pairs if agreement[row, column] > 0}


def _seen(looked: Detections, segment: Segment, first: int, end: int) -> dict[int, dict[int, Array]]:
    """Landmarks [33, 2] of what the segment answers for, by tracklet and picture, from picture `first` to `end` - 1."""
    seen: dict[int, dict[int, Array]] = {}
    there = _of_answered(looked, segment) & (looked.picture >= first) & (looked.picture < end)
    for index in np.flatnonzero(there):
        seen.setdefault(int(looked.tracklet[index]), {})[int(looked.picture[index])] = looked.landmarks_px[index]
    return seen


def _agreement(one: dict[int, Array], other: dict[int, Array], border: int) -> float:
    """How much two tracklets are one body in the pictures in which both are seen, mostly those at the border; or 0."""
    common = np.array(sorted(one.keys() & other.keys()), np.int64)
    if not len(common):
        return 0.0
    first_px, second_px = (np.stack([each[picture] for picture in common.tolist()]) for each in (one, other))
    weights = 0.5 ** (np.abs(common - border) / HALVED)
    return max(0.0, float(weights @ _closeness(first_px, second_px)))


def _closeness(first_px: Array, second_px: Array) -> Array:
    """Of bodies [K, 33, 2]: 1 in the same place, above 0 where they are one body, down to -1; [K]."""
    size_px = np.minimum(body_size_px(first_px), body_size_px(second_px))
    apart = trunk_distance_px(first_px, second_px) / np.maximum(SAME_BODY_SHARE * size_px, 1e-9)
    return np.maximum(1.0 - apart, -1.0)


def _followed_back(before: Detections, left: Segment, after: Detections, right: Segment,
                   known: dict[int, int]) -> Mask:  # fmt: skip
    """Findings in `after` from before the border, back to where the same body or tracklet is found in `before`."""
    chosen, met = np.zeros(len(after.picture), bool), set()
    lead = _of_answered(after, right) & (after.picture >= left.first) & (after.picture < right.first)
    for index in np.flatnonzero(lead)[::-1]:
        tracklet = int(after.tracklet[index])
        there = slice(*np.searchsorted(before.picture, (after.picture[index], after.picture[index] + 1)))
        closeness = _closeness(before.landmarks_px[there], after.landmarks_px[index])
        if (closeness > 0).any() or known.get(tracklet) in before.tracklet[there].tolist():
            met.add(tracklet)
        chosen[index] = tracklet not in met
    return chosen


def _shots(parts: Sequence[Detections], segments: Sequence[Segment]) -> Indices:
    """[F] of each picture of the clip: each segment says where cuts lie among the pictures that it answers for."""
    cuts = [np.diff(part.shot, prepend=part.shot[:1])[each.first - each.first_look : each.end - each.first_look]
            for part, each in zip(parts, segments, strict=True)]  # fmt: skip
    return np.cumsum(np.concatenate(cuts))
