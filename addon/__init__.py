"""The extension in Blender: the only place with bpy. Registered in the order of need, undone in reverse."""

from . import (
    capture,
    capture_settings,
    check_backend,
    choose_footage,
    import_motion,
    install_backend,
    keys,
    live_view,
    menus,
    panel,
    preferences,
    sample,
    stored_captures,
    takes,
)  # fmt: skip

_MODULES = (
    check_backend, install_backend, preferences, capture_settings, choose_footage, import_motion, live_view, capture,
    takes, stored_captures, sample, panel, menus, keys,
)  # fmt: skip


def register() -> None:
    for module in _MODULES:
        module.register()


def unregister() -> None:
    for module in reversed(_MODULES):
        module.unregister()
