"""Biovision hierarchies (BVH): a skeleton and a table of its channels in one text file.

A joint's turn is the product of its rotation channels as listed, the first leftmost, in degrees (Meredith and Maddock,
"Motion Capture File Formats Explained", 2001).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator

import numpy as np

from ..arrays import Array
from ..eulers import turned_about
from .recording import Recording
from .text_file import MOST_FRAMES, TextFile, parts, read_text_file
from .tree import Tree, placed, rest_joints
from .units import metres_per_unit, turn_to_y_up

_CHANNEL = re.compile(r"([XYZ])(POSITION|ROTATION)")
_COLLAPSED = 0.01   # of the offsets: MakeHuman's positions come to 0.0001, those that replace them to 0.07 and more


def read_bvh(path: Path, unit_m: float | None = None) -> Recording:
    """The recording of a BVH file, in metres, Y up.

    `unit_m` says how many metres the file's unit has; without it the figure's height tells (units.metres_per_unit).
    Z-up worlds are turned when the rest pose shows them (units.turn_to_y_up). Position channels replace their part of
    the offset, unless that would collapse the figure: where those beyond the root are next to nothing beside the
    offsets, they are added (MakeHuman writes such files). Raises Refusal when the file is damaged.
    """
    return parse_bvh(read_text_file(Path(path)), Path(path).stem, unit_m)


def parse_bvh(file: TextFile, name: str, unit_m: float | None = None) -> Recording:
    """As read_bvh, from the lines of a file."""
    skeleton, start = _read_hierarchy(file)
    rate_hz, table = _read_motion(file, start, skeleton)
    offsets = np.array(skeleton.tree.offsets)
    parents = skeleton.tree.parents
    R = _turns(skeleton, table)
    places = _places(skeleton, table, offsets)
    Y = turn_to_y_up(skeleton.tree.names, rest_joints(parents, offsets))
    offsets, places, R = offsets @ Y.T, places @ Y.T, Y @ R @ Y.T
    resting = rest_joints(parents, offsets)
    unit = unit_m or metres_per_unit(file.name, skeleton.tree, resting, placed(parents, R[0], places[0]))
    return Recording(name, rate_hz, tuple(skeleton.tree.names), tuple(parents), unit * resting, R, unit * places)


@dataclass
class _Skeleton:
    tree: Tree = field(default_factory=Tree)
    channels: list[tuple[int, str, str]] = field(default_factory=list)   # joint, axis, POSITION or ROTATION
    open_joints: list[int] = field(default_factory=list)
    announced: tuple[str, str] | None = None                             # keyword and name before a brace
    with_offset: set[int] = field(default_factory=set)
    with_channels: set[int] = field(default_factory=set)
    ends: set[int] = field(default_factory=set)


def _read_hierarchy(file: TextFile) -> tuple[_Skeleton, int]:
    """The skeleton, and the index of the line after MOTION."""
    skeleton = _Skeleton()
    for index, line in enumerate(file.lines):
        if line.strip().upper() == "MOTION":
            _check_hierarchy(file, index, skeleton)
            return skeleton, index + 1
        for part in parts(line):
            if part == "{":
                _open(file, index, skeleton)
            elif part == "}":
                _close(file, index, skeleton)
            else:
                _statement(file, index, skeleton, part.split())
    raise file.refusal("there is no line MOTION")


def _check_hierarchy(file: TextFile, index: int, skeleton: _Skeleton) -> None:
    if skeleton.open_joints or skeleton.announced:
        raise file.refusal("MOTION comes before the skeleton is closed", index)
    if not skeleton.channels:
        raise file.refusal("MOTION comes before any channel", index)
    file.check_names(skeleton.tree.names)


def _open(file: TextFile, index: int, skeleton: _Skeleton) -> None:
    if skeleton.announced is None:
        raise file.refusal('"{" without a joint before it', index)
    keyword, name = skeleton.announced
    skeleton.announced = None
    parent = skeleton.open_joints[-1] if skeleton.open_joints else -1
    joint = skeleton.tree.add(name, parent)
    file.check_size(joint + 1, 1)
    skeleton.open_joints.append(joint)
    if keyword == "END":
        skeleton.ends.add(joint)


def _close(file: TextFile, index: int, skeleton: _Skeleton) -> None:
    if not skeleton.open_joints or skeleton.announced:
        raise file.refusal('"}" without its "{"', index)
    joint = skeleton.open_joints.pop()
    if joint not in skeleton.with_offset:
        raise file.refusal(f'"{skeleton.tree.names[joint][:40]}" has no OFFSET', index)


def _statement(file: TextFile, index: int, skeleton: _Skeleton, words: list[str]) -> None:
    keyword = words[0].upper()
    if keyword == "HIERARCHY" and len(words) == 1 and not skeleton.tree.names:
        return
    if keyword in ("ROOT", "JOINT", "END"):
        _announce(file, index, skeleton, keyword, " ".join(words[1:]))
    elif keyword in ("OFFSET", "CHANNELS") and skeleton.open_joints and not skeleton.announced:
        (_offset if keyword == "OFFSET" else _channels)(file, index, skeleton, words[1:])
    else:
        raise file.refusal(f'"{words[0][:40]}" is not expected here', index)


def _announce(file: TextFile, index: int, skeleton: _Skeleton, keyword: str, name: str) -> None:
    inside, first = bool(skeleton.open_joints), not skeleton.tree.names
    if skeleton.announced or inside == (keyword == "ROOT") or (inside and skeleton.open_joints[-1] in skeleton.ends):
        raise file.refusal(f"{keyword} is not expected here", index)
    if keyword == "ROOT" and not first:
        raise file.refusal("a second ROOT, and one skeleton a file is read", index)
    if not name:
        raise file.refusal(f"{keyword} has no name", index)
    if keyword == "END":
        parent = skeleton.open_joints[-1]
        before = sum(skeleton.tree.parents[end] == parent for end in skeleton.ends)
        name = f"{skeleton.tree.names[parent]}_end{before + 1 if before else ''}"
    skeleton.announced = keyword, name


def _offset(file: TextFile, index: int, skeleton: _Skeleton, words: list[str]) -> None:
    joint = skeleton.open_joints[-1]
    if joint in skeleton.with_offset:
        raise file.refusal("a second OFFSET of one joint", index)
    skeleton.with_offset.add(joint)
    skeleton.tree.offsets[joint] = file.numbers(index, words, 3)


def _channels(file: TextFile, index: int, skeleton: _Skeleton, words: list[str]) -> None:
    joint = skeleton.open_joints[-1]
    if joint in skeleton.with_channels or joint in skeleton.ends:
        raise file.refusal("CHANNELS is not expected here", index)
    skeleton.with_channels.add(joint)
    found = [_CHANNEL.fullmatch(word.upper()) for word in words[1:]]
    if not words or words[0] != str(len(found)) or not all(found):
        raise file.refusal("CHANNELS needs their number and names such as Xposition or Zrotation", index)
    named = [(joint, match[1], match[2]) for match in found if match]
    if len(set(named)) < len(named):
        raise file.refusal("a channel is named twice", index)
    skeleton.channels.extend(named)


def _read_motion(file: TextFile, start: int, skeleton: _Skeleton) -> tuple[float, Array]:
    """The rate in Hz, and the channels [T, C] in degrees and the file's unit."""
    rows = _filled_lines(file, start)
    index, words = _labelled(next(rows, (start, [])))
    if len(words) != 2 or words[0].lower() != "frames:":
        raise file.refusal("MOTION must be followed by Frames: and their number", index)
    frames = file.count(index, words[1], "frames", MOST_FRAMES)
    index, words = _labelled(next(rows, (index, [])))
    if len(words) != 3 or [word.lower() for word in words[:2]] != ["frame", "time:"]:
        raise file.refusal("Frames: must be followed by Frame Time: and its seconds", index)
    seconds = file.numbers(index, words[2:], 1)[0]
    rate_hz = file.rate_hz(1.0 / seconds if seconds > 0 else 0.0, index)
    file.check_size(len(skeleton.tree.names), frames)
    found = sum(1 for row in range(index + 1, len(file.lines)) if file.lines[row].strip())
    if found != frames:
        raise file.refusal(f"{frames:,} frames are announced and {found:,} are there")
    return rate_hz, file.table(rows, frames, len(skeleton.channels))


