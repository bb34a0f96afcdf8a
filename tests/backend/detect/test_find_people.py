"""The real networks on the sample that comes with the project."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from backend.detect.detections import Detections
from backend.detect.detector import DetectSettings
from backend.detect.find_people import find_people
from backend.detect.live_picture import LivePicture
from backend.progress import Cancelled, silent
from backend.video.clip import Clip, VideoSettings
from backend.video.open_clip import open_clip
from motion.refusal import Refusal

SAMPLE = Path(__file__).parents[3] / "assets/sample/sample.mp4"
SECOND = VideoSettings(out_s=1.0)


@pytest.fixture(scope="module")
def clip() -> Clip:
    assert SAMPLE.is_file(), f"{SAMPLE} belongs to the project; make it with assets/make_sample.py."
    return open_clip(SAMPLE, SECOND)


@pytest.fixture(scope="module")
def detections(clip) -> Detections:
    return find_people(clip, DetectSettings(), silent)


def test_the_person_is_found_in_every_picture_and_inside_of_it(detections, clip):
    assert list(np.unique(detections.picture)) == list(range(clip.picture_count))
    size_px = [clip.width_px, clip.height_px]
    inside = np.all((detections.landmarks_px >= 0) & (detections.landmarks_px <= size_px), axis=-1)
    assert inside.mean() > 0.9 and detections.scores.mean() > 0.7


def test_landmarks_in_metres_are_a_body_that_stands_in_the_picture_as_seen(detections):
    metres = detections.landmarks_camera
    pixels = detections.landmarks_px - detections.landmarks_px.mean(axis=1, keepdims=True)
    np.testing.assert_allclose(metres[:, [23, 24]].mean(axis=1), 0, atol=5e-3)
    for axis in (0, 1):
        assert np.corrcoef(metres[..., axis].ravel(), pixels[..., axis].ravel())[0, 1] > 0.9
    thigh_m = np.linalg.norm(metres[:, 23] - metres[:, 25], axis=-1)
    assert 0.25 < np.median(thigh_m) < 0.6


def test_progress_reaches_the_end_and_names_the_people(clip):
    told: list[tuple[int, int, int]] = []
    find_people(clip, DetectSettings(model="pose_landmarker_lite", hands=False), lambda *step: told.append(step))
    assert [done for done, _, _ in told] == list(range(1, clip.picture_count + 1))
    assert {of for _, of, _ in told} == {clip.picture_count} and told[-1][2] >= 1


def test_stopping_stops(clip):
    def stop(done: int, of: int, people: int) -> None:
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        find_people(clip, DetectSettings(model="pose_landmarker_lite", hands=False), stop)


def test_the_live_picture_is_written_while_it_works(clip, tmp_path):
    live = LivePicture(tmp_path / "live.jpg")
    find_people(clip, DetectSettings(model="pose_landmarker_lite", hands=False), silent, live)
    assert max(cv2.imread(str(live.path)).shape) == 640


def test_hands_are_left_out_when_nobody_asks_for_them(clip):
    without = find_people(clip, DetectSettings(model="pose_landmarker_lite", hands=False), silent)
    assert not without.hand_scores.any() and np.isnan(without.hands_px).all()


def test_a_model_that_is_not_there_is_refused(clip):
    with pytest.raises(Refusal) as refusal:
        find_people(clip, DetectSettings(model="pose_landmarker_gigantic"), silent)
    assert refusal.value.code == "unknown-model"
