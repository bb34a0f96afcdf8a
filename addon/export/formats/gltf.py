"""glTF (one .glb) by Blender's exporter, every frame sampled."""

from __future__ import annotations

from pathlib import Path

import bpy

from ..build_stand_in import Built
from ..copied_meshes import note_of_modifiers
from ..exported import Export
from ..format import Format


def write_gltf(path: Path, built: Built) -> None:
    """Write a built stand-in. Its motion starts at time 0, as the web and engines expect."""
    _say_rate_as_exporter_reads_it(built.scene)
    with built.in_context():
        # Left alone, the exporter adds whatever other action in the file would fit a single armature.
        bpy.ops.export_scene.gltf(
            filepath=str(path), check_existing=False, export_format="GLB", use_selection=True, use_active_scene=True,
            export_yup=True, export_animations=True, export_animation_mode="ACTIVE_ACTIONS",
            export_nla_strips_merged_animation_name=built.scene.name, export_anim_single_armature=False,
            export_force_sampling=True, export_frame_range=True, export_anim_slide_to_zero=True,
            export_optimize_animation_size=False, export_def_bones=False, export_rest_position_armature=True,
            export_all_influences=True, export_apply=False, export_morph_animation=True,
        )  # fmt: skip


def _say_rate_as_exporter_reads_it(scene: bpy.types.Scene) -> None:
    # Up to 5.2 it takes the rate for fps * fps_base, where Blender means fps / fps_base: 29.97 became 30.03.
    scene.render.fps_base = 1.0 / scene.render.fps_base


def _write(path: Path, export: Export) -> str:
    with export.built() as made:
        write_gltf(path, made)
    return note_of_modifiers(export.meshes)


FORMAT = Format("glTF", ".glb", "Skeleton, body and motion for the web, Godot and engines", _write,
                ("mesh", "bones"), "export_scene.gltf")  # fmt: skip
