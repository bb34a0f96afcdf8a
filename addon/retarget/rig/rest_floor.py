"""What a character's feet stand on in its rest pose: the soles of its meshes, else the ends of its foot bones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import bpy
import numpy as np

from ....motion.arrays import Array
from ....motion.retarget.mapping.rig_mapping import RigMapping
from ....motion.retarget.slots import SIDES

_BESIDE = 0.5    # of a foot's length: how far beside a foot's bones its sole may lie; heels lie behind the ankle
_BELOW = 1.0     # of a foot's length: how far below them


def floor_at_rest(
    character: bpy.types.Object, names: Sequence[str], heads_world: Array, tails_world: Array,
    mapping: RigMapping | None,
) -> float:  # fmt: skip
    """Height in the world, m. Heads and tails [B, 3] m of the bones `names` are at rest.

    Without a mapping, or one that has no feet, the lowest end of all bones but the first, which may be a root anywhere.
    """
    feet = [ends for side in SIDES if len(ends := _foot(side, names, heads_world, tails_world, mapping))]
    if not feet:
        return float(np.minimum(heads_world[:, 2], tails_world[:, 2])[min(1, len(names) - 1) :].min())
    ends = np.concatenate(feet)
    foot_m = max(np.linalg.norm(foot - foot[0], axis=1).max() for foot in feet)
    lowest = min((_lowest_near(skin, ends, foot_m) for skin in _skins(character)), default=np.inf)
    return float(lowest if np.isfinite(lowest) else ends[:, 2].min())


def _foot(side: str, names: Sequence[str], heads: Array, tails: Array, mapping: RigMapping | None) -> Array:
    """The ends [N, 3] m of the bones of a foot, the ankle first."""
    slots = [f"{side}_foot", f"{side}_toe"] if mapping else []
    bones = [names.index(name) for slot in slots for name in mapping.bones.get(slot, ()) if name in names]
    return np.concatenate([heads[bones], tails[bones]])


def _lowest_near(skin: bpy.types.Object, ends: Array, foot_m: float) -> float:
    """The least height of a mesh's vertices about the feet, at rest, infinite where there are none; m."""
    points = np.empty(3 * len(skin.data.vertices), dtype=np.float32)
    skin.data.vertices.foreach_get("co", points)
    points, world = points.reshape(-1, 3), np.array(skin.matrix_world)
    heights_m = points @ world[2, :3].astype(np.float32) + world[2, 3]
    is_low = (heights_m < ends[:, 2].max()) & (heights_m > ends[:, 2].min() - _BELOW * foot_m)
    places = points[is_low] @ world[:2, :3].T + world[:2, 3]
    beside_m = np.linalg.norm(places[:, None] - ends[None, :, :2], axis=-1).min(axis=1, initial=np.inf)
    return float(heights_m[is_low][beside_m < _BESIDE * foot_m].min(initial=np.inf))


def _skins(character: bpy.types.Object) -> Iterator[bpy.types.Object]:
    """Meshes that the armature bends and that are seen in pictures; their vertices are at rest."""
    for thing in bpy.data.objects:
        if thing.type == "MESH" and not thing.hide_render and _is_bent_by(thing, character):
            yield thing


def _is_bent_by(thing: bpy.types.Object, character: bpy.types.Object) -> bool:
    if thing.parent == character and thing.parent_type == "ARMATURE":
        return True
    return any(modifier.type == "ARMATURE" and modifier.object == character for modifier in thing.modifiers)
