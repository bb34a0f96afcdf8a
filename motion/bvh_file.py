"""Writing a moving skeleton as Biovision hierarchy (BVH), without loss that could be seen.

The format: Meredith and Maddock, "Motion Capture File Formats Explained", 2001. Blender's own exporter is not used: it
writes Z up, where other programs expect Y up, and rounds the time of a frame to a microsecond.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from .arrays import Array
from .eulers import eulers_from_matrix
from .whole_files import written_whole

ORDERS = ("ZXY", "XYZ", "XZY", "YXZ", "YZX", "ZYX")   # the first as in files of MotionBuilder and most studios
_STILL_SHARE = 1e-6   # of the skeleton's size: a joint that stays so near to its offset has no position channels


@dataclass(frozen=True, eq=False)
class MovingSkeleton:
    """Bones that move. The first is the only one without a parent, and parents come before their children."""

    names: tuple[str, ...]
    parents: tuple[int, ...]
    rest_heads: Array        # [B, 3]
    rest_tails: Array        # [B, 3] where bones without children end
    heads: Array             # [T, B, 3] in the world
    R_world_from_rest: Array   # [T, B, 3, 3] how far each bone has turned since rest


def write_bvh(path: Path, skeleton: MovingSkeleton, rate: Fraction, order: str = "ZXY") -> None:
    """Write a skeleton as it is, in its own unit and with its own axes: BVH has Y up.

    `order` names the channels of a turn, the leftmost factor first. Raises Refusal when the disk refuses.
    """
    offsets, R, places = _local(skeleton)
    has_position = _moves(offsets, places)
    with written_whole(path) as stream:
        lines = _lines(skeleton, offsets, has_position, order)
        stream.write("".join(f"{line}\n" for line in lines).encode("utf-8"))
        stream.write(f"MOTION\nFrames: {len(R)}\nFrame Time: {float(1 / rate):.12g}\n".encode())
        np.savetxt(stream, _table(R, places, has_position, _depth_first(skeleton), order), fmt="%.7f")


def _local(skeleton: MovingSkeleton) -> tuple[Array, Array, Array]:
    """Offsets [B, 3], turns [T, B, 3, 3] and places [T, B, 3], each in its parent."""
    parents = np.array(skeleton.parents[1:], dtype=int)
    offsets, R, places = (np.array(a) for a in (skeleton.rest_heads, skeleton.R_world_from_rest, skeleton.heads))
    R_parent_from_world = np.swapaxes(skeleton.R_world_from_rest[:, parents], -1, -2)
    offsets[1:] -= skeleton.rest_heads[parents]
    R[:, 1:] = R_parent_from_world @ R[:, 1:]
    places[:, 1:] = np.einsum("tbij,tbj->tbi", R_parent_from_world, places[:, 1:] - skeleton.heads[:, parents])
    return offsets, R, places


def _moves(offsets: Array, places: Array) -> list[bool]:
    size = np.linalg.norm(offsets, axis=-1).sum()
    away = np.abs(places - offsets).max(axis=(0, 2), initial=0.0) > _STILL_SHARE * size
    return [True, *map(bool, away[1:])]


def _depth_first(skeleton: MovingSkeleton) -> list[int]:
    """Bones in the order in which the file nests them."""
    order, waiting = [], [0]
    while waiting:
        order.append(waiting.pop())
        waiting += reversed(_children(skeleton, order[-1]))
    return order


def _children(skeleton: MovingSkeleton, bone: int) -> list[int]:
    return [child for child, parent in enumerate(skeleton.parents) if parent == bone]


def _lines(skeleton: MovingSkeleton, offsets: Array, has_position: Sequence[bool], order: str) -> list[str]:
    return ["HIERARCHY", *_nested(skeleton, offsets, has_position, order, 0, 0)]


def _nested(
    skeleton: MovingSkeleton, offsets: Array, has_position: Sequence[bool], order: str, bone: int, depth: int
) -> Iterator[str]:  # fmt: skip
    indent, children = "\t" * depth, _children(skeleton, bone)
    channels = [f"{axis}position" for axis in "XYZ"] if has_position[bone] else []
    channels += [f"{axis}rotation" for axis in order]
    yield f"{indent}{'JOINT' if depth else 'ROOT'} {skeleton.names[bone]}"
    yield f"{indent}{{"
    yield f"{indent}\tOFFSET {_numbers(offsets[bone])}"
    yield f"{indent}\tCHANNELS {len(channels)} {' '.join(channels)}"
    for child in children:
        yield from _nested(skeleton, offsets, has_position, order, child, depth + 1)
    if not children:
        end = skeleton.rest_tails[bone] - skeleton.rest_heads[bone]
        yield from (f"{indent}\tEnd Site", f"{indent}\t{{", f"{indent}\t\tOFFSET {_numbers(end)}", f"{indent}\t}}")
    yield f"{indent}}}"


def _numbers(values: Array) -> str:
    return " ".join(f"{value:.7f}" for value in values)


def _table(R: Array, places: Array, has_position: Sequence[bool], bones: Sequence[int], order: str) -> Array:
    """All channels [T, C], bone by bone as the file nests them."""
    # Blender's order names the turn first that comes first, a file the leftmost factor.
    degrees = np.degrees(eulers_from_matrix(R, order[::-1]))[..., ["XYZ".index(axis) for axis in order]]
    parts = [part for bone in bones
             for part in ([places[:, bone]] if has_position[bone] else []) + [degrees[:, bone]]]  # fmt: skip
    return np.concatenate(parts, axis=1)
