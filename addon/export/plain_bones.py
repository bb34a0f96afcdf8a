"""The bones that leave Blender, and what each hangs on there."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np

from ...motion.arrays import Array
from ...motion.refusal import Refusal

ROOT = "root"
_MECHANISM = ("ORG-", "MCH-")   # bones of Rigify whose deforming twin is called DEF-


@dataclass(frozen=True, eq=False)
class PlainBones:
    """Some bones of an armature in an order in which parents come first, as they rest."""

    names: tuple[str, ...]
    parents: tuple[int, ...]         # places in `names`, -1 for roots
    rest: Array                      # [B, 4, 4] in the armature
    lengths: Array                   # [B]
    sources: tuple[int, ...]         # places among the armature's bones
    has_added_root: bool = False     # the first is none of the armature's, and has no place in `sources`


def plain_bones(character: bpy.types.Object, deform_only: bool, one_root: bool) -> PlainBones:
    """The bones of a character to export. Raises Refusal when there is none.

    With `deform_only` those that move meshes, each on the nearest above it that does. Rigify hangs its deforming bones
    on others that deform nothing: the deforming twins of these are taken for them, so that one tree comes out.
    """
    bones = list(character.data.bones)
    chosen = {bone.name for bone in bones if bone.use_deform or not deform_only}
    if not chosen:
        raise Refusal("no-bones", f"No bone of {character.name} moves a mesh.",
                      "Choose All under Bones, or tick Deform on its bones.")  # fmt: skip
    kept = _parents_first([bone for bone in bones if bone.name in chosen], chosen)
    places = {bone.name: place for place, (bone, _) in enumerate(kept)}
    order = {bone.name: place for place, bone in enumerate(bones)}
    plain = PlainBones(
        tuple(places), tuple(places.get(above, -1) for _, above in kept),
        np.array([bone.matrix_local for bone, _ in kept], dtype=np.float64),
        np.array([bone.length for bone, _ in kept], dtype=np.float64), tuple(order[bone.name] for bone, _ in kept),
    )  # fmt: skip
    return _with_root(plain) if one_root and plain.parents.count(-1) > 1 else plain


def _parents_first(bones: list[bpy.types.Bone], chosen: set[str]) -> list[tuple[bpy.types.Bone, str]]:
    """Bones with the name of what each hangs on, empty for roots."""
    above = {bone.name: _above(bone, chosen) for bone in bones}
    depths: dict[str, int] = {}

    def depth(name: str) -> int:
        if name not in depths:
            depths[name] = depth(above[name]) + 1 if above[name] else 0
        return depths[name]

    return [(bone, above[bone.name]) for bone in sorted(bones, key=lambda bone: depth(bone.name))]


def _above(bone: bpy.types.Bone, chosen: set[str]) -> str:
    parent = bone.parent
    while parent is not None:
        for name in (parent.name, *(_twin(parent.name, prefix) for prefix in _MECHANISM)):
            if name in chosen and name != bone.name:
                return name
        parent = parent.parent
    return ""


def _twin(name: str, prefix: str) -> str:
    return f"DEF-{name[len(prefix):]}" if name.startswith(prefix) else ""


def _with_root(plain: PlainBones) -> PlainBones:
    """The same bones below one more, which stays at the armature's origin."""
    name = ROOT
    while name in plain.names:
        name += "_"
    return PlainBones(
        (name, *plain.names), (-1, *(parent + 1 for parent in plain.parents)),
        np.concatenate([np.eye(4)[None], plain.rest]), np.concatenate([[plain.lengths.mean()], plain.lengths]),
        plain.sources, has_added_root=True,
    )  # fmt: skip


def is_control_rig(character: bpy.types.Object) -> bool:
    """Whether bones that move meshes are themselves held by constraints, as in Rigify and Auto-Rig Pro."""
    held = any(bone.bone.use_deform and any(not constraint.mute for constraint in bone.constraints)
               for bone in character.pose.bones)  # fmt: skip
    return held and any(not bone.use_deform for bone in character.data.bones)
