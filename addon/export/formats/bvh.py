"""BVH by our own writer: Y up, every joint's place and turn, the time of a frame exact."""

from __future__ import annotations

from pathlib import Path

from ....motion.bvh_file import MovingSkeleton, write_bvh
from ..exported import Export
from ..format import Format
from ..stand_in import StandIn


def write_stand_in_as_bvh(path: Path, stand_in: StandIn, order: str) -> None:
    """Write a stand-in with one root. Raises Refusal when the disk refuses."""
    heads = stand_in.rest[:, :3, 3]
    tails = heads + stand_in.lengths[:, None] * stand_in.rest[:, :3, 1]
    names = tuple(name.replace(" ", "_") for name in stand_in.names)   # names end at a space in many readers
    skeleton = MovingSkeleton(names, stand_in.parents, heads, tails, stand_in.heads, stand_in.R_file_from_rest)
    write_bvh(path, skeleton, stand_in.motion.rate, order)


def _write(path: Path, export: Export) -> str:
    choices = export.choices
    # BVH knows no skeletons with several roots.
    stand_in = export.stand_in("y_up_cm" if choices.centimetres else "y_up_m", one_root=True)
    write_stand_in_as_bvh(path, stand_in, choices.order)
    return ""


FORMAT = Format("BVH", ".bvh", "Skeleton and motion as text, which nearly every program reads", _write,
                ("order", "centimetres", "bones"))  # fmt: skip
