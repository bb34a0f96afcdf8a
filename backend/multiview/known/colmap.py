"""Cameras of a model by COLMAP: its folder with cameras and images, as text or binary.

The formats are those of https://colmap.github.io/format.html; every image of the model is one camera. COLMAP counts
pixels from the outer corner of the first one and does not know its unit of length.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backend.multiview.known.calibrated_camera import (
    MOST_CAMERAS,
    BadCalibration,
    CalibratedCamera,
    rotation_of_quaternion,
)
from backend.multiview.known.known_cameras import NO_UP, KnownCameras, together, up_axis
from motion.arrays import Array


@dataclass(frozen=True)
class LensModel:
    """How COLMAP's parameters stand for focal lengths, principal point and OpenCV's distortions."""

    name: str
    parameters: str      # f or fx fy, cx cy, and the coefficients in their order
    distortion: str = ""   # the order in which OpenCV has them
    fisheye: bool = False


_RADIAL = "k1 k2 p1 p2"
LENS_MODELS: Mapping[int, LensModel] = {   # by the number in binary files
    0: LensModel("SIMPLE_PINHOLE", "f cx cy"),
    1: LensModel("PINHOLE", "fx fy cx cy"),
    2: LensModel("SIMPLE_RADIAL", "f cx cy k1", _RADIAL),
    3: LensModel("RADIAL", "f cx cy k1 k2", _RADIAL),
    4: LensModel("OPENCV", "fx fy cx cy k1 k2 p1 p2", _RADIAL),
    5: LensModel("OPENCV_FISHEYE", "fx fy cx cy k1 k2 k3 k4", "k1 k2 k3 k4", fisheye=True),
    6: LensModel("FULL_OPENCV", "fx fy cx cy k1 k2 p1 p2 k3 k4 k5 k6", f"{_RADIAL} k3 k4 k5 k6"),
}


@dataclass(frozen=True, eq=False)
class Lens:
    """A line of cameras.txt."""

    model: LensModel
    size_px: tuple[int, int]
    parameters: Array    # [n]


@dataclass(frozen=True, eq=False)
class Image:
    """A line of images.txt."""

    name: str
    wxyz: Array          # [4] camera from world
    translation: Array   # [3]
    lens: int            # the number of its camera


def model_folder(folder: Path) -> Path | None:
    """Where the model lies in a folder of COLMAP's, None without one."""
    places = (folder, folder / "sparse" / "0", folder / "sparse", folder / "0")
    return next((place for place in places if any(_pair_is_in(place, ending) for ending in (".bin", ".txt"))), None)


def ending_in(folder: Path) -> str:
    """Of the files of the model: .bin, as COLMAP prefers it, or .txt."""
    return ".bin" if _pair_is_in(folder, ".bin") else ".txt"


def _pair_is_in(folder: Path, ending: str) -> bool:
    return all((folder / f"{stem}{ending}").is_file() for stem in ("cameras", "images"))


def colmap_cameras(
    lenses: bytes, images: bytes, lenses_in: Callable[[bytes], dict[int, Lens]],
    images_in: Callable[[bytes], list[Image]],
) -> KnownCameras:  # fmt: skip
    """The cameras of what the two files hold. Raises BadCalibration."""
    by_number = lenses_in(lenses)
    cameras = [_camera(image, by_number) for image in images_in(images)]
    return together(cameras, False, up_axis(cameras, NO_UP))


def _camera(image: Image, lenses: Mapping[int, Lens]) -> CalibratedCamera:
    if image.lens not in lenses:
        raise BadCalibration(f"{image.name} was taken by camera {image.lens}, which there is not")
    lens = lenses[image.lens]
    said = dict(zip(lens.model.parameters.split(), lens.parameters))
    focal = said.get("f", 0.0)
    K = np.array([[said.get("fx", focal), 0.0, said["cx"]], [0.0, said.get("fy", focal), said["cy"]], [0.0, 0.0, 1.0]])
    distortion = np.array([said.get(name, 0.0) for name in lens.model.distortion.split()])
    return CalibratedCamera(image.name, lens.size_px, K, distortion, lens.model.fisheye,
                            rotation_of_quaternion(image.name, image.wxyz), image.translation)  # fmt: skip


def check_count(count: int) -> None:
    """Raises BadCalibration for more images than cameras can be."""
    if count > MOST_CAMERAS:
        raise BadCalibration(f"it has more than {MOST_CAMERAS} images, and each should be that of one camera")


def usable_lens(camera: object, model: LensModel | None, model_name: str) -> LensModel:
    """The model. Raises BadCalibration where it is none of those above."""
    if model is None:
        known = ", ".join(each.name for each in LENS_MODELS.values())
        raise BadCalibration(f"camera {camera} has the lens model {model_name}, which is none of {known}")
    return model
