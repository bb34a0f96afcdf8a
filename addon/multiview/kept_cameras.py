"""What was found out about a take's cameras where it is kept: as text on the take's empty, so that a file keeps it."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import asdict

import bpy

from ...motion.job import CameraResult, read_cameras

CAMERAS = "mambocap_cameras"   # on a take's empty


def keep_cameras(take: bpy.types.Object, cameras: Sequence[CameraResult]) -> None:
    """Keep these findings in place of earlier ones; a take of one clip has none."""
    if cameras:
        take[CAMERAS] = json.dumps([asdict(camera) for camera in cameras])
    elif CAMERAS in take:
        del take[CAMERAS]


def findings_of(take: bpy.types.Object | None) -> tuple[CameraResult, ...]:
    """In the order of the clips; empty for a take of one clip."""
    return _read(str(take.get(CAMERAS, ""))) if take is not None else ()


@functools.lru_cache(maxsize=16)
def _read(text: str) -> tuple[CameraResult, ...]:
    try:
        return read_cameras(json.loads(text)) if text else ()
    except (ValueError, RecursionError):
        return ()
