"""Acclaim skeletons (ASF) and motions (AMC), as Vicon, CMU and HDM05 have them.

A bone turns by C M C^-1 beyond its parent, where C is its axis and M the turn of its channels; its children start at
its end, its direction times its length away (Lander, "Working with Motion Capture File Formats", 1998).
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..arrays import Array
from ..eulers import turned_about
from .asf import Bone, Skeleton, read_skeleton
from .recording import Recording
from .text_file import MOST_FRAMES, TextFile, read_text_file, without_comment
from .tree import Tree, placed, rest_joints
from .units import metres_per_unit

RATE_HZ = 120.0   # Vicon's at CMU and in HDM05, where no comment "# fps 60" says another


def read_acclaim(amc: Path, asf: Path, unit_m: float | None = None) -> Recording:
    """The motion of an AMC file on the skeleton of an ASF file, in metres, Y up.

    A joint is the start of the bone that it is named after; bones without children also have an "_end". Bones that
    the motion leaves out stay at rest. A unit of length L is 0.0254 / L m where that makes a person, else the height
    tells (units.metres_per_unit), unless `unit_m` says it. Without a comment "# fps 60" the rate is 120 Hz.
    Raises Refusal when a file is damaged or the two do not belong together.
    """
    return parse_acclaim(read_text_file(Path(amc)), read_text_file(Path(asf)), Path(amc).stem, unit_m)


def parse_acclaim(amc: TextFile, asf: TextFile, name: str, unit_m: float | None = None) -> Recording:
    """As read_acclaim, from the lines of the two files."""
    skeleton = read_skeleton(asf)
    tree = _tree(skeleton.bones)
    asf.check_names(tree.names)
    motion = _read_motion(amc, asf.name, skeleton)
    amc.check_size(len(tree.names), motion.frames)
    R = np.tile(np.eye(3), (motion.frames, len(tree.names), 1, 1))
    for joint, bone in enumerate(skeleton.bones):
        R[:, joint] = _turns(bone, motion)
    offsets = np.array(tree.offsets)
    places = np.tile(offsets, (motion.frames, 1, 1))
    places[:, 0] += _root_path(skeleton.bones[0], motion)
    resting = rest_joints(tree.parents, offsets)
    first_frame = placed(tree.parents, R[0], places[0])
    unit = unit_m or metres_per_unit(asf.name, tree, resting, first_frame, 0.0254 / skeleton.length)
    return Recording(name, motion.rate_hz, tuple(tree.names), tuple(tree.parents), unit * resting, R, unit * places)


@dataclass
class _Motion:
    radians: bool
    rate_hz: float = RATE_HZ
    first: int = 0      # number of the first frame
    frames: int = 0
    values: dict[str, array] = field(default_factory=dict)   # channels by bone, frame after frame

    def channels(self, bone: Bone, kind: str) -> tuple[str, Array]:
        """The axes of a bone's channels of one kind ("R" or "T"), such as "XZ", and their values [T, C]."""
        chosen = [place for place, channel in enumerate(bone.channels) if channel[0] == kind]
        if not chosen or bone.name not in self.values:
            return "", np.zeros((self.frames, 0))
        table = np.array(self.values[bone.name]).reshape(self.frames, len(bone.channels))
        return "".join(bone.channels[place][1] for place in chosen), table[:, chosen]


def _tree(bones: tuple[Bone, ...]) -> Tree:
    """A joint at the start of every bone, in the order of the bones, then the ends of those without children."""
    tree = Tree()
    parents = {bone.parent for bone in bones}
    for bone in bones:
        start = bones[bone.parent].end if bone.parent >= 0 else bone.end
        tree.add(bone.name, bone.parent, start)
    for joint, bone in enumerate(bones):
        if joint and joint not in parents:
            tree.add(f"{bone.name}_end", joint, bone.end)
    return tree


def _turns(bone: Bone, motion: _Motion) -> Array:
    """R_parent_from_joint [T, 3, 3]. Channels are turned about in their order, the first rightmost."""
    axes, angles = motion.channels(bone, "R")
    M = turned_about(axes[::-1], (angles if motion.radians else np.radians(angles))[:, ::-1])
    return bone.R_axis @ M @ bone.R_axis.T


def _root_path(root: Bone, motion: _Motion) -> Array:
    """Where the root goes [T, 3], in the file's unit."""
    axes, moved = motion.channels(root, "T")
    path = np.zeros((motion.frames, 3))
    path[:, ["XYZ".index(axis) for axis in axes]] = moved
    return path


def _read_motion(amc: TextFile, asf_name: str, skeleton: Skeleton) -> _Motion:
    motion = _Motion(skeleton.radians)
    wanted = {bone.name: len(bone.channels) for bone in skeleton.bones}
    for index, line in enumerate(amc.lines):
        words = line.split()
        if not words:
            continue
        if words[0][0] in "#:":
            _header(amc, index, motion, line)
        elif len(words) == 1 and words[0].isdecimal():
            _next_frame(amc, index, motion, wanted, words[0])
        else:
            _bone(amc, index, motion, wanted, asf_name, words)
    _check_frame(amc, motion, wanted)
    if "root" not in motion.values:
        raise amc.refusal("its frames say nothing of the root")
    return motion


def _header(amc: TextFile, index: int, motion: _Motion, line: str) -> None:
    words = line.replace("#", "# ").split()
    if len(words) == 3 and words[:2] == ["#", "fps"]:
        motion.rate_hz = amc.rate_hz(amc.numbers(index, words[2:], 1)[0], index)
    keyword = without_comment(line).upper()
    if keyword in (":DEGREES", ":RADIANS"):
        motion.radians = keyword == ":RADIANS"


def _next_frame(amc: TextFile, index: int, motion: _Motion, wanted: dict[str, int], word: str) -> None:
    number = amc.count(index, word, "frames", 10 * MOST_FRAMES)
    if motion.frames and number != motion.first + motion.frames:
        raise amc.refusal(f"frame {number} where frame {motion.first + motion.frames} should follow", index)
    if motion.frames:
        _check_frame(amc, motion, wanted)
    motion.first = number - motion.frames
    motion.frames += 1


def _bone(
    amc: TextFile, index: int, motion: _Motion, wanted: dict[str, int], asf_name: str, words: list[str]
) -> None:
    bone = words[0]
    if bone not in wanted:
        raise amc.refusal(f'{asf_name} has no bone "{bone[:40]}"', index)
    if not motion.frames:
        raise amc.refusal("a bone before the number of the first frame", index)
    values = motion.values.setdefault(bone, array("d"))
    if len(values) != (motion.frames - 1) * wanted[bone]:
        raise amc.refusal(f'"{bone}" comes twice in a frame, or not in every one', index)
    values.extend(amc.numbers(index, words[1:], wanted[bone]))


def _check_frame(amc: TextFile, motion: _Motion, wanted: dict[str, int]) -> None:
    """Raises Refusal unless the last frame has all bones that the frames before have."""
    if not motion.frames:
        raise amc.refusal("it has no frames")
    for bone, values in motion.values.items():
        if len(values) != motion.frames * wanted[bone]:
            raise amc.refusal(f'frame {motion.first + motion.frames - 1} has no "{bone}"')
