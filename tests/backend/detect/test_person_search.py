"""The real person detector on the sample that comes with the project, as it is, small, turned and twice."""

from __future__ import annotations

import zipfile
from pathlib import Path

import av
import cv2
import mediapipe
import numpy as np
import pytest
from mediapipe.tasks.python import BaseOptions, vision

from backend.detect.crop import Crop, Rgb, applied
from backend.detect.models.model_files import find_model
from backend.detect.networks.engines import open_network
from backend.detect.person_search import Candidate, PersonSearch, is_known

SAMPLE = Path(__file__).parents[3] / "assets/sample/sample.mp4"
MODEL = find_model("lite")


@pytest.fixture(scope="module")
def search() -> PersonSearch:
    with zipfile.ZipFile(MODEL) as bundle:
        return PersonSearch(open_network(bundle.read("pose_detector.tflite"), "litert"))


@pytest.fixture(scope="module")
def picture() -> Rgb:
    with av.open(SAMPLE) as film:
        return next(film.decode(video=0)).to_ndarray(format="rgb24")


def pasted(picture: Rgb, width: int, height: int, *places: tuple[int, int, float]) -> Rgb:
    """A grey picture with `picture`, made smaller by a factor, at each of the places."""
    large = np.full((height, width, 3), 128, np.uint8)
    for left, top, share in places:
        small = cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        large[top : top + small.shape[0], left : left + small.shape[1]] = small
    return large


def assert_same_place(found: Candidate, expected: Crop, share: float = 0.06) -> None:
    """Middles within a share of the crop's side; sides and turns that agree."""
    middles, turns = np.subtract(found.crop.middle_px, expected.middle_px), found.crop.turn_rad - expected.turn_rad
    assert np.linalg.norm(middles) < share * expected.side_px
    assert abs(np.log(found.crop.side_px / expected.side_px)) < 0.3
    assert abs((turns + np.pi) % (2 * np.pi) - np.pi) < 0.3


def test_the_crop_is_where_mediapipe_sees_the_person(search, picture):
    options = vision.PoseLandmarkerOptions(base_options=BaseOptions(model_asset_path=str(MODEL)), num_poses=1)
    with vision.PoseLandmarker.create_from_options(options) as landmarker:
        (landmarks,) = landmarker.detect(mediapipe.Image(mediapipe.ImageFormat.SRGB, picture)).pose_landmarks
    (found,) = search.look(picture)
    height, width = picture.shape[:2]
    there_px = np.array([[landmark.x * width, landmark.y * height] for landmark in landmarks])
    in_crop = applied(found.crop.crop_from_picture(1.0), there_px)
    assert in_crop.min() > 0 and in_crop.max() < 1
    np.testing.assert_allclose(in_crop[[23, 24]].mean(axis=0), 0.5, atol=0.05)     # the hips in the middle
    assert in_crop[0, 1] < 0.4 and in_crop[[27, 28], 1].min() > 0.6                # head up, ankles down
    box_left, box_top, box_right, box_bottom = found.box_px
    assert box_left < there_px[0, 0] < box_right and box_top < there_px[0, 1] < box_bottom


def test_looking_everywhere_finds_nobody_else(search, picture):
    (once,) = search.look(picture)
    (everywhere,) = search.look(picture, everywhere=True)
    assert_same_place(everywhere, once.crop)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_picture_that_is_turned_has_its_person_turned(search, picture, turns):
    (upright,) = search.look(picture)
    turned = np.ascontiguousarray(np.rot90(picture, -turns))        # clockwise
    quarter = np.array([[0.0, -1.0], [1.0, 0.0]])                   # the same turn of places, y down
    R = np.linalg.matrix_power(quarter, turns)
    middle_px = R @ (upright.crop.middle_px - np.array(picture.shape[1::-1]) / 2) + np.array(turned.shape[1::-1]) / 2
    expected = Crop(tuple(middle_px), upright.crop.side_px, upright.crop.turn_rad + turns * np.pi / 2)
    found = search.look(turned, everywhere=True)
    assert_same_place(found[0], expected)


@pytest.mark.parametrize("left, top", [(0, 0), (1040, 40), (640, 490)])
def test_who_is_small_in_the_picture_is_found_there(search, picture, left, top):
    (large,) = search.look(picture)
    share = 0.32
    found = search.look(pasted(picture, 1280, 800, (left, top, share)), everywhere=True)
    expected = Crop(tuple(np.array(large.crop.middle_px) * share + [left, top]), large.crop.side_px * share,
                    large.crop.turn_rad)  # fmt: skip
    assert_same_place(found[0], expected, share=0.15)


def test_two_people_are_two_candidates_and_each_is_known_only_as_itself(search, picture):
    found = search.look(pasted(picture, 1280, 800, (100, 100, 0.6), (800, 300, 0.5)), everywhere=True)
    assert len(found) == 2
    first, second = found
    assert is_known(first, [first.crop]) and is_known(second, [first.crop, second.crop])
    assert not is_known(first, [second.crop]) and not is_known(first, [])


def test_where_nobody_is_nobody_is_found(search):
    assert search.look(np.full((300, 500, 3), 90, np.uint8), everywhere=True) == []
    assert search.look(np.zeros((1, 1, 3), np.uint8), everywhere=True) == []


def test_the_surest_comes_first_and_none_is_less_sure_than_asked(search, picture):
    scores = [found.score for found in search.look(pasted(picture, 1280, 800, (100, 100, 0.6), (800, 300, 0.5)), True)]
    assert scores == sorted(scores, reverse=True) and scores[-1] >= 0.5
