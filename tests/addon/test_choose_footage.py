"""Footage chosen in the file browser or dropped: one clip, or one of each camera."""

from __future__ import annotations

from pathlib import Path

import bpy
import pytest
from mambocap.addon.film import first_pictures

pytest_plugins = ["tests.addon.in_blender"]


def chosen() -> list[str]:
    return [clip.title for clip in bpy.context.scene.mambocap.clips]


def files(folder: Path, *names: str) -> dict:
    """The words of an operator for films of these names, which are made."""
    for name in names:
        (folder / name).write_bytes(name.encode())
    return {"directory": str(folder), "files": [{"name": name} for name in names]}


@pytest.mark.parametrize("how", ["INVOKE_DEFAULT", "EXEC_DEFAULT"])
def test_films_that_come_together_are_the_cameras_of_one_take(extension, tmp_path, how):
    assert bpy.ops.mambocap.choose_footage(how, **files(tmp_path, "b.mp4", "c.mov", "a film.mp4")) == {"FINISHED"}
    assert chosen() == ["a film.mp4", "b.mp4", "c.mov"]
    assert Path(bpy.context.scene.mambocap.clip) == tmp_path / "a film.mp4"


def test_chosen_footage_takes_the_place_of_what_there_was(extension, film, tmp_path):
    bpy.ops.mambocap.choose_footage(filepath=str(film))
    bpy.ops.mambocap.choose_footage(**files(tmp_path, "other.mp4"))
    assert chosen() == ["other.mp4"]


def test_cameras_are_added_behind_the_first(extension, film, tmp_path):
    bpy.ops.mambocap.add_camera(**files(tmp_path, "b.mp4", "a.mp4"))
    assert chosen() == ["dance.mp4", "a.mp4", "b.mp4"]
    assert bpy.context.scene.mambocap.active_clip == 2


def test_a_camera_needs_a_first_one(extension):
    assert not bpy.ops.mambocap.add_camera.poll()


def test_the_same_film_is_not_added_twice(extension, film):
    with pytest.raises(RuntimeError, match="dance.mp4 is in the list already. Choose the film of another camera."):
        bpy.ops.mambocap.add_camera(filepath=str(film.parent / "." / film.name))
    assert chosen() == ["dance.mp4"]


@pytest.mark.parametrize("operator", ["choose_footage", "add_camera"])
def test_a_film_that_is_not_there_changes_nothing(extension, film, tmp_path, operator):
    with pytest.raises(RuntimeError, match="There is no file .*gone.mp4"):
        getattr(bpy.ops.mambocap, operator)(filepath=str(tmp_path / "gone.mp4"))
    assert chosen() == ["dance.mp4"]


def test_pictures_of_one_sequence_are_one_clip():
    names = ["walk_010.png", "walk_002.png", "walk_001.png", "side.001.png", "film.mp4", "film 2.mp4"]
    assert first_pictures(names) == ["film 2.mp4", "film.mp4", "side.001.png", "walk_001.png"]
