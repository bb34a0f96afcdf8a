"""A batch seen from Blender: found, followed, stopped, broken off, and found again."""

from __future__ import annotations

import threading
import time

import bpy
import pytest
from mambocap.addon.batch import seen_batch, watched
from mambocap.motion.batch.words import CANCELLED, DONE, FAILED, WAITING, BatchTable, TakeRow

from tests.addon.batch.batches import batch, choose, is_found, is_over, played, seen, states, until

pytest_plugins = ["tests.addon.in_blender"]
__all__ = ["played"]


def start(*wait_for: str) -> None:
    assert bpy.ops.mambocap.start_batch() == {"FINISHED"}
    until(lambda: not wait_for or any(state in wait_for for state in states().values()))


def test_a_batch_runs_to_its_end_and_a_broken_clip_costs_only_itself(played, tmp_path):
    folder = choose(tmp_path / "shoot", "dance", "broken", "walk")
    assert states() == {"broken": WAITING, "dance": WAITING, "walk": WAITING}
    assert folder == tmp_path / "shoot" / "Mambocap" and not folder.exists(), "nothing is written before Start Batch"
    start()
    assert seen().runs
    until(is_over)
    assert states() == {"broken": FAILED, "dance": DONE, "walk": DONE}
    assert seen().rows["broken"].sentence == "broken ends after 1.2 s of 8.0 s."
    assert seen().in_words == "3 takes: 2 done, 1 failed" and seen().has_report and not seen().broken


def test_retry_captures_the_failed_again_and_nothing_else(played, tmp_path):
    folder = choose(tmp_path / "shoot", "broken", "walk")
    start()
    until(is_over)
    written = (folder / "walk/result.json").stat().st_mtime_ns
    assert bpy.ops.mambocap.retry_failed() == {"FINISHED"}
    assert seen().says is None and seen().share == 0.0, "the table is that of the run before"
    until(lambda: states()["broken"] == "working")
    until(is_over)
    assert states() == {"broken": FAILED, "walk": DONE}
    assert watched.replace(seen(), runs=True).share == 1.0, "while the report is written"
    assert (folder / "walk/result.json").stat().st_mtime_ns == written


def test_a_stopped_batch_goes_on_where_it_stopped(played, tmp_path):
    choose(tmp_path / "shoot", "a", "b", "c")
    start(DONE)
    assert bpy.ops.mambocap.stop_batch() == {"FINISHED"}
    assert not bpy.ops.mambocap.stop_batch.poll(), "once is enough"
    until(is_over)
    assert set(states().values()) <= {DONE, CANCELLED, WAITING} and CANCELLED in states().values()
    assert not seen().broken and batch().stop_asked_s is None
    start()
    until(is_over)
    assert set(states().values()) == {DONE}


def test_a_backend_that_does_not_stop_is_ended(played, tmp_path, monkeypatch):
    monkeypatch.setattr(watched, "PATIENCE_S", 0.3)
    choose(tmp_path / "shoot", "hang")
    start("working")
    process_id = batch().process_id
    bpy.ops.mambocap.stop_batch()
    until(is_over)
    assert not watched.backend_process.is_alive(process_id) and states() == {"hang": CANCELLED}


def test_a_batch_that_breaks_off_says_so_and_keeps_what_is_done(played, tmp_path):
    choose(tmp_path / "shoot", "a", "crash")
    start()
    until(is_over)
    assert states() == {"a": DONE, "crash": CANCELLED}
    assert seen().broken == (
        "The batch ended too early (exit code 139). Press Start Batch to go on; the log says more."
    )


def test_a_backend_that_cannot_begin_is_heard_in_its_own_words(played, tmp_path):
    choose(tmp_path / "shoot", "refuse")
    start()
    until(is_over)
    assert seen().broken == "The detection models are missing. Press Install Backend."


def test_a_running_batch_outlives_blender_and_is_found_again_by_its_footage(played, tmp_path):
    choose(tmp_path / "shoot", "a", "b", "hang")
    start(DONE)
    process_id = batch().process_id
    watched.batches.clear()                  # Blender is closed
    watched.backend_process._children.clear()
    bpy.context.scene.mambocap_batch.rows.clear()
    watched.find_all()                       # and started again with this file
    until(is_found)
    assert seen().runs and seen().rows["a"].state == DONE
    assert [row.name for row in bpy.context.scene.mambocap_batch.rows] == ["a", "b", "hang"]
    until(lambda: seen().rows["b"].state == DONE)
    watched.backend_process.end(process_id)
    until(is_over)
    assert seen().broken == "The batch broke off. Press Start Batch to go on: what is finished is kept."


