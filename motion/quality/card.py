"""The quality card of a take: a few numbers, each good, fair or poor, and where to look."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from ..body import Body
from ..motion import Motion
from .frames_to_check import Stretch, frames_to_check
from .measures import (
    bone_drift_mm,
    floating_mm,
    jitter_m_s3,
    penetration_mm,
    posed,
    reprojection_by_frame,
    sliding_mm,
)

Grade = Literal["good", "fair", "poor"]
GRADES: tuple[Grade, ...] = ("good", "fair", "poor")


@dataclass(frozen=True)
class Bound:
    """One line of the card."""

    label: str
    unit: str
    good: float     # up to here, or from here on where more is better
    fair: float
    more_is_better: bool = False
    digits: int = 1
    counts: bool = True   # for the grade of the whole; what the user could say and did not is no fault of the take

    def grade(self, value: float) -> Grade:
        sign = -1.0 if self.more_is_better else 1.0
        return "good" if sign * value <= sign * self.good else "fair" if sign * value <= sign * self.fair else "poor"


# On rendered_dev 19 of the 27 takes whose joints lie less than 9 cm beside the truth are good in every line; of the
# other nine three are, and four are poor.
BOUNDS: dict[str, Bound] = {
    "seen_percent": Bound("Seen", "%", 98.0, 85.0, more_is_better=True, digits=0),
    "reprojection_percent": Bound("Off the footage", "% of height", 3.0, 4.0),
    "sliding_mm": Bound("Foot sliding", "mm a frame", 1.5, 5.0),
    "penetration_mm": Bound("Under the floor", "mm", 5.0, 15.0),
    "floating_mm": Bound("Above the floor", "mm", 5.0, 12.0),
    "jitter_m_s3": Bound("Jitter", "m/s³", 150.0, 250.0, digits=0),
    "bone_drift_mm": Bound("Bones stretch", "mm", 0.1, 1.0),
    "camera_percent": Bound("Camera sure", "%", 80.0, 50.0, more_is_better=True, digits=0),
    "size_percent": Bound("Size may be off by", "%", 3.0, 8.0, digits=0, counts=False),
    "depth_percent": Bound("Depth may be off by", "%", 5.0, 15.0, digits=0, counts=False),
}
# Median error of distances on rendered_dev with the body's height given and without; of depth by the lens, too: the
# guessed one is off by 13 % in the median of those with which people film (backend/train/cameras/lenses.py).
_SIZE_PERCENT = {True: 2.0, False: 5.0}
_GUESSED_LENS_PERCENT = 13.0
# Several cameras find their lenses; how far they stand from each other, beside the truth, on rendered takes.
_FOUND_LENS_PERCENT = 9.0


@dataclass(frozen=True)
class QualityCard:
    """What is measured by name (None where it cannot be), how the camera moved, and where to look."""

    values: Mapping[str, float | None]
    camera: str
    check: tuple[Stretch, ...]

    @property
    def grade(self) -> Grade:
        """The worst line's, of those that count."""
        counting = [grade for name, grade in self.grades().items() if BOUNDS[name].counts]
        return max(counting, key=GRADES.index, default="good")

    def grades(self) -> dict[str, Grade]:
        """Of the lines that could be measured, in the card's order."""
        return {name: bound.grade(value) for name, bound in BOUNDS.items()
                if (value := self.values.get(name)) is not None}  # fmt: skip

    def lines(self) -> list[tuple[str, str, Grade]]:
        """Label, value in words and grade of each line that could be measured."""
        return [(BOUNDS[name].label, f"{self.values[name]:.{BOUNDS[name].digits}f} {BOUNDS[name].unit}", grade)
                for name, grade in self.grades().items()]  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it; card_from() gives the same card back."""
        return {"grade": self.grade, "values": dict(self.values), "camera": self.camera,
                "check": [asdict(stretch) for stretch in self.check]}  # fmt: skip


def quality_card(motion: Motion, body: Body, height_known: bool = False, lens_known: bool = False) -> QualityCard:
    """The card of a motion on `body`, which has its skeleton."""
    at = posed(motion, body)
    off = reprojection_by_frame(motion, at)
    camera = motion.cameras[0] if motion.cameras else None
    of_guess = _FOUND_LENS_PERCENT if len(motion.cameras) > 1 else _GUESSED_LENS_PERCENT
    values = {
        "seen_percent": 100.0 * float(motion.seen.mean()),
        "reprojection_percent": 100.0 * float(np.nanmean(off)) if np.isfinite(off).any() else None,
        "sliding_mm": sliding_mm(motion, at),
        "penetration_mm": penetration_mm(at),
        "floating_mm": floating_mm(motion, at),
        "jitter_m_s3": jitter_m_s3(motion, at),
        "bone_drift_mm": bone_drift_mm(at),
        "camera_percent": 100.0 * min(each.confidence for each in motion.cameras) if camera else None,
        "size_percent": _SIZE_PERCENT[height_known] if camera else None,
        "depth_percent": float(np.hypot(_SIZE_PERCENT[height_known], 0.0 if lens_known else of_guess))
                         if camera else None,
    }
    return QualityCard(values, camera.kind if camera else "", tuple(frames_to_check(motion, at)))


def card_from(value: Mapping[str, Any]) -> QualityCard | None:
    """The card that a file holds; None when it holds none, or something else under that name.

    Numbers that are not finite count as not measured.
    """
    try:
        numbers = {str(name): None if number is None else float(number) for name, number in value["values"].items()}
        values = {name: number if number is not None and math.isfinite(number) else None
                  for name, number in numbers.items()}  # fmt: skip
        check = tuple(Stretch(float(each["from_s"]), float(each["to_s"]), str(each["why"])) for each in value["check"])
        return QualityCard(values, str(value["camera"]), check)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return None


def card_of_text(text: str) -> QualityCard | None:
    """The card in a text, None where it holds none."""
    try:
        return card_from(json.loads(text))
    except (ValueError, RecursionError):
        return None
