"""The list of clips: each with its own facts, the first of them the one that leads."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import bpy
import pytest

from tests.addon.made_up_takes import write_film

pytest_plugins = ["tests.addon.in_blender"]


@pytest.fixture
def settings(extension: Path, tmp_path: Path) -> bpy.types.PropertyGroup:
    """Two films of different sizes and rates."""
    write_film(tmp_path / "front.y4m", 30, Fraction(25), 64, 36)
    write_film(tmp_path / "side.y4m", 90, Fraction(60), 36, 64)
    names = [{"name": "side.y4m"}, {"name": "front.y4m"}]
    bpy.ops.mambocap.choose_footage(directory=str(tmp_path), files=names)
    return bpy.context.scene.mambocap


def test_each_clip_has_the_size_and_rate_of_its_film(settings):
    assert [clip.facts for clip in settings.clips] == ["64 × 36, 25 fps, 1.2 s", "36 × 64, 60 fps, 1.5 s"]


def test_the_first_clip_is_the_footage_of_the_take(settings):
    assert (settings.fps, settings.frame_count, settings.last_frame) == (25.0, 30, 30)
    bpy.ops.mambocap.move_clip(to="DOWN")
    assert (settings.fps, settings.frame_count, settings.last_frame) == (60.0, 90, 90)
    assert (settings.width_px, settings.height_px) == (36, 64)
    assert Path(settings.clip).name == "side.y4m"


def test_what_was_said_of_the_first_film_goes_with_it(settings):
    settings.first_frame, settings.hints.floor_at_s = 7, 0.5
    settings.active_clip = 1
    bpy.ops.mambocap.remove_clip()
    assert settings.first_frame == 7 and settings.hints.floor_at_s == 0.5, "another clip went"
    bpy.ops.mambocap.remove_clip()
    assert len(settings.clips) == 0 and settings.clip == ""
    assert settings.first_frame == 1 and settings.hints.floor_at_s == 0.0


def test_the_row_that_is_chosen_moves_with_its_clip(settings):
    bpy.ops.mambocap.move_clip(to="DOWN")
    assert settings.active_clip == 1 and settings.clips[1].title == "front.y4m"
    assert bpy.ops.mambocap.move_clip(to="DOWN") == {"CANCELLED"}
    assert settings.clips[1].title == "front.y4m"


def test_an_emptied_footage_field_takes_its_clip_off_the_list(settings):
    settings.clip = ""
    assert [clip.title for clip in settings.clips] == ["side.y4m"]


def test_clips_outlive_the_saving_of_the_file(settings, tmp_path):
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "scene.blend"))
    assert [clip.facts for clip in bpy.context.scene.mambocap.clips] == [
        "64 × 36, 25 fps, 1.2 s", "36 × 64, 60 fps, 1.5 s"]  # fmt: skip


def test_capture_is_grey_while_a_clip_is_missing(settings, tmp_path):
    assert bpy.ops.mambocap.capture.poll()
    (tmp_path / "side.y4m").unlink()
    assert not bpy.ops.mambocap.capture.poll()
    with pytest.raises(RuntimeError, match="There is no file .*side.y4m"):
        bpy.ops.mambocap.capture()


def test_no_clip_is_removed_where_there_is_none(extension):
    assert not bpy.ops.mambocap.remove_clip.poll() and not bpy.ops.mambocap.move_clip.poll()
