"""Acclaim skeleton files (ASF)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Callable

import numpy as np

from ..arrays import Array
from ..eulers import turned_about
from .text_file import TextFile, without_comment

_ROOT_CHANNELS = ("TX", "TY", "TZ", "RX", "RY", "RZ")
_BONE_CHANNELS = ("RX", "RY", "RZ")
_AXES = re.compile(r"[XYZ]{3}")


@dataclass(frozen=True, eq=False)
class Bone:
    """A bone at rest, in the file's unit. The root is one whose end is its own place."""

    name: str
    parent: int                  # -1 for the root
    end: Array                   # [3] from its start; where its children start
    R_axis: Array                # [3, 3] world from the axes of its channels
    channels: tuple[str, ...]    # such as "TX" or "RZ"


@dataclass(frozen=True)
class Skeleton:
    bones: tuple[Bone, ...]      # the root first, parents before children
    length: float                # inches in the file's unit, as the bodies of CMU and HDM05 show: 0.45 means 1 / 0.45
    radians: bool


@dataclass
class _Fields:
    """One "begin ... end" of the bones, or the section of the root, by keyword: the words and their line."""

    words: dict[str, tuple[int, list[str]]] = field(default_factory=dict)

    def get(self, keyword: str) -> tuple[int, list[str]]:
        return self.words.get(keyword, (0, []))


@dataclass
class _Draft:
    section: str = ""
    units: _Fields = field(default_factory=_Fields)
    root: _Fields = field(default_factory=_Fields)
    bone: _Fields | None = None
    bones: dict[str, _Fields] = field(default_factory=dict)
    hierarchy_is_open: bool = False
    parents: dict[str, str] = field(default_factory=dict)


def read_skeleton(file: TextFile) -> Skeleton:
    """Raises Refusal when the file is damaged."""
    draft = _Draft()
    for index, line in enumerate(file.lines):
        line = without_comment(line)
        if line.startswith(":"):
            draft.section = line[1:].split()[0].lower() if line[1:].split() else ""
        elif line and draft.section in _READERS:
            _READERS[draft.section](file, index, draft, line.split())
    if draft.bone is not None or draft.hierarchy_is_open:
        raise file.refusal("it ends within a section")
    radians, length = _units(file, draft.units)
    return Skeleton(_ordered(file, draft, radians), length, radians)


def _read_units(file: TextFile, index: int, draft: _Draft, words: list[str]) -> None:
    _keep(file, index, draft.units, words)


def _read_root(file: TextFile, index: int, draft: _Draft, words: list[str]) -> None:
    _keep(file, index, draft.root, words)


def _read_bones(file: TextFile, index: int, draft: _Draft, words: list[str]) -> None:
    keyword = words[0].lower()
    if keyword == "begin" and draft.bone is None:
        draft.bone = _Fields()
    elif keyword == "end" and draft.bone is not None:
        _, name = draft.bone.get("name")
        if len(name) != 1 or name[0] in draft.bones or name[0] == "root":
            raise file.refusal("the bone that ends here has no name of its own", index)
        draft.bones[name[0]] = draft.bone
        file.check_size(len(draft.bones), 1)
        draft.bone = None
    elif draft.bone is None or keyword == "begin":
        raise file.refusal(f'"{words[0][:40]}" is not expected here', index)
    elif not words[0].startswith("("):        # further limits
        _keep(file, index, draft.bone, words)


def _read_hierarchy(file: TextFile, index: int, draft: _Draft, words: list[str]) -> None:
    if words in (["begin"], ["end"]):
        if draft.hierarchy_is_open == (words == ["begin"]):
            raise file.refusal(f'"{words[0]}" is not expected here', index)
        draft.hierarchy_is_open = words == ["begin"]
        return
    if not draft.hierarchy_is_open:
        raise file.refusal("a bone outside of begin and end", index)
    for child in words[1:]:
        if child in draft.parents:
            raise file.refusal(f'"{child[:40]}" has two parents', index)
        draft.parents[child] = words[0]


_READERS: dict[str, Callable[[TextFile, int, _Draft, list[str]], None]] = {
    "units": _read_units, "root": _read_root, "bonedata": _read_bones, "hierarchy": _read_hierarchy,
}  # fmt: skip


