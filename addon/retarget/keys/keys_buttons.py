"""Reduce Keys, Back to Full Keys and the correction layer: buttons on the active character."""


import bpy
from bpy.props import FloatProperty

from ...active_character import active_character
from ...tells_refusals import TellsRefusals
from .correction_layer import add_correction_layer, has_correction_layer, remove_correction_layer, why_no_layer
from .reduce import bring_full_keys_back, full_keys_of, reduce_keys, why_not_reduced

_TOLERANCE_MM = 5.0


class _OfCharacter(TellsRefusals):
    """An operator on the active character."""

    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        why = cls._why_grey(context)
        if why:
            cls.poll_message_set(why)
        return not why

    @classmethod
    def _why_grey(cls, context: bpy.types.Context) -> str:
        if context.mode not in {"OBJECT", "POSE"}:   # in an edit mode Ctrl Z would take back edits and leave the keys
            return "Go to Object Mode or Pose Mode first"
        character = active_character(context)
        return cls.why_not(character) if character is not None else "Select a character first"

    @classmethod
    def why_not(cls, character: bpy.types.Object) -> str:
        """Why nothing can be done, "" when it can."""
        return ""


class MAMBOCAP_OT_reduce_keys(_OfCharacter, bpy.types.Operator):
    bl_idname = "mambocap.reduce_keys"
    bl_label = "Reduce Keys"
    bl_description = (
        "Give the active character a new action with few keys, all bones in the same frames, in which no bone is "
        "farther off than the tolerance. The action with all keys stays as it is"
    )

    tolerance_mm: FloatProperty(
        name="Tolerance (mm)", default=_TOLERANCE_MM, min=0.1, soft_max=50.0, max=10000.0, precision=1,
        description="How far either end of any bone may be from where all keys have it", options={"SKIP_SAVE"},
    )  # fmt: skip

    @classmethod
    def why_not(cls, character: bpy.types.Object) -> str:
        return why_not_reduced(character)

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        if not self.properties.is_property_set("tolerance_mm"):
            self.tolerance_mm = context.scene.mambocap_tolerance_mm
        return self.execute(context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        return self._try(lambda: reduce_keys(active_character(context), self.tolerance_mm / 1000.0))


class MAMBOCAP_OT_full_keys(_OfCharacter, bpy.types.Operator):
    bl_idname = "mambocap.full_keys"
    bl_label = "Back to Full Keys"
    bl_description = "Assign the action with all keys again. The one with few keys stays in the file"

    @classmethod
    def why_not(cls, character: bpy.types.Object) -> str:
        return "" if full_keys_of(character) is not None else f"The action of {character.name} was not reduced"

    def execute(self, context: bpy.types.Context) -> set[str]:
        return self._try(lambda: self._bring_back(active_character(context)))

    def _bring_back(self, character: bpy.types.Object) -> str:
        bring_full_keys_back(character)
        return f"{character.name} has all keys again"


class MAMBOCAP_OT_add_correction_layer(_OfCharacter, bpy.types.Operator):
    bl_idname = "mambocap.add_correction_layer"
    bl_label = "Add Correction Layer"
    bl_description = (
        "Move the motion of the active character to an NLA track and lay an empty action over it: what you key there "
        "is added to the motion, which stays as it is"
    )

    @classmethod
    def why_not(cls, character: bpy.types.Object) -> str:
        return why_no_layer(character)

    def execute(self, context: bpy.types.Context) -> set[str]:
        character = active_character(context)
        return self._try(lambda: f"What you key now goes to {add_correction_layer(character).name}")


class MAMBOCAP_OT_remove_correction_layer(_OfCharacter, bpy.types.Operator):
    bl_idname = "mambocap.remove_correction_layer"
    bl_label = "Remove Correction Layer"
    bl_description = (
        "Give the active character its plain motion back. Corrections that you keyed stay in the file as an action of "
        "their own, which moves nothing"
    )

    @classmethod
    def why_not(cls, character: bpy.types.Object) -> str:
        return "" if has_correction_layer(character) else f"{character.name} has no correction layer"

    def execute(self, context: bpy.types.Context) -> set[str]:
        return self._try(lambda: self._remove(active_character(context)))

    def _remove(self, character: bpy.types.Object) -> str:
        kept = remove_correction_layer(character)
        more = f", which are kept as the action {kept}" if kept else ""
        return f"{character.name} moves without corrections{more}"


_CLASSES = (
    MAMBOCAP_OT_reduce_keys, MAMBOCAP_OT_full_keys, MAMBOCAP_OT_add_correction_layer,
    MAMBOCAP_OT_remove_correction_layer,
)  # fmt: skip


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Scene.mambocap_tolerance_mm = FloatProperty(
        name="Tolerance (mm)", default=_TOLERANCE_MM, min=0.1, soft_max=50.0, max=10000.0, precision=1,
        description="How far either end of any bone may be from where all keys have it",
    )  # fmt: skip


def unregister() -> None:
    del bpy.types.Scene.mambocap_tolerance_mm
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
