"""Whoever looks at a clip in segments knows afterwards what one look at all of it would have told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backend.detect.detections import Detections
from backend.detect.detector import LEAST_SEGMENT
from backend.detect.findings import Findings
from backend.detect.looks import Look
from backend.detect.segments import LEAD, TAIL, Segment, joined, segments_of
from backend.video.pictures import Picture
from backend.video.shots import with_shots
from motion.arrays import Array
from tests.backend.detect.made_up_poses import standing

APART_PX, NOISE_PX = 500.0, 4.0
Seen = Mapping[int, Mapping[int, Array]]    # by tracklet and picture of the clip where its hips are, px


def looked_at(segment: Segment, seen: Seen, noise: int | None = None) -> Detections:
    """What a segment's looks would tell: those of `seen` who are in its pictures, its first picture being 0."""
    rows = sorted((picture, tracklet) for tracklet, places in seen.items() for picture in places
                  if segment.first_look <= picture < segment.end_look)  # fmt: skip
    count = len(rows)
    poses = [standing(tuple(seen[tracklet][picture])).landmarks_px for picture, tracklet in rows]
    landmarks_px = np.array(poses).reshape(-1, 33, 2)
    if noise is not None:
        landmarks_px = landmarks_px + np.random.default_rng(noise).normal(0, NOISE_PX, landmarks_px.shape)
    pictures = segment.end_look - segment.first_look
    return Detections(
        times_s=np.arange(pictures) / 30, shot=np.zeros(pictures), detector="made up",
        picture=np.array([picture - segment.first_look for picture, _ in rows], np.int64),
        tracklet=np.array([tracklet for _, tracklet in rows], np.int64),
        landmarks_px=landmarks_px, scores=np.full((count, 33), 0.9), doubts_px=np.zeros((count, 33)),
        landmarks_camera=np.zeros((count, 33, 3)), colours=np.zeros((count, 1)), crops=np.zeros((count, 4)),
        masks=np.zeros((count, 64, 8)), hands_px=np.zeros((count, 2, 21, 2)), hands_camera=np.zeros((count, 2, 21, 3)),
        hand_scores=np.zeros((count, 2)),
    )  # fmt: skip


def times_s(segments: Sequence[Segment]) -> Array:
    return np.arange(segments[-1].end) / 30


def walk(pictures: Iterable[int], start_px: float = 300.0, px_a_picture: float = 2.0) -> dict[int, Array]:
    return {picture: np.array([start_px + px_a_picture * picture, 400.0]) for picture in pictures}


def by_number(found: Detections) -> dict[int, list[int]]:
    """The pictures of each tracklet, in each of which it must be found once, from the first of them on."""
    pictures: dict[int, list[int]] = {}
    for number, picture in zip(found.tracklet.tolist(), found.picture.tolist(), strict=True):
        pictures.setdefault(number, []).append(picture)
    assert all(np.all(np.diff(each) > 0) for each in pictures.values())
    return pictures


@given(count=st.integers(1, 5000), length=st.integers(LEAST_SEGMENT, 1000))
def test_every_picture_is_answered_for_by_one_segment_and_looked_at_with_those_around(count: int, length: int) -> None:
    segments = segments_of(count, length)
    assert [picture for each in segments for picture in range(each.first, each.end)] == list(range(count))
    for each in segments:
        assert each.first_look == max(0, each.first - LEAD) and each.end_look == min(count, each.end + TAIL)
    lengths = [each.end - each.first for each in segments]
    assert max(lengths) - min(lengths) <= 1
    assert len(segments) == 1 or 2 / 3 * length - 1 <= min(lengths) <= max(lengths) <= 1.5 * length + 1
    assert segments_of(count, length) == segments


def test_a_clip_of_less_than_one_and_a_half_lengths_is_one_piece_and_stays_what_it_is() -> None:
    assert len(segments_of(1349, 900)) == 1 and len(segments_of(1351, 900)) == 2
    (segment,) = segments_of(70, 60)
    part = looked_at(segment, {7: walk(range(70))})
    assert joined([part], [segment], part.times_s) is part


@st.composite
def films(draw: st.DrawFn) -> tuple[tuple[Segment, ...], list[tuple[int, int, int]]]:
    """A clip's segments, and times of being followed: body, first picture, end. Bodies are alone, or follow closely."""
    count = draw(st.integers(2 * LEAST_SEGMENT, 260))
    segments = segments_of(count, draw(st.integers(LEAST_SEGMENT, 130)))
    runs = []
    for body in range(draw(st.integers(0, 3))):
        near = [border + away for border in {each.first for each in segments} for away in range(-4, 5)]
        where = st.sampled_from(range(count + 1)) | st.sampled_from(near)
        places = sorted(draw(st.sets(where, min_size=2, max_size=8)))
        runs += [(body, first, end) for first, end in zip(places[::2], places[1::2], strict=False)
                 if 0 <= first < end <= count]  # fmt: skip
    return segments, runs


