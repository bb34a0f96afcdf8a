"""A capture from Blender's side, with a backend that plays success, failure, hang and crash."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import bpy
import pytest
from mambocap.addon import backend_process, capture, jobs, panel, take_scene, takes
from mambocap.motion.job import Request

from tests.addon.drawn_panels import Layout

pytest_plugins = ["tests.addon.in_blender"]

def until(condition: Callable[[], bool], timeout_s: float = 20.0) -> None:
    """Call the timer's function as Blender's event loop would, until `condition` holds."""
    deadline_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline_s, "it took too long"
        capture.look()
        time.sleep(0.02)


def start(film: Path, mock: str) -> Path:
    job = jobs.new_job(film, Request((str(film),)))
    capture.start(job, bpy.context.scene.name, mock)
    return job


def ended() -> bool:
    return capture.session is None


def test_a_capture_that_succeeds_ends_as_a_take_in_the_scene(extension, film):
    job = start(film, "success")
    until(ended)
    assert capture.notice.sentence == "The take was brought in: 1 person."
    take, = take_scene.takes_in(bpy.context.scene)
    assert take.name == "dance"
    assert Path(take[take_scene.FOLDER]) == job
    assert [child.type for child in take.children].count("ARMATURE") == 1


@pytest.mark.parametrize("mode", ["OBJECT", "POSE"])
def test_a_take_that_comes_in_is_the_active_one_and_its_people_are_selected(extension, film, mode):
    for _ in range(2):
        job = start(film, "success")
        until(ended)
        take = takes.active_take(bpy.context)
        assert Path(take[take_scene.FOLDER]) == job
        assert bpy.context.view_layer.objects.active in takes.people_of(take)
        assert set(bpy.context.selected_objects) == {take, *takes.people_of(take)}
        bpy.ops.object.mode_set(mode=mode)


@pytest.mark.parametrize("mode", ["POSE", "EDIT"])
def test_bring_in_and_remove_take_work_from_any_mode(extension, film, mode):
    job = start(film, "success")
    until(ended)
    bpy.ops.object.mode_set(mode=mode)
    assert bpy.ops.mambocap.bring_in(job=job.name) == {"FINISHED"}
    assert bpy.context.mode == "OBJECT" and len(take_scene.takes_in(bpy.context.scene)) == 2
    bpy.ops.object.mode_set(mode=mode)
    assert bpy.ops.mambocap.remove_take() == {"FINISHED"}
    assert len(take_scene.takes_in(bpy.context.scene)) == 1


def test_progress_rises_and_is_told_in_words(extension, film):
    start(film, "success")
    told: list[tuple[float, str]] = []

    def heard() -> bool:
        if capture.session is not None and capture.session.watch.latest is not None:
            told.append((capture.session.watch.share, capture.session.watch.words))
        return ended()

    until(heard)
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert 0.0 < shares[len(shares) // 2] < 1.0
    assert "Finding people" in {words for _, words in told}


def test_a_capture_that_fails_says_what_is_wrong_and_what_to_do(extension, film):
    start(film, "failure")
    until(ended)
    assert capture.notice.sentence == "No person was found in dance.mp4."
    assert capture.notice.mend == "Choose a clip in which the body is visible from head to foot."
    assert capture.notice.log is not None and capture.notice.log.exists()
    assert not take_scene.takes_in(bpy.context.scene)


def test_a_backend_that_crashes_is_told_in_a_sentence(extension, film):
    start(film, "crash")
    until(ended)
    assert capture.notice.sentence == "The backend ended without a result (exit code 139)."
    job, = capture.found
    assert (job.state, job.clip) == ("interrupted", "dance.mp4")


def test_a_backend_that_hangs_is_ended_when_it_does_not_heed_the_cancel(extension, film, monkeypatch):
    monkeypatch.setattr(capture, "PATIENCE_S", 0.3)
    start(film, "hang")
    process_id = capture.session.process_id
    until(lambda: capture.session.watch.latest is not None)
    bpy.ops.mambocap.cancel()
    began_s = time.monotonic()
    capture.look()
    assert time.monotonic() - began_s < 0.2, "a look must not hold up the window"
    until(ended)
    assert not backend_process.is_alive(process_id)
    assert capture.notice.sentence == "The capture was cancelled; what is finished is kept."


def test_a_cancelled_capture_can_be_resumed(extension, film):
    start(film, "success")
    until(lambda: capture.session.watch.latest is not None)
    bpy.ops.mambocap.cancel()
    assert not bpy.ops.mambocap.cancel.poll(), "Cancel is grey while the capture is being stopped"
    until(ended)
    assert capture.notice.mend == "Press Resume to go on."
    job, = capture.found
    assert job.state == "failed"
    capture.start(job.folder, bpy.context.scene.name, "success")
    until(ended)
    assert len(take_scene.takes_in(bpy.context.scene)) == 1


def test_progress_and_cancel_stand_above_the_live_picture(extension, film, monkeypatch):
    class Shown(Layout):
        def template_icon(self, icon: int, scale: float) -> None:
            self.drawn.append(("picture", str(icon), "NONE"))

    monkeypatch.setattr(panel.live_view, "icon_id", lambda: 7)
    start(film, "hang")
    layout = Shown()
    panel._draw_running(layout, bpy.context, capture.session)
    kinds = [kind for kind, _, _ in layout.drawn]
    assert kinds.index("progress") < kinds.index("mambocap.cancel") < kinds.index("picture")


def test_captures_on_disk_show_only_where_one_waits(extension, film):
    assert not panel.MAMBOCAP_PT_jobs.poll(bpy.context)
    start(film, "success")
    until(ended)
    assert not panel.MAMBOCAP_PT_jobs.poll(bpy.context), "its take is in the scene"
    bpy.ops.mambocap.remove_take()
    assert panel.MAMBOCAP_PT_jobs.poll(bpy.context)


def test_a_backend_that_cannot_be_started_is_refused_with_the_mend(extension, film, monkeypatch):
    monkeypatch.setattr(capture, "backend_python", lambda: Path("/nowhere/python"))
    job = jobs.new_job(film, Request((str(film),)))
    with pytest.raises(Exception, match="could not be started .* Press Install Backend"):
        capture.start(job, "Scene")


def test_a_backend_that_ends_before_it_begins_says_its_own_last_word(extension, film, tmp_path):
    job = jobs.new_job(film, Request((str(film),)))
    holder = subprocess.Popen(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(backend_process.EXTENSION_FOLDER)!r})\n"
         "from pathlib import Path\nfrom backend.job.lock import locked\n"
         f"with locked(Path({str(job)!r})):\n    print('held', flush=True); input()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdout.readline() == "held\n"
    capture.start(job, "Scene", "success")
    until(lambda: not backend_process.is_alive(capture.session.process_id))
    holder.communicate("\n")
    until(ended)
    assert f"A capture is already running in {job}" in capture.notice.sentence


def test_a_running_capture_outlives_blender_and_is_found_again(extension, film):
    job = start(film, "success")
    until(lambda: capture.session.watch.latest is not None)
    capture.session = None                   # Blender is closed
    backend_process._children.clear()
    capture.pick_up()                        # and started again
    assert capture.session.job == job
    until(ended)
    assert not take_scene.takes_in(bpy.context.scene), "nobody has asked for it in this file"
    assert capture.notice.sentence == "The capture is ready: 1 person."
    assert bpy.ops.mambocap.bring_in(job=job.name) == {"FINISHED"}
    assert len(take_scene.takes_in(bpy.context.scene)) == 1


def test_a_take_does_not_come_into_another_file(extension, film):
    start(film, "success")
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    until(ended)
    assert not take_scene.takes_in(bpy.context.scene)
    assert capture.notice.sentence == "The capture is ready: 1 person."


def test_a_take_waits_while_the_artist_models(extension, film):
    cube = bpy.data.objects.new("cube", bpy.data.meshes.new("cube"))
    bpy.context.scene.collection.objects.link(cube)
    bpy.context.view_layer.objects.active = cube
    start(film, "success")
    bpy.ops.object.mode_set(mode="EDIT")
    until(ended)
    bpy.ops.object.mode_set(mode="OBJECT")
    assert not take_scene.takes_in(bpy.context.scene)
    assert capture.notice.mend == "Press Bring In."


def test_the_capture_button_writes_the_request_and_starts(extension, film, monkeypatch):
    started = []
    monkeypatch.setattr(capture, "start", lambda job, scene_name: started.append((job, scene_name)))
    bpy.context.preferences.addons["mambocap"].preferences.device = "cpu"
    assert bpy.ops.mambocap.capture() == {"FINISHED"}
    (job, scene_name), = started
    request = json.loads((job / "request.json").read_text())
    assert (request["clips"], request["settings"]) == ([str(film)], {"device": "cpu"})
    assert scene_name == "Scene"


@pytest.mark.parametrize("clip, possible", [("", False), ("/nowhere/gone.mp4", False)])
def test_capture_is_grey_without_footage(extension, clip, possible):
    bpy.context.scene.mambocap.clip = clip
    assert bpy.ops.mambocap.capture.poll() == possible


def test_a_take_that_cannot_be_brought_in_is_told_in_a_sentence(extension, film):
    job = start(film, "success")
    until(lambda: (job / "person_00" / "motion.npz").exists())
    (job / "person_00" / "motion.npz").write_bytes(b"damaged")
    until(ended)
    assert capture.notice.icon == "ERROR"
    assert "motion.npz is not a readable motion file" in capture.notice.sentence
    assert not take_scene.takes_in(bpy.context.scene)
