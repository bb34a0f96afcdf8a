"""FBX by Blender's exporter, with the settings that keep every frame."""

from __future__ import annotations

from pathlib import Path

import bpy

from ..build_stand_in import Built
from ..copied_meshes import note_of_modifiers
from ..exported import Export
from ..format import Format, Preset


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


def _write(path: Path, export: Export) -> str:
    preset = export.choices.fbx
    with export.built(preset.layout, preset.one_root, preset.object_name) as made:
        write_fbx(path, made, preset)
    return note_of_modifiers(export.meshes)


FORMAT = Format("FBX", ".fbx", "Skeleton, body and motion for game engines and animation programs", _write,
                ("preset", "mesh", "bones"), "export_scene.fbx")  # fmt: skip
