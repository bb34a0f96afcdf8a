"""How the camera of each shot moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from backend.cameras.camera_path import CameraPath, standing_camera
from backend.cameras.focal import CameraSettings
from backend.cameras.from_footage.path_of_shot import path_of_shot
from backend.cameras.from_footage.upright_edges import in_first_axes
from backend.cameras.from_footage.watch_background import Background, watched_background
from backend.cameras.path_file import solved_camera_of
from backend.detect.detections import Detections
from backend.progress import Report
from backend.track.tracks import Track
from backend.video.clip import Clip
from motion.arrays import Array


def find_camera_paths(
    clip: Clip, detections: Detections, tracks: list[Track], K: Array, settings: CameraSettings, report: Report
) -> Mapping[int, CameraPath]:
    """By shot, over its pictures (clip.times_s): as the user says, from a file, or from the footage.

    `tracks` tell where the pictures show people. Raises Refusal for a bad file of a solved camera.
    """
    times_s = {int(shot): detections.times_s[detections.shot == shot] for shot in np.unique(detections.shot)}
    if settings.path_file:
        solved = solved_camera_of(settings, clip)
        return {shot: solved.path(each) for shot, each in times_s.items()}
    if settings.motion == "static":
        return {shot: standing_camera(each) for shot, each in times_s.items()}
    backgrounds = watched_background(clip, detections, tracks, K, report)
    return {shot: _path(backgrounds[shot], each, settings) for shot, each in times_s.items()}


def _path(background: Background, times_s: Array, settings: CameraSettings) -> CameraPath:
    path = path_of_shot(background.trails, times_s, settings.motion, np.random.default_rng(0))
    return replace(path, verticals_camera=in_first_axes(background.edges, path))


def by_shot(paths: Iterable[CameraPath], detections: Detections) -> Mapping[int, CameraPath]:
    """Paths in the order of their shots, by the number of the shot."""
    return {int(shot): path for shot, path in zip(np.unique(detections.shot), paths, strict=True)}
