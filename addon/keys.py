"""ESC over the sidebar cancels a capture."""

import bpy

# A modal operator that waits for ESC would keep Blender from saving its automatic backups all the while.
_KEYMAP = "3D View Generic"   # holds in the main region too: the operator's poll asks for the sidebar

_items: list[tuple[bpy.types.KeyMap, bpy.types.KeyMapItem]] = []


class MAMBOCAP_OT_cancel_by_key(bpy.types.Operator):
    bl_idname = "mambocap.cancel_by_key"
    bl_label = "Cancel Capture (Key)"
    bl_description = "Stop the running capture while the pointer is over the sidebar"
    bl_options = {"INTERNAL"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        in_sidebar = context.region is not None and context.region.type == "UI"
        if not in_sidebar:
            cls.poll_message_set("The pointer is not over the sidebar")
        return in_sidebar and bpy.ops.mambocap.cancel.poll()

    def execute(self, context: bpy.types.Context) -> set[str]:
        return bpy.ops.mambocap.cancel()


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
