"""Cameras that were calibrated elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from backend.multiview.known.calibrated_camera import MOST_CAMERAS, MOST_COEFFICIENTS, BadCalibration, CalibratedCamera
from motion.arrays import Array, Mask, freeze

LEVEL_DEG = 4.0        # by which an axis of any world may miss the up of cameras that stand level
USUAL_DEG = 30.0       # and one that usually is up; the cameras of a real rig rolled by 10 degrees and more
NO_UP, Z_UP = np.zeros((0, 3)), np.array([[0.0, 0.0, 1.0]])
TURNED_ENOUGH = 0.3    # sine of the least turn between cameras that tells up from forward


@dataclass(frozen=True, eq=False)
class KnownCameras:
    """V of them, in one world. OpenCV axes; pixels count from the outer corner of the first one."""

    names: tuple[str, ...]
    sizes_px: Array               # [V, 2] width, height
    K: Array                      # [V, 3, 3] px
    distortion: Array             # [V, 14] k1 k2 p1 p2 k3 ... as in OpenCV; of a fisheye the first four are k1 to k4
    fisheye: Mask                 # [V]
    R_camera_from_world: Array    # [V, 3, 3]
    t_camera_from_world: Array    # [V, 3]
    in_metres: bool               # False: lengths are known up to one factor
    up_world: Array               # [0 or 1, 3] unit; none where nobody knows
    warnings: tuple[str, ...] = ()    # what the user should know, a sentence each

    def __post_init__(self) -> None:
        shapes = {"sizes_px": "V 2", "K": "V 3 3", "distortion": "V 14", "fisheye": "V",
                  "R_camera_from_world": "V 3 3", "t_camera_from_world": "V 3", "up_world": "U 3"}  # fmt: skip
        freeze(self, shapes, {"fisheye": bool}, V=len(self.names))

    @property
    def places_world(self) -> Array:
        """[V, 3] of the lenses."""
        return -np.einsum("vji,vj->vi", self.R_camera_from_world, self.t_camera_from_world)

    def only(self, views: Sequence[int]) -> KnownCameras:
        """Some of them, in this order."""
        chosen = list(views)
        return replace(self, names=tuple(self.names[view] for view in chosen), **{
            name: getattr(self, name)[chosen] for name in
            ("sizes_px", "K", "distortion", "fisheye", "R_camera_from_world", "t_camera_from_world")})  # fmt: skip


def together(cameras: Sequence[CalibratedCamera], in_metres: bool | None, up_world: Array) -> KnownCameras:
    """All cameras of one file. in_metres None: judged by their distances. up_world [0 or 1, 3].

    Raises BadCalibration where there are none, too many, or two of one name.
    """
    if not 1 <= len(cameras) <= MOST_CAMERAS:
        raise BadCalibration(f"it has {len(cameras)} cameras where 1 to {MOST_CAMERAS} belong")
    names = tuple(camera.name for camera in cameras)
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise BadCalibration(f"it has two cameras of the name {twice[0]}")
    known = KnownCameras(
        names, np.array([camera.size_px for camera in cameras]), np.stack([camera.K for camera in cameras]),
        np.stack([_padded(camera.distortion) for camera in cameras]), np.array([camera.fisheye for camera in cameras]),
        np.stack([camera.R_camera_from_world for camera in cameras]),
        np.stack([camera.t_camera_from_world for camera in cameras]), bool(in_metres), up_world,
    )  # fmt: skip
    return known if in_metres is not None else replace(known, in_metres=_are_metres(known.places_world))


def _padded(distortion: Array) -> Array:
    coefficients = distortion[:MOST_COEFFICIENTS]
    return np.concatenate([coefficients, np.zeros(MOST_COEFFICIENTS - len(coefficients))])


def _are_metres(places: Array) -> bool:
    """Whether the farthest two lie as far apart as cameras do that film one person.

    Calibrations do not say their unit; boards are measured in metres, millimetres or squares.
    """
    farthest = np.linalg.norm(places[:, None] - places, axis=-1).max()
    return bool(0.3 <= farthest <= 30.0)


def up_axis(cameras: Sequence[CalibratedCamera], usual: Array) -> Array:
    """The axis of the world that is up, [0 or 1, 3], as cameras that stand level tell it.

    The usual one [0 or 1, 3] if there is one and they do not stand against it, else one that fits them closely: the
    world of a board that lay or hung somehow has none.
    """
    towards = _level_up(np.array([camera.R_camera_from_world for camera in cameras]).reshape(-1, 3, 3))
    if len(usual):
        return usual if not len(towards) or np.all(usual @ towards[0] >= np.cos(np.deg2rad(USUAL_DEG))) else NO_UP
    axes = np.concatenate([np.eye(3), -np.eye(3)])
    return axes[(axes @ towards.T >= np.cos(np.deg2rad(LEVEL_DEG))).any(axis=-1)]


def _level_up(R_camera_from_world: Array) -> Array:
    """[0 or 1, 3] square to the horizontal axes of all cameras, as it is if they stand level; none if these are alike.
    """
    _, lengths, axes = np.linalg.svd(R_camera_from_world[:, 0])
    if len(lengths) < 2 or lengths[1] < TURNED_ENOUGH:
        return NO_UP
    is_down = np.mean(R_camera_from_world[:, 1] @ axes[2]) > 0     # a camera's y is down
    return -axes[2:] if is_down else axes[2:]
