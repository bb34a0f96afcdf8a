"""SmartBody skeletons (SK) and motions (SKM).

Local turn = prerot exp(v) postrot, where v is the rotation vector, in radians, of a joint's Quat channel; XPos, YPos
and ZPos are added to its offset (as SmartBody's own reader, SrModel/SkMotion, takes them).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..arrays import Array
from ..rotations import matrix_from_axis_angle
from .older_names import joints_in, name_in
from .recording import Recording
from .sk import Skeleton, read_skeleton
from .text_file import MOST_FRAMES, TextFile, read_text_file
from .tree import placed, rest_joints
from .units import metres_per_unit

MOST_CHANNELS = 20_000
STILL_RATE_HZ = 30.0       # of a single frame
UNEVEN = 0.25              # of a frame: how far times may be from an even rate

_WIDTHS = {"XPos": 1, "YPos": 1, "ZPos": 1, "Quat": 3}


@dataclass(frozen=True, eq=False)
class _Motion:
    channels: list[tuple[str, str]]   # joint and kind
    rate_hz: float
    values: Array                     # [T, C]


def read_smartbody(skm: Path, sk: Path, unit_m: float | None = None) -> Recording:
    """The motion of an SKM file on the skeleton of an SK file, in metres, Y up.

    Channels belong to joints by name or older name (older_names); those of joints that the skeleton lacks are left
    out, and joints without channels stay at rest. The figure's size tells the unit (units.metres_per_unit), unless
    `unit_m` says it. Raises Refusal when a file is damaged or the two have no joint in common.
    """
    return parse_smartbody(read_text_file(Path(skm)), read_text_file(Path(sk)), Path(skm).stem, unit_m)


def parse_smartbody(skm: TextFile, sk: TextFile, name: str, unit_m: float | None = None) -> Recording:
    """As read_smartbody, from the lines of the two files."""
    skeleton = read_skeleton(sk)
    tree = skeleton.tree
    motion = _read_motion(skm)
    if not joints_in(set(tree.names), {joint for joint, _ in motion.channels}):
        raise skm.refusal(f"it moves no joint of {sk.name}")
    skm.check_size(len(tree.names), len(motion.values))
    vectors, moves = _by_joint(skeleton, motion)
    R_world = _rest_axes(skeleton)
    R_parent = R_world[[max(parent, 0) for parent in tree.parents]]
    R_parent[0] = np.eye(3)
    R = R_parent @ skeleton.R_before @ matrix_from_axis_angle(vectors) @ skeleton.R_after @ R_world.swapaxes(-1, -2)
    offsets = np.einsum("nij,nj->ni", R_parent, np.array(tree.offsets))
    places = offsets + np.einsum("nij,tnj->tni", R_parent, moves)
    resting = rest_joints(tree.parents, offsets)
    unit = unit_m or metres_per_unit(sk.name, tree, resting, placed(tree.parents, R[0], places[0]))
    return Recording(name, motion.rate_hz, tuple(tree.names), tuple(tree.parents), unit * resting, R, unit * places)


def joints_shared(skm: TextFile, sk: TextFile) -> tuple[int, int]:
    """How many of the joints that a motion moves a skeleton has, and how many the motion moves."""
    moved = {joint for joint, _ in _read_channels(skm)[0]}
    return joints_in(set(read_skeleton(sk).tree.names), moved), len(moved)


def _by_joint(skeleton: Skeleton, motion: _Motion) -> tuple[Array, Array]:
    """Rotation vectors [T, N, 3] rad, and what is added to the offsets [T, N, 3]."""
    joints = {name: joint for joint, name in enumerate(skeleton.tree.names)}
    moved = {joint for joint, _ in motion.channels}
    vectors = np.zeros((len(motion.values), len(joints), 3))
    moves = np.zeros_like(vectors)
    column = 0
    for joint, kind in motion.channels:
        values = motion.values[:, column : column + _WIDTHS[kind]]
        column += _WIDTHS[kind]
        name = name_in(joints.keys(), joint, moved)
        if name is not None and kind == "Quat":
            vectors[:, joints[name]] = values
        elif name is not None:
            moves[:, joints[name], "XYZ".index(kind[0])] = values[:, 0]
    return vectors, moves


def _rest_axes(skeleton: Skeleton) -> Array:
    """R_world_from_joint [N, 3, 3] of the file's own axes at rest."""
    R_world = skeleton.R_before @ skeleton.R_after
    for joint, parent in enumerate(skeleton.tree.parents):
        if parent >= 0:
            R_world[joint] = R_world[parent] @ R_world[joint]
    return R_world


def _read_motion(skm: TextFile) -> _Motion:
    channels, index = _read_channels(skm)
    index, words = _keyword_line(skm, "frames", index)
    frames = skm.count(index, words[1], "frames", MOST_FRAMES)
    width = sum(_WIDTHS[kind] for _, kind in channels)
    rows = [(row, skm.lines[row].split()) for row in range(index + 1, min(index + 1 + frames, len(skm.lines)))]
    bad = next((row for row, words in rows if words[:1] != ["kt"] or words[2:3] != ["fr"]), None)
    if bad is not None or len(rows) < frames:
        raise skm.refusal(f'{frames:,} frames "kt ... fr ..." should be here', bad)
    table = skm.table(((row, [words[1], *words[3:]]) for row, words in rows), frames, width + 1)
    return _Motion(channels, _rate_hz(skm, table[:, 0]), table[:, 1:])


def _read_channels(skm: TextFile) -> tuple[list[tuple[str, str]], int]:
    """Joint and kind of every channel, and the index of the line after them."""
    index, words = _keyword_line(skm, "channels", 0)
    count = skm.count(index, words[1], "channels", MOST_CHANNELS)
    channels: list[tuple[str, str]] = []
    for row in range(index + 1, min(index + 1 + count, len(skm.lines))):
        words = skm.lines[row].split()
        if len(words) < 2 or words[-1] not in _WIDTHS:
            raise skm.refusal("a joint and XPos, YPos, ZPos or Quat should be here", row)
        channels.append((" ".join(words[:-1]), words[-1]))
    if len(channels) < count:
        raise skm.refusal("it ends within its channels")
    if len(set(channels)) < len(channels):
        raise skm.refusal("a channel is named twice")
    return channels, index + 1 + count


def _keyword_line(skm: TextFile, keyword: str, start: int) -> tuple[int, list[str]]:
    """The first line from `start` that is this keyword and a word."""
    for index in range(start, len(skm.lines)):
        words = skm.lines[index].split()
        if words[:1] == [keyword] and len(words) == 2:
            return index, words
    raise skm.refusal(f'there is no line "{keyword}" with their number')


def _rate_hz(skm: TextFile, times_s: Array) -> float:
    if len(times_s) == 1:
        return STILL_RATE_HZ
    step_s = (times_s[-1] - times_s[0]) / (len(times_s) - 1)
    even = times_s[0] + step_s * np.arange(len(times_s))
    if step_s <= 0 or abs(times_s - even).max() > UNEVEN * step_s:
        raise skm.refusal("its frames are not evenly spaced in time")
    return skm.rate_hz(float(1.0 / step_s))
