"""AMASS and SMPL-X archives of people of takes, from their keys as they are now."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import bpy
import numpy as np

from ....motion.amass_file import write_amass
from ....motion.arrays import Array
from ....motion.motion import Motion
from ....motion.refusal import Refusal
from ....motion.rotations import nearest_rotation
from ....motion.skeleton import JOINT_NAMES, PARENTS, Skeleton
from ...armature import R_BLENDER_FROM_REST
from ...clean_up_take import is_person, source_of
from ..exported import Export
from ..format import Format
from ..seen_motion import SeenMotion


def joints_of(person: bpy.types.Object) -> list[int]:
    """The places of the 55 joints among a person's bones. Raises Refusal for who is no person of a take."""
    joints = [person.pose.bones.find(name) for name in JOINT_NAMES]
    if not is_person(person) or -1 in joints:
        raise Refusal("no-person", f"{person.name} is no person of a take, and AMASS files hold nothing else.",
                      "Select a person of a take, or choose another format.")  # fmt: skip
    return joints


def write_person(path: Path, person: bpy.types.Object, seen: SeenMotion, context: bpy.types.Context) -> str:
    """Write what was seen of a person's joints. Returns a note when the shape of the body is not known, else nothing.

    Raises Refusal when the disk refuses.
    """
    motion = motion_of(person, seen)
    try:
        source = source_of(person, context).motion
    except Refusal as refusal:
        write_amass(path, motion)
        return f"{refusal.sentence} The file has no body shape of {person.name} but the bones' lengths."
    write_amass(path, replace(motion, body_shape=source.body_shape, betas=source.betas, gender=source.gender,
                              actor=source.actor, skeleton=_shifted(motion.skeleton, source)))  # fmt: skip
    return ""


def motion_of(person: bpy.types.Object, seen: SeenMotion) -> Motion:
    """What the joints of a person do in the world, with bones as long as they are there."""
    bones = [person.data.bones[name] for name in JOINT_NAMES]
    scale = np.cbrt(np.linalg.det(seen.world_from_object[0, :3, :3]))
    R_bone_from_joint = np.array([bone.matrix_local.to_3x3().transposed() for bone in bones]) @ R_BLENDER_FROM_REST
    R = nearest_rotation(seen.world_from_bone[..., :3, :3]) @ R_bone_from_joint
    R_local = np.array(R)
    R_local[:, 1:] = np.swapaxes(R[:, PARENTS[1:]], -1, -2) @ R[:, 1:]
    rest_joints = scale * np.array([bone.head_local for bone in bones]) @ R_BLENDER_FROM_REST
    return Motion(Skeleton(rest_joints), seen.rate, R_local, seen.world_from_bone[:, 0, :3, 3])


def _shifted(skeleton: Skeleton, source: Motion) -> Skeleton:
    """The same bones, their pelvis where that of the source rests: betas say where that is in SMPL-X."""
    joints: Array = skeleton.rest_joints
    return Skeleton(joints - joints[0] + source.skeleton.rest_joints[0])


def _write(path: Path, export: Export) -> str:
    person = export.character
    return write_person(path, person, export.seen(joints_of(person)), export.context)


FORMAT = Format("AMASS / SMPL-X", ".npz", "Poses of a person of a take, for research and the SMPL-X add-on", _write)
