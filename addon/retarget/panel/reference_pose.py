"""The pose in which a character stands as the source does at rest: taken once, and kept for every retargeting to come.

Were it read off the character each time, the second retargeting would take the first one's motion for it.
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import bpy
import numpy as np

from ....motion.arrays import Array
from ....motion.retarget.rig.rig import Rig
from ..rig.read_rig import read_rig

_PARTS = {"reference_heads": (3,), "reference_tails": (3,), "R_rig_from_reference_bone": (3, 3)}   # of one bone


def reference_text(character: bpy.types.Object) -> str:
    """The pose that Blender shows now. Raises Refusal for a character that cannot be read."""
    rig = read_rig(character, "pose")
    arrays = {name: base64.b64encode(getattr(rig, name).astype("<f4").tobytes()).decode() for name in _PARTS}
    return json.dumps({"frame": bpy.context.scene.frame_current, "bones": rig.names, **arrays})


def reference_frame(text: str) -> int:
    """The scene frame on which the pose was taken."""
    return int(json.loads(text)["frame"])


def with_reference(rig: Rig, text: str) -> Rig:
    """The rig with the pose of reference_text() as its reference; bones that were not there then are at rest."""
    kept = json.loads(text)
    place = {name: index for index, name in enumerate(rig.names)}
    there = [(index, place[name]) for index, name in enumerate(kept["bones"]) if name in place]
    return replace(rig, **{name: _laid_over(_at_rest(rig)[name], _array(kept[name], shape), there)
                           for name, shape in _PARTS.items()})  # fmt: skip


def _at_rest(rig: Rig) -> dict[str, Array]:
    return dict(zip(_PARTS, (rig.heads, rig.tails, rig.R_rig_from_bone), strict=True))


def _array(text: str, shape: tuple[int, ...]) -> Array:
    return np.frombuffer(base64.b64decode(text), dtype="<f4").reshape(-1, *shape).astype(float)


def _laid_over(values: Array, others: Array, there: list[tuple[int, int]]) -> Array:
    """`values` with others[i] at j for each (i, j) of `there`."""
    laid = values.copy()
    for index, place in there:
        laid[place] = others[index]
    return laid
