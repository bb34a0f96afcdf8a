"""Use Scene Cameras: what the artist placed becomes the calibration of the clips."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import bpy
import pytest
from mambocap.addon.multiview.use_scene_cameras import likely_cameras

from tests.addon.made_up_takes import write_film

pytest_plugins = ["tests.addon.in_blender"]


@pytest.fixture
def settings(extension: Path, tmp_path: Path) -> bpy.types.PropertyGroup:
    """Two films and three cameras, the names of which tell one of them."""
    write_film(tmp_path / "front.y4m", 3, Fraction(25), 64, 36)
    write_film(tmp_path / "side.y4m", 3, Fraction(60), 36, 64)
    bpy.ops.mambocap.choose_footage(directory=str(tmp_path), files=[{"name": "front.y4m"}, {"name": "side.y4m"}])
    for x, name in enumerate(("Phone A", "Phone B", "Side Camera")):
        thing = bpy.data.objects.new(name, bpy.data.cameras.new(name))
        thing.location.x = float(x)
        bpy.context.scene.collection.objects.link(thing)
    bpy.context.view_layer.update()
    return bpy.context.scene.mambocap


def written(settings: bpy.types.PropertyGroup) -> list[dict]:
    return json.loads(Path(settings.multiview.calibration_file).read_text())["blender_cameras"]


def test_the_cameras_become_the_calibration_of_their_clips(settings):
    rows = [{"name": "", "camera": "Phone B"}, {"name": "", "camera": "Phone A"}]
    assert bpy.ops.mambocap.use_scene_cameras(cameras=rows) == {"FINISHED"}
    said = written(settings)
    assert [(each["name"], each["size_px"]) for each in said] == [("front.y4m", [64, 36]), ("side.y4m", [36, 64])]
    assert [each["matrix_world"][0][3] for each in said] == [1.0, 0.0]


def test_cameras_are_guessed_by_their_names_and_their_order(settings):
    assert bpy.ops.mambocap.use_scene_cameras() == {"FINISHED"}
    assert [each["matrix_world"][0][3] for each in written(settings)] == [0.0, 2.0]
    assert likely_cameras(["b.mp4", "x.mp4", "y.mp4"], ["A", "B", "C"]) == ["B", "A", "C"]


@pytest.mark.parametrize("chosen, sentence", [
    (["Phone A", "Phone A"], "Phone A is chosen for two clips. Choose a camera for each clip."),
    (["Phone A", ""], "There is no camera chosen in this scene."),
    (["Phone A"], "Not every clip has a camera."),
])  # fmt: skip
def test_each_clip_needs_a_camera_of_its_own(settings, chosen, sentence):
    with pytest.raises(RuntimeError, match=sentence):
        bpy.ops.mambocap.use_scene_cameras(cameras=[{"name": "", "camera": name} for name in chosen])
    assert settings.multiview.calibration_file == ""


@pytest.mark.parametrize("say, why", [
    (lambda s: bpy.ops.mambocap.remove_clip(), "Choose the clips of two cameras or more first"),
    (lambda s: setattr(s, "turn", "90"), "switch Turn and Mirrored off"),
    (lambda s: setattr(s.clips[1], "width_px", 0), "Blender cannot read side.y4m"),
    (lambda s: [bpy.data.objects.remove(bpy.data.objects[name]) for name in ("Phone A", "Phone B")],
     "The scene has 1 camera of its own for 2 clips"),
])  # fmt: skip
def test_it_says_why_it_is_grey(settings, say, why):
    assert bpy.ops.mambocap.use_scene_cameras.poll()
    say(settings)
    assert not bpy.ops.mambocap.use_scene_cameras.poll()
    with pytest.raises(RuntimeError, match=why):
        bpy.ops.mambocap.use_scene_cameras()
