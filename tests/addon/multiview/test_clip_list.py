"""What the panel shows: one clip as ever, several as a list with what is known of the cameras."""

from __future__ import annotations

from pathlib import Path

import bpy
from mambocap.addon.multiview.clip_list import MAMBOCAP_UL_clips
from mambocap.addon.panel import MAMBOCAP_PT_footage, MAMBOCAP_PT_footage_options

from tests.addon.drawn_panels import Layout, drawn_by

pytest_plugins = ["tests.addon.in_blender"]


def add(film: Path, name: str) -> None:
    film.with_name(name).write_bytes(name.encode())
    bpy.ops.mambocap.add_camera(filepath=str(film.with_name(name)))


def props(layout: Layout) -> list[str]:
    return [name for what, _, name in layout.drawn if what == "prop"]


def words(layout: Layout) -> str:
    return " ".join(text for what, text, _ in layout.drawn if what == "label")


def test_one_clip_shows_its_film_and_nothing_of_several_cameras(extension, film):
    bpy.context.scene.mambocap.clips[0].fps = 30.0
    drawn = drawn_by(MAMBOCAP_PT_footage)
    assert props(drawn) == ["clip", "first_frame", "last_frame"]
    assert "every camera" not in words(drawn_by(MAMBOCAP_PT_footage_options))


def test_several_clips_are_a_list_with_the_height_beside_it(extension, film):
    add(film, "side.mp4")
    bpy.context.scene.mambocap.clips[0].fps = 30.0
    drawn = drawn_by(MAMBOCAP_PT_footage)
    assert ("list", "MAMBOCAP_UL_clips", "clips") in drawn.drawn
    assert ("mambocap.add_camera", "Add Camera...", "ADD") in drawn.drawn
    assert props(drawn) == ["path", "first_frame", "last_frame", "set_height", "height_m", "synchronised", "sound",
                            "calibration_file"]  # fmt: skip
    assert "dance.mp4 gives the take its clock, rate, In and Out." in words(drawn)
    assert "height fixes the scale" in words(drawn)
    bpy.context.scene.mambocap.set_height = True
    assert "height fixes the scale" not in words(drawn_by(MAMBOCAP_PT_footage))
    assert "holds for every camera" in words(drawn_by(MAMBOCAP_PT_footage_options))


def test_rows_say_number_name_and_rate_and_mark_what_is_missing(extension, film):
    add(film, "side.mp4")
    clips = bpy.context.scene.mambocap.clips
    clips[0].fps = 29.97
    film.with_name("side.mp4").unlink()
    layout = Layout()
    for index, clip in enumerate(clips):
        MAMBOCAP_UL_clips.draw_item(None, bpy.context, layout, None, clip, 0, None, "", index)
    assert layout.drawn == [("label", "1  dance.mp4", "TIME"), ("label", "29.97 fps", "NONE"),
                            ("label", "2  side.mp4", "ERROR")]  # fmt: skip
    bpy.context.scene.mambocap.active_clip = 1
    assert "There is no file" in words(drawn_by(MAMBOCAP_PT_footage))
