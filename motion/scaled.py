"""A take made larger or smaller as a whole: pictures cannot tell the difference."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np

from .arrays import Array
from .hypotheses.choice import Choice
from .motion import Motion
from .refusal import Refusal
from .skeleton import Skeleton

_NEAREST_M = 0.01     # two points nearer to each other are one point
_CENTIMETRES = re.compile(r"(\d+) cm\b")


def factor_between(points: Array, length_m: float) -> float:
    """By how much a take must grow for two of its points [2, 3] m to lie length_m apart.

    Raises Refusal for points that lie together and lengths that are none.
    """
    apart_m = float(np.linalg.norm(np.subtract(*np.asarray(points, dtype=float))))
    if not apart_m >= _NEAREST_M:
        raise Refusal("points-together", f"The two points lie {100.0 * apart_m:.1f} cm apart.",
                      "Choose two points farther apart, such as the ends of a door.")  # fmt: skip
    if not (math.isfinite(length_m) and length_m > 0.0):
        raise Refusal("no-length", f"{length_m:g} m is no length.", "Enter the distance of the two points in metres.")
    return length_m / apart_m


def scaled(motion: Motion, factor: float) -> Motion:
    """The same take with all lengths `factor` times as long, about the world's origin on the floor.

    Body, path, other poses, spread and cameras alike, so that every point of the world stays where each camera saw it.
    Turns and times stay. The betas of an SMPL-X file go, since they say another size, and so does the quality card,
    which is in millimetres.
    """
    if factor == 1.0:
        return motion
    cameras = (replace(camera, t_camera_from_world=factor * camera.t_camera_from_world) for camera in motion.cameras)
    return replace(
        motion,
        skeleton=Skeleton(factor * motion.skeleton.rest_joints),
        root_world=factor * motion.root_world,
        betas=np.zeros_like(motion.betas),
        cameras=tuple(cameras),
        hypotheses_root=factor * motion.hypotheses_root,
        choices=tuple(scaled_choice(choice, factor) for choice in motion.choices),
        spread_m=factor * motion.spread_m,
        quality={},
        raw=None if motion.raw is None else scaled(motion.raw, factor),
    )


def scaled_choice(choice: Choice, factor: float) -> Choice:
    """The same choice, in whose words centimetres are `factor` times as many."""

    def grown(length: re.Match[str]) -> str:
        return f"{round(factor * int(length[1]))} cm"

    return replace(choice, words=_CENTIMETRES.sub(grown, choice.words))
