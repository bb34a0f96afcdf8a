"""One person's true motion in one film, whatever it is known from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bench import four_cameras
from bench.rendered import RenderedClip, rendered_clips
from motion.arrays import Array
from motion.landmarks import LIMB_LANDMARKS


@dataclass(frozen=True, eq=False)
class Reference:
    """T pictures; the camera's frame as in OpenCV, a world with Z up, m."""

    name: str
    film: Path
    times_s: Array          # [T]
    limbs_camera: Array     # [T, 12, 3] LIMB_LANDMARKS, the joints of the limbs
    feet_world: Array | None    # [T, 4, 3] left heel, right heel, left toe, right toe; None where they cannot judge


def of_four_cameras() -> list[Reference]:
    """The man before four calibrated cameras, each camera alone. Raises Refusal when the footage is not there."""
    return [Reference(view.name, view.film, view.times_s, view.truth_camera[:, four_cameras.LIMBS],
                      view.truth_world[:, four_cameras.FEET]) for view in four_cameras.views()]  # fmt: skip


def of_rendered(which: str) -> list[Reference]:
    """The clips of "rendered_dev" or "rendered"."""
    return [_of_rendered(clip) for clip in rendered_clips(which)]


def _of_rendered(clip: RenderedClip) -> Reference:
    names = clip.body.model.point_names
    landmarks_camera = clip.in_camera(clip.points_world)
    feet = [names.index(name) for name in ("left_heel", "right_heel", "left_foot_index", "right_foot_index")]
    return Reference(clip.name, clip.film, clip.times_s, landmarks_camera[:, LIMB_LANDMARKS],
                     clip.points_world[:, feet] if clip.teaches.contacts else None)  # fmt: skip
