from __future__ import annotations

import struct

import numpy as np
import pytest

from backend.multiview.known.calibrated_camera import BadCalibration
from backend.multiview.known.colmap import colmap_cameras
from backend.multiview.known.colmap_binary import images_in_binary, lenses_in_binary
from backend.multiview.known.colmap_text import images_in_text, lenses_in_text
from backend.multiview.known.known_cameras import KnownCameras

IMAGES = "5 1 0 0 0 0.1 0.2 0.3 {camera} a.png\n\n6 0.6 0 0.8 0 0.1 0.2 0.3 {camera} b c.png\n1 2 -1\n"


def from_text(lenses: str, images: str = IMAGES.format(camera=3)) -> KnownCameras:
    return colmap_cameras(lenses.encode(), images.encode(), lenses_in_text, images_in_text)


def from_binary(lenses: bytes, images: bytes) -> KnownCameras:
    return colmap_cameras(lenses, images, lenses_in_binary, images_in_binary)


@pytest.mark.parametrize("model, kind, parameters, focal, distortion, fisheye", [
    ("SIMPLE_PINHOLE", 0, [900, 330, 230], (900, 900), [], False),
    ("PINHOLE", 1, [900, 910, 330, 230], (900, 910), [], False),
    ("SIMPLE_RADIAL", 2, [900, 330, 230, 0.1], (900, 900), [0.1], False),
    ("RADIAL", 3, [900, 330, 230, 0.1, 0.2], (900, 900), [0.1, 0.2], False),
    ("OPENCV", 4, [900, 910, 330, 230, 0.1, 0.2, 0.3, 0.4], (900, 910), [0.1, 0.2, 0.3, 0.4], False),
    ("OPENCV_FISHEYE", 5, [900, 910, 330, 230, 0.1, 0.2, 0.3, 0.4], (900, 910), [0.1, 0.2, 0.3, 0.4], True),
    ("FULL_OPENCV", 6, [900, 910, 330, 230, *range(1, 9)], (900, 910), [1, 2, 3, 4, 5, 6, 7, 8], False),
])  # fmt: skip
def test_lens_models_mean_the_same_in_text_and_binary(model, kind, parameters, focal, distortion, fisheye) -> None:
    text = from_text(f"3 {model} 640 480 {' '.join(map(str, parameters))}\n")
    pose = struct.pack("<I7dI", 5, 1, 0, 0, 0, 0.1, 0.2, 0.3, 3) + b"a.png\0" + struct.pack("<Q", 0)
    binary = from_binary(struct.pack("<Q", 1) + struct.pack("<IiQQ", 3, kind, 640, 480)
                         + struct.pack(f"<{len(parameters)}d", *parameters), struct.pack("<Q", 1) + pose)  # fmt: skip
    assert text.names == ("a.png", "b c.png") and binary.names == ("a.png",)
    for known in (text, binary):
        assert np.allclose(known.K[0], [[focal[0], 0, 330], [0, focal[1], 230], [0, 0, 1]])
        assert known.distortion[0, : len(distortion)].tolist() == distortion and known.fisheye[0] == fisheye
        assert known.sizes_px[0].tolist() == [640, 480] and not known.in_metres
        assert np.allclose(known.R_camera_from_world[0], np.eye(3))
        assert np.allclose(known.t_camera_from_world[0], [0.1, 0.2, 0.3])
    about_y = np.array([[-0.28, 0, 0.96], [0, 1, 0], [-0.96, 0, -0.28]])     # of the quaternion 0.6, 0, 0.8, 0
    assert np.allclose(text.R_camera_from_world[1], about_y)


@pytest.mark.parametrize("lenses, images, why", [
    ("3 FOV 640 480 1 2 3 4 5", None, "camera 3 has the lens model FOV, which is none of SIMPLE_PINHOLE, PINHOLE, "
     "SIMPLE_RADIAL, RADIAL, OPENCV, OPENCV_FISHEYE, FULL_OPENCV"),
    ("3 PINHOLE 640 480 900 910 330", None, "camera 3 has 3 parameters where PINHOLE has 4"),
    ("3 PINHOLE 640", None,
     "a line of its cameras has less than a number, a model, a width and a height"),
    ("3 PINHOLE wide 480 900 910 330 230", None, "it has wide where a whole number belongs"),
    ("3 PINHOLE 640 480 900 x 330 230", None, "it has 900 x 330 230 where numbers belong"),
    ("3 PINHOLE 640 480 nan 910 330 230", None, "a.png has a focal length that no lens for its pictures has"),
    ("4 PINHOLE 640 480 900 910 330 230", None, "a.png was taken by camera 3, which there is not"),
    ("3 PINHOLE 640 480 900 910 330 230", "5 1 1 0 0 0 0 0 3 a.png",
     "a.png has a quaternion that is not of unit length"),
    ("3 PINHOLE 640 480 900 910 330 230", "5 1 0 0 0 inf 0 0 3 a.png", "a.png stands nowhere"),
    ("3 PINHOLE 640 480 900 910 330 230", "5 1 0 0 0 3 a.png",
     "a line of its images has less than a number, a quaternion, a translation, a camera and a name"),
    ("3 PINHOLE 640 480 900 910 330 230", "# none\n", "it has 0 cameras where 1 to 256 belong"),
    ("3 PINHOLE 640 480 900 910 330 230", "5 1 0 0 0 0 0 0 3 a.png\n\n" * 300,
     "it has more than 256 images, and each should be that of one camera"),
])  # fmt: skip
def test_what_is_wrong_is_said_in_one_sentence(lenses, images, why) -> None:
    with pytest.raises(BadCalibration) as refused:
        from_text(lenses, IMAGES.format(camera=3) if images is None else images)
    assert str(refused.value) == why


@pytest.mark.parametrize("lenses, images, why", [
    (b"", b"", "it ends too early"),
    (struct.pack("<Q", 1 << 60), b"", "it ends too early"),
    (struct.pack("<QIiQQ", 1, 3, 7, 640, 480), b"", "camera 3 has the lens model number 7, which is none of"),
    (struct.pack("<Q", 0), struct.pack("<Q", 1 << 62), "it ends too early"),
    (struct.pack("<Q", 0), struct.pack("<QI7dI", 1, 5, *[0.0] * 7, 3) + b"a" * 9, "it has a name without an end"),
    (struct.pack("<Q", 0), struct.pack("<QI7dI", 1, 5, *[0.0] * 7, 3) + b"a\0" + struct.pack("<Q", 1 << 61),
     "it ends too early"),
    (struct.pack("<QIiQQ3d", 1, 3, 0, 1 << 63, 480, 900.0, 330.0, 230.0),
     struct.pack("<QI7dI", 1, 5, 1.0, *[0.0] * 6, 3) + b"a\0" + struct.pack("<Q", 0),
     "a has pictures of 1099511627776 x 480 pixels"),
])  # fmt: skip
def test_binary_files_with_impossible_counts_end_in_a_sentence(lenses, images, why) -> None:
    with pytest.raises(BadCalibration) as refused:
        from_binary(lenses, images)
    assert str(refused.value).startswith(why)
