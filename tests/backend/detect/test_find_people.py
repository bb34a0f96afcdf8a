"""The real networks on the sample that comes with the project."""

from __future__ import annotations

from pathlib import Path

import av
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
from backend.video.pictures import pictures
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
    find_people(clip, DetectSettings(model="lite", hands=False), lambda *step: told.append(step))
    assert [done for done, _, _ in told] == list(range(1, clip.picture_count + 1))
    assert {of for _, of, _ in told} == {clip.picture_count} and told[-1][2] >= 1


def test_stopping_stops(clip):
    def stop(done: int, of: int, people: int) -> None:
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        find_people(clip, DetectSettings(model="lite", hands=False), stop)


def test_the_live_picture_is_written_while_it_works(clip, tmp_path):
    live = LivePicture(tmp_path / "live.jpg")
    find_people(clip, DetectSettings(model="lite", hands=False), silent, live)
    assert max(cv2.imread(str(live.path)).shape) == 640


def test_hands_are_left_out_when_nobody_asks_for_them(clip):
    without = find_people(clip, DetectSettings(model="lite", hands=False), silent)
    assert not without.hand_scores.any() and np.isnan(without.hands_px).all()


def test_a_model_that_is_not_there_is_refused(clip):
    with pytest.raises(Refusal) as refusal:
        find_people(clip, DetectSettings(model="pose_landmarker_gigantic"), silent)
    assert refusal.value.code == "unknown-model"


def test_two_pictures_side_by_side_hold_two_people_each_followed_through(clip, tmp_path):
    """The sample beside itself, the second one coming in after half a second."""
    shown = [picture.rgb for picture in pictures(clip)]
    beside = [np.hstack([rgb, rgb if k >= 10 else np.full_like(rgb, 128)]) for k, rgb in enumerate(shown)]
    film = open_clip(written_film(tmp_path / "two.mp4", beside, clip.rate), VideoSettings())
    told: list[tuple[int, int, int]] = []
    settings = DetectSettings(model="lite", quality="fast", hands=False)
    found = find_people(film, settings, lambda *step: told.append(step))
    left = found.landmarks_px[:, [23, 24], 0].mean(axis=1) < film.width_px / 2
    assert set(found.picture[left]) == set(range(len(shown)))
    assert set(found.picture[~left]) >= set(range(11, len(shown))), "followed back to where they came in"
    done, of, _ = np.array(told).T
    assert np.all(np.diff(done) >= 0) and done[-1] == of[-1], "progress goes on and reaches its end"


def test_mediapipes_own_landmarker_can_take_the_networks_place(clip, detections):
    short = open_clip(SAMPLE, VideoSettings(out_s=0.3))
    found = find_people(short, DetectSettings(engine="mediapipe", quality="fast", hands=False), silent)
    assert list(found.picture) == list(range(short.picture_count))
    ours = detections.landmarks_px[: short.picture_count]
    apart_px = np.linalg.norm(found.landmarks_px - ours, axis=-1)
    assert np.median(apart_px) < 0.01 * clip.height_px


def test_torch_finds_what_litert_finds():
    short = open_clip(SAMPLE, VideoSettings(out_s=0.2))
    one, other = (find_people(short, DetectSettings("lite", "fast", engine, hands=False), silent)
                  for engine in ("litert", "torch"))  # fmt: skip
    # Each crop follows from the landmarks before, so that differences in the last digits grow.
    np.testing.assert_allclose(other.landmarks_px, one.landmarks_px, atol=2.0)
    assert np.median(np.abs(other.landmarks_px - one.landmarks_px)) < 0.05


def written_film(path: Path, shown: list[np.ndarray], rate) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate, options={"crf": "18", "preset": "veryfast"})
        stream.height, stream.width, stream.pix_fmt = *shown[0].shape[:2], "yuv420p"
        for rgb in shown:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24")))
        container.mux(stream.encode())
    return path