@settings(max_examples=60)
@given(film=films(), seed=st.integers(0, 1000))
def test_whoever_is_followed_through_keeps_one_number_that_nobody_else_has(film, seed: int) -> None:
    """Whatever numbers the segments gave, and though they do not agree to the pixel."""
    segments, runs = film
    rng = np.random.default_rng(seed)
    parts = []
    for segment in segments:
        numbers = rng.permutation(len(runs))
        seen = {int(numbers[n]): walk(range(first, end), APART_PX * body) for n, (body, first, end) in enumerate(runs)}
        parts.append(looked_at(segment, seen, seed))
    found = joined(parts, segments, times_s(segments))
    assert np.all(np.diff(found.picture) >= 0) and len(found.times_s) == len(found.shot) == segments[-1].end
    assert sorted(by_number(found).values()) == sorted(list(range(first, end)) for _, first, end in runs)


BORDER = 100
TWO = (Segment(0, 0, BORDER, BORDER + TAIL), Segment(BORDER - LEAD, BORDER, 200, 200))


def joined_two(left: Seen, right: Seen) -> Detections:
    return joined([looked_at(TWO[0], left), looked_at(TWO[1], right)], TWO, times_s(TWO))


def test_of_two_who_cross_at_the_border_each_goes_on_as_it_walks() -> None:
    one = walk(range(200), 100.0, 6.0)
    other = walk(range(200), 100.0 + 12.0 * BORDER, -6.0)
    found = joined_two({0: one, 1: other}, {0: other, 1: one})
    for number, pictures in by_number(found).items():
        assert pictures == list(range(200))
        x_px = found.landmarks_px[found.tracklet == number, 23, 0]
        assert np.ptp(np.diff(x_px)) < 1e-6


@pytest.mark.parametrize("lost", [40, 70, BORDER - 3, BORDER - 2])
def test_a_body_that_one_segment_lost_for_a_moment_goes_on_as_who_it_was_last(lost: int) -> None:
    """The number of the time before the moment is nowhere behind it."""
    everywhere, before, after = walk(range(200)), walk(range(lost)), walk(range(lost + 1, 200))
    found = by_number(joined_two({5: before, 2: after}, {3: everywhere}))
    assert sorted(found.values()) == [list(range(lost)), list(range(lost + 1, 200))]


@pytest.mark.parametrize("lost", [range(80, 90), range(BORDER - 1, BORDER)])
def test_a_body_that_the_later_segment_lost_in_its_lead_goes_on(lost: range) -> None:
    late = {8: walk(range(lost.start)), 1: walk(range(lost.stop, 200))}
    assert list(by_number(joined_two({0: walk(range(200))}, late)).values()) == [list(range(200))]


def test_a_body_that_the_earlier_segment_found_again_behind_its_end_goes_on() -> None:
    early = {0: walk(range(BORDER - 4)), 1: walk(range(BORDER, 200))}
    assert list(by_number(joined_two(early, {0: walk(range(200))})).values()) == [list(range(200))]


def test_who_was_on_another_body_at_the_border_is_in_one_place_there() -> None:
    """Though the number goes on, as it was on the right body before."""
    strayed = walk(range(BORDER - 2)) | walk(range(BORDER - 2, BORDER), 900.0)
    found = joined_two({0: strayed}, {0: walk(range(200))})
    assert list(by_number(found).values()) == [list(range(200))]


def test_who_is_hidden_at_the_border_and_comes_back_as_who_they_were_keeps_the_number() -> None:
    hidden = [picture for picture in range(200) if not BORDER - 4 <= picture < BORDER + 4]
    assert list(by_number(joined_two({0: walk(hidden)}, {6: walk(hidden)})).values()) == [hidden]


def test_who_came_just_before_the_border_and_was_found_behind_it_is_there_from_the_beginning() -> None:
    known, newcomer = walk(range(200)), walk(range(88, 200), 900.0)
    found = by_number(joined_two({0: known}, {0: newcomer, 1: known}))
    assert sorted(found.values()) == [list(range(200)), list(range(88, 200))]


def test_whom_the_earlier_segment_lost_before_the_border_is_found_back_to_there() -> None:
    found = by_number(joined_two({0: walk(range(90))}, {0: walk(range(200))}))
    assert list(found.values()) == [list(range(200))]


def test_who_only_the_earlier_segment_sees_ends_at_the_border_and_who_left_in_the_lead_is_not_found_twice() -> None:
    left, gone = walk(range(200)), walk(range(80), 900.0)
    found = by_number(joined_two({0: left, 1: gone}, {0: gone}))
    assert sorted(found.values()) == [list(range(80)), list(range(BORDER))]


