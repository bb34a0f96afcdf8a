"""Corrections as JSON text, as Blender keeps them on a take."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import MISSING, fields
from typing import Any

import numpy as np

from ..refusal import Refusal
from ..rotations import axis_angle_from_matrix, matrix_from_axis_angle
from .edits import Edit, Exchange, Ignore, LandmarkDrag, Pin, PoseKey

_KINDS: dict[str, type] = {"pose": PoseKey, "exchange": Exchange, "ignore": Ignore, "pin": Pin, "drag": LandmarkDrag}
_MOST_EDITS = 10_000
_MEND = "Remove that correction and make it again."


def edits_text(edits: Iterable[Edit]) -> str:
    """The text that read_edits() reads."""
    return json.dumps([to_dict(edit) for edit in edits], separators=(",", ":"))


def read_edits(text: str) -> list[Edit]:
    """The corrections in a text, in order; none in an empty one. Raises Refusal "bad-corrections"."""
    if not text.strip():
        return []
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unreadable() from error
    if not isinstance(listed, list) or len(listed) > _MOST_EDITS:
        raise _unreadable()
    return [from_dict(each) for each in listed]


def to_dict(edit: Edit) -> dict[str, Any]:
    """One correction in what JSON knows; turns as rotation vectors in rad."""
    said: dict[str, Any] = {"kind": next(name for name, kind in _KINDS.items() if kind is type(edit))}
    for field in fields(edit):
        value = getattr(edit, field.name)
        if field.name == "R_parent_from_joint":
            said["turns_rad"] = axis_angle_from_matrix(value).tolist()
        else:
            said[field.name] = value.tolist() if isinstance(value, np.ndarray) else value
    return said


def from_dict(said: Any) -> Edit:
    """The correction that to_dict() wrote. Raises Refusal "bad-corrections" for anything else."""
    kind = _KINDS.get(said["kind"]) if isinstance(said, dict) and isinstance(said.get("kind"), str) else None
    if kind is None:
        raise _unreadable()
    values = {name: value for name, value in said.items() if name != "kind"}
    if kind is PoseKey and "turns_rad" in values:
        values["R_parent_from_joint"] = matrix_from_axis_angle(_turns(values.pop("turns_rad")))
    needed = {field.name for field in fields(kind) if field.default is MISSING}
    if not needed <= set(values) <= {field.name for field in fields(kind)}:
        raise _unreadable()
    return kind(**values)


def _turns(listed: Any) -> np.ndarray:
    try:
        turns_rad = np.array(listed, dtype=np.float64)
    except (ValueError, TypeError, OverflowError) as error:
        raise _unreadable() from error
    if turns_rad.ndim != 2 or turns_rad.shape[1] != 3 or not np.isfinite(turns_rad).all():
        raise _unreadable()
    return turns_rad


def _unreadable() -> Refusal:
    return Refusal("bad-corrections", "The list of corrections holds something that is no correction.", _MEND)
