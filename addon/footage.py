"""Where a take's footage lies, and when each of its pictures was taken."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from ..motion.arrays import Array
from ..motion.job import proxy_name
from ..motion.motion import Camera, Motion


@dataclass(frozen=True, eq=False)
class Footage:
    """A film or a picture sequence to be seen behind a take."""

    path: Path
    times_s: Array | None   # [F] seconds of the take of the pictures used; None: they come evenly, as in a proxy
    first_s: float          # where in the file the first of them is, seconds at the file's own rate
    mirrored: bool          # the file shows a mirror image of what was captured
    begins_s: float = 0.0   # the second of the take of the first of them
    rate: Fraction | None = None   # at which they come where they come evenly; None: as the file says


def find_footage(motion: Motion, index: int, motion_path: Path | None) -> tuple[Footage | None, str]:
    """The footage of a motion's camera, 0 the first, or None and one sentence that says why there is none.

    The take's upright proxy comes first, then the file as captured, then one of its name beside the take.
    """
    camera, proxy = motion.cameras[index], _proxy(motion_path, index)
    if proxy is not None:
        return Footage(proxy, None, 0.0, False, -camera.time_offset_s, None if index else motion.rate), ""
    if not camera.video_path:
        return None, "The motion file names no footage, so the camera has no picture behind the body."
    path = _existing(camera, motion_path)
    if path is None:
        return None, (f"The footage {Path(camera.video_path).name} is no longer at {camera.video_path}; "
                      "choose it under the camera's Background Images.")  # fmt: skip
    video = motion.settings.get("video")
    video = video if isinstance(video, dict) else {}
    times_s = camera.source_times_s - camera.time_offset_s if len(camera.source_times_s) else None
    first_s = _number(video, "in_s") if index == 0 else 0.0   # a part is chosen of the first clip alone
    footage = Footage(path, times_s, first_s, bool(video.get("mirrored", False)))
    return footage, _changed(path, camera)


def _proxy(motion_path: Path | None, index: int) -> Path | None:
    path = motion_path.resolve().parent.parent / proxy_name(index) if motion_path else None
    return path if path is not None and path.is_file() else None


def _existing(camera: Camera, motion_path: Path | None) -> Path | None:
    stated = Path(camera.video_path)
    folders = [motion_path.resolve().parent, *list(motion_path.resolve().parents)[1:3]] if motion_path else []
    candidates = [stated, *(folder / stated for folder in folders), *(folder / stated.name for folder in folders)]
    found = [path.absolute() for path in candidates if path.is_file()]
    # Films of several cameras may have one name.
    return min(found, key=lambda path: bool(_changed(path, camera)), default=None)


def _changed(path: Path, camera: Camera) -> str:
    if camera.video_bytes and path.stat().st_size != camera.video_bytes:
        return f"{path.name} has changed since it was captured, so picture and body may not agree."
    return ""


def _number(settings: dict[str, Any], name: str) -> float:
    value = settings.get(name)
    return float(value) if isinstance(value, (int, float)) and np.isfinite(value) else 0.0
