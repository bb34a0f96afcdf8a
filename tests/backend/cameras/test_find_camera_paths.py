from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from backend.cameras.find_camera_paths import by_shot, find_camera_paths
from backend.cameras.focal import CameraSettings
from backend.detect.detections import Detections
from backend.progress import Cancelled, silent
from backend.video.clip import Clip, VideoSettings
from backend.video.open_clip import open_clip
from motion.arrays import Array
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle
from tests.backend.cameras.from_footage.test_follow_points import picture, wall
from tests.backend.cameras.made_up_background import SIZE, K

FRAMES = 12
PAN = matrix_from_axis_angle(np.linspace(0.0, np.radians(6.0), FRAMES)[:, None] * [0.0, 1.0, 0.0])


@pytest.fixture(scope="module")
def pan(tmp_path_factory) -> Clip:
    path = tmp_path_factory.mktemp("film") / "pan.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=30, options={"qscale": "2"})
        stream.width, stream.height = SIZE
        for R in PAN:
            rgb = cv2.cvtColor(picture(R, wall()), cv2.COLOR_GRAY2RGB)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, "rgb24")))
        container.mux(stream.encode())
    return open_clip(path, VideoSettings())


def nobody(times_s: Array, shot: Array | None = None) -> Detections:
    shapes = {"picture": (), "tracklet": (), "landmarks_px": (33, 2), "scores": (33,), "doubts_px": (33,),
              "landmarks_camera": (33, 3), "colours": (3,), "crops": (4,), "masks": (64, 8), "hands_px": (2, 21, 2),
              "hands_camera": (2, 21, 3), "hand_scores": (2,)}  # fmt: skip
    empty = {name: np.zeros((0, *shape)) for name, shape in shapes.items()}
    return Detections(times_s, np.zeros(len(times_s)) if shot is None else shot, **empty, detector="none")


def test_a_film_tells_how_its_camera_turned(pan) -> None:
    path = find_camera_paths(pan, nobody(pan.times_s), [], K, CameraSettings(), silent)[0]
    off = axis_angle_from_matrix(np.swapaxes(PAN, -1, -2) @ path.R_first_from_camera)
    assert path.kind == "turning" and path.source == "footage"
    assert np.degrees(np.abs(off)).max() < 0.05
    assert np.array_equal(path.times_s, pan.times_s)


def test_each_shot_has_a_camera_of_its_own(pan) -> None:
    shot = (np.arange(FRAMES) >= 7).astype(int)
    paths = find_camera_paths(pan, nobody(pan.times_s, shot), [], K, CameraSettings(), silent)
    assert [len(path.times_s) for path in paths.values()] == [7, 5]
    off = axis_angle_from_matrix(np.swapaxes(PAN[7].T @ PAN[7:], -1, -2) @ paths[1].R_first_from_camera)
    assert np.degrees(np.abs(off)).max() < 0.05
    assert by_shot(list(paths.values()), nobody(pan.times_s, shot)) == paths


def test_a_camera_that_is_said_to_stand_is_not_looked_at() -> None:
    times_s = np.arange(5) / 30.0
    gone = Clip(Path("gone.mp4"), (), *SIZE, 0, times_s, Fraction(30), True, 0, None, "", 0, VideoSettings())
    path = find_camera_paths(gone, nobody(times_s), [], K, CameraSettings(motion="static"), silent)[0]
    assert (path.kind, path.source, path.confidence) == ("static", "stated", 1.0)


def test_a_solved_camera_is_taken_as_it_is(pan, tmp_path) -> None:
    solved = tmp_path / "camera.json"
    solved.write_text(json.dumps({"times_s": pan.times_s.tolist(), "R_world_from_camera": PAN.tolist()}))
    gone = replace(pan, path=Path("gone.mp4"))
    path = find_camera_paths(gone, nobody(pan.times_s), [], K, CameraSettings(path_file=str(solved)), silent)[0]
    assert path.source == "file" and np.allclose(path.R_first_from_camera, PAN)


def test_the_wish_to_stop_is_heard(pan) -> None:
    def stop(done: int, of: int, people: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        find_camera_paths(pan, nobody(pan.times_s), [], K, CameraSettings(), stop)
