"""Takes of a scene: listed, selected, solved again, removed; the live picture beside them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import bpy
import numpy as np
import pytest
from mambocap.addon import capture, jobs, live_view, take_scene, takes
from mambocap.addon.body_model import body_model
from mambocap.motion.job import LIVE_PICTURE, Request, read_request
from mambocap.motion.motion_file import write_motion

from tests.addon.made_up_takes import wild_motion

pytest_plugins = ["tests.addon.in_blender"]


@pytest.fixture
def take(extension: Path, film: Path) -> bpy.types.Object:
    """A take of two people whose capture lies on the disk."""
    job = jobs.new_job(film, Request((str(film),), {"camera": {"focal_mm": 50.0}}))
    for number in range(2):
        (job / f"person_{number:02d}").mkdir()
        write_motion(job / f"person_{number:02d}" / "motion.npz", wild_motion(24))
    return take_scene.build_take(bpy.context.scene, job, "dance", body_model(bpy.context))


def test_a_take_says_how_many_how_long_and_how_well_seen(take):
    assert takes.state_of(take).startswith("2 people, seen in ")
    motion = wild_motion(24)
    assert takes.seconds_of(take, bpy.context.scene) == pytest.approx(motion.frame_count / float(motion.rate), rel=0.1)


def test_choosing_a_take_in_the_list_selects_its_people(take):
    scene = bpy.context.scene
    scene.mambocap_take = scene.objects.find(take.name)
    people = takes.people_of(take)
    assert bpy.context.view_layer.objects.active in people
    assert set(bpy.context.selected_objects) == {take, *people}
    assert scene.mambocap_take == scene.objects.find(take.name)


def test_the_take_of_any_of_its_parts_is_the_active_one(take):
    for part in take.children_recursive:
        bpy.context.view_layer.objects.active = part
        assert takes.active_take(bpy.context) == take


@pytest.mark.parametrize("is_there, words", [
    (False, "The capture of dance is no longer on the disk"),
    (True, "dance came without its capture: choose footage and press Capture"),
])  # fmt: skip
def test_a_take_without_a_capture_says_whether_it_ever_had_one(take, tmp_path, is_there, words):
    said = []
    operator = SimpleNamespace(poll_message_set=said.append)
    take[take_scene.FOLDER] = str(tmp_path if is_there else tmp_path / "gone")
    assert not takes.OfTake.has_job.__func__(operator, bpy.context)
    assert said == [words]


def test_its_settings_come_back_into_the_panel(take):
    settings = bpy.context.scene.mambocap
    settings.clip, settings.lens = "", "FOV"
    assert not bpy.ops.mambocap.solve_again.poll()
    assert bpy.ops.mambocap.show_settings() == {"FINISHED"}
    assert (settings.lens, settings.focal_mm) == ("MM", 50.0)
    assert bpy.ops.mambocap.solve_again.poll()


def test_solving_again_asks_the_same_capture_with_other_settings(take, monkeypatch):
    started = []
    monkeypatch.setattr(capture, "start", lambda job, scene_name: started.append(job))
    bpy.ops.mambocap.show_settings()
    bpy.context.scene.mambocap.focal_mm = 35.0
    assert bpy.ops.mambocap.solve_again() == {"FINISHED"}
    assert started == [takes.job_of(take)]
    assert read_request(started[0]).settings == {"camera": {"focal_mm": 35.0}}


def test_removing_a_take_leaves_its_capture_on_the_disk(take):
    job = takes.job_of(take)
    bpy.context.view_layer.objects.active = take
    assert bpy.ops.mambocap.remove_take() == {"FINISHED"}
    assert not take_scene.takes_in(bpy.context.scene)
    assert len(jobs.motion_files(job)) == 2


def test_the_live_picture_is_shown_and_leaves_nothing_in_the_file(extension, tmp_path):
    before = len(bpy.data.images)
    for shade in (0.25, 0.75):
        write_picture(tmp_path / LIVE_PICTURE, shade)
        live_view.read_on(tmp_path)
        pixels = np.array(live_view._icons["live"].image_pixels_float).reshape(30, 40, 4)
        assert pixels[:15, :, 0].mean() == pytest.approx(shade, abs=0.03), "the lower half"
        assert pixels[15:, :, 0].mean() == pytest.approx(0.0, abs=0.03)
    assert len(bpy.data.images) == before


def test_a_half_written_live_picture_changes_nothing(extension, tmp_path):
    (tmp_path / LIVE_PICTURE).write_bytes(b"\xff\xd8\xff\xe0 cut off")
    live_view.read_on(tmp_path)
    assert "live" not in live_view._icons


def write_picture(path: Path, shade: float) -> None:
    """A picture of 40 by 30 pixels, its lower half in `shade` of grey."""
    image = bpy.data.images.new("made up", 40, 30)
    pixels = np.zeros((30, 40, 4), dtype=np.float32)
    pixels[..., 3] = 1.0
    pixels[:15, :, :3] = shade
    image.pixels.foreach_set(pixels.ravel())
    image.filepath_raw, image.file_format = str(path), "JPEG"
    image.save()
    bpy.data.images.remove(image)
