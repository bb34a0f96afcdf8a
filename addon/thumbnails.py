"""Small pictures of people as icons that panels and menus can show."""

from pathlib import Path

import bpy
import bpy.utils.previews

_icons: bpy.utils.previews.ImagePreviewCollection | None = None
_stamps: dict[str, tuple[int, int]] = {}   # of the files that are shown: another one is another picture


def icon_id(path: Path | None) -> int:
    """The icon of a picture, 0 where there is none."""
    try:
        status = path.stat() if path is not None and _icons is not None else None
    except OSError:
        status = None
    if status is None:
        return 0
    return icon_id_of(path, (status.st_mtime_ns, status.st_size))


def icon_id_of(path: Path, stamp: tuple[int, int]) -> int:
    """The icon of a picture that is there; it is read again when `stamp` changes, until then the disk is not asked."""
    if _icons is None:
        return 0
    name = str(path)
    if _stamps.get(name) != stamp:
        if name in _icons:
            del _icons[name]
        _icons.load(name, name, "IMAGE")
        _stamps[name] = stamp
    return _icons[name].icon_id


def register() -> None:
    global _icons
    _icons = bpy.utils.previews.new()


def unregister() -> None:
    global _icons
    bpy.utils.previews.remove(_icons)
    _icons = None
    _stamps.clear()
