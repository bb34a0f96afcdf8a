"""What of a person's uncertainty a scene shows. Nothing of it changes a motion, a bone or a render."""

import bpy
from bpy.props import BoolProperty, PointerProperty

_DRAWN_IN = {"VIEW_3D", "DOPESHEET_EDITOR", "GRAPH_EDITOR", "NLA_EDITOR"}


def _draw_again(_: "MambocapUncertainty", context: bpy.types.Context) -> None:
    for window in context.window_manager.windows:
        for area in window.screen.areas:
            if area.type in _DRAWN_IN:
                area.tag_redraw()


class MambocapUncertainty(bpy.types.PropertyGroup):
    ghosts: BoolProperty(
        name="Ghosts", default=True, update=_draw_again,
        description="Draw the other poses of the active person thinly over the one that is shown, each one's limb in "
                    "its frames",
    )  # fmt: skip
    bones: BoolProperty(
        name="Bone Colors", default=False, update=_draw_again,
        description="Color the bones of the active person by how unsure they are at the current frame: none where the "
                    "footage shows them, yellow to red where the camera cannot tell",
    )  # fmt: skip
    strip: BoolProperty(
        name="Timeline", default=True, update=_draw_again,
        description="Draw a strip over the timeline and the other animation editors: yellow to red where the active "
                    "person is unsure, with the frames to check named",
    )  # fmt: skip


def register() -> None:
    bpy.utils.register_class(MambocapUncertainty)
    bpy.types.Scene.mambocap_uncertainty = PointerProperty(type=MambocapUncertainty)


def unregister() -> None:
    del bpy.types.Scene.mambocap_uncertainty
    bpy.utils.unregister_class(MambocapUncertainty)
