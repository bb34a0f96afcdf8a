"""Real films with a projected reference of one man, alone and beside a woman."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from bench.data import ROOT, data_folder
from bench.detection_measures import low_passed
from bench.four_cameras import CAMERAS, LIMBS
from motion.arrays import Array

REFERENCE_HZ = 10.0     # the triangulation of single pictures shakes more than the detectors that it measures
FRAMES_LATE = {"four_cameras": 0, "two_people": 1}   # against the reference: two_people shows the take a picture later,
                                                     # whole pictures compared, all cameras alike

BOXES = ROOT / "bench" / "two_people_boxes.json"


@dataclass(frozen=True, eq=False)
class View:
    """One camera's film and what is known of it."""

    camera: str
    film: Path
    people: int                # in the film, onlookers aside
    truth_px: Array            # [T, 12, 2] limb joints of the man, NaN where there is no reference
    truth_camera: Array        # [T, 12, 3] m
    boxes_px: dict[int, dict[str, Array]] = field(default_factory=dict)  # picture -> who -> left, top, right, bottom


def cases() -> dict[str, list[View]]:
    """The views of each case. Raises Refusal when the footage is not there."""
    checked = json.loads(BOXES.read_text(encoding="utf-8"))["boxes_px"]
    boxes = {camera: {int(picture): {who: np.array(box, float) for who, box in both.items()}
                      for picture, both in pictures.items()} for camera, pictures in checked.items()}  # fmt: skip
    return {"four_cameras": _views("four_cameras", 1, {}), "two_people": _views("two_people", 2, boxes)}


def _views(name: str, people: int, boxes: dict[str, dict[int, dict[str, Array]]]) -> list[View]:
    folder = data_folder() / "footage" / name
    with open(folder / "calibration.toml", "rb") as stream:
        calibration = tomllib.load(stream)
    joints_world = _joints_world(FRAMES_LATE[name])
    return [_view(folder / f"{camera}.mp4", calibration[camera], joints_world, people, boxes.get(camera, {}))
            for camera in CAMERAS]  # fmt: skip


def _joints_world(late: int) -> Array:
    """[T, 12, 3] m from OpenPose alone, so that no detector measured here had a part in it."""
    path = data_folder() / "footage" / "four_cameras" / "reference.npz"
    with np.load(path, allow_pickle=False) as reference:
        joints = reference["joints_openpose"][:, LIMBS].astype(np.float64)
        rate = float(reference["fps"])
    smooth = low_passed(joints, REFERENCE_HZ, rate)
    return np.concatenate([np.full_like(smooth[:late], np.nan), smooth[: len(smooth) - late]])


def _view(film: Path, camera: dict, joints_world: Array, people: int, boxes: dict[int, dict[str, Array]]) -> View:
    rotation, translation, K, distortion = (
        np.array(camera[name], np.float64) for name in ("rotation", "translation", "matrix", "distortions"))
    px = cv2.projectPoints(joints_world.reshape(-1, 3), rotation, translation, K, distortion)[0]
    joints_camera = joints_world @ cv2.Rodrigues(rotation)[0].T + translation
    return View(film.stem, film, people, px.reshape(*joints_world.shape[:2], 2), joints_camera, boxes)
