"""What the artist wants exported, kept in the scene."""

from pathlib import Path

import bpy
from bpy.props import BoolProperty, EnumProperty, IntProperty, PointerProperty, StringProperty

from ...motion.bvh_file import ORDERS
from ...motion.refusal import Refusal
from ..lasting_items import lasting_items
from .export_choices import ExportChoices
from .file_names import safe_name
from .format import PRESETS
from .formats import FORMATS, USUAL
from .plain_bones import is_control_rig

# Newer versions of Blender want to be told that // is welcome.
_KNOWS_RELATIVE = "is_path_supports_blend_relative" in bpy.types.Property.bl_rna.properties
_RELATIVE = {"PATH_SUPPORTS_BLEND_RELATIVE"} if _KNOWS_RELATIVE else set()


class MambocapExport(bpy.types.PropertyGroup):
    what: EnumProperty(
        name="What",
        items=[
            ("CHARACTER", "Active", "The selected person or armature with the meshes that its bones move, else "
             "the character chosen in Retarget"),
            ("TAKES", "All Takes", "Every person of every take in this scene, one file each"),
            ("RETARGETED", "Retargeted", "Every character of this scene with a retargeted motion, one file each"),
        ],
        description="What is exported",
    )
    format: EnumProperty(
        name="Format", description="The kind of file",
        items=lasting_items(((key, each.name, each.description) for key, each in FORMATS.items()), USUAL),
    )  # fmt: skip
    preset: EnumProperty(
        name="For", items=[(key, each.name, each.description) for key, each in PRESETS.items()],
        description="The program that is to read the file",
    )  # fmt: skip
    folder: StringProperty(
        name="Folder", default="//", subtype="DIR_PATH", options={"ANIMATABLE"} | _RELATIVE,
        description="Where files are written; // is beside this blend file",
    )  # fmt: skip
    name: StringProperty(
        name="Name", description="Name of the file without its ending; empty for the name of the character"
    )
    mesh: BoolProperty(
        name="Body Mesh", default=True, description="Export the meshes that the bones move, with their weights",
    )  # fmt: skip
    bones: EnumProperty(
        name="Bones",
        items=[
            ("AUTO", "Auto", "Deform bones only where other bones control them, else all bones"),
            ("DEFORM", "Deform Only", "Only bones that move meshes, each on the nearest one above it"),
            ("ALL", "All", "All bones, controls too"),
        ],
        description="Which bones are exported",
    )
    frames: EnumProperty(
        name="Frames",
        items=[
            ("KEYS", "All Keys", "From the first key of the motion to the last"),
            ("SCENE", "Scene", "The frames of the scene, or of its preview range where that is on"),
            ("CUSTOM", "Custom", "From a frame to another"),
        ],
        description="Which frames are exported, at the scene's rate",
    )
    first_frame: IntProperty(name="From", default=1, description="First frame to export")
    last_frame: IntProperty(name="To", default=250, description="Last frame to export")
    order: EnumProperty(
        name="Rotation Order", items=[(order, order, f"Channels {', '.join(order)}") for order in ORDERS],
        description="Order of the rotation channels; most programs read any",
    )  # fmt: skip
    centimetres: BoolProperty(
        name="Centimetres", default=True, description="Write lengths in centimetres, as most programs expect, "
        "not in metres",
    )  # fmt: skip
    existing: EnumProperty(
        name="Existing Files",
        items=[
            ("NUMBER", "Write Under a New Name", "Files that are there stay, and the new one gets a number"),
            ("REPLACE", "Replace", "Files that are there are replaced"),
            ("SKIP", "Skip", "Files that are there stay, and who has one is not exported"),
        ],
        description="What happens when a file of that name is there already",
    )


def choices_for(character: bpy.types.Object, scene: bpy.types.Scene) -> ExportChoices:
    """The panel's choices about one character."""
    panel = scene.mambocap_export
    deform_only = panel.bones == "DEFORM" or (panel.bones == "AUTO" and is_control_rig(character))
    first, last = _frames(scene)
    return ExportChoices(panel.format, panel.preset, panel.mesh, deform_only, panel.order, panel.centimetres,
                         first, last)  # fmt: skip


def folder_of(scene: bpy.types.Scene) -> Path:
    """Where files are to be written. Raises Refusal for a folder beside a blend file that has none."""
    chosen = scene.mambocap_export.folder
    if not chosen or (chosen.startswith("//") and not bpy.data.filepath):
        raise Refusal("no-folder", "No folder is chosen, and this blend file has not been saved yet.",
                      "Choose a folder, or save the blend file first.")  # fmt: skip
    return Path(bpy.path.abspath(chosen))


def path_for(character: bpy.types.Object, scene: bpy.types.Scene) -> Path:
    """The file of one character. Raises Refusal as folder_of."""
    panel, suffix = scene.mambocap_export, FORMATS[scene.mambocap_export.format].suffix
    name = panel.name.strip() or safe_name(character.name)
    return folder_of(scene) / (name if name.lower().endswith(suffix) else f"{name}{suffix}")


def _frames(scene: bpy.types.Scene) -> tuple[int | None, int | None]:
    panel = scene.mambocap_export
    if panel.frames == "CUSTOM":
        return panel.first_frame, panel.last_frame
    if panel.frames == "SCENE" and scene.use_preview_range:
        return scene.frame_preview_start, scene.frame_preview_end
    return (scene.frame_start, scene.frame_end) if panel.frames == "SCENE" else (None, None)


def register() -> None:
    bpy.utils.register_class(MambocapExport)
    bpy.types.Scene.mambocap_export = PointerProperty(type=MambocapExport)


def unregister() -> None:
    del bpy.types.Scene.mambocap_export
    bpy.utils.unregister_class(MambocapExport)
