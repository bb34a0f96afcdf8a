"""Where a take's footage lies, and when each of its pictures was taken."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..motion.arrays import Array
from ..motion.job import PROXY
from ..motion.motion import Camera, Motion


@dataclass(frozen=True, eq=False)
class Footage:
    """A film or a picture sequence to be seen behind a take."""

    path: Path
    times_s: Array | None   # [F] seconds of the take of the pictures used; None: the take's own rate from second 0
    first_s: float          # where in the file the first of them is, seconds at the file's own rate
    mirrored: bool          # the file shows a mirror image of what was captured


def find_footage(motion: Motion, camera: Camera, motion_path: Path | None) -> tuple[Footage | None, str]:
    """The footage of a camera, or None and one sentence that says why there is none.

    The take's upright proxy comes first, then the file as captured, then one of its name beside the take.
    """
    take_folder = motion_path.resolve().parent.parent if motion_path else None
    if take_folder and (take_folder / PROXY).is_file():
        return Footage(take_folder / PROXY, None, 0.0, False), ""
    if not camera.video_path:
        return None, "The motion file names no footage, so the camera has no picture behind the body."
    path = _existing(Path(camera.video_path), motion_path)
    if path is None:
        return None, (f"The footage {Path(camera.video_path).name} is no longer at {camera.video_path}; "
                      "choose it under the camera's Background Images.")  # fmt: skip
    video = motion.settings.get("video")
    video = video if isinstance(video, dict) else {}
    times_s = camera.source_times_s - camera.time_offset_s if len(camera.source_times_s) else None
    footage = Footage(path, times_s, _number(video, "in_s"), bool(video.get("mirrored", False)))
    return footage, _changed(path, camera)


def _existing(stated: Path, motion_path: Path | None) -> Path | None:
    folders = [motion_path.resolve().parent, *list(motion_path.resolve().parents)[1:3]] if motion_path else []
    candidates = [stated, *(folder / stated for folder in folders), *(folder / stated.name for folder in folders)]
    return next((path.absolute() for path in candidates if path.is_file()), None)


def _changed(path: Path, camera: Camera) -> str:
    if camera.video_bytes and path.stat().st_size != camera.video_bytes:
        return f"{path.name} has changed since it was captured, so picture and body may not agree."
    return ""


def _number(settings: dict[str, Any], name: str) -> float:
    value = settings.get(name)
    return float(value) if isinstance(value, (int, float)) and np.isfinite(value) else 0.0
