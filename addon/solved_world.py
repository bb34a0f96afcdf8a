"""Takes that stand in the world of a camera that was solved before: where its file says metres and up.

The backend puts every take on a floor of its own; here it is moved so that its camera is the solved one.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..motion.arrays import Array, check_shape
from ..motion.motion import Motion
from ..motion.resample import interpolate_linear
from ..motion.rotations import interpolate_rotations, matrix_from_quaternion, nearest_rotation

_UPRIGHT = 1e-4   # by which up may miss Blender's


@dataclass(frozen=True, eq=False)
class SolvedWorld:
    """A solved camera over T times, in metres in a world like Blender's."""

    times_s: Array
    R_world_from_camera: Array   # [T, 3, 3] OpenCV axes
    places_world: Array          # [T, 3] m

    def from_take(self, motion: Motion) -> Array:
        """[4, 4] from the world of a motion to this one, in which its first camera stands where this one does."""
        camera, time_s = motion.cameras[0], np.array([motion.start_s])
        R_take_from_camera = camera.R_camera_from_world[0].T
        place_take = -R_take_from_camera @ camera.t_camera_from_world[0]
        R = interpolate_rotations(self.R_world_from_camera, self.times_s, time_s)[0] @ R_take_from_camera.T
        world_from_take = np.eye(4)
        world_from_take[:3, :3] = R
        world_from_take[:3, 3] = interpolate_linear(self.places_world, self.times_s, time_s)[0] - R @ place_take
        return world_from_take


def world_of(motions: Sequence[Motion]) -> Array | None:
    """[4, 4] where a take goes whose people do `motions`; None where no solved camera says it, or its file is gone."""
    seen = [motion for motion in motions if motion.cameras and motion.frame_count]
    camera = seen[0].settings.get("camera") if seen else None
    file = camera.get("path_file") if isinstance(camera, dict) else None
    world = read_world(Path(file)) if isinstance(file, str) and file else None
    return world.from_take(seen[0]) if world is not None else None


def in_words(path: Path) -> str:
    """What will become of a take with the camera of this file, one sentence."""
    if not path.is_file():
        return f"There is no file {path}."
    if read_world(path) is not None:
        return "In metres with up known: the take will stand in this scene's world, behind this very camera."
    return "Without metres or up: the take moves before this camera in a world of its own."


def read_world(path: Path) -> SolvedWorld | None:
    """The camera of a file, None when it is in another world than Blender's or cannot be read."""
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


@functools.lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> SolvedWorld | None:
    """`changed` only makes a file that was replaced be read again."""
    said = json.loads(path.read_text(encoding="utf-8"))
    if said.get("in_metres") is not True or "places" not in said or "up" not in said:
        return None
    up = np.array(said["up"], dtype=float)
    if np.abs(up / np.linalg.norm(up) - [0.0, 0.0, 1.0]).max() > _UPRIGHT:
        return None
    turns = np.array(said["R_world_from_camera"], dtype=float)
    if not np.isfinite(turns).all():   # of which some builds of LAPACK look for the nearest rotation without end
        return None
    R = matrix_from_quaternion(turns) if turns.ndim == 2 else nearest_rotation(turns)
    times_s, places = np.array(said["times_s"], dtype=float), np.array(said["places"], dtype=float)
    check_shape("R", R, "T 3 3", T=len(times_s))
    check_shape("places", places, "T 3", T=len(times_s))
    # The backend refuses such a file; here only nothing may follow from it.
    is_usable = all(np.isfinite(array).all() for array in (times_s, R, places)) and np.all(np.diff(times_s) > 0)
    return SolvedWorld(times_s, R, places) if is_usable and len(times_s) else None
