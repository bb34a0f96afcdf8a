"""USD (binary .usdc) by Blender's exporter."""

from __future__ import annotations

from pathlib import Path

import bpy

from ..build_stand_in import Built
from ..copied_meshes import note_of_modifiers
from ..exported import Export
from ..format import Format


def write_usd(path: Path, built: Built) -> None:
    """Write a built stand-in: a UsdSkel skeleton with its animation, Z up and metres as the stage says."""
    with built.in_context():
        bpy.ops.wm.usd_export(
            filepath=str(path), check_existing=False, selected_objects_only=True, export_animation=True,
            export_armatures=True, only_deform_bones=False, export_meshes=True, export_shapekeys=True,
            export_cameras=False, export_lights=False, export_curves=False, export_volumes=False, export_hair=False,
            evaluation_mode="VIEWPORT",
        )  # fmt: skip


def _write(path: Path, export: Export) -> str:
    with export.built() as made:
        write_usd(path, made)
    return note_of_modifiers(export.meshes)


FORMAT = Format("USD", ".usdc", "Skeleton, body and motion for film pipelines, Unreal and Apple's programs", _write,
                ("mesh", "bones"), "wm.usd_export")  # fmt: skip
