"""What the user is told about a camera path that is not sure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backend.cameras.camera_path import CameraPath
from backend.video.clip import Clip

SURE = 0.5   # of real clips a wave, a dark stage and a fish-eye lens lie below, phones in a hand above


def paths_in_words(paths: Sequence[CameraPath], clip: Clip) -> list[str]:
    """A sentence for every shot whose path should not be trusted or lacks something."""
    places = [clip.path.name] if len(paths) == 1 else [f"shot {i + 1} of {clip.path.name}" for i in range(len(paths))]
    return [words for path, place in zip(paths, places, strict=True) if (words := path_in_words(path, place))]


def path_in_words(path: CameraPath, where: str) -> str:
    """The same of one path, of a clip or shot that is called `where`; empty if there is nothing to say."""
    if path.source != "footage":
        return ""
    if path.confidence < SURE:
        return (f"The background of {where} hardly tells how the camera moved (it seems {_moved(path)}, confidence "
                f"{100 * path.confidence:.0f} %); state whether it stands, turns or travels.")  # fmt: skip
    if not path.places_known:
        return (f"The camera of {where} travels, but the background does not tell where to; "
                "the path of the people is made from their own motion.")  # fmt: skip
    return ""


def _moved(path: CameraPath) -> str:
    if path.kind == "static":
        return "to stand"
    turned_deg = np.degrees(np.arccos(np.clip((np.trace(path.R_first_from_camera, axis1=1, axis2=2) - 1) / 2, -1, 1)))
    return f"to be {path.kind}, turned by up to {turned_deg.max():.0f} degrees"
