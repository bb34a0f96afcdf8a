"""What artists do without a retargeter: constraints from a moving armature to a copy of the character, then baking."""

from __future__ import annotations

import time

import bpy
import numpy as np
from mambocap.addon.action import key_motion
from mambocap.addon.armature import build_armature
from mambocap.addon.retarget.sources import Source
from mambocap.motion.motion import Motion
from mambocap.motion.retarget.target.anatomy import joint_followed
from mambocap.motion.skeleton import JOINT_NAMES, Skeleton

from bench.rigs.characters import Character


def bake_s(character: Character, source: Source) -> float:
    """Seconds that bpy.ops.nla.bake takes for the source's frames, on a copy with world-space Copy Rotation."""
    scene = bpy.context.scene
    person, copy = _person(source), _copy_of(character)
    scene.collection.objects.unlink(character.thing)   # else the bake would update it too
    try:
        _follow(copy, character, person)
        began_s = time.perf_counter()
        bpy.ops.nla.bake(frame_start=int(source.frames[0]), frame_end=int(source.frames[-1]), only_selected=True,
                         visual_keying=True, clear_constraints=False, bake_types={"POSE"})  # fmt: skip
        return time.perf_counter() - began_s
    finally:
        bpy.ops.object.mode_set(mode="OBJECT")
        for thing in (copy, person):
            bpy.data.objects.remove(thing)
        scene.collection.objects.link(character.thing)


def _person(source: Source) -> bpy.types.Object:
    """An armature of ours that makes the motion."""
    figure, pose = source.pose.figure, source.pose
    person = build_armature("Person", Skeleton(figure.rest_joints), np.zeros(3))
    bpy.context.scene.collection.objects.link(person)
    R_parent_from_joint = figure.local(pose.R_world_from_joint)
    motion = Motion(Skeleton(figure.rest_joints), pose.rate, R_parent_from_joint, pose.joints_world[:, 0])
    key_motion(person, motion, source.frames, "Source")
    return person


def _copy_of(character: Character) -> bpy.types.Object:
    copy = character.thing.copy()
    copy.animation_data_clear()
    bpy.context.scene.collection.objects.link(copy)
    return copy


def _follow(copy: bpy.types.Object, character: Character, person: bpy.types.Object) -> None:
    """Constrain the mapped bones and leave them selected in Pose Mode."""
    view = bpy.context.view_layer
    view.objects.active = copy
    bpy.ops.object.mode_set(mode="POSE")
    bpy.ops.pose.select_all(action="DESELECT")
    for slot, bones in character.mapping.bones.items():
        if slot == "root" or slot.endswith("_twist"):
            continue
        for place, name in enumerate(bones):
            joint = JOINT_NAMES[joint_followed(slot, place)]
            _constrain(copy.pose.bones[name], "COPY_ROTATION", person, joint)
            if slot == "hips":
                _constrain(copy.pose.bones[name], "COPY_LOCATION", person, joint)
            holder = copy.pose.bones[name] if hasattr(copy.pose.bones[name], "select") else copy.data.bones[name]
            holder.select = True


def _constrain(bone: bpy.types.PoseBone, kind: str, person: bpy.types.Object, joint: str) -> None:
    constraint = bone.constraints.new(kind)
    constraint.target, constraint.subtarget = person, joint