def _labelled(row: tuple[int, list[str]]) -> tuple[int, list[str]]:
    """A line with a space after its colon, which some programs leave out."""
    return row[0], " ".join(row[1]).replace(":", ": ").split()


def _filled_lines(file: TextFile, start: int) -> Iterator[tuple[int, list[str]]]:
    for index in range(start, len(file.lines)):
        words = file.lines[index].split()
        if words:
            yield index, words


def _turns(skeleton: _Skeleton, table: Array) -> Array:
    """R_parent_from_joint [T, N, 3, 3]: joints with one order of channels go together."""
    columns: dict[int, list[int]] = {}
    for column, (joint, _, kind) in enumerate(skeleton.channels):
        if kind == "ROTATION":
            columns.setdefault(joint, []).append(column)
    groups: dict[str, list[int]] = {}
    for joint, own in columns.items():
        groups.setdefault("".join(skeleton.channels[column][1] for column in own), []).append(joint)
    R = np.tile(np.eye(3), (len(table), len(skeleton.tree.names), 1, 1))
    for axes, joints in groups.items():
        R[:, joints] = turned_about(axes, np.radians(table[:, [columns[joint] for joint in joints]]))
    return R


def _places(skeleton: _Skeleton, table: Array, offsets: Array) -> Array:
    """Joints from their parents [T, N, 3] in the file's unit."""
    places = np.tile(offsets, (len(table), 1, 1))
    moved = [(column, joint, "XYZ".index(axis))
             for column, (joint, axis, kind) in enumerate(skeleton.channels) if kind == "POSITION"]  # fmt: skip
    beyond_root = [(column, joint, axis) for column, joint, axis in moved if joint]
    added = _positions_are_added(table, offsets, beyond_root)
    for column, joint, axis in moved:
        places[:, joint, axis] = table[:, column] + (offsets[joint, axis] if added and joint else 0.0)
    return places


def _positions_are_added(table: Array, offsets: Array, beyond_root: list[tuple[int, int, int]]) -> bool:
    """Whether the figure would collapse if positions (column, joint, axis) replaced the offsets."""
    columns = [column for column, _, _ in beyond_root]
    sizes = offsets[[joint for _, joint, _ in beyond_root], [axis for _, _, axis in beyond_root]]
    return bool(abs(table[:, columns]).sum() < _COLLAPSED * len(table) * abs(sizes).sum())
