"""ESC over the sidebar cancels a capture, or a motion that is being brought to a character."""

from collections.abc import Callable

import bpy

# A modal operator that waits for ESC would keep Blender from saving its automatic backups all the while.
_KEYMAP = "3D View Generic"   # holds in the main region too: the operator's poll asks for the sidebar

_items: list[tuple[bpy.types.KeyMap, bpy.types.KeyMapItem]] = []


def _running() -> Callable[[], set[str]] | None:
    """What cancels that which is running, if anything is."""
    cancelling = (bpy.ops.mambocap.cancel, bpy.ops.mambocap.cancel_retarget)
    return next((cancel for cancel in cancelling if cancel.poll()), None)


class MAMBOCAP_OT_cancel_by_key(bpy.types.Operator):
    bl_idname = "mambocap.cancel_by_key"
    bl_label = "Cancel (Key)"
    bl_description = "Stop what is running while the pointer is over the sidebar"
    bl_options = {"INTERNAL"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        in_sidebar = context.region is not None and context.region.type == "UI"
        if not in_sidebar:
            cls.poll_message_set("The pointer is not over the sidebar")
        return in_sidebar and _running() is not None

    def execute(self, context: bpy.types.Context) -> set[str]:
        return _running()()


def register() -> None:
    bpy.utils.register_class(MAMBOCAP_OT_cancel_by_key)
    configuration = bpy.context.window_manager.keyconfigs.addon
    if configuration is None:   # without a window
        return
    keymap = configuration.keymaps.new(name=_KEYMAP, space_type="VIEW_3D")
    _items.append((keymap, keymap.keymap_items.new(MAMBOCAP_OT_cancel_by_key.bl_idname, "ESC", "PRESS")))


def unregister() -> None:
    for keymap, item in _items:
        keymap.keymap_items.remove(item)
    _items.clear()
    bpy.utils.unregister_class(MAMBOCAP_OT_cancel_by_key)
