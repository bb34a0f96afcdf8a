"""SmartBody skeleton files (SK)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..arrays import Array
from ..rotations import matrix_from_axis_angle
from .text_file import TextFile, parts, without_comment
from .tree import Tree

_SKIPPED = ("skeleton", "end", "set_name", "channel", "visgeo", "colgeo", "mass", "com", "inertia", "skscale")


@dataclass(frozen=True, eq=False)
class Skeleton:
    tree: Tree
    R_before: Array   # [N, 3, 3] prerot
    R_after: Array    # [N, 3, 3] postrot


@dataclass
class _Draft:
    tree: Tree = field(default_factory=Tree)
    turns: list[dict[str, Array]] = field(default_factory=list)   # prerot and postrot of each joint
    open_joints: list[int] = field(default_factory=list)
    announced: str | None = None                                  # a joint before its brace
    with_offset: set[int] = field(default_factory=set)


def read_skeleton(file: TextFile) -> Skeleton:
    """Raises Refusal when the file is damaged."""
    draft = _Draft()
    for index, line in enumerate(file.lines):
        for part in parts(without_comment(line)):
            if part == "{":
                _open(file, index, draft)
            elif part == "}":
                _close(file, index, draft)
            else:
                _statement(file, index, draft, part.split())
    if not draft.tree.names or draft.open_joints or draft.announced is not None:
        raise file.refusal("it has no complete skeleton")
    file.check_names(draft.tree.names)
    before, after = ([turns.get(kind, np.eye(3)) for turns in draft.turns] for kind in ("prerot", "postrot"))
    return Skeleton(draft.tree, np.array(before), np.array(after))


def _open(file: TextFile, index: int, draft: _Draft) -> None:
    if draft.announced is None:
        raise file.refusal('"{" without a joint before it', index)
    joint = draft.tree.add(draft.announced, draft.open_joints[-1] if draft.open_joints else -1)
    file.check_size(joint + 1, 1)
    draft.open_joints.append(joint)
    draft.turns.append({})
    draft.announced = None


def _close(file: TextFile, index: int, draft: _Draft) -> None:
    if not draft.open_joints or draft.announced is not None:
        raise file.refusal('"}" without its "{"', index)
    joint = draft.open_joints.pop()
    if joint not in draft.with_offset:
        raise file.refusal(f'"{draft.tree.names[joint][:40]}" has no offset', index)


def _statement(file: TextFile, index: int, draft: _Draft, words: list[str]) -> None:
    keyword, inside = words[0], bool(draft.open_joints) and draft.announced is None
    if keyword in ("root", "joint"):
        _announce(file, index, draft, words)
    elif keyword == "offset" and inside:
        _offset(file, index, draft, words[1:])
    elif keyword in ("prerot", "postrot") and inside:
        _turn(file, index, draft, words)
    elif keyword not in _SKIPPED:
        raise file.refusal(f'"{keyword[:40]}" is not expected here', index)


def _announce(file: TextFile, index: int, draft: _Draft, words: list[str]) -> None:
    is_root = words[0] == "root"
    if draft.announced is not None or bool(draft.open_joints) == is_root or (is_root and draft.tree.names):
        raise file.refusal(f'"{words[0]}" is not expected here', index)
    if len(words) < 2:
        raise file.refusal(f'"{words[0]}" has no name', index)
    draft.announced = " ".join(words[1:])


def _offset(file: TextFile, index: int, draft: _Draft, words: list[str]) -> None:
    joint = draft.open_joints[-1]
    if joint in draft.with_offset:
        raise file.refusal("a second offset of one joint", index)
    draft.with_offset.add(joint)
    draft.tree.offsets[joint] = file.numbers(index, words, 3)


def _turn(file: TextFile, index: int, draft: _Draft, words: list[str]) -> None:
    """Keeps "prerot axis x y z ang degrees"."""
    turns = draft.turns[draft.open_joints[-1]]
    if len(words) != 7 or words[1] != "axis" or words[5] != "ang":
        raise file.refusal(f'"{words[0]}" needs axis x y z ang degrees', index)
    if words[0] in turns:
        raise file.refusal(f'a second "{words[0]}" of one joint', index)
    x, y, z, degrees = file.numbers(index, [*words[2:5], words[6]], 4)
    axis = np.array([x, y, z])
    length = np.linalg.norm(axis)
    turns[words[0]] = matrix_from_axis_angle(axis / length * np.radians(degrees)) if length > 0 else np.eye(3)
