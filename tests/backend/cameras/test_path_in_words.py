from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.cameras.camera_path import CameraPath, standing_camera
from backend.cameras.path_in_words import path_in_words
from motion.rotations import matrix_from_axis_angle


def turning(**changes) -> CameraPath:
    R = matrix_from_axis_angle(np.radians([[0.0, 0.0, 0.0], [0.0, 30.0, 0.0]]))
    return replace(CameraPath(np.arange(2.0), R, np.zeros((2, 3)), "turning", 0.9), **changes)


def test_sure_paths_need_no_words() -> None:
    assert path_in_words(turning(), "walk.mp4") == ""
    assert path_in_words(turning(confidence=0.1, source="file"), "walk.mp4") == ""
    assert path_in_words(standing_camera(np.arange(2.0)), "walk.mp4") == ""


def test_unsure_paths_are_told() -> None:
    assert path_in_words(turning(confidence=0.3), "walk.mp4") == (
        "The background of walk.mp4 hardly tells how the camera moved (it seems to be turning, turned by up to 30 "
        "degrees, confidence 30 %); state whether it stands, turns or travels.")  # fmt: skip
    standing = replace(standing_camera(np.arange(2.0), "footage"), confidence=0.0)
    assert path_in_words(standing, "shot 2 of cut.mp4") == (
        "The background of shot 2 of cut.mp4 hardly tells how the camera moved (it seems to stand, confidence 0 %); "
        "state whether it stands, turns or travels.")  # fmt: skip


def test_places_that_nobody_knows_are_told() -> None:
    assert path_in_words(turning(kind="travelling", places_known=False), "walk.mp4") == (
        "The camera of walk.mp4 travels, but the background does not tell where to; "
        "the path of the people is made from their own motion.")  # fmt: skip
