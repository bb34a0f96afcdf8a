"""Every operator stands in a menu too: the search (F3) finds only what a menu shows."""

import bpy

from . import stored_captures

_CAPTURE = ("choose_footage", "add_camera", "remove_clip", "move_clip", "use_scene_cameras", "use_solved_camera",
            "try_sample", "capture", "cancel", "open_log")  # fmt: skip
_BATCH = ("find_takes", "start_batch", "stop_batch", "retry_failed", "choose_takes", "import_takes", "open_report",
          "open_batch_folder", "open_batch_log")  # fmt: skip
_TAKES = ("show_settings", "solve_again", "place_at_origin", "remove_take", "look_for_jobs", "open_jobs_folder",
          "delete_cache")  # fmt: skip
_CAMERAS = ("look_through", "scale_point", "draw_length", "set_scale")
_WORLD = ("upright_here", "floor_here", "draw_vertical")
_PEOPLE = ("use_first", "keep_only", "merge_people", "split_person", "drop_person", "reset_people", "apply_people",
           "replace_people")  # fmt: skip
_CLEAN_UP = ("clean_up", "as_captured", "plant_here", "release_here", "forget_contact_edits", "show_contacts")
_MEND = ("correct_frame", "drag_landmark", "exchange_sides", "ignore_limb", "pin_end", "mend_again",
         "forget_corrections")  # fmt: skip
_POSES = ("step_poses", "use_pose", "forget_poses")
_UNCERTAINTY = ("next_unsure",)
_RETARGET = ("retarget", "cancel_retarget", "preview_retarget", "take_reference", "find_bones", "mirror_bones",
             "pick_bone", "add_bone", "remove_bone", "load_bones", "save_bones", "fit_scene_range")  # fmt: skip
_KEYS = ("reduce_keys", "full_keys", "add_correction_layer", "remove_correction_layer")
_EXPORT = ("export_motion",)
_BACKEND = ("install_backend", "cancel_install", "open_install_log", "check_backend")
GROUPS = (_CAPTURE, _BATCH, _TAKES, _CAMERAS, _WORLD, _PEOPLE, _CLEAN_UP, _MEND, _POSES, _UNCERTAINTY, _RETARGET,
          _KEYS, _EXPORT, _BACKEND)  # fmt: skip


class MAMBOCAP_MT_mambocap(bpy.types.Menu):
    bl_label = "Mambocap"

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        for group in GROUPS:
            for name in group:
                layout.operator(f"mambocap.{name}")
            layout.separator()
        for job in stored_captures.jobs_not_in(context.scene)[: stored_captures.MOST_SHOWN]:
            for name, label in stored_captures.choices_for(job):
                layout.operator(name, text=f"{label}: {job.clip}").job = job.name


def _in_menu(self: bpy.types.Menu, context: bpy.types.Context) -> None:
    self.layout.separator()
    self.layout.menu("MAMBOCAP_MT_mambocap")


def register() -> None:
    bpy.utils.register_class(MAMBOCAP_MT_mambocap)
    for menu in (bpy.types.VIEW3D_MT_object, bpy.types.VIEW3D_MT_pose):
        menu.append(_in_menu)


def unregister() -> None:
    for menu in (bpy.types.VIEW3D_MT_object, bpy.types.VIEW3D_MT_pose):
        menu.remove(_in_menu)
    bpy.utils.unregister_class(MAMBOCAP_MT_mambocap)
