"""What the Batch panel shows, before, while and after a batch runs."""

from __future__ import annotations

import json
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import bpy
import pytest
from mambocap.addon.batch import batch_buttons, seen_batch, take_table, watched
from mambocap.addon.batch.batch_panel import MAMBOCAP_PT_batch, MAMBOCAP_PT_batch_advanced
from mambocap.addon.kept_quality import GRADE_ICONS
from mambocap.motion.batch.words import STATES, TABLE, BatchTable, TakeRow, WantedTake

from tests.addon.batch.batches import batch, choose, is_over, played, seen, until
from tests.addon.drawn_panels import Layout, drawn_by

pytest_plugins = ["tests.addon.in_blender"]
__all__ = ["played"]


class DrawnRows(Layout):
    """A layout that also takes the properties that rows are aligned by."""

    alignment = "EXPAND"


def row(take: TakeRow, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """What the table shows of a take."""
    shown = SimpleNamespace(rows={take.name: take}, places=SimpleNamespace(folder=Path("/out")))
    monkeypatch.setattr(watched, "batch_of", lambda scene: SimpleNamespace(seen=shown))
    rows = bpy.context.scene.mambocap_batch.rows
    rows.clear()
    rows.add().name = take.name
    layout = DrawnRows()
    layout._part = lambda **_: layout
    layout.row = layout._part
    take_table.MAMBOCAP_UL_batch.draw_item(None, bpy.context, layout, None, rows[0], 0, None, "")
    return layout.drawn


def words(panel=MAMBOCAP_PT_batch) -> list[str]:
    return [text for _, text, _ in drawn_by(panel).drawn]


def test_a_panel_without_footage_asks_for_it_and_nothing_else(played):
    assert [what for what, _, _ in drawn_by(MAMBOCAP_PT_batch).drawn] == ["prop", "prop", "prop"]


def test_found_takes_can_be_started(played, tmp_path):
    choose(tmp_path / "shoot", "a", "b")
    drawn = drawn_by(MAMBOCAP_PT_batch)
    kinds = [what for what, _, _ in drawn.drawn]
    assert "mambocap.start_batch" in kinds and "mambocap.stop_batch" not in kinds
    assert "2 takes: 2 waiting" in words() and "Import Chosen (0)" in words()


def test_a_running_batch_shows_how_far_it_is_and_how_long_it_takes(played, tmp_path):
    choose(tmp_path / "shoot", "a", "hang")
    bpy.ops.mambocap.start_batch()
    assert "Starting..." in words()
    until(lambda: seen().rows["a"].state == "done" and seen().rows["hang"].done > 0)
    drawn = [text for what, text, _ in drawn_by(MAMBOCAP_PT_batch).drawn]
    assert "About 1 min left" in drawn and "2 workers on this machine" in drawn
    assert "75 %" in drawn
    bpy.ops.mambocap.stop_batch()
    assert "Stopping..." in words()


def test_the_sentence_of_a_failed_take_is_there_in_full(played, tmp_path):
    choose(tmp_path / "shoot", "a", "broken")
    bpy.ops.mambocap.start_batch()
    until(is_over)
    bpy.context.scene.mambocap_batch.active_row = 1
    text = " ".join(words())
    assert "broken ends after 1.2 s of 8.0 s. Copy it again." in text
    assert "Retry Failed (1)" in words() and "Import Chosen (1)" in words()


@pytest.mark.parametrize("take, expected", [
    (TakeRow("a", ("a.mp4",)), {("", "TIME"), ("a", "FILE_MOVIE")}),
    (TakeRow("a", ("a.mp4", "b.mp4"), "working", "detect", 42, 100), {("42 %", "NONE"), ("2", "CAMERA_DATA")}),
    (TakeRow("a", ("a.mp4",), "done", people=3, grade="fair"), {("3", "USER"), ("", GRADE_ICONS["fair"])}),
    (TakeRow("a", ("a.mp4",), "failed", sentence="No."), {("", "ERROR"), ("a", "FILE_MOVIE")}),
])  # fmt: skip
def test_the_table_tells_state_name_cameras_people_and_grade(played, monkeypatch, take, expected):
    drawn = row(take, monkeypatch)
    assert expected <= {(text, icon) for _, text, icon in drawn}
    assert (("prop", "", "wanted") in drawn) == (take.state == "done"), "only what is done can be imported"


def test_every_state_has_an_icon_that_blender_knows():
    known = bpy.types.UILayout.bl_rna.functions["label"].parameters["icon"].enum_items
    assert set(take_table.STATE_ICONS) == set(STATES) and all(icon in known for icon in take_table.STATE_ICONS.values())


@pytest.mark.parametrize("take, lines", [
    (TakeRow("a", ("1", "2"), "done", people=2, grade="good"), ["Done, 2 people, Good", "2 cameras"]),
    (TakeRow("a", ("1", "2"), "done", people=1, grade="good", note="1 of 2 cameras used"),
     ["Done, 1 person, Good", "1 of 2 cameras used"]),
    (TakeRow("a", ("1",), "working", "detect", 1, 2), ["Finding people"]),
    (TakeRow("a", ("1",), "cancelled"), ["Stopped"]),
])  # fmt: skip
def test_the_chosen_take_is_told_in_words(take, lines):
    assert take_table.lines_of(take) == lines


def test_drawing_asks_nothing_of_the_disk(played, tmp_path, monkeypatch):
    folder = choose(tmp_path / "shoot", "a", "broken")
    bpy.ops.mambocap.start_batch()
    until(is_over)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a panel that is drawn looks at the disk")

    for name in ("stat", "exists", "is_file", "is_dir", "open", "resolve", "iterdir"):
        monkeypatch.setattr(Path, name, refuse)
    drawn_by(MAMBOCAP_PT_batch)
    drawn_by(MAMBOCAP_PT_batch_advanced)
    assert batch_buttons.MAMBOCAP_OT_open_report.poll(bpy.context) and folder.name == "Mambocap"


@pytest.mark.parametrize("text", ["", "[]", "{", '{"takes": 3}', '{"takes": [{"name": 4, "state": "asleep"}]}'])
def test_a_damaged_table_is_as_good_as_none(played, tmp_path, text):
    folder = choose(tmp_path / "shoot", "a")
    folder.mkdir()
    (folder / TABLE).write_text(text)
    bpy.ops.mambocap.find_takes()
    until(is_over)
    assert [(name, take.state) for name, take in seen().rows.items()] == [("a", "waiting")]
    assert words() and batch().seen.runs is False


def test_a_table_of_other_takes_shows_them_too(played, tmp_path):
    folder = choose(tmp_path / "shoot", "a")
    folder.mkdir()
    old = {"name": "old", "state": "done", "people": 1}
    (folder / TABLE).write_text(json.dumps({"takes": [old], "running": False}))
    bpy.ops.mambocap.find_takes()
    until(is_over)
    assert [(name, take.state) for name, take in seen().rows.items()] == [("a", "waiting"), ("old", "done")]
    assert "2 takes: 1 done, 1 waiting" in words()


def test_thousands_of_takes_do_not_hold_up_the_window(played, tmp_path, monkeypatch):
    wanted = tuple(WantedTake(f"take_{index}", (f"{index}.mp4",)) for index in range(3000))
    table = BatchTable(tuple(TakeRow(take.name, take.clips, "done", people=1, grade="good") for take in wanted), False)
    monkeypatch.setattr(seen_batch, "find_takes", lambda *_: list(wanted))
    monkeypatch.setattr(seen_batch, "read_table", lambda _: table)
    monkeypatch.setattr(seen_batch, "_written_ns", lambda _: 1)
    steps_s = []

    def measured(step: Callable[[], object]) -> None:
        began_s = time.thread_time()   # of this thread alone: other processes and the look itself do not count
        step()
        steps_s.append(time.thread_time() - began_s)

    measured(lambda: setattr(bpy.context.scene.mambocap_batch, "folder", str(tmp_path)))
    while not is_over():
        measured(watched.look)
        time.sleep(0.01)
    measured(lambda: drawn_by(MAMBOCAP_PT_batch))
    assert len(bpy.context.scene.mambocap_batch.rows) == 3000 and "Import Chosen (3000)" in words()
    assert max(steps_s) < 0.1


def test_the_report_opens_in_the_browser(played, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    folder = choose(tmp_path / "a shoot", "a")
    with pytest.raises(RuntimeError, match="There is no report yet: it is written when the batch has ended"):
        bpy.ops.mambocap.open_report()
    bpy.ops.mambocap.start_batch()
    until(is_over)
    assert bpy.ops.mambocap.open_report() == {"FINISHED"}
    assert opened == [(folder / "report.html").as_uri()]
