"""A landmark put elsewhere in the picture: the limb follows in the picture, and no farther in depth than it must."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..arrays import Array
from ..body import Body
from ..landmarks import LANDMARK
from ..motion import Camera, Motion
from ..refusal import Refusal
from .edits import LandmarkDrag
from .fading import REACH_S, bumps
from .refit import Task, refitted
from .seen_points import POINT_NAMES, POINTS, Sight, posed

_ARTIST = 10.0   # times as certain as a landmark that the detector is sure of


def dragged(motion: Motion, edit: LandmarkDrag, body: Body) -> Motion:
    """The motion with the body's point of a landmark at a place of the picture at one moment, neighbours following.

    Every other point stays where it is seen. Raises Refusal where there is no camera, or no such point to drag.
    """
    _refuse(motion, edit)
    frame = int(np.rint((edit.time_s - motion.start_s) * float(motion.rate)))
    if not 0 <= frame < motion.frame_count:
        return motion
    weight = bumps(motion.frame_count, [frame], REACH_S * float(motion.rate))[0]
    near = np.flatnonzero(weight > 0.0)
    window = slice(int(near[0]), int(near[-1]) + 1)
    camera = motion.cameras[edit.camera]
    sight = Sight.of(camera, window)
    R, root = motion.R_parent_from_joint[window], motion.root_world[window]
    wanted_px = sight.pixels(posed(body, R, root).points_world)
    point, own = POINT_NAMES.index(edit.landmark), weight[window]
    wanted_px[:, point] += own[:, None] * (edit.px - wanted_px[frame - window.start, point])
    trust = np.maximum(np.nan_to_num(camera.scores[window][:, POINTS]), 0.3)
    trust[:, point] = np.maximum(trust[:, point], _ARTIST * own)
    R_all, root_all = np.array(motion.R_parent_from_joint), np.array(motion.root_world)
    R_all[window], root_all[window] = refitted(
        Task(body, sight, R, root, wanted_px, trust, np.sqrt(own), float(motion.rate)))
    cameras = list(motion.cameras)
    cameras[edit.camera] = _moved(camera, edit.landmark, window, own, wanted_px[:, point])
    return replace(motion, R_parent_from_joint=R_all, root_world=root_all, cameras=tuple(cameras))


def _refuse(motion: Motion, edit: LandmarkDrag) -> None:
    if edit.camera >= len(motion.cameras):
        raise Refusal("no-camera", "This motion has no camera whose picture a landmark could be dragged in.",
                      "Pose the armature at this frame instead.")  # fmt: skip
    if edit.landmark not in POINT_NAMES:
        raise Refusal("bad-corrections", f"The {edit.landmark.replace('_', ' ')} cannot be dragged.",
                      "Drag a joint of an arm or leg, a heel, a toe, an ear or the nose.")  # fmt: skip


def _moved(camera: Camera, landmark: str, window: slice, weight: Array, wanted_px: Array) -> Camera:
    """The camera with the landmark seen where it was dragged to, as far as the drag reaches."""
    index = LANDMARK[landmark]
    landmarks_px, scores = np.array(camera.landmarks_px), np.array(camera.scores)
    seen = np.where(np.isfinite(landmarks_px[window, index]), landmarks_px[window, index], wanted_px)
    landmarks_px[window, index] = seen + weight[:, None] * (wanted_px - seen)
    scores[window, index] = np.maximum(np.nan_to_num(scores[window, index]), weight)
    return replace(camera, landmarks_px=landmarks_px, scores=scores)
