"""Buttons about the character's bones: found again, mirrored, picked, chains made longer, mappings loaded and saved."""

from collections.abc import Callable
from pathlib import Path

import bpy
from bpy.props import IntProperty, StringProperty
from bpy_extras.io_utils import ExportHelper, ImportHelper

from ....motion.refusal import Refusal
from ....motion.retarget.mapping.mapping_file import load_mapping, save_mapping
from ....motion.retarget.mapping.shared_mapping import mapping_on
from ....motion.retarget.slots import CHAIN_SLOTS, side_of
from . import changed
from .mapping_list import list_part_of, number_chains, row_of_limb, words_of
from .other_side import across
from .retarget_settings import MambocapRetarget, find_again, mapping_of, show_mapping

_SUFFIX = ".json"


class OfCharacter:
    """An operator on the bones of the chosen character."""

    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if context.scene.mambocap_retarget.character is None:
            cls.poll_message_set("Choose a character first")
            return False
        return cls.poll_character(context, context.scene.mambocap_retarget)

    @classmethod
    def poll_character(cls, context: bpy.types.Context, settings: MambocapRetarget) -> bool:
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        return self._try(lambda: self.change(context, context.scene.mambocap_retarget), context.scene)

    def change(self, context: bpy.types.Context, settings: MambocapRetarget) -> str:
        """Does it and says what was done."""
        raise NotImplementedError

    def _try(self, do: Callable[[], str], scene: bpy.types.Scene) -> set[str]:
        try:
            with changed.quietly():
                words = do()
        except Refusal as refusal:
            self.report({"ERROR"}, f"{refusal.sentence} {refusal.mend}")
            return {"CANCELLED"}
        changed.tell(scene)
        self.report({"INFO"}, words)
        return {"FINISHED"}


class MAMBOCAP_OT_find_bones(OfCharacter, bpy.types.Operator):
    bl_idname = "mambocap.find_bones"
    bl_label = "Find Again"
    bl_description = "Forget the rows below and find the character's bones by names and by structure"

    def change(self, context: bpy.types.Context, settings: MambocapRetarget) -> str:
        find_again(settings)
        return f"{sum(bool(row.bone) for row in settings.bones)} bones found"


class MAMBOCAP_OT_mirror_bones(OfCharacter, bpy.types.Operator):
    bl_idname = "mambocap.mirror_bones"
    bl_label = "Mirror Left to Right"
    bl_description = "Give every row of the right side the bone that is called as the left one's, on the other side"

    def change(self, context: bpy.types.Context, settings: MambocapRetarget) -> str:
        mapping, names = mapping_of(settings), set(settings.character.data.bones.keys())
        bones = {slot: bones for slot, bones in mapping.bones.items() if side_of(slot) != "right"}
        for slot, left in mapping.bones.items():
            if side_of(slot) == "left":
                bones[slot.replace("left", "right", 1)] = tuple(filter(None, (across(bone, names) for bone in left)))
        count = sum(len(found) for slot, found in bones.items() if side_of(slot) == "right")
        _show(settings, bones)
        return f"{count} bones of the right side by the left one's names"


class MAMBOCAP_OT_pick_bone(OfCharacter, bpy.types.Operator):
    bl_idname = "mambocap.pick_bone"
    bl_label = "Pick Selected Bone"
    bl_description = "Give the chosen row the bone that is active in Pose Mode"

    @classmethod
    def poll_character(cls, context: bpy.types.Context, settings: MambocapRetarget) -> bool:
        bone = context.active_pose_bone
        if bone is None or bone.id_data != settings.character:
            cls.poll_message_set(f"Select a bone of {settings.character.name} in Pose Mode first")
            return False
        return bool(settings.bones)

    def change(self, context: bpy.types.Context, settings: MambocapRetarget) -> str:
        row = settings.bones[settings.active_bone]
        row.bone = context.active_pose_bone.name
        return f"{row.name} is {row.bone}"


class _OfChain(OfCharacter):
    """On the chosen row, where it can have several bones."""

    @classmethod
    def poll_character(cls, context: bpy.types.Context, settings: MambocapRetarget) -> bool:
        row = active_row(settings)
        if row is None or row.slot not in CHAIN_SLOTS:
            cls.poll_message_set("Choose a row that can have several bones, such as Spine 1")
            return False
        return True


class MAMBOCAP_OT_add_bone(_OfChain, bpy.types.Operator):
    bl_idname = "mambocap.add_bone"
    bl_label = "Longer Chain"
    bl_description = "Add a row for another bone of this part, further out than the chosen one"

    def change(self, context: bpy.types.Context, settings: MambocapRetarget) -> str:
        rows, place = settings.bones, settings.active_bone + 1
        slot = rows[settings.active_bone].slot
        rows.add().slot = slot
        rows.move(len(rows) - 1, place)
        number_chains(rows)
        settings.active_bone = place
        return f"{rows[place].name} added"


