from __future__ import annotations

import cv2
import numpy as np
import pytest

from backend.multiview.known.calibrated_camera import BadCalibration
from backend.multiview.known.opencv_toml import opencv_cameras
from backend.strict_json import BadJson
from tests.backend.multiview.known.made_up_rig import made_up_cameras, toml_text

GOOD = toml_text(made_up_cameras())


def changed(field: str, value: str | None, text: str = GOOD) -> bytes:
    """The field of the first camera set to another value, or left out."""
    lines = text.splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith(f"{field} ="))
    lines[place] = "" if value is None else f"{field} = {value}"
    return "\n".join(lines).encode()


def test_a_point_falls_where_opencv_projects_it() -> None:
    known, point = opencv_cameras(GOOD.encode()), np.array([0.3, -0.2, 1.1])
    camera = made_up_cameras()[1]
    K = camera.K - [[0, 0, 0.5], [0, 0, 0.5], [0, 0, 0]]
    rotation, _ = cv2.Rodrigues(camera.R_camera_from_world)
    theirs = cv2.projectPoints(point[None], rotation, camera.t_camera_from_world, K, np.zeros(4))[0][0, 0]
    ours = known.K[1] @ (known.R_camera_from_world[1] @ point + known.t_camera_from_world[1])
    assert np.allclose(ours[:2] / ours[2], theirs + 0.5)    # OpenCV counts from the middle of the first pixel


@pytest.mark.parametrize("field, value, why", [
    ("matrix", None, 'left has no "matrix"'), ("size", None, 'left has no "size"'),
    ("rotation", None, 'left has no "rotation"'), ("translation", None, 'left has no "translation"'),
    ("translation", "[nan, 0, 0]", "the translation of left has the number NaN"),
    ("translation", "[1, 2]", "the translation of left has 2 numbers where 3 belong"),
    ("rotation", "[[1, 0], [0, 1]]", "the rotation of left has something else than numbers where numbers belong"),
    ("matrix", "[[1, 0, 0], [0, 1, 0]]", "the matrix of left has 2 rows where 3 belong"),
    ("matrix", "[[0, 0, 9], [0, 0, 9], [0, 0, 1]]", "left has a focal length that no lens for its pictures has"),
    ("matrix", "[[1400, 90, 960], [0, 1400, 540], [0, 0, 1]]", "left has a matrix that is no pinhole camera's"),
    ("matrix", "[[1400, 0, 99999], [0, 1400, 540], [0, 0, 1]]", "left has its middle far outside of its pictures"),
    ("size", "[1920]", "the size of left has 1 numbers where 2 belong"),
    ("size", "[0, 1080]", "left has pictures of 0 x 1080 pixels"),
    ("size", '["wide", 1080]', 'the size of left has "wide" where a whole number belongs'),
    ("distortions", "[1e30]", "the distortions of left has the number 1e+30"),
    ("distortions", str([0.0] * 15), "the distortions of left has a list of 15 where 14 is the most"),
    ("name", '"right"', "it has two cameras of the name right"),
])  # fmt: skip
def test_what_is_wrong_with_a_camera_is_said_with_its_name(field, value, why) -> None:
    with pytest.raises((BadCalibration, BadJson)) as refused:
        opencv_cameras(changed(field, value))
    assert str(refused.value) == why


def test_a_fisheye_is_one_where_the_file_says_so() -> None:
    known = opencv_cameras(changed("distortions", "[0.1, 0.02, 0.003, 0.001]\nfisheye = true"))
    assert known.fisheye.tolist() == [True, False, False]
    with pytest.raises(BadJson, match="left has a fisheye that is neither true nor false"):
        opencv_cameras(changed("distortions", "[]\nfisheye = 1"))


def test_pictures_may_be_measured_in_floats_and_names_may_be_the_tables() -> None:
    text = changed("size", "[1920.0, 1080.0]", changed("name", None).decode())
    known = opencv_cameras(text)
    assert known.names[0] == "cam_0" and known.sizes_px[0].tolist() == [1920, 1080]
