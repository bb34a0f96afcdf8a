"""The artist's word on the world: said on a frame of a take, shown, cleared, and understood by the backend."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import bpy
import numpy as np
import pytest
from mambocap.addon import capture, jobs, say_world, world_hints
from mambocap.addon.body_model import body_model
from mambocap.addon.capture_request import request_from, show_request
from mambocap.addon.people import Person
from mambocap.addon.take_scene import FIRST_CLIP_S, TakeOptions, build_people
from mambocap.addon.takes import people_of, select
from mambocap.addon.world_panel import MAMBOCAP_PT_world
from mambocap.motion.job import Request
from mambocap.motion.refusal import Refusal

from backend.world.hints import WorldHints
from tests.addon.drawn_panels import drawn_by
from tests.addon.made_up_takes import camera, wild_motion

pytest_plugins = ["tests.addon.in_blender"]

LINE = (410.0, 80.0, 402.0, 900.0, 2.5)


def hints() -> world_hints.MambocapHints:
    return bpy.context.scene.mambocap.hints


def asked() -> dict:
    return request_from(bpy.context.scene.mambocap, None).settings


@pytest.fixture
def take(extension: Path, film: Path) -> bpy.types.Object:
    """A take of 60 frames that a capture on the disk made of the footage in the panel."""
    settings = bpy.context.scene.mambocap
    settings.clips[0].fps, settings.clips[0].frame_count, settings.last_frame = 30.0, 100, 100
    job = jobs.new_job(film, request_from(settings, None))
    people = [Person("Anna", wild_motion(60), job / "person_00" / "motion.npz")]
    made = build_people(bpy.context.scene, people, "Dance", body_model(bpy.context), TakeOptions(body=False), job)
    select(made)
    return made


def test_the_current_frame_is_said_in_seconds_of_the_take(take):
    bpy.context.scene.frame_set(31)
    assert bpy.ops.mambocap.upright_here() == {"FINISHED"}
    bpy.context.scene.frame_set(16)
    assert bpy.ops.mambocap.floor_here() == {"FINISHED"}
    assert asked() == {"world": {"hints": {"upright_at_s": 1.0, "floor_at_s": 0.5}}}


def test_seconds_are_those_of_the_first_clip_where_another_began_before_it(take):
    people_of(take)[0][FIRST_CLIP_S] = -0.5
    bpy.context.scene.frame_set(10)
    assert not bpy.ops.mambocap.upright_here.poll(), "the first clip does not run yet"
    bpy.context.scene.frame_set(31)
    bpy.ops.mambocap.upright_here()
    assert asked() == {"world": {"hints": {"upright_at_s": 0.5}}}
    button = next(button for name, button in drawn_by(MAMBOCAP_PT_world).buttons if name == "mambocap.go_to_frame")
    assert button.frame == 31


def test_a_take_knows_when_its_first_clip_begins(extension, tmp_path):
    motion = replace(wild_motion(24), cameras=(replace(camera(24), time_offset_s=-0.7),))
    people = [Person("Anna", motion, tmp_path / "motion.npz")]
    made = build_people(bpy.context.scene, people, "Dance", body_model(bpy.context), TakeOptions(body=False))
    assert people_of(made)[0][FIRST_CLIP_S] == -0.7


def test_the_backend_understands_what_is_said(take):
    bpy.context.scene.frame_set(31)
    bpy.ops.mambocap.upright_here()
    world_hints.add_line(hints(), LINE)
    world_hints.add_line(hints(), (1.0, 2.0, 3.0, 400.25, 0.0))
    understood = WorldHints(**asked()["world"]["hints"])
    assert understood.upright_at_s == 1.0 and understood.floor_at_s is None
    first, second = understood.vertical_lines()
    assert (*first.from_px, *first.to_px, first.time_s) == LINE
    assert second.to_px == (3.0, pytest.approx(400.25, abs=0.051)) and second.time_s == 0.0


def test_hints_stay_on_their_picture_when_in_is_moved(take):
    world_hints.add_line(hints(), LINE)
    hints().floor_at_s = 1.0
    bpy.context.scene.mambocap.first_frame = 16
    assert asked()["world"]["hints"] == {"floor_at_s": 0.5, "vertical": "410.0 80.0 402.0 900.0 2.0000"}
    bpy.context.scene.mambocap.first_frame = 46
    with pytest.raises(Refusal, match="at 1.00 s of the footage lies before In"):
        asked()


def test_a_request_that_is_shown_again_says_the_same_of_the_world(take):
    settings = bpy.context.scene.mambocap
    settings.first_frame = 16
    hints().upright_at_s = 2.0
    world_hints.add_line(hints(), LINE)
    before = request_from(settings, None)
    show_request(settings, Request(before.clips))
    assert not world_hints.is_said(hints())
    show_request(settings, Request(before.clips, before.settings))
    assert request_from(settings, None).settings["world"] == before.settings["world"]


def test_other_footage_has_another_world(take, tmp_path):
    hints().upright_at_s = 2.0
    world_hints.add_line(hints(), LINE)
    bpy.context.scene.mambocap.clip = str(tmp_path / "another.mp4")
    assert not world_hints.is_said(hints())


def test_slow_motion_is_counted_in_the_seconds_of_the_take(take):
    settings = bpy.context.scene.mambocap
    settings.set_recorded_fps, settings.recorded_fps, settings.first_frame = True, 120.0, 61
    hints().floor_at_s = 1.0
    assert asked()["world"]["hints"] == {"floor_at_s": 0.5}


def test_what_was_said_is_listed_by_frame_and_cleared_by_its_x(take):
    bpy.context.scene.frame_set(31)
    bpy.ops.mambocap.upright_here()
    for line in (LINE, (5.0, 5.0, 5.0, 90.0, 0.5)):
        world_hints.add_line(hints(), line)
    layout = drawn_by(MAMBOCAP_PT_world)
    rows = [text for what, text, _ in layout.drawn if what == "mambocap.go_to_frame"]
    assert rows == ["Upright at 31 (1.00 s)", "Edge 1 at 76 (2.50 s)", "Edge 2 at 16 (0.50 s)"]
    _, second, _ = [button for name, button in layout.buttons if name == "mambocap.clear_hint"]
    bpy.ops.mambocap.clear_hint(hint=second.hint, index=second.index)
    assert world_hints.lines_of(hints().vertical) == [(5.0, 5.0, 5.0, 90.0, 0.5)]
    bpy.ops.mambocap.clear_hint(hint="upright_at_s")
    bpy.ops.mambocap.clear_hint(hint="vertical", index=0)
    assert asked() == {} and not bpy.ops.mambocap.clear_hint.poll()


def test_the_panel_says_what_its_buttons_wait_for(take, monkeypatch):
    bpy.ops.mambocap.upright_here()
    labels = [text for what, text, _ in drawn_by(MAMBOCAP_PT_world).drawn if what == "label"]
    assert " ".join(labels).endswith("To draw a line, look through the camera first (Numpad 0).")
    monkeypatch.setattr(capture, "session", SimpleNamespace(process_id=None))
    labels = [text for what, text, _ in drawn_by(MAMBOCAP_PT_world).drawn if what == "label"]
    assert labels[-1] == "Capturing, see Capture above."


def test_nothing_is_said_on_a_take_of_other_footage_or_of_another_part(take, tmp_path):
    assert bpy.ops.mambocap.upright_here.poll()
    bpy.context.scene.mambocap.first_frame = 10
    assert not bpy.ops.mambocap.upright_here.poll()
    bpy.context.scene.mambocap.first_frame = 1
    bpy.context.scene.frame_set(-20)
    assert not bpy.ops.mambocap.floor_here.poll()
    bpy.context.scene.frame_set(1)
    bpy.context.scene.mambocap.clip = str(tmp_path / "another.mp4")
    assert not bpy.ops.mambocap.upright_here.poll()


def test_hints_are_of_the_first_person_however_the_list_is_ordered(take):
    anna, = people_of(take)
    other = anna.copy()
    other.name, other["mambocap_motion_file"] = "A", str(Path(anna["mambocap_motion_file"]).parents[1] / "person_01")
    take.users_collection[0].objects.link(other)
    assert say_world.first_person(take) == anna


def test_a_ray_of_blenders_camera_meets_the_pixel_that_opencv_says():
    view = camera(5, moving=True)
    motion = SimpleNamespace(cameras=(view,), times_s=np.arange(5) / 30.0)
    x, y, z = point = np.array([0.4, -0.3, 3.0])
    projected = view.K[3] @ point
    assert say_world.pixel_of(motion, 0.1, np.array([x, -y, -z])) == pytest.approx(projected[:2] / projected[2])
    assert say_world.pixel_of(motion, 0.1, np.array([x, -y, z])) is None


@pytest.mark.parametrize("text", ["", ";;", "1 2 3 4", "a b c d e", "1 2 3 4 5 6"])
def test_a_text_that_is_no_line_says_nothing(text):
    assert world_hints.lines_of(text) == []