class MAMBOCAP_OT_remove_bone(_OfChain, bpy.types.Operator):
    bl_idname = "mambocap.remove_bone"
    bl_label = "Shorter Chain"
    bl_description = "Take the chosen row away, so that its bone is not moved by itself"

    def change(self, context: bpy.types.Context, settings: MambocapRetarget) -> str:
        rows, place = settings.bones, settings.active_bone
        name, slot = rows[place].name, rows[place].slot
        if sum(row.slot == slot for row in rows) > 1:
            rows.remove(place)
            settings.active_bone = max(0, place - 1)
        else:
            rows[place].bone = ""
        number_chains(rows)
        return f"{name} taken away"


class MAMBOCAP_OT_choose_row(bpy.types.Operator):
    bl_idname = "mambocap.choose_row"
    bl_label = "Choose Row"
    bl_description = "Choose this row in the list"
    bl_options = {"INTERNAL"}

    row: IntProperty(name="Row", description="Place in the list of bones", options={"SKIP_SAVE"})

    @classmethod
    def description(cls, context: bpy.types.Context, properties: bpy.types.OperatorProperties) -> str:
        settings = context.scene.mambocap_retarget
        if settings.character is None or not 0 <= properties.row < len(settings.bones):
            return cls.bl_description
        return words_of(settings.bones[properties.row], settings.bones, settings.character.data) or cls.bl_description

    def execute(self, context: bpy.types.Context) -> set[str]:
        context.scene.mambocap_retarget.active_bone = self.row
        return {"FINISHED"}


class MAMBOCAP_OT_show_limb(bpy.types.Operator):
    bl_idname = "mambocap.show_limb"
    bl_label = "Show Row"
    bl_description = "Choose this limb's row in the list under Bones"
    bl_options = {"INTERNAL"}

    limb: StringProperty(name="Limb", description="As the errors name it", options={"SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> set[str]:
        settings = context.scene.mambocap_retarget
        index = row_of_limb(settings.bones, self.limb)
        if index is None:
            self.report({"ERROR"}, f"No row under Bones is {self.limb}")
            return {"CANCELLED"}
        settings.active_bone, settings.part = index, list_part_of(settings.bones[index].slot)
        return {"FINISHED"}


class MAMBOCAP_OT_load_bones(OfCharacter, bpy.types.Operator, ImportHelper):
    bl_idname = "mambocap.load_bones"
    bl_label = "Load Mapping"
    bl_description = "Give the rows the bones of a mapping that was saved, for this character or one like it"

    filename_ext = _SUFFIX
    filter_glob: StringProperty(default=f"*{_SUFFIX}", options={"HIDDEN"})

    def change(self, context: bpy.types.Context, settings: MambocapRetarget) -> str:
        mapping = mapping_on(settings.character.data.bones.keys(), load_mapping(Path(self.filepath)))
        show_mapping(settings, mapping)
        return f"Bones of {Path(self.filepath).name}"


class MAMBOCAP_OT_save_bones(OfCharacter, bpy.types.Operator, ExportHelper):
    bl_idname = "mambocap.save_bones"
    bl_label = "Save Mapping"
    bl_description = "Keep these bones in a file, for other characters with the same rig"
    bl_options = {"REGISTER"}

    filename_ext = _SUFFIX
    filter_glob: StringProperty(default=f"*{_SUFFIX}", options={"HIDDEN"})

    def change(self, context: bpy.types.Context, settings: MambocapRetarget) -> str:
        save_mapping(mapping_of(settings), Path(self.filepath))
        return f"Saved {Path(self.filepath).name}"


def active_row(settings: MambocapRetarget) -> bpy.types.PropertyGroup | None:
    """The chosen row, where it stands in the part of the list that is shown."""
    rows, index = settings.bones, settings.active_bone
    row = rows[index] if 0 <= index < len(rows) else None
    return row if row is not None and list_part_of(row.slot) == settings.part else None


def _show(settings: MambocapRetarget, bones: dict[str, tuple[str, ...]]) -> None:
    """Show other bones, found as before."""
    mapping, chosen = mapping_of(settings), settings.active_bone
    doubts = tuple(slot for slot in mapping.doubts if slot in bones and bones[slot] == mapping.bones.get(slot))
    show_mapping(settings, type(mapping)(bones, mapping.family, mapping.title, mapping.score, doubts))
    settings.active_bone = min(chosen, len(settings.bones) - 1)


_CLASSES = (
    MAMBOCAP_OT_find_bones, MAMBOCAP_OT_mirror_bones, MAMBOCAP_OT_pick_bone, MAMBOCAP_OT_add_bone,
    MAMBOCAP_OT_remove_bone, MAMBOCAP_OT_choose_row, MAMBOCAP_OT_show_limb, MAMBOCAP_OT_load_bones,
    MAMBOCAP_OT_save_bones,
)  # fmt: skip

register, unregister = bpy.utils.register_classes_factory(_CLASSES)
