"""Registering leaves nothing behind, and every operator explains itself."""

from __future__ import annotations

import re

import bpy
import mambocap

pytest_plugins = ["tests.addon.in_blender"]


def left_by_us() -> dict[str, list]:
    """Everything of Blender's that an extension could leave something in."""
    ours = [name for name in dir(bpy.types) if "mambocap" in name.lower()]
    scene = [name for owner in (bpy.types.Scene, bpy.types.Object) for name in owner.bl_rna.properties.keys()
             if "mambocap" in name]  # fmt: skip
    functions = [function for name in dir(bpy.app.handlers) for function in _functions(name)]
    handlers = [function for function in functions if "mambocap" in getattr(function, "__module__", "")]
    menus = [f for menu in (bpy.types.VIEW3D_MT_object, bpy.types.VIEW3D_MT_pose, bpy.types.TOPBAR_MT_file_import,
                            bpy.types.TOPBAR_MT_file_export)
             for f in menu.draw._draw_funcs if "mambocap" in f.__module__]  # fmt: skip
    operators = [name for name in dir(bpy.ops.mambocap)]
    return {"types": ours, "scene": scene, "handlers": handlers, "menus": menus, "operators": operators}


def _functions(name: str) -> list:
    value = getattr(bpy.app.handlers, name)
    return value if isinstance(value, list) else []


def operators() -> list[type]:
    return [getattr(bpy.types, name) for name in dir(bpy.types) if name.startswith("MAMBOCAP_OT_")]


def test_unregister_leaves_nothing_and_register_works_again(extension):
    def counts() -> dict[str, int]:
        return {kind: len(left) for kind, left in left_by_us().items()}

    with_us = counts()
    mambocap.unregister()
    assert not any(counts().values())
    mambocap.register()
    assert counts() == with_us


def test_timers_end_with_the_extension(extension):
    from mambocap.addon import capture

    assert bpy.app.timers.is_registered(capture.pick_up)
    mambocap.unregister()
    assert not bpy.app.timers.is_registered(capture.pick_up)
    mambocap.register()


def test_every_operator_has_a_title_and_a_tooltip(extension):
    assert len(operators()) > 15
    for operator in operators():
        assert operator.bl_label == operator.bl_label.strip() and operator.bl_label[0].isupper(), operator.bl_idname
        assert len(operator.bl_description) > 20 and not operator.bl_description.endswith("."), operator.bl_idname


def test_every_property_that_can_be_seen_has_a_tooltip(extension):
    hidden = {"rna_type", "name", "width_px", "height_px", "frame_count", "fps"}
    panel = bpy.types.Scene.bl_rna.properties["mambocap"]
    retarget = bpy.types.Scene.bl_rna.properties["mambocap_retarget"]
    batch = bpy.types.Scene.bl_rna.properties["mambocap_batch"]
    groups = (panel, *(panel.fixed_type.properties[name] for name in ("hints", "clips", "multiview")),
              batch, batch.fixed_type.properties["rows"],
              bpy.types.Object.bl_rna.properties["mambocap_clean_up"],
              bpy.types.Object.bl_rna.properties["mambocap_other_poses"],
              retarget, retarget.fixed_type.properties["bones"], retarget.fixed_type.properties["limb_errors"])
    for name, declared in (item for group in groups for item in group.fixed_type.properties.items()):
        assert name in hidden or (declared.description and not declared.description.endswith(".")), name


def test_an_operator_that_is_grey_says_why(extension):
    for operator in operators():
        idname = operator.bl_idname.removeprefix("mambocap.")
        if not getattr(bpy.ops.mambocap, idname).poll():
            try:
                getattr(bpy.ops.mambocap, idname)()
            except RuntimeError as error:
                said = str(error)
            assert re.search(r"poll\(\) (?!failed, context is incorrect)[A-Z].+", said), said


def test_every_operator_stands_in_a_menu_or_makes_sense_only_beside_its_capture(extension):
    from mambocap.addon import menus

    in_menu = {f"mambocap.{name}" for group in menus.GROUPS for name in group}
    of_one_job = {"mambocap.bring_in", "mambocap.resume", "mambocap.delete_job"}   # drawn for each capture on the disk
    beside_something = {"mambocap.select_person", "mambocap.bring_back", "mambocap.give_up_change",
                        "mambocap.contact_frame", "mambocap.remove_correction", "mambocap.go_to_frame",
                        "mambocap.clear_hint", "mambocap.choose_row", "mambocap.show_limb", "mambocap.show_pose",
                        "mambocap.poses_of", "mambocap.loop_pose", "mambocap.take_back_pose",
                        "mambocap.look_at_unsure"}  # fmt: skip
    elsewhere = {"mambocap.import_motion", "mambocap.export_file", "mambocap.cancel_by_key", "mambocap.write_retarget"}
    assert {operator.bl_idname for operator in operators()} - elsewhere == in_menu | of_one_job | beside_something
