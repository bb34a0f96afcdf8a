"""The real networks on a moment of the sample: in segments or at once, with any number of threads."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from backend import one_clip, threads
from backend.detect import segments
from backend.detect.detections import Detections
from backend.detect.detector import DetectSettings
from backend.detect.find_people import find_people, segments_to_look_at
from backend.job.cache import Cache
from backend.job.watch import SilentWatch
from backend.one_clip import Footage, Work, detected
from backend.progress import Cancelled, silent
from backend.settings import Settings
from backend.track.follow import everybody
from backend.video.clip import Clip, VideoSettings
from backend.video.open_clip import open_clip

SAMPLE = Path(__file__).parents[3] / "assets/sample/sample.mp4"
PICTURES, SEGMENT, LEAD = 48, 30, 8
FAST = DetectSettings(model="lite", quality="fast", hands=False)
SETTINGS = replace(Settings(), detect=replace(FAST, segment_pictures=SEGMENT))


@pytest.fixture(scope="module")
def clip() -> Clip:
    return open_clip(SAMPLE, VideoSettings(last_frame=PICTURES))


@pytest.fixture(scope="module")
def whole(clip) -> Detections:
    return find_people(clip, FAST, silent)


@pytest.fixture(scope="module", autouse=True)
def short_leads() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segments, "LEAD", LEAD)
        yield


@pytest.fixture(scope="module")
def in_segments(clip, short_leads) -> Detections:
    return find_people(clip, SETTINGS.detect, silent)


def assert_same(one: Detections, other: Detections) -> None:
    for each in fields(Detections):
        np.testing.assert_array_equal(getattr(one, each.name), getattr(other, each.name), each.name)


def test_in_segments_the_same_person_is_found_where_one_look_finds_them(clip, whole, in_segments) -> None:
    (_, right) = segments_to_look_at(clip, SETTINGS.detect)
    assert right.first == PICTURES // 2 and right.first_look == right.first - LEAD
    assert len(np.unique(in_segments.tracklet)) == 1
    np.testing.assert_array_equal(in_segments.picture, whole.picture)
    np.testing.assert_array_equal(in_segments.shot, whole.shot)
    apart_px = np.linalg.norm(in_segments.landmarks_px - whole.landmarks_px, axis=-1)
    assert not apart_px[in_segments.picture < right.first].any(), "the first segment looks as one look does"
    behind_px = apart_px[in_segments.picture >= right.first]
    assert np.median(behind_px) < 1.0 and np.percentile(behind_px, 99) < 0.01 * clip.height_px
    (one,), (other,) = (everybody(each, clip, SETTINGS.track) for each in (in_segments, whole))
    np.testing.assert_array_equal(one.seen, other.seen)


def test_who_is_stopped_in_the_second_segment_goes_on_with_it(clip, in_segments, tmp_path, monkeypatch) -> None:
    footage, looked = Footage(clip, SETTINGS), []
    work = Work(None, SilentWatch(tmp_path, None, threading.Event()), Cache(tmp_path / "cache"), None)
    really = one_clip.find_people_in

    def find_people_in(segment: segments.Segment, *rest: object) -> Detections:
        looked.append(segment)
        return really(segment, *rest)

    def stop(done: int, of: int, people: int) -> None:
        if done > 0.7 * of:
            raise Cancelled

    monkeypatch.setattr(one_clip, "find_people_in", find_people_in)
    first, second = segments_to_look_at(clip, SETTINGS.detect)
    with pytest.raises(Cancelled):
        detected(footage, work, stop)
    found = detected(footage, work, silent)
    assert looked == [first, second, second]
    assert_same(found, in_segments)
    assert_same(found, detected(footage, work, silent))
    assert len(looked) == 3 and len(list((tmp_path / "cache").iterdir())) == 2


def test_what_is_found_does_not_depend_on_the_number_of_threads(monkeypatch) -> None:
    short, settings = open_clip(SAMPLE, VideoSettings(last_frame=6)), replace(FAST, quality="best", hands=True)
    found = []
    for count in (1, 2, 4):
        monkeypatch.setattr(threads, "_given", count)
        found.append(find_people(short, settings, silent))
    for other in found[1:]:
        assert_same(found[0], other)