def test_a_file_that_is_opened_shows_its_batch(played, tmp_path):
    choose(tmp_path / "shoot", "a", "b")
    bpy.context.scene.mambocap_batch.rows["b"].wanted = False
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "night.blend"))
    start()
    until(is_over)
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    assert watched.batch_of(bpy.context.scene) is None
    watched.batches.clear()
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "night.blend"))
    until(is_found)
    assert states() == {"a": DONE, "b": DONE} and bpy.context.scene.mambocap_batch.chosen_rows == ["a"]


def test_a_batch_is_found_by_its_own_folder_alone(played, tmp_path):
    folder = choose(tmp_path / "shoot", "a")
    start()
    until(is_over)
    settings = bpy.context.scene.mambocap_batch
    settings.folder = ""
    settings.out = str(folder)
    until(is_found)
    assert states() == {"a": DONE}
    settings.out = str(tmp_path)
    until(is_found)
    assert seen().no_footage == f"{tmp_path.name} holds no batch. Choose a folder of footage above it."


def test_the_table_is_read_only_when_it_has_changed(played, tmp_path, monkeypatch):
    folder = choose(tmp_path / "shoot", "a")
    folder.mkdir()
    BatchTable((TakeRow("a", state=DONE),), False).write(folder)
    read = []
    monkeypatch.setattr(seen_batch, "read_table", lambda folder: read.append(folder))
    before = seen_batch.looked_at(seen())
    assert len(read) == 1
    assert seen_batch.looked_at(before) == before and len(read) == 1


def test_blender_never_waits_for_a_slow_disk(played, tmp_path, monkeypatch):
    answer = threading.Event()
    monkeypatch.setattr(watched, "found", lambda *_: answer.wait(10.0) and None)
    began_s = time.monotonic()
    (tmp_path / "shoot").mkdir()
    bpy.context.scene.mambocap_batch.folder = str(tmp_path / "shoot")
    for _ in range(3):
        watched.look()
    assert time.monotonic() - began_s < 0.1 and batch().is_finding
    answer.set()


def test_the_timer_rests_when_nothing_runs(played, tmp_path):
    choose(tmp_path / "shoot", "a")
    assert watched.look() is None
    start()
    assert watched.look() == watched.LOOK_EVERY_S
    until(is_over)
    assert watched.look() is None


def test_a_folder_that_is_not_there_is_told_with_what_to_do(played, tmp_path):
    bpy.context.scene.mambocap_batch.folder = str(tmp_path / "gone")
    until(is_found)
    assert "gone" in seen().no_footage and seen().no_footage.count(". ") >= 1 and not seen().rows
    assert not bpy.ops.mambocap.start_batch.poll()


def test_undo_leaves_the_table_there(played, tmp_path):
    choose(tmp_path / "shoot", "a", "b")
    settings = bpy.context.scene.mambocap_batch
    settings.rows.clear()     # as in the step of undo from before the takes were found
    for handler in [each for each in bpy.app.handlers.undo_post if each.__module__ == watched.__name__]:
        handler(bpy.context.scene, None)
    assert [row.name for row in settings.rows] == ["a", "b"]
    settings["folder"] = ""   # as undo does, without a word to us
    for handler in [each for each in bpy.app.handlers.redo_post if each.__module__ == watched.__name__]:
        handler(bpy.context.scene, None)
    assert not settings.rows


def test_check_marks_stay_when_footage_is_added(played, tmp_path):
    choose(tmp_path / "shoot", "a", "b")
    rows = bpy.context.scene.mambocap_batch.rows
    rows["b"].wanted = False
    (tmp_path / "shoot/aa.mp4").write_bytes(b"")
    bpy.ops.mambocap.find_takes()
    until(is_found)
    assert [(row.name, row.wanted) for row in rows] == [("a", True), ("aa", True), ("b", False)]


def test_the_artist_says_which_clips_are_cameras_of_one_take(played, tmp_path):
    choose(tmp_path / "shoot", "jump_left", "jump_right")
    assert list(states()) == ["jump_left", "jump_right"]
    settings = bpy.context.scene.mambocap_batch
    settings.cameras = "*_(left|right)"
    until(is_found)
    assert list(states()) == ["jump"] and len(seen().rows["jump"].clips) == 2
    settings.cameras = "jump"
    until(is_found)
    assert seen().no_footage.startswith("The pattern jump does not say")


@pytest.mark.parametrize("count", [1, 5])
def test_a_list_of_takes_has_its_batch_beside_it(played, tmp_path, count):
    for index in range(count):
        (tmp_path / f"{index}.mp4").write_bytes(b"")
    (tmp_path / "monday.csv").write_text("".join(f"take {index},{index}.mp4\n" for index in range(count)))
    settings = bpy.context.scene.mambocap_batch
    settings.source = "LIST"
    settings.list_file = str(tmp_path / "monday.csv")
    until(is_found)
    assert list(states()) == [f"take {index}" for index in range(count)]
    assert seen().places.folder == tmp_path / "Mambocap monday"
