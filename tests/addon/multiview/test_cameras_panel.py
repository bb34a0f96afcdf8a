"""The cameras of a take: kept with it, told in the sidebar."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import bpy
import pytest
from mambocap.addon import take_scene
from mambocap.addon.body_model import body_model
from mambocap.addon.kept_quality import GRADE_ICONS
from mambocap.addon.look_through import MAMBOCAP_PT_look_through
from mambocap.addon.multiview.cameras_panel import MAMBOCAP_PT_cameras, things_of
from mambocap.addon.multiview.kept_cameras import CAMERAS, findings_of, keep_cameras
from mambocap.addon.take_cameras import cameras_of
from mambocap.addon.take_scale import scale_take
from mambocap.motion.job import CameraResult, PersonResult, Request, Result
from mambocap.motion.motion_file import write_motion

from tests.addon.drawn_panels import drawn_by
from tests.addon.made_up_takes import camera, wild_motion

pytest_plugins = ["tests.addon.in_blender"]

FRONT = CameraResult("/films/front.mp4", focal_mm=26.0)
SIDE = CameraResult("/films/side.mp4", True, 1.274, 38.22, 0.17, 1.0, 67.3, 3.41, 26.2, 0.5, ("It hardly moved.",))
OTHER = CameraResult("/films/cat.mp4", used=False, confidence=0.1, doubts=("Nobody of the others is in cat.mp4.",))


def job_of(film: Path, folder: Path, *cameras: CameraResult) -> Path:
    (folder / "person_00").mkdir(parents=True, exist_ok=True)
    Request((str(film),)).write(folder)
    write_motion(folder / "person_00" / "motion.npz", wild_motion(24))
    Result((PersonResult("person_00", 24, 1.0, 24.0, 3.0, 1.0, number=1),), cameras=cameras).write(folder)
    return folder


def build(job: Path) -> bpy.types.Object:
    return take_scene.build_take(bpy.context.scene, job, "dance", body_model(bpy.context))


def test_findings_come_with_the_take_and_outlive_the_file(extension, film, tmp_path):
    job = job_of(film, tmp_path / "job", FRONT, SIDE, OTHER)
    assert findings_of(build(job)) == (FRONT, SIDE, OTHER)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "scene.blend"))
    take, = take_scene.takes_in(bpy.context.scene)
    assert findings_of(take) == (FRONT, SIDE, OTHER)


def test_a_take_that_is_built_anew_has_the_findings_of_its_capture_now(extension, film, tmp_path):
    take = build(job_of(film, tmp_path / "job", FRONT, SIDE))
    sure = replace(SIDE, confidence=0.9)
    take_scene.rebuild_take(bpy.context.scene, take, job_of(film, tmp_path / "job", FRONT, sure),
                            body_model(bpy.context))
    assert findings_of(take) == (FRONT, sure)
    take_scene.rebuild_take(bpy.context.scene, take, job_of(film, tmp_path / "job"), body_model(bpy.context))
    assert findings_of(take) == () and CAMERAS not in take


def test_each_camera_is_told_with_its_grade_and_its_doubts(extension, film, tmp_path):
    take = build(job_of(film, tmp_path / "job"))
    assert not MAMBOCAP_PT_cameras.poll(bpy.context), "a take of one clip has none"
    keep_cameras(take, (FRONT, SIDE, OTHER))
    assert MAMBOCAP_PT_cameras.poll(bpy.context)
    drawn = drawn_by(MAMBOCAP_PT_cameras).drawn
    for name, icon in (("1  front.mp4", "TIME"), ("2  side.mp4", "BLANK1"), ("Fair", GRADE_ICONS["fair"]),
                       ("Left Out", GRADE_ICONS["poor"]), ("It hardly moved.", "ERROR")):
        assert ("label", name, icon) in drawn
    words = " ".join(text for _, text, _ in drawn)
    assert "Begins 1.27 s (38.2 ± 0.2 frames) after the first" in words
    assert "Nobody of the others is in cat.mp4." in words


def test_a_take_made_larger_has_its_cameras_farther_apart(extension, film, tmp_path):
    take = build(job_of(film, tmp_path / "job", FRONT, SIDE))
    scale_take(take, 2.0, bpy.context)
    words = " ".join(text for _, text, _ in drawn_by(MAMBOCAP_PT_cameras).drawn)
    assert "6.8 m" in words and "3.4 m" not in words


def test_the_scene_is_seen_through_a_camera_by_its_button(extension, film, tmp_path):
    job = job_of(film, tmp_path / "job", FRONT, OTHER, SIDE)
    motion = replace(wild_motion(24), cameras=(camera(24), camera(24)))
    write_motion(job / "person_00" / "motion.npz", motion)
    take = build(job)
    first, second = cameras_of(take)
    assert things_of(take, findings_of(take)) == [first, None, second]
    buttons = [button for name, button in drawn_by(MAMBOCAP_PT_cameras).buttons if name == "mambocap.look_through"]
    assert [button.camera for button in buttons] == [first.name, second.name]
    bpy.ops.mambocap.look_through(camera=buttons[1].camera)
    assert bpy.context.scene.camera == second
    assert not MAMBOCAP_PT_look_through.poll(bpy.context), "one list of cameras is enough"


@pytest.mark.parametrize("text", ["{", "[]", "3", '[{"used": true}, 7]', "null"])
def test_damaged_findings_are_none(extension, text):
    take = bpy.data.objects.new("take", None)
    take[CAMERAS] = text
    assert findings_of(take) == () and findings_of(None) == ()
