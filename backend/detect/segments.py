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
from motion.arrays import Array, Indices

LEAD = 60   # pictures looked at before those that a segment answers for: two searches in every corner at 30 Hz
TAIL = 6    # and after them: cuts are known from two pictures after, second looks smooth over three
SAME_SHARE = 0.5    # of the pictures in which two tracklets are both seen, that make them one if they lie on one body
_PER_FINDING = tuple(each.name for each in fields(Detections) if each.name not in ("times_s", "shot", "detector"))


@dataclass(frozen=True)
class Segment:
    """Pictures of a clip, as indices into its times. The first segment has no lead, the last one no tail."""

    first_look: int     # the first picture looked at,
    first: int          # the first answered for,
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

    A tracklet that goes on in the next segment keeps its number: both are on one body in the pictures that both
    segments looked at.
    """
    if len(parts) == 1:
        return parts[0]
    numbers = itertools.count()
    own = [{number: next(numbers) for number in _tracklets(parts[0])}]
    for (before, left), (after, right) in itertools.pairwise(zip(parts, segments, strict=True)):
        known = _going_on(before, left, after, right)
        own.append({number: own[-1][known[number]] if number in known else next(numbers)
                    for number in _tracklets(after)})  # fmt: skip
    tables = [_answered_for(*each) for each in zip(parts, segments, own, strict=True)]
    return Detections(
        times_s=times_s, shot=_shots(parts, segments), detector=parts[0].detector,
        **{name: np.concatenate([getattr(table, name) for table in tables]) for name in _PER_FINDING},
    )  # fmt: skip


def _tracklets(part: Detections) -> list[int]:
    return np.unique(part.tracklet).tolist()


def _going_on(before: Detections, left: Segment, after: Detections, right: Segment) -> dict[int, int]:
    """By number of a tracklet in `after` the one in `before` that it goes on from."""
    early = _seen(before, left.first_look, right.first_look, left.end_look)
    late = _seen(after, right.first_look, right.first_look, left.end_look)
    share = np.array([[_same_share(one, other) for other in late.values()] for one in early.values()])
    if share.size == 0:
        return {}
    rows, columns = linear_sum_assignment(-share)
    early_numbers, late_numbers = list(early), list(late)
    return {late_numbers[column]: early_numbers[row] for row, column in zip(rows, columns, strict=True)
            if share[row, column] >= SAME_SHARE}  # fmt: skip


def _seen(part: Detections, offset: int, first: int, end: int) -> dict[int, dict[int, Array]]:
    """Landmarks [33, 2] by tracklet and picture of the clip, of the pictures `first` to `end` - 1."""
    seen: dict[int, dict[int, Array]] = {}
    picture = part.picture + offset
    for index in np.flatnonzero((picture >= first) & (picture < end)):
        seen.setdefault(int(part.tracklet[index]), {})[int(picture[index])] = part.landmarks_px[index]
    return seen


def _same_share(one: dict[int, Array], other: dict[int, Array]) -> float:
    """In how many of the pictures in which both are seen they lie on one body, 0..1."""
    common = sorted(one.keys() & other.keys())
    if not common:
        return 0.0
    first_px, second_px = (np.stack([each[picture] for picture in common]) for each in (one, other))
    size_px = np.minimum(body_size_px(first_px), body_size_px(second_px))
    return float((trunk_distance_px(first_px, second_px) < SAME_BODY_SHARE * size_px).mean())


def _answered_for(part: Detections, segment: Segment, own: dict[int, int]) -> Detections:
    """The findings that the segment answers for, by their pictures and numbers in the clip."""
    picture = part.picture + segment.first_look
    chosen = (picture >= segment.first) & (picture < segment.end)
    rows = {name: getattr(part, name)[chosen] for name in _PER_FINDING}
    tracklet = np.array([own[number] for number in rows["tracklet"].tolist()], np.int64)
    return replace(part, **{**rows, "picture": picture[chosen], "tracklet": tracklet})


def _shots(parts: Sequence[Detections], segments: Sequence[Segment]) -> Indices:
    """[F] of each picture of the clip: each segment says where cuts lie among the pictures that it answers for."""
    cuts = [np.diff(part.shot, prepend=part.shot[:1])[each.first - each.first_look : each.end - each.first_look]
            for part, each in zip(parts, segments, strict=True)]  # fmt: skip
    return np.cumsum(np.concatenate(cuts))
