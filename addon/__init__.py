"""The extension in Blender: the only place with bpy. Registered in the order of need, undone in reverse."""

from . import (
    apply_people,
    capture,
    capture_settings,
    check_backend,
    choose_footage,
    clean_up,
    clean_up_panel,
    clean_up_settings,
    correction_panel,
    corrections,
    draw_length,
    edit_people,
    import_motion,
    install_backend,
    keys,
    live_view,
    look_through,
    menus,
    panel,
    people_panel,
    place_at_origin,
    playback,
    preferences,
    quality_panel,
    sample,
    say_world,
    set_scale,
    stored_captures,
    takes,
    thumbnails,
    use_solved_camera,
    world_hints,
    world_panel,
)  # fmt: skip
from .batch import batch_buttons, batch_panel, batch_settings, import_takes, start_batch, take_table, watched
from .export import export_buttons, export_panel, export_settings
from .hypotheses import (
    doubt_panel,
    ghosts,
    hypotheses_panel,
    look_at_poses,
    to_check_buttons,
    uncertainty_overlay,
    uncertainty_settings,
    uncertainty_strip,
    use_hypothesis,
)
from .multiview import cameras_panel, clip_buttons, clip_list, clips, multiview_settings, use_scene_cameras
from .retarget.keys import keys_buttons, keys_panel
from .retarget.panel import (
    character,
    long_retarget,
    mapping_buttons,
    mapping_list,
    preview,
    retarget_buttons,
    retarget_panel,
    retarget_settings,
)

_MODULES = (
    check_backend, install_backend, preferences, world_hints, clips, multiview_settings, capture_settings,
    choose_footage, clip_buttons, clip_list, use_scene_cameras, import_motion, live_view, thumbnails, capture, takes,
    stored_captures, edit_people, apply_people, sample, clean_up_settings, clean_up, corrections, look_at_poses,
    use_hypothesis, uncertainty_settings, ghosts, uncertainty_overlay, uncertainty_strip, to_check_buttons,
    use_solved_camera, say_world, place_at_origin, character, mapping_list, retarget_settings, mapping_buttons, preview,
    long_retarget, retarget_buttons, keys_buttons, panel, batch_settings, watched, start_batch, import_takes,
    batch_buttons, take_table, batch_panel, look_through, quality_panel, cameras_panel, people_panel,
    playback, set_scale, draw_length, hypotheses_panel, doubt_panel, world_panel, clean_up_panel, correction_panel,
    retarget_panel, keys_panel, export_settings, export_buttons, export_panel, menus, keys,
)  # fmt: skip


def register() -> None:
    for module in _MODULES:
        module.register()


def unregister() -> None:
    for module in reversed(_MODULES):
        module.unregister()
