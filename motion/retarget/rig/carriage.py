"""Which keyed bone carries which: where a bone is before its own keys turn it.

In a plain skeleton a bone is carried by its nearest keyed ancestor. In a control rig parents are hung on constraints,
so that Blender must be asked instead (addon/retarget/rig/measured_carriage.py).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from ...arrays import Array, Indices, freeze
from .rig import Rig


@dataclass(frozen=True, eq=False)
class Carriage:
    """K keyed bones, carriers before those that they carry. Lengths in rig units."""

    bones: tuple[str, ...]              # [K] names
    carriers: Indices                   # [K] index into these whose turns each goes along with; -1: none, the rig
    R_carrier_from_unposed: Array       # [K, 3, 3] the axes of a bone without keys of its own, in its carrier's axes
    unposed_heads: Array                # [K, 3] and its head there, from the place carrier's head (at -1: in the rig)
    # Axes in which the bone's location is said: [K, 3, 3], in the place carrier's axes (at -1: in the rig's).
    R_carrier_from_location: Array
    place_carriers: Indices = None      # [K] whose place each goes along with, where that is another one

    def __post_init__(self) -> None:
        if self.place_carriers is None:
            object.__setattr__(self, "place_carriers", self.carriers)
        shapes = {"carriers": "K", "R_carrier_from_unposed": "K 3 3", "unposed_heads": "K 3",
                  "R_carrier_from_location": "K 3 3", "place_carriers": "K"}  # fmt: skip
        freeze(self, shapes, dict.fromkeys(("carriers", "place_carriers"), np.int64), K=len(self.bones))
        if np.any(np.maximum(self.carriers, self.place_carriers) >= np.arange(len(self.bones))):
            raise ValueError("Carriers must come before what they carry.")


@dataclass(frozen=True, eq=False)
class _Frame:
    """Axes and head of a bone as the keyed bones above it carry them: constant in their axes."""

    carrier: int            # -1: the rig
    R: Array                # [3, 3]
    place_carrier: int
    R_place: Array          # [3, 3] the bone's axes as its place carrier's axes would carry them
    head: Array             # [3]


def carriage_of(rig: Rig, bones: Collection[str]) -> Carriage:
    """The carriage of a skeleton without constraints, whose bones that are not keyed stay posed as they are."""
    keyed = [bone for bone, name in enumerate(rig.names) if name in bones]
    place = {bone: index for index, bone in enumerate(keyed)}
    posed: dict[int, _Frame] = {}
    unposed: dict[int, tuple[_Frame, Array]] = {}
    for bone in range(len(rig.names)):
        frame, axes = _unposed(rig, bone, posed.get(int(rig.parents[bone])))
        if bone in place:
            unposed[bone] = frame, axes
            own = place[bone]
            posed[bone] = _Frame(own, np.eye(3), own, np.eye(3), np.zeros(3))
        else:
            posed[bone] = _as_posed(rig, bone, frame, axes)
    frames = [unposed[bone] for bone in keyed]
    return Carriage(
        bones=tuple(rig.names[bone] for bone in keyed),
        carriers=np.array([frame.carrier for frame, _ in frames], dtype=np.int64),
        R_carrier_from_unposed=np.array([frame.R for frame, _ in frames]).reshape(-1, 3, 3),
        unposed_heads=np.array([frame.head for frame, _ in frames]).reshape(-1, 3),
        R_carrier_from_location=np.array([axes for _, axes in frames]).reshape(-1, 3, 3),
        place_carriers=np.array([frame.place_carrier for frame, _ in frames], dtype=np.int64),
    )


def _unposed(rig: Rig, bone: int, parent: _Frame | None) -> tuple[_Frame, Array]:
    """A bone's frame before it is posed, and the axes [3, 3] of its location in the place carrier's axes."""
    rest = rig.R_rig_from_bone[bone]
    if parent is None:
        frame = _Frame(-1, rest, -1, rest, rig.heads[bone])
        return frame, rest if rig.local_location[bone] else np.eye(3)
    above = int(rig.parents[bone])
    R_parent_from_bone = rig.R_rig_from_bone[above].T @ rest
    offset = rig.R_rig_from_bone[above].T @ (rig.heads[bone] - rig.heads[above])
    turned = parent.R_place @ R_parent_from_bone
    head = parent.head + parent.R_place @ offset
    carrier, R = (parent.carrier, parent.R @ R_parent_from_bone) if rig.inherits_rotation[bone] else (-1, rest)
    # Blender says a location that is not local in the parent's axes, not in the rig's.
    axes = turned if rig.local_location[bone] else parent.R_place
    return _Frame(carrier, R, parent.place_carrier, turned, head), axes


def _as_posed(rig: Rig, bone: int, frame: _Frame, axes: Array) -> _Frame:
    """The frame of a bone that no key moves, with the pose that it has."""
    turn = rig.R_rest_from_posed[bone]
    R_place = frame.R @ turn if not rig.inherits_rotation[bone] and frame.place_carrier < 0 else frame.R_place @ turn
    return _Frame(frame.carrier, frame.R @ turn, frame.place_carrier, R_place,
                  frame.head + axes @ rig.posed_locations[bone])  # fmt: skip