def test_nobody_goes_on_as_somebody_beside_them() -> None:
    found = by_number(joined_two({0: walk(range(BORDER))}, {0: walk(range(BORDER - 5, 200), 330.0 + 60.0)}))
    assert sorted(found.values()) == [list(range(BORDER)), list(range(BORDER - 5, 200))]


def test_empty_segments_are_nobody() -> None:
    nobody = joined_two({}, {})
    assert len(nobody.picture) == 0 and nobody.landmarks_px.shape == (0, 33, 2) and len(nobody.shot) == 200
    assert list(by_number(joined_two({}, {0: walk(range(150, 180))})).values()) == [list(range(150, 180))]
    assert list(by_number(joined_two({0: walk(range(50))}, {})).values()) == [list(range(50))]
    assert by_number(joined_two({}, {0: walk(range(60, 80))})) == {}, "the earlier one answers for these pictures"


def test_all_that_was_found_of_somebody_stays_as_the_segment_that_answers_for_it_found_it() -> None:
    left, right = (looked_at(segment, {0: walk(range(200))}, noise) for noise, segment in enumerate(TWO))
    marked = [replace(part, crops=np.full(part.crops.shape, side), hand_scores=np.full(part.hand_scores.shape, side))
              for side, part in enumerate((left, right))]  # fmt: skip
    found = joined(marked, TWO, times_s(TWO))
    of_right = found.picture >= BORDER
    assert np.array_equal(found.crops[:, 0], of_right) and np.array_equal(found.hand_scores[:, 1], of_right)
    np.testing.assert_array_equal(found.landmarks_px[:BORDER], left.landmarks_px[:BORDER])
    np.testing.assert_array_equal(found.landmarks_px[BORDER:], right.landmarks_px[LEAD:])
    np.testing.assert_array_equal(found.times_s, times_s(TWO))


def scenes(count: int, cuts: Sequence[int], rng: np.random.Generator) -> list[Picture]:
    """Pictures that move slowly and show another place from each cut on."""
    places = rng.integers(0, 255, (len(cuts) + 1, 12, 12, 3)).astype(np.uint8)
    pictures = []
    for index in range(count):
        place = np.kron(places[np.searchsorted(cuts, index, side="right")], np.ones((8, 8, 1), np.uint8))
        pictures.append(Picture(index, index / 30, np.roll(place, index // 3, axis=1)))
    return pictures


def told(shown: Iterable[Picture], first: int, end: int) -> Detections:
    """What detection tells of shots in some pictures, where it finds nobody."""
    clip = SimpleNamespace(picture_count=end - first, times_s=np.arange(end - first) / 30)
    findings = Findings(clip, "made up", None)
    part = (replace(picture, index=picture.index - first) for picture in shown if first <= picture.index < end)
    for picture, shot in with_shots(part):
        findings.add(Look(picture, shot, {}))
    return findings.detections()


CUT_OFF = 130       # where the film of cuts ends: every picture takes its time


@settings(max_examples=12)
@given(away=st.lists(st.integers(-70, 8), max_size=3), lost=st.sets(st.integers(-5, 5)), seed=st.integers(0, 99))
def test_a_cut_near_the_border_is_found_once_and_where_one_look_at_all_finds_it(
    away: list[int], lost: set[int], seed: int
) -> None:
    """Also where some pictures cannot be decoded."""
    cuts = sorted({BORDER + each for each in away})
    assume(not cuts or np.all(np.diff(cuts) >= 8))
    segments = TWO[0], replace(TWO[1], end=CUT_OFF, end_look=CUT_OFF)
    film = scenes(CUT_OFF, cuts, np.random.default_rng(seed))
    shown = [each for each in film if each.index - BORDER not in lost]
    whole = told(shown, 0, CUT_OFF)
    parts = [told(shown, each.first_look, each.end_look) for each in segments]
    found = joined(parts, segments, times_s(segments))
    np.testing.assert_array_equal(found.shot, whole.shot)
    assert found.shot[-1] == len(cuts)
    if not lost:
        assert np.flatnonzero(np.diff(found.shot)).tolist() == [cut - 1 for cut in cuts]


def test_segments_join_though_their_leads_reach_over_several() -> None:
    segments = segments_of(180, LEAST_SEGMENT)
    assert len(segments) == 6 and segments[3].first_look < segments[2].first
    always, late = walk(range(180)), walk(range(100, 180), 900.0)
    parts = [looked_at(each, {0: always, 1: late if each.end > 150 else {}}) for each in segments]
    found = by_number(joined(parts, segments, times_s(segments)))
    assert sorted(found.values()) == [list(range(180)), list(range(120, 180))], "back to where the one before begins"
