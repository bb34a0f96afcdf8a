"""Characters with known motion for the tests of export, and reading files back by Blender's importers."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import bpy
import numpy as np
from mambocap.addon.curves import Keys
from mambocap.addon.people import Person
from mambocap.addon.scene_clock import set_rate
from mambocap.addon.take_scene import TakeOptions, build_people, build_take
from mambocap.addon.takes import people_of
from mambocap.motion.arrays import Array
from mambocap.motion.body import read_open_body
from mathutils import Euler, Matrix, Vector

from tests.addon.made_up_takes import soft_body_model, wild_motion

SAMPLE = Path(__file__).resolve().parents[3] / "assets" / "sample" / "take"
FIRST, LAST = 7, 26

# Head and parent of a made-up Mixamo character, cm, Y up (names: any character downloaded from mixamo.com).
MIXAMO: dict[str, tuple[tuple[float, float, float], str]] = {
    "Hips": ((0, 100, 0), ""), "Spine": ((0, 110, 1), "Hips"), "Spine1": ((0, 122, 1), "Spine"),
    "Neck": ((0, 150, -2), "Spine1"), "Head": ((0, 160, 0), "Neck"),
    "LeftShoulder": ((6, 145, -1), "Spine1"), "LeftArm": ((18, 145, -3), "LeftShoulder"),
    "LeftForeArm": ((45, 145, -3), "LeftArm"), "LeftHand": ((70, 145, -3), "LeftForeArm"),
    "RightShoulder": ((-6, 145, -1), "Spine1"), "RightArm": ((-18, 145, -3), "RightShoulder"),
    "RightForeArm": ((-45, 145, -3), "RightArm"), "RightHand": ((-70, 145, -3), "RightForeArm"),
    "LeftUpLeg": ((9, 95, 0), "Hips"), "LeftLeg": ((9, 52, 1), "LeftUpLeg"), "LeftFoot": ((9, 9, -2), "LeftLeg"),
    "RightUpLeg": ((-9, 95, 0), "Hips"), "RightLeg": ((-9, 52, 1), "RightUpLeg"),
    "RightFoot": ((-9, 9, -2), "RightLeg"),
}  # fmt: skip


def sample_person(scene: bpy.types.Scene) -> bpy.types.Object:
    """The person of the sample take, without a body."""
    take = build_take(scene, SAMPLE, "Sample", read_open_body(), TakeOptions(body=False, camera=False))
    return people_of(take)[0]


def light_person(scene: bpy.types.Scene) -> bpy.types.Object:
    """A person of a take with a body of a few hundred vertices, every one drawn by three joints."""
    people = [Person("Person 1", wild_motion(LAST))]
    return people_of(build_people(scene, people, "Take", soft_body_model(), TakeOptions(camera=False)))[0]


def mixamo_character(scene: bpy.types.Scene, name: str = "Ybot", seed: int = 0) -> bpy.types.Object:
    """As Blender imports one from Mixamo: on its back, a hundredth in size, bones in centimetres with any roll."""
    rng = np.random.default_rng(seed)
    character = _armature(scene, name, rng)
    character.matrix_world = Matrix.LocRotScale(None, Euler((0.5 * np.pi, 0.0, 0.0)), Vector((0.01, 0.01, 0.01)))
    key_wildly(character, np.arange(FIRST, LAST + 1), rng)
    return character


def moved_character(scene: bpy.types.Scene) -> bpy.types.Object:
    """The same on an object that stands elsewhere, turned, and wanders."""
    character = mixamo_character(scene, "Wanderer", seed=1)
    character.matrix_world = Matrix.LocRotScale(
        Vector((3.0, -2.0, 0.4)), Euler((1.2, 0.3, 2.0)), Vector((0.013, 0.013, 0.013))
    )
    keys, frames = Keys(character, character.name), np.arange(FIRST, LAST + 1, dtype=float)
    for axis in range(3):
        keys.add("location", axis, "Object", frames, character.location[axis] + 0.05 * (axis + 1) * (frames - FIRST))
        keys.add("rotation_euler", axis, "Object", frames, character.rotation_euler[axis] + 0.04 * (frames - FIRST))
    return character


def stretched_character(scene: bpy.types.Scene) -> bpy.types.Object:
    """One that grows from the chest up, and whose forearm stretches."""
    character = mixamo_character(scene, "Rubber", seed=2)
    keys, frames = Keys(character, character.name), np.arange(FIRST, LAST + 1, dtype=float)
    growth = 1.0 + 0.5 * np.sin((frames - FIRST) / 9.0)
    for axis in range(3):
        keys.add('pose.bones["mixamorig:Spine1"].scale', axis, "Spine1", frames, growth)
        stretch = growth if axis == 1 else 1.0 / np.sqrt(growth)
        keys.add('pose.bones["mixamorig:LeftForeArm"].scale', axis, "LeftForeArm", frames, stretch)
    return character


def key_wildly(character: bpy.types.Object, frames: Array, rng: np.random.Generator) -> None:
    """Every bone turns by its own tune, roots wander."""
    keys, phase = Keys(character, f"{character.name} Dance"), (frames - frames[0]) / 12.0
    for bone in character.pose.bones:
        bone.rotation_mode = "QUATERNION"
        half = rng.uniform(0.2, 1.1) * np.sin(phase + rng.uniform(0, 6))
        axis = rng.normal(size=3)
        wxyz = np.concatenate([np.cos(half)[:, None], np.sin(half)[:, None] * axis / np.linalg.norm(axis)], axis=1)
        for part in range(4):
            keys.add(f'pose.bones["{bone.name}"].rotation_quaternion', part, bone.name, frames, wxyz[:, part])
        if bone.parent is None:
            for axis_index in range(3):
                path = 20.0 * np.sin((axis_index + 1) * phase) + axis_index
                keys.add(f'pose.bones["{bone.name}"].location', axis_index, bone.name, frames, path)


def _armature(scene: bpy.types.Scene, name: str, rng: np.random.Generator) -> bpy.types.Object:
    armature = bpy.data.armatures.new(name)
    character = bpy.data.objects.new(name, armature)
    scene.collection.objects.link(character)
    bpy.context.view_layer.objects.active = character
    bpy.ops.object.mode_set(mode="EDIT")
    for bone_name, (head, parent) in MIXAMO.items():
        bone = armature.edit_bones.new(f"mixamorig:{bone_name}")
        bone.head = head
        bone.tail = Vector(head) + Vector(rng.normal(size=3)).normalized() * 12.0
        bone.roll = rng.uniform(-3, 3)
        bone.parent = armature.edit_bones[f"mixamorig:{parent}"] if parent else None
    bpy.ops.object.mode_set(mode="OBJECT")
    return character


def heads(character: bpy.types.Object, frames: Array, names: list[str]) -> Array:
    """Where Blender has the heads of bones, [T, B, 3] in the world."""
    scene, places = bpy.context.scene, np.empty((len(frames), len(names), 3))
    for row, frame in zip(places, frames):
        scene.frame_set(int(np.floor(frame)), subframe=float(frame % 1))
        seen = character.evaluated_get(bpy.context.evaluated_depsgraph_get())
        row[:] = [(seen.matrix_world @ seen.pose.bones[name].matrix).translation for name in names]
    return places


def new_scene_at(rate: Fraction) -> bpy.types.Scene:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    set_rate(bpy.context.scene, rate)
    return bpy.context.scene


def imported(path: Path, importer: str) -> bpy.types.Object:
    """The armature of a file, by one of Blender's importers, in an empty scene of 30 frames a second."""
    new_scene_at(Fraction(30))
    module, _, operator = importer.partition(".")
    options = {"global_scale": 0.01, "update_scene_fps": True} if operator == "bvh" else {}
    getattr(getattr(bpy.ops, module), operator)(filepath=str(path), **options)
    return next(thing for thing in bpy.data.objects if thing.type == "ARMATURE")


def has_importer(importer: str) -> bool:
    module, _, operator = importer.partition(".")
    return operator in dir(getattr(bpy.ops, module))
