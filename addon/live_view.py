"""The picture that the backend is at, with its landmarks, as an icon that panels can show at any size."""

from pathlib import Path

import bpy
import bpy.utils.previews
import numpy as np

from ..motion.job import LIVE_PICTURE

_NAME = "live"
_icons: bpy.utils.previews.ImagePreviewCollection | None = None
_shown: tuple[int, int] | None = None   # time and size of the file that is shown


def read_on(job: Path) -> None:
    """Show the job's live picture when there is a newer one."""
    global _shown
    path = job / LIVE_PICTURE
    try:
        status = path.stat()
    except OSError:
        return
    stamp = (status.st_mtime_ns, status.st_size)
    if _icons is None or stamp == _shown or not status.st_size:
        return
    if (pixels := _pixels(path)) is not None:
        icon = _icons.get(_NAME) or _icons.new(_NAME)
        icon.image_size = pixels.shape[1::-1]
        icon.image_pixels_float.foreach_set(pixels.ravel())
        _shown = stamp


def icon_id() -> int:
    """The icon to draw, 0 while there is no picture."""
    return _icons[_NAME].icon_id if _icons is not None and _shown is not None else 0


def scale(context: bpy.types.Context) -> float:
    """The scale at which the picture fills the width of the region, in the units of template_icon."""
    units = context.region.width / (20.0 * context.preferences.system.ui_scale) if context.region is not None else 15.0
    return max(4.0, min(units - 2.5, 30.0))


def forget() -> None:
    """Show nothing until the next capture."""
    global _shown
    _shown = None


def _pixels(path: Path) -> np.ndarray | None:  # [H, W, 4] 0..1, lowest row first
    # Blender keeps thumbnails of files by name and second, too coarse for a film: so the pixels are handed over.
    try:
        image = bpy.data.images.load(str(path))
    except RuntimeError:
        return None
    try:
        width, height = image.size
        if not width or image.channels != 4:
            return None
        pixels = np.empty(width * height * 4, dtype=np.float32)
        image.pixels.foreach_get(pixels)
        return pixels.reshape(height, width, 4)
    finally:
        bpy.data.images.remove(image)


def register() -> None:
    global _icons
    _icons = bpy.utils.previews.new()


def unregister() -> None:
    global _icons
    bpy.utils.previews.remove(_icons)
    _icons = None
    forget()