def _keep(file: TextFile, index: int, fields: _Fields, words: list[str]) -> None:
    if words[0].lower() in fields.words:
        raise file.refusal(f'a second "{words[0][:40]}"', index)
    fields.words[words[0].lower()] = index, words[1:]


def _units(file: TextFile, units: _Fields) -> tuple[bool, float]:
    """Whether angles are radians, and the length of the unit."""
    index, words = units.get("angle")
    angle = "".join(words).lower() or "deg"
    if not angle.startswith(("deg", "rad")):
        raise file.refusal(f'angles in "{angle[:40]}"', index)
    index, words = units.get("length")
    length = file.numbers(index, words or ["1"], 1)[0]
    if not 1e-6 <= length <= 1e6:
        raise file.refusal(f"a unit of length {length:g}", index)
    return angle.startswith("rad"), length


def _ordered(file: TextFile, draft: _Draft, radians: bool) -> tuple[Bone, ...]:
    """All bones, parents first, children in the order of the file."""
    children: dict[str, list[str]] = {}
    for child, parent in draft.parents.items():
        children.setdefault(parent, []).append(child)
    bones = [_root(file, draft.root, radians)]
    waiting = [(child, 0) for child in reversed(children.get("root", []))]
    while waiting:
        name, parent = waiting.pop()
        if name not in draft.bones:
            raise file.refusal(f'the hierarchy names "{name[:40]}", which is no bone')
        waiting.extend((child, len(bones)) for child in reversed(children.get(name, [])))
        bones.append(_bone(file, name, parent, draft.bones[name], radians))
    if len(bones) != len(draft.bones) + 1 or len(bones) != len(draft.parents) + 1:
        raise file.refusal("not every bone hangs on the root")
    return tuple(bones)


def _root(file: TextFile, fields: _Fields, radians: bool) -> Bone:
    index, order = fields.get("order")
    channels = _channels(file, index, order, _ROOT_CHANNELS)
    if not channels:
        raise file.refusal("the root has no order of its channels")
    _, axes = fields.get("axis")
    turn_index, angles = fields.get("orientation")
    R_axis = _axis(file, turn_index, [*(angles or ["0", "0", "0"]), *(axes or ["XYZ"])], radians)
    place_index, place = fields.get("position")
    return Bone("root", -1, np.array(file.numbers(place_index, place or ["0", "0", "0"], 3)), R_axis, channels)


def _bone(file: TextFile, name: str, parent: int, fields: _Fields, radians: bool) -> Bone:
    for keyword in ("direction", "length", "axis"):
        if keyword not in fields.words:
            raise file.refusal(f'the bone "{name[:40]}" has no {keyword}')
    index, words = fields.get("direction")
    direction = np.array(file.numbers(index, words, 3))
    index, words = fields.get("length")
    length = file.numbers(index, words, 1)[0]
    dof_index, dof = fields.get("dof")
    channels = _channels(file, dof_index, dof, _BONE_CHANNELS)
    index, words = fields.get("axis")
    return Bone(name, parent, direction * length, _axis(file, index, words, radians), channels)


def _channels(file: TextFile, index: int, words: list[str], known: tuple[str, ...]) -> tuple[str, ...]:
    channels = tuple(word.upper() for word in words)
    unknown = next((word for word in channels if word not in known), None)
    if unknown is not None:
        raise file.refusal(f'"{unknown[:40].lower()}" is no channel that can be read here', index)
    if len(set(channels)) < len(channels):
        raise file.refusal("a channel is named twice", index)
    return channels


def _axis(file: TextFile, index: int, words: list[str], radians: bool) -> Array:
    """R [3, 3] of angles and their order such as "XYZ", which turns about X first: Rz Ry Rx."""
    angles = np.array(file.numbers(index, words[:3], 3))
    order = "".join(words[3:]).upper() or "XYZ"
    if not _AXES.fullmatch(order) or len(set(order)) < 3:
        raise file.refusal(f'"{order[:40]}" is no order of axes', index)
    by_axis = angles if radians else np.radians(angles)
    return turned_about(order[::-1], by_axis[["XYZ".index(axis) for axis in order[::-1]]])
