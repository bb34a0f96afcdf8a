"""What is asked of a batch and how far it is arrives, and what is damaged in it harms nobody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from motion.batch.words import (
    BATCH,
    DONE,
    TABLE,
    WORKING,
    BatchRequest,
    BatchTable,
    TakeRow,
    WantedTake,
    read_batch,
    read_table,
    share_of,
)  # fmt: skip
from motion.job import CANCEL, write_json
from motion.refusal import Refusal

TAKES = (WantedTake("walk", ("a.mp4", "動き.mov")), WantedTake("jump", ("b.mp4",)))
ASKED = BatchRequest(TAKES, {"video": {"in_s": 0.5}}, preview=False, retry=True, workers=3, cluster="auto", ship=True,
                     actor_folder="actors", takes_folder="takes")  # fmt: skip


def test_a_batch_comes_back_as_it_was_asked_and_an_old_wish_to_cancel_is_gone(tmp_path: Path) -> None:
    (tmp_path / CANCEL).touch()
    ASKED.write(tmp_path)
    assert read_batch(tmp_path) == ASKED and not (tmp_path / CANCEL).exists()


@pytest.mark.parametrize("change, code", [
    ({"protocol": 99}, "newer-request"), ({"takes": []}, "bad-batch"), ({"takes": [{"clips": [""]}]}, "bad-batch"),
    ({"settings": 7}, "bad-batch"), ({"cluster": None}, "bad-batch"),
])  # fmt: skip
def test_what_is_no_batch_is_refused(tmp_path: Path, change: dict, code: str) -> None:
    ASKED.write(tmp_path)
    write_json(tmp_path / BATCH, json.loads((tmp_path / BATCH).read_text(encoding="utf-8")) | change)
    with pytest.raises(Refusal) as refused:
        read_batch(tmp_path)
    assert refused.value.code == code


def test_a_table_comes_back_without_the_rows_that_somebody_damaged(tmp_path: Path) -> None:
    rows = (TakeRow("walk", ("a.mp4",), WORKING, "lift", 3, 12), TakeRow("jump", ("b.mp4",), DONE, seconds=7.5))
    BatchTable(rows, left_s=9.0, workers=2, where="this machine").write(tmp_path)
    said = json.loads((tmp_path / TABLE).read_text(encoding="utf-8"))
    damaged = [{"state": DONE}, {"name": "x", "state": "gone"}, {"name": "x", "done": "many"}, "name", None, 7]
    write_json(tmp_path / TABLE, said | {"takes": [*said["takes"], *damaged]})
    assert read_table(tmp_path) == BatchTable(rows, left_s=9.0, workers=2, where="this machine")
    assert read_table(tmp_path / "gone") is None


def test_the_share_of_a_take_lies_between_nothing_and_all_whatever_its_row_says():
    for done, of in ((10**400, 1), (1, 10**400), (-(10**400), 3), (3, -1), (0, 0)):
        assert 0.0 <= share_of(TakeRow("jump", done=done, of=of)) <= 1.0
