"""What an artist says of a motion that the footage got wrong. Times are seconds of the footage, ends included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ..arrays import Array, check_shape, frozen
from ..landmarks import LANDMARK
from ..limb_ik import LIMBS
from ..refusal import Refusal
from ..skeleton import JOINT_COUNT

Part = Literal["body", "arms", "legs"]
PARTS: tuple[Part, ...] = ("body", "arms", "legs")
LIMB_OF_END: dict[str, str] = {f"{side}_{end}": f"{side}_{limb}" for side in ("left", "right")
                               for end, limb in (("hand", "arm"), ("foot", "leg"))}  # fmt: skip
_LONGEST_S = 1e6
_FARTHEST = 1e6   # m or px


@dataclass(frozen=True, eq=False)
class PoseKey:
    """At this moment the body is posed exactly so."""

    time_s: float
    R_parent_from_joint: Array   # [55, 3, 3]; entry 0 is R_world_from_pelvis
    root_world: Array            # [3] m

    def __post_init__(self) -> None:
        _check_times(self.time_s)
        _set(self, "R_parent_from_joint", f"{JOINT_COUNT} 3 3", 1.001)
        _set(self, "root_world", "3", _FARTHEST)
        R = self.R_parent_from_joint
        if np.abs(R @ np.swapaxes(R, -1, -2) - np.eye(3)).max() > 1e-3 or np.linalg.det(R).min() < 0.0:
            raise _refusal("A pose holds something that is no rotation.")


@dataclass(frozen=True)
class Exchange:
    """Left was taken for right."""

    from_s: float
    to_s: float
    part: Part

    def __post_init__(self) -> None:
        _check_range(self.from_s, self.to_s)
        _check_name(self.part, PARTS, "part of the body")


@dataclass(frozen=True)
class Ignore:
    """What the footage says of a limb is wrong; it moves on from before to after."""

    from_s: float
    to_s: float
    limb: str   # of LIMBS

    def __post_init__(self) -> None:
        _check_range(self.from_s, self.to_s)
        _check_name(self.limb, LIMBS, "limb")


@dataclass(frozen=True, eq=False)
class Pin:
    """A wrist or an ankle is at a place."""

    name: str           # of LIMB_OF_END
    from_s: float
    to_s: float
    place_world: Array  # [N, 3] m, evenly spaced from the first moment to the last; one place stands for all

    def __post_init__(self) -> None:
        _check_range(self.from_s, self.to_s)
        _check_name(self.name, LIMB_OF_END, "hand or foot")
        _set(self, "place_world", "N 3", _FARTHEST)
        if not len(self.place_world):
            raise _refusal("A pin has no place.")


@dataclass(frozen=True, eq=False)
class LandmarkDrag:
    """At this moment the body's landmark point is seen at a place of a camera's picture."""

    time_s: float
    landmark: str       # of LANDMARK_NAMES
    px: Array           # [2] of the upright picture
    camera: int = 0     # its place among the motion's

    def __post_init__(self) -> None:
        if not isinstance(self.camera, int) or self.camera < 0:
            raise _refusal("A correction names no camera.")
        _check_times(self.time_s)
        _check_name(self.landmark, LANDMARK, "landmark")
        _set(self, "px", "2", _FARTHEST)


Edit = PoseKey | Exchange | Ignore | Pin | LandmarkDrag


def added(edits: Sequence[Edit], edit: Edit) -> list[Edit]:
    """The edits with one more: a new pose takes the place of one at the same moment, an exchange takes itself back."""
    if isinstance(edit, Exchange) and edit in edits:
        return [other for other in edits if other != edit]
    return [other for other in edits if not _says_the_same(other, edit)] + [edit]


def scaled_edits(edits: Sequence[Edit], factor: float) -> list[Edit]:
    """The same of a motion that is `factor` times as large."""
    places = {PoseKey: "root_world", Pin: "place_world"}
    return [replace(edit, **{name: factor * getattr(edit, name)}) if (name := places.get(type(edit))) else edit
            for edit in edits]  # fmt: skip


def _says_the_same(one: Edit, other: Edit) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, (PoseKey, LandmarkDrag)):
        close = abs(one.time_s - other.time_s) < 1e-4
        return close and all(getattr(one, name, "") == getattr(other, name, "") for name in ("landmark", "camera"))
    return isinstance(one, Ignore) and one == other


def _check_times(*times_s: float) -> None:
    if not all(isinstance(t, (int, float)) and abs(t) <= _LONGEST_S for t in times_s):
        raise _refusal("A time of a correction is no number of seconds.")


def _check_range(from_s: float, to_s: float) -> None:
    _check_times(from_s, to_s)
    if from_s > to_s:
        raise Refusal("bad-corrections", f"A correction from {from_s:.2f} s to {to_s:.2f} s ends before it begins.",
                      "Choose a last frame behind the first.")  # fmt: skip


def _check_name(name: object, known: Sequence[str] | dict[str, object], what: str) -> None:
    if not isinstance(name, str) or name not in known:
        raise _refusal(f"\"{str(name)[:40]}\" is no {what}; known are {', '.join(known)}.")


def _set(edit: Edit, name: str, shape: str, most: float) -> None:
    """Freeze an array of an edit and check it."""
    try:
        array = frozen(getattr(edit, name))
        check_shape(name, array, shape)
    except (ValueError, TypeError, OverflowError) as error:
        raise _refusal(f"{name} of a correction cannot be read.") from error
    if not np.all(np.abs(array) <= most):
        raise _refusal(f"{name} of a correction holds what cannot be.")
    object.__setattr__(edit, name, array)


def _refusal(sentence: str) -> Refusal:
    return Refusal("bad-corrections", sentence, "Remove that correction and make it again.")
