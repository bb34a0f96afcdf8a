from __future__ import annotations

import json

import numpy as np
import pytest

from backend.multiview.known.blender_json import blender_cameras
from backend.multiview.known.calibrated_camera import BadCalibration
from backend.strict_json import BadJson, parsed
from tests.backend.multiview.known.made_up_rig import blender_document, made_up_cameras


def document(**changes: object) -> bytes:
    """Of the first camera with other fields; None takes one away."""
    camera = {**blender_document(made_up_cameras(False)[:1])["blender_cameras"][0], **changes}
    said = {name: value for name, value in camera.items() if value is not None}
    return json.dumps({"blender_cameras": [said]}).encode()


def test_a_camera_as_blender_makes_it_looks_down() -> None:
    """Blender's camera without rotation looks along -z, the picture's top towards +y."""
    matrix = np.eye(4)
    matrix[:3, 3] = (0.5, 0.0, 4.0)
    known = blender_cameras(parsed(document(matrix_world=matrix.tolist(), principal_px=None)))
    seen = known.K[0] @ (known.R_camera_from_world[0] @ [0.7, 0.3, 0.0] + known.t_camera_from_world[0])
    assert np.allclose(seen, [1400.0 * 0.2 + 960.0 * 4, -1400.0 * 0.3 + 540.0 * 4, 4.0])
    assert known.in_metres and np.array_equal(known.up_world, [[0, 0, 1]])


def test_lens_and_sensor_say_the_focal_length() -> None:
    known = blender_cameras(parsed(document(focal_px=None, lens_mm=50, sensor_mm=36.0)))
    assert known.K[0, 0, 0] == pytest.approx(1920 * 50 / 36)
    assert known.K[0, 0, 0] == known.K[0, 1, 1]


@pytest.mark.parametrize("changes, why", [
    ({"name": None}, 'a camera has no "name"'), ({"size_px": None}, 'left has no "size_px"'),
    ({"focal_px": None}, 'left has no "focal_px"'), ({"focal_px": True}, "left has a focal_px that is no length"),
    ({"focal_px": None, "lens_mm": 50}, 'left has no "sensor_mm"'),
    ({"focal_px": 1e-9}, "left has a focal length that no lens for its pictures has"),
    ({"principal_px": [1]}, "the principal_px of left has 1 numbers where 2 belong"),
    ({"matrix_world": None}, 'left has no "matrix_world"'),
    ({"matrix_world": np.eye(3).tolist()}, "the matrix_world of left has 3 rows where 4 belong"),
    ({"matrix_world": np.zeros((4, 4)).tolist()}, "left has a matrix_world that is none of Blender's"),
    ({"matrix_world": np.diag([1.0, 1.0, -1.0, 1.0]).tolist()}, "left has a matrix that is no rotation"),
    ({"matrix_world": [[1, 0.4, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]},
     "left has a matrix that is no rotation"),
    ({"matrix_world": [[None, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]},
     "the matrix_world of left has a gap"),
])  # fmt: skip
def test_what_is_wrong_with_a_camera_is_said_with_its_name(changes, why) -> None:
    with pytest.raises((BadCalibration, BadJson)) as refused:
        blender_cameras(parsed(document(**changes)))
    assert str(refused.value) == why
