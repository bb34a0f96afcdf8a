"""Characters in Blender with all that is known of them: which bone is what, which ones show it, where the soles are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import bpy
import numpy as np

from motion.arrays import Array
from motion.retarget.mapping.rig_mapping import RigMapping
from motion.retarget.slots import FINGERS, SIDES
from motion.rotations import frame_from_axes

from .in_blender import build
from .made_up_rig import MadeUpRig, slots_of
from .measures import Seen


@dataclass(frozen=True, eq=False)
class Character:
    """An armature object and the truth about it."""

    thing: bpy.types.Object
    mapping: RigMapping
    shown: Mapping[str, str]                    # by slot, the first bone that deforms; chest: the last of the spine
    soles: Mapping[str, tuple[str, Array]]      # left_heel ..: the bone on which it rides and its place at rest [3]


def made_up_character(made_up: MadeUpRig) -> Character:
    mapping = slots_of(made_up)
    shown = {slot: made_up.shown_by(bones[0]) for slot, bones in mapping.bones.items() if slot != "root"}
    shown["hips"] = shown.get("pelvis", shown["hips"])
    shown["chest"] = made_up.shown_by(mapping.bones["spine"][-1])
    soles = {name: (made_up.bone_of_sole(name), point) for name, point in made_up.soles.items()}
    return Character(build(made_up, skinned=True), mapping, shown, soles)


def rigify_character(control_rig: bpy.types.Object) -> Character:
    """Of a human that Rigify generated; names are as it writes them."""
    bones, shown = {"root": ("root",)} | _RIGIFY_CENTRE, dict(_RIGIFY_SHOWN)
    for side, end in zip(SIDES, "LR"):
        for slot, name in _RIGIFY_LIMBS.items():
            bones[f"{side}_{slot}"] = (name if name == "shoulder" else f"{name}_fk",)
            shown[f"{side}_{slot}"] = f"DEF-{name}.{end}"
        bones |= {slot: tuple(f"{name}.{end}" for name in names) for slot, names in bones.items()
                  if slot.startswith(side)}  # fmt: skip
        for finger in FINGERS:
            stem = finger if finger == "thumb" else f"f_{finger}"
            bones[f"{side}_{finger}"] = tuple(f"{stem}.0{i}.{end}" for i in (1, 2, 3))
            shown[f"{side}_{finger}"] = f"DEF-{stem}.01.{end}"
    mapping = RigMapping(bones, family="rigify_control", title="Rigify")
    return Character(control_rig, mapping, shown, _rigify_soles(control_rig))


_RIGIFY_CENTRE = {"hips": ("torso",), "pelvis": ("spine_fk",), "neck": ("neck",), "head": ("head",),
                  "spine": ("spine_fk.001", "spine_fk.002", "spine_fk.003")}  # fmt: skip
_RIGIFY_SHOWN = {"hips": "DEF-spine", "chest": "DEF-spine.003", "head": "DEF-spine.006"}
_RIGIFY_LIMBS = {"clavicle": "shoulder", "upper_arm": "upper_arm", "forearm": "forearm", "hand": "hand",
                 "thigh": "thigh", "shin": "shin", "foot": "foot", "toe": "toe"}  # fmt: skip
_HEEL_BEHIND = 0.04     # rig units behind the ankle, on the ground as the toes' joint


def _rigify_soles(control_rig: bpy.types.Object) -> dict[str, tuple[str, Array]]:
    soles = {}
    for side, end in zip(SIDES, "LR"):
        foot, toe = (control_rig.data.bones[f"DEF-{name}.{end}"] for name in ("foot", "toe"))
        ankle, ball, tip = (np.array(place) for place in (foot.head_local, toe.head_local, toe.tail_local))
        soles[f"{side}_heel"] = (foot.name, np.array([ankle[0], ankle[1] + _HEEL_BEHIND, 0.0]))
        soles[f"{side}_ball"] = (foot.name, ball * [1.0, 1.0, 0.0])
        soles[f"{side}_toe"] = (toe.name, tip * [1.0, 1.0, 0.0])
    return soles


def seen_on(character: Character, frames: Sequence[float]) -> Seen:
    """The character as Blender evaluates it at scene frames [N]."""
    thing = character.thing
    deform = [i for i, bone in enumerate(thing.pose.bones) if bone.bone.use_deform]
    matrices = np.array([_posed(thing, frame)[deform] for frame in frames])
    of = {thing.pose.bones[bone].name: matrices[:, i] for i, bone in enumerate(deform)}
    turns = {name: _turn(matrix) for name, matrix in of.items()}
    return Seen(
        {slot: of[bone][:, :3, 3] for slot, bone in character.shown.items()},
        {part: turns[character.shown[part]] for part in ("hips", "chest", "head")},
        {name: _riding(thing, of[bone], bone, place) for name, (bone, place) in character.soles.items()},
        turns,
    )


def _posed(thing: bpy.types.Object, frame: float) -> Array:
    """world_from_bone [B, 4, 4] at a scene frame."""
    bpy.context.scene.frame_set(int(frame // 1), subframe=float(frame % 1))
    evaluated = thing.evaluated_get(bpy.context.evaluated_depsgraph_get())
    columns = np.empty(16 * len(evaluated.pose.bones), dtype=np.float32)
    evaluated.pose.bones.foreach_get("matrix", columns)
    return np.array(evaluated.matrix_world) @ np.swapaxes(columns.reshape(-1, 4, 4), -1, -2).astype(float)


def _turn(world_from_bone: Array) -> Array:
    """[N, 3, 3] of matrices [N, 4, 4] that may be stretched along the bone."""
    return frame_from_axes(world_from_bone[:, :3, 1], world_from_bone[:, :3, 2])[..., [2, 0, 1]]


def _riding(thing: bpy.types.Object, world_from_bone: Array, bone: str, place: Array) -> Array:
    """[N, 3] m of a point that is at `place` in the rig at rest."""
    in_bone = np.linalg.inv(np.array(thing.data.bones[bone].matrix_local)) @ np.append(place, 1.0)
    return (world_from_bone @ in_bone)[:, :3]
