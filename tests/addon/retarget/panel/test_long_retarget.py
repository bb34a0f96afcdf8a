"""A long motion brought over while Blender stays free: what is seen, what stops it, and that nothing changed then."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import bpy
import numpy as np
import pytest
from mambocap.addon.retarget.panel import long_retarget, retarget_buttons
from mambocap.addon.retarget.panel import retarget_panel as panel
from mambocap.addon.retarget.sources import Source
from mambocap.motion.retarget.source.sampled_source import sampled

from bench.rigs.made_up_motion import performance
from tests.addon.drawn_panels import drawn_by
from tests.addon.retarget.chosen_character import choose, mixamo_character
from tests.addon.retarget.made_up_source import pose_of, use_made_up_source

pytest_plugins = ["tests.addon.in_blender"]


@pytest.fixture
def chosen(extension: Path, monkeypatch: pytest.MonkeyPatch) -> bpy.types.PropertyGroup:
    use_made_up_source(monkeypatch)
    return choose(mixamo_character())


@pytest.fixture
def held_back(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """The thread goes no further than its first step until the event is set."""
    event, reached = threading.Event(), long_retarget.Session.reached

    def wait(running: long_retarget.Session, share: float) -> None:
        event.wait(20.0)
        reached(running, share)

    monkeypatch.setattr(long_retarget.Session, "reached", wait)
    yield event
    event.set()


def start() -> None:
    long_retarget.start(bpy.context, retarget_buttons.wanted_source(bpy.context))


def until(condition: Callable[[], bool], timeout_s: float = 20.0) -> None:
    """Call the timer's function as Blender's event loop would, until `condition` holds."""
    deadline_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline_s, "it took too long"
        long_retarget.look()
        time.sleep(0.01)


def ended() -> bool:
    return long_retarget.session is None


def keys_of(action: bpy.types.Action) -> list[tuple]:
    curves = action.fcurves if hasattr(action, "fcurves") else action.layers[0].strips[0].channelbags[0].fcurves
    return [(curve.data_path, curve.array_index, [tuple(point.co) for point in curve.keyframe_points])
            for curve in curves]  # fmt: skip


def shown() -> list[tuple[str, str, str]]:
    return drawn_by(panel.MAMBOCAP_PT_retarget).drawn


def test_the_keys_are_those_of_the_short_way(chosen):
    bpy.ops.mambocap.retarget()
    at_once = chosen.character.animation_data.action
    start()
    until(ended)
    later = chosen.character.animation_data.action
    assert later != at_once and keys_of(later) == keys_of(at_once)
    assert chosen.outcome == f"Mixamo has the action {later.name}" and not long_retarget.notice
    assert max(error.degrees for error in chosen.limb_errors) < 0.5


def test_until_the_end_nothing_changes_and_it_can_be_cancelled(chosen, held_back):
    before, actions = pose_of(chosen.character), len(bpy.data.actions)
    start()
    for _ in range(3):
        assert long_retarget.look() == long_retarget.LOOK_EVERY_S
    assert not bpy.ops.mambocap.retarget.poll() and not bpy.ops.mambocap.preview_retarget.poll()
    assert bpy.ops.mambocap.cancel_retarget() == {"FINISHED"}
    held_back.set()
    until(lambda: not long_retarget._thread.is_alive())
    assert long_retarget.look() is None and not bpy.ops.mambocap.cancel_retarget.poll()
    assert chosen.character.animation_data is None and pose_of(chosen.character) == before
    assert len(bpy.data.actions) == actions and bpy.ops.mambocap.retarget.poll()


def test_the_panel_shows_a_bar_with_the_time_left_and_cancel_instead_of_the_button(chosen, held_back):
    assert "mambocap.retarget" in [kind for kind, _, _ in shown()]
    start()
    drawn = {kind: text for kind, text, _ in shown()}
    assert drawn["progress"] == "Bringing the motion over: about 1 s left" and "mambocap.retarget" not in drawn
    assert drawn["mambocap.cancel_retarget"] == "Cancel" and 0.0 <= long_retarget.session.done <= 1.0


def test_loading_a_file_forgets_it(chosen, held_back):
    start()
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    assert ended() and not long_retarget.notice


def test_a_character_that_was_deleted_ends_it(chosen, held_back):
    start()
    bpy.data.objects.remove(chosen.character)
    long_retarget.look()
    assert ended() and long_retarget.notice == "Mixamo is gone: its motion was not brought over"


def test_another_of_the_same_name_is_not_the_character(chosen, held_back):
    start()
    bpy.data.objects.remove(chosen.character)
    assert mixamo_character().name == "Mixamo"
    long_retarget.look()
    assert ended() and bpy.data.objects["Mixamo"].animation_data is None


def test_undo_ends_it(chosen, held_back):
    start()
    for handler in list(bpy.app.handlers.undo_pre):
        handler(bpy.context.scene, None)
    assert ended() and "Undo was pressed" in long_retarget.notice
    assert long_retarget.notice in " ".join(text for kind, text, _ in shown() if kind == "label")


def test_bones_that_changed_meanwhile_are_not_keyed(chosen):
    start()
    bone = chosen.character.data.bones["mixamorig:LeftArm"]
    bone.name = "arm"
    until(ended)
    assert long_retarget.notice == "The bones of Mixamo were changed meanwhile. Press Retarget again."
    assert chosen.character.animation_data is None or chosen.character.animation_data.action is None


def test_what_fails_in_the_thread_is_said_and_changes_nothing(chosen, monkeypatch, capfd):
    def fail(*_: object) -> None:
        raise MemoryError("made up")

    monkeypatch.setattr(long_retarget, "brought_over", fail)
    before = pose_of(chosen.character)
    start()
    until(ended)
    assert "the fault is ours" in long_retarget.notice and "made up" in capfd.readouterr().err
    assert chosen.character.animation_data is None and pose_of(chosen.character) == before


def test_what_fails_while_writing_is_said_and_changes_nothing(chosen, monkeypatch):
    def fail(*_: object) -> None:
        raise ValueError("made up")

    bpy.ops.mambocap.retarget()
    before, action = pose_of(chosen.character), chosen.character.animation_data.action
    monkeypatch.setattr("mambocap.addon.retarget.retarget_character.note_contacts", fail)
    start()
    until(ended)
    assert "the fault is ours" in long_retarget.notice
    assert chosen.character.animation_data.action == action and pose_of(chosen.character) == before
    assert len(bpy.data.actions) == 1


def test_keys_wait_until_edit_mode_is_left(chosen):
    start()
    bpy.context.view_layer.objects.active = mixamo_character()
    bpy.ops.object.mode_set(mode="EDIT")
    until(lambda: long_retarget.session.waits_for != "")
    assert long_retarget.session.words == "Ready: go to Object Mode or Pose Mode"
    bpy.ops.object.mode_set(mode="OBJECT")
    until(ended)
    assert chosen.character.animation_data.action is not None


class Pressed:
    """The button as a window would press it: without one Blender calls execute, whatever it is asked."""

    invoke = retarget_buttons.MAMBOCAP_OT_retarget.invoke
    execute, run = retarget_buttons.MAMBOCAP_OT_retarget.execute, retarget_buttons.MAMBOCAP_OT_retarget.run

    def report(self, kind: set[str], words: str) -> None:
        assert kind == {"INFO"}, words


def test_only_a_long_motion_that_somebody_asks_for_goes_on_alone(chosen, monkeypatch):
    assert not long_retarget.can_go_on_alone(), "bpy alone has no event loop"
    monkeypatch.setattr(long_retarget, "can_go_on_alone", lambda: True)
    assert Pressed().invoke(bpy.context, None) == {"FINISHED"} and ended(), "a short one"
    first = chosen.character.animation_data.action
    monkeypatch.setattr(long_retarget, "LONG_S", 0.0)
    assert bpy.ops.mambocap.retarget() == {"FINISHED"} and ended(), "scripts wait"
    second = chosen.character.animation_data.action
    assert Pressed().invoke(bpy.context, None) == {"INTERFACE"} and not ended()
    assert chosen.character.animation_data.action == second != first
    until(ended)
    assert chosen.character.animation_data.action not in (first, second)


def test_blender_stays_free_and_the_bar_only_rises(chosen, monkeypatch):
    frames = 3000
    there_and_back = np.abs(np.arange(float(frames)) % 700.0 - 350.0)
    long = Source(sampled(performance(), there_and_back, 30.0), np.arange(float(frames)), "Long")
    monkeypatch.setattr(retarget_buttons, "wanted_source", lambda context: long)
    start()
    gaps, bars, last_s = [], [], time.perf_counter()
    while long_retarget.session.brought is None and long_retarget.session.failure is None:
        time.sleep(0.005)
        now_s = time.perf_counter()
        gaps.append(now_s - last_s)
        bars.append(long_retarget.session.share)
        last_s = now_s
    assert max(gaps) < 0.3 and bars == sorted(bars) and bars[-1] > 0.8, max(gaps)
    until(ended)
    assert len(keys_of(chosen.character.animation_data.action)[0][2]) == frames
