"""Finished takes of a batch brought into the scene."""

from __future__ import annotations

import shutil
from pathlib import Path

import bpy
import pytest
from mambocap.addon.batch import import_takes, watched
from mambocap.addon.batch.import_takes import importable
from mambocap.addon.take_scene import FOLDER, takes_in
from mambocap.addon.takes import active_take, people_of
from mambocap.motion.batch.words import DONE, FAILED, WORKING, BatchTable, TakeRow
from mambocap.motion.motion_file import write_motion
from mambocap.motion.refusal import Refusal

from tests.addon.batch.batches import choose, is_over, played, seen, until
from tests.addon.made_up_takes import wild_motion

pytest_plugins = ["tests.addon.in_blender"]
__all__ = ["played"]

ROWS = (
    TakeRow("a", state=DONE, people=1), TakeRow("b", state=DONE, people=1), TakeRow("broken", state=FAILED),
    TakeRow("c", state=DONE, people=1), TakeRow("d", state=WORKING),
)  # fmt: skip


@pytest.fixture
def done(played, tmp_path) -> Path:
    """The folder of a batch of which a, b and c are done."""
    folder = choose(tmp_path / "shoot", *(row.name for row in ROWS))
    for name in ("a", "b", "c"):
        (folder / name / "person_00").mkdir(parents=True)
    write_motion(folder / "a/person_00/motion.npz", wild_motion(5))
    for name in ("b", "c"):
        shutil.copy(folder / "a/person_00/motion.npz", folder / name / "person_00")
    BatchTable(ROWS, False).write(folder)
    bpy.ops.mambocap.find_takes()
    until(is_over)
    return folder


def names() -> list[str]:
    return sorted(take.name for take in takes_in(bpy.context.scene))


def test_chosen_takes_come_in_as_takes_of_their_own(done):
    bpy.context.scene.mambocap_batch.rows["b"].wanted = False
    assert bpy.ops.mambocap.import_takes() == {"FINISHED"}
    assert names() == ["a", "c"]
    a, c = takes_in(bpy.context.scene)
    assert (Path(a[FOLDER]), Path(c[FOLDER])) == (done / "a", done / "c")
    assert len(people_of(a)) == len(people_of(c)) == 1
    assert not set(a.users_collection) & set(c.users_collection)
    assert active_take(bpy.context) == a


def test_a_take_that_is_there_already_is_not_brought_in_twice(done):
    bpy.ops.mambocap.choose_takes(which="NONE")
    assert not bpy.ops.mambocap.import_takes.poll()
    bpy.context.scene.mambocap_batch.rows["a"].wanted = True
    bpy.ops.mambocap.import_takes()
    bpy.ops.mambocap.choose_takes(which="ALL")
    assert importable(bpy.context.scene, seen()) == ["b", "c"]
    bpy.ops.mambocap.import_takes()
    assert names() == ["a", "b", "c"]


def test_a_damaged_take_is_told_and_the_others_come_in(done):
    (done / "b/person_00/motion.npz").write_bytes(b"PK")
    with pytest.raises(RuntimeError, match="b: .*motion.npz"):
        bpy.ops.mambocap.import_takes()
    assert names() == ["a", "c"]


def test_a_body_model_that_cannot_be_used_is_told_once_in_words(done, monkeypatch):
    def refuse(context):
        raise Refusal("no-body", "There is no model.", "Choose one.")

    monkeypatch.setattr(import_takes, "body_model", refuse)
    with pytest.raises(RuntimeError) as told:
        bpy.ops.mambocap.import_takes()
    assert str(told.value).strip() == "Error: There is no model. Choose one."
    assert names() == []


def test_takes_come_in_while_the_batch_goes_on(done):
    watched.batch_of(bpy.context.scene).seen = seen_again = watched.replace(seen(), runs=True)
    assert seen_again.rows["d"].state == WORKING
    bpy.ops.mambocap.import_takes()
    assert names() == ["a", "b", "c"]
