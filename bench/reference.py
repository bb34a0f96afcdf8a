"""One person's true motion in one film, whatever it is known from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench import four_cameras
from bench.pose_evidence import TruePose
from bench.rendered import RenderedClip, rendered_clips
from motion.arrays import Array
from motion.landmarks import LIMB_LANDMARKS
from motion.skeleton import BODY_JOINT_COUNT


@dataclass(frozen=True, eq=False)
class Reference:
    """T pictures; the camera's frame as in OpenCV, a world with Z up, m."""

    name: str
    film: Path
    times_s: Array          # [T]
    limbs_camera: Array     # [T, 12, 3] LIMB_LANDMARKS, the joints of the limbs
    feet_world: Array | None    # [T, 4, 3] left heel, right heel, left toe, right toe; None where they cannot judge
    pose: TruePose | None = None    # None where only places are known


def of_four_cameras() -> list[Reference]:
    """The man before four calibrated cameras, each camera alone. Raises Refusal when the footage is not there."""
    return [Reference(view.name, view.film, view.times_s, view.truth_camera[:, four_cameras.LIMBS],
                      view.truth_world[:, four_cameras.FEET]) for view in four_cameras.views()]  # fmt: skip


def of_rendered(which: str) -> list[Reference]:
    """The clips of "rendered_dev" or "rendered"."""
    return [of_rendered_clip(clip) for clip in rendered_clips(which)]


def of_rendered_clip(clip: RenderedClip) -> Reference:
    """One of them."""
    names = clip.body.model.point_names
    landmarks_camera = clip.in_camera(clip.points_world)
    feet = [names.index(name) for name in ("left_heel", "right_heel", "left_foot_index", "right_foot_index")]
    return Reference(clip.name, clip.film, clip.times_s, landmarks_camera[:, LIMB_LANDMARKS],
                     clip.points_world[:, feet] if clip.teaches.contacts else None, _true_pose(clip))  # fmt: skip


def _true_pose(clip: RenderedClip) -> TruePose:
    R = clip.R_parent_from_joint[:, :BODY_JOINT_COUNT].copy()
    R[:, 0] = clip.R_camera_from_world @ R[:, 0]
    return TruePose(clip.body.skeleton, R, clip.in_camera(clip.world[1])[:, :BODY_JOINT_COUNT],
                    np.array(clip.teaches.joints), clip.still if clip.teaches.contacts else None)  # fmt: skip
