from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.cameras.focal import CameraSettings, intrinsics
from backend.cameras.path_file import read_solved_camera, solved_camera_of, with_lens_of_file
from backend.video.clip import Clip, VideoSettings
from motion.refusal import Refusal
from motion.rotations import matrix_from_axis_angle, quaternion_from_matrix

TIMES_S = [0.0, 0.5, 1.0]
IN_BLENDER = np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]])     # level, looking along +y, in a world with z up
R_WORLD = matrix_from_axis_angle(np.array([[0, 0, 0], [0, 0, 0.1], [0, 0, 0.2]])) @ IN_BLENDER
GOOD = {
    "times_s": TIMES_S, "R_world_from_camera": R_WORLD.tolist(), "places": [[1, 2, 3], [2, 2, 3], [3, 2, 3]],
    "in_metres": True, "up": [0, 0, 1], "focal_px": 900.0,
}  # fmt: skip


def clip(seconds: float = 1.0) -> Clip:
    return Clip(Path("walk.mp4"), (), 1280, 720, 0, np.linspace(0.0, seconds, 31), Fraction(30), True, 0, None, "", 0,
                VideoSettings())  # fmt: skip


def written(folder: Path, document: object) -> Path:
    path = folder / "camera.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def test_a_camera_from_blender_moves_as_it_did_there(tmp_path) -> None:
    path = read_solved_camera(written(tmp_path, GOOD)).path(np.array(TIMES_S))
    assert (path.kind, path.source, path.confidence, path.in_metres) == ("travelling", "file", 1.0, True)
    assert np.allclose(path.R_first_from_camera, R_WORLD[0].T @ R_WORLD)
    assert np.allclose(path.places_first, [[0, 0, 0], [1, 0, 0], [2, 0, 0]])      # the world's x is to the right
    assert np.allclose(path.up_first, [[0, -1, 0]])                               # y is down


def test_quaternions_say_the_same_as_matrices(tmp_path) -> None:
    as_matrices = read_solved_camera(written(tmp_path, GOOD))
    wxyz = quaternion_from_matrix(R_WORLD).tolist()
    as_quaternions = read_solved_camera(written(tmp_path, {**GOOD, "R_world_from_camera": wxyz}))
    assert np.allclose(as_matrices.R_world_from_camera, as_quaternions.R_world_from_camera)


def test_between_its_times_the_camera_moves_evenly(tmp_path) -> None:
    path = read_solved_camera(written(tmp_path, GOOD)).path(np.array([0.0, 0.25]))
    assert np.allclose(path.R_first_from_camera[1], R_WORLD[0].T @ matrix_from_axis_angle(np.array([0, 0, 0.05]))
                       @ R_WORLD[0])  # fmt: skip
    assert np.allclose(path.places_first[1], [0.5, 0, 0])


def test_kinds_are_what_the_file_shows(tmp_path) -> None:
    turning = {name: GOOD[name] for name in ("times_s", "R_world_from_camera")}
    standing = {**turning, "R_world_from_camera": [np.eye(3).tolist()] * 3}
    for document, kind in ((turning, "turning"), (standing, "static")):
        path = read_solved_camera(written(tmp_path, document)).path(np.array(TIMES_S))
        assert path.kind == kind and not path.places_first.any() and len(path.up_first) == 0


def test_its_lens_is_taken_unless_the_user_says_another(tmp_path) -> None:
    settings = CameraSettings(path_file=str(written(tmp_path, GOOD)))
    assert intrinsics(clip(), with_lens_of_file(settings, clip()))[0, 0] == pytest.approx(900.0)
    said = replace(settings, fov_deg=60.0)
    assert with_lens_of_file(said, clip()) == said


@pytest.mark.parametrize("change, why", [
    ({"times_s": [0.0, 0.5, 0.5]}, "its times_s do not rise"),
    ({"times_s": [0.0, 0.5]}, "its R_world_from_camera has 3 rows where 2 belong"),
    ({"times_s": [0.0, None, 1.0]}, "its times_s has a gap"),
    ({"times_s": "all"}, "its times_s has something else than numbers where numbers belong"),
    ({"R_world_from_camera": (2 * R_WORLD).tolist()}, "its R_world_from_camera has a matrix that is no rotation"),
    ({"R_world_from_camera": (-R_WORLD).tolist()}, "its R_world_from_camera has a matrix that is no rotation"),
    ({"R_world_from_camera": [[1, 1, 0, 0]] * 3},
     "its R_world_from_camera has a quaternion that is not of unit length"),
    ({"R_world_from_camera": [[1, 0]] * 3},
     "its R_world_from_camera has something that is neither a quaternion nor a matrix"),
    ({"R_world_from_camera": [[[1, 0], [0, 1]]] * 3}, "its R_world_from_camera has 2 rows where 3 belong"),
    ({"R_world_from_camera": []}, "its R_world_from_camera has 0 rows where 3 belong"),
    ({"places": [[1, 2]] * 3}, "its places has a row that is not of 3 numbers"),
    ({"in_metres": 1}, "its in_metres is neither true nor false"),
    ({"up": [0, 0, 0]}, "its up is not a direction of 3 numbers"),
    ({"focal_px": "long"}, "its focal_px is not a focal length in pixels"),
])  # fmt: skip
def test_what_is_wrong_is_said_in_one_sentence(tmp_path, change, why) -> None:
    with pytest.raises(Refusal) as refused:
        read_solved_camera(written(tmp_path, {**GOOD, **change}))
    assert refused.value.sentence == f"camera.json is no camera: {why}."


def test_other_files_are_refused(tmp_path) -> None:
    for document, why in (("{", "it is not JSON from line 1 on"), ([], "it has no \"times_s\"")):
        with pytest.raises(Refusal) as refused:
            read_solved_camera(written(tmp_path, document))
        assert refused.value.sentence == f"camera.json is no camera: {why}."
    with pytest.raises(Refusal) as refused:
        read_solved_camera(tmp_path / "gone.json")
    assert refused.value.sentence.startswith("There is no camera file ") and "gone.json" in refused.value.sentence


def test_a_camera_that_ends_before_the_take_is_refused(tmp_path) -> None:
    settings = CameraSettings(path_file=str(written(tmp_path, GOOD)))
    assert solved_camera_of(settings, clip()).focal_px == 900.0
    with pytest.raises(Refusal) as refused:
        solved_camera_of(settings, clip(seconds=5.0))
    assert refused.value.sentence == "camera.json has the camera from 0.00 to 1.00 s, and the take ends at 5.00 s."


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
                    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
                    max_leaves=8)  # fmt: skip


@given(name=st.sampled_from(sorted(GOOD)), value=JSON)
def test_whatever_a_file_holds_it_is_a_camera_or_refused(tmp_path_factory, name, value) -> None:
    path = written(tmp_path_factory.mktemp("camera"), {**GOOD, name: value})
    try:
        solved = read_solved_camera(path)
    except Refusal as refusal:
        assert refusal.sentence.startswith("camera.json is no camera: ")
    else:
        assert np.isfinite(solved.path(np.array([0.0])).R_first_from_camera).all()
