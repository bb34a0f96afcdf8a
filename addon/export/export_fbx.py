"""FBX by Blender's exporter, with the settings that keep every frame."""

from __future__ import annotations

from pathlib import Path

import bpy

from .build_stand_in import Built
from .formats import Preset


def write_fbx(path: Path, built: Built, preset: Preset) -> None:
    """Write a built stand-in. One motion, every frame as it is, no bones at the ends."""
    with built.in_context():
        bpy.ops.export_scene.fbx(
            filepath=str(path), check_existing=False, use_selection=True, object_types={"ARMATURE", "MESH"},
            apply_scale_options=preset.scale_option, axis_forward="-Z", axis_up="Y",
            primary_bone_axis="Y", secondary_bone_axis="X", add_leaf_bones=False, use_armature_deform_only=False,
            armature_nodetype="NULL", bake_anim=True, bake_anim_use_all_bones=True, bake_anim_use_all_actions=False,
            bake_anim_use_nla_strips=False, bake_anim_force_startend_keying=True, bake_anim_simplify_factor=0.0,
            path_mode="COPY", embed_textures=True,
        )  # fmt: skip
