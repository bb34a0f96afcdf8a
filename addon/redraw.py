"""Panels draw again only when they are asked to."""

import bpy


def redraw_panels() -> None:
    """Ask all sidebars of 3D views and all preferences to draw again."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "PREFERENCES":
                area.tag_redraw()
            elif area.type == "VIEW_3D":
                for region in area.regions:
                    if region.type == "UI":
                        region.tag_redraw()
