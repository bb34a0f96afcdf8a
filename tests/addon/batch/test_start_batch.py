"""What a batch is asked for, and what keeps it from starting."""

from __future__ import annotations

import os
import re
import shutil

import bpy
import pytest
from mambocap.addon.batch import start_batch, watched
from mambocap.addon.batch.start_batch import batch_request
from mambocap.motion.batch.words import read_batch

from tests.addon.batch.batches import choose, is_over, played, seen, until

pytest_plugins = ["tests.addon.in_blender"]
__all__ = ["played"]


def asked() -> dict:
    return batch_request(bpy.context.scene, seen(), retry=False).settings


def test_an_untouched_panel_asks_for_nothing_and_draws_no_films(played, tmp_path):
    choose(tmp_path / "shoot", "a")
    request = batch_request(bpy.context.scene, seen(), retry=False)
    assert (request.settings, request.preview, request.workers, request.cluster) == ({}, False, 0, "")


def test_the_settings_of_the_capture_panel_hold_but_not_what_is_of_one_clip(played, tmp_path, film):
    choose(tmp_path / "shoot", "a")
    capture = bpy.context.scene.mambocap
    capture.quality, capture.mirrored, capture.most_people, capture.lens = "fast", True, 2, "MM"
    capture.clips[0].fps, capture.clips[0].frame_count = 30.0, 300
    capture.first_frame, capture.last_frame = 31, 200
    capture.camera_motion, capture.path_file = "SOLVED", "/nowhere/camera.json"
    assert asked() == {
        "video": {"mirrored": True}, "detect": {"quality": "fast", "most_people": 2}, "camera": {"focal_mm": 26.0},
    }  # fmt: skip
    capture.camera_motion = "static"
    assert asked()["camera"] == {"focal_mm": 26.0, "motion": "static"}


def test_what_is_said_of_several_cameras_is_asked_only_where_there_are_several(played, tmp_path):
    bpy.context.scene.mambocap.multiview.synchronised = True
    choose(tmp_path / "shoot", "a")
    assert asked() == {}
    choose(tmp_path / "rig", "jump_cam1", "jump_cam2")
    take, = seen().wanted
    assert len(take.clips) == 2 and asked() == {"multiview": {"synchronised": True}}


def test_the_batch_that_is_shown_is_the_batch_that_is_written(played, tmp_path):
    folder = choose(tmp_path / "shoot", "a", "b")
    settings = bpy.context.scene.mambocap_batch
    settings.workers, settings.cluster, settings.ship, settings.preview = 3, " auto ", True, True
    assert bpy.ops.mambocap.start_batch() == {"FINISHED"}
    request = read_batch(folder)
    assert request.takes == seen().wanted
    assert (request.workers, request.cluster, request.ship, request.preview) == (3, "auto", True, True)
    until(is_over)


def test_nothing_is_sent_where_there_is_no_cluster(played, tmp_path):
    choose(tmp_path / "shoot", "a")
    bpy.context.scene.mambocap_batch.ship = True
    assert not batch_request(bpy.context.scene, seen(), retry=False).ship


def test_a_detector_that_is_not_there_is_refused_before_anything_is_written(played, tmp_path):
    folder = choose(tmp_path / "shoot", "a")
    bpy.context.scene.mambocap.detector = "FILE"
    with pytest.raises(RuntimeError, match="There is no detector file chosen. Choose one"):
        bpy.ops.mambocap.start_batch()
    assert not folder.exists() and not seen().runs


@pytest.mark.skipif(os.name == "nt", reason="a file in the way reads differently there")
def test_a_folder_that_cannot_be_made_is_refused_with_the_mend(played, tmp_path):
    choose(tmp_path / "shoot", "a")
    (tmp_path / "file").write_text("in the way")
    bpy.context.scene.mambocap_batch.out = str(tmp_path / "file" / "out")
    until(lambda: watched.batch_of(bpy.context.scene) is not None and bool(seen().wanted))
    with pytest.raises(RuntimeError, match="Choose a folder that you may write to"):
        bpy.ops.mambocap.start_batch()


def test_finished_takes_are_not_overwritten_with_other_settings(played, tmp_path):
    folder = choose(tmp_path / "shoot", "a", "hang")
    bpy.context.scene.mambocap.hands = False
    bpy.ops.mambocap.start_batch()
    until(lambda: seen().rows["a"].state == "done")
    watched.backend_process.end(watched.batch_of(bpy.context.scene).process_id)
    until(is_over)
    bpy.context.scene.mambocap.hands = True
    words = (f"{folder} holds a batch with other settings (detect.hands). Give the same settings to go on with it, or "
             "choose another folder for the results.")  # fmt: skip
    with pytest.raises(RuntimeError, match=re.escape(words)):
        bpy.ops.mambocap.start_batch()
    assert read_batch(folder).settings == {"detect": {"hands": False}}


def test_a_take_whose_folder_was_deleted_can_be_captured_again(played, tmp_path):
    folder = choose(tmp_path / "shoot", "a")
    bpy.ops.mambocap.start_batch()
    until(is_over)
    shutil.rmtree(folder / "a")
    assert bpy.ops.mambocap.start_batch() == {"FINISHED"}, "the table may not know it, the backend looks"
    until(is_over)


def test_settings_may_change_while_nothing_is_done(played, tmp_path):
    folder = choose(tmp_path / "shoot", "broken")
    for hands, button in ((False, bpy.ops.mambocap.start_batch), (True, bpy.ops.mambocap.retry_failed)):
        bpy.context.scene.mambocap.hands = hands
        button()
        until(is_over)
    assert read_batch(folder).settings == {}


def test_two_batches_do_not_run_at_once(played, tmp_path):
    first = choose(tmp_path / "one", "hang")
    bpy.ops.mambocap.start_batch()
    choose(tmp_path / "two", "a")
    with pytest.raises(RuntimeError, match=f"A batch is running in {first}"):
        bpy.ops.mambocap.start_batch()


def test_without_a_backend_nothing_starts(played, tmp_path, monkeypatch):
    choose(tmp_path / "shoot", "a")
    monkeypatch.setattr(start_batch, "is_installed", lambda: False)
    with pytest.raises(RuntimeError, match="press Install Backend"):
        bpy.ops.mambocap.start_batch()


def test_the_door_is_the_backend_s_own():
    assert start_batch.arguments("/out") == ["-m", "backend", "run-batch", "/out"]
