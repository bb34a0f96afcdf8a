"""`train variety` from prepared motion to a file of more of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from backend.__main__ import main
from backend.train.motions.prepared import read_prepared, write_prepared
from backend.train.variety import make_variety as making
from motion.job import DONE, USER_CAN_MEND
from tests.backend.train.variety.made_up_clips import LENIENT, marching

CLIPS = [marching(f"clip {i}", frames=150, seed=i) for i in range(4)]


@pytest.fixture
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(making, "fitted_rules", lambda clips, rng: LENIENT)
    monkeypatch.setattr(making, "KINDS", {"squat": making.KINDS["squat"]})
    other = replace(CLIPS[0], origin=replace(CLIPS[0].origin, name="other", licence="LGPL-3.0-or-later"))
    write_prepared(tmp_path / "prepared.npz", [*CLIPS, other])
    return tmp_path / "prepared.npz"


def variety(prepared: Path, out: str, *words: str) -> int:
    return main(["train", "variety", str(prepared), "--out", str(prepared.parent / out), "--minutes", "0.3", *words])


def test_a_file_of_more_clips_for_training_is_made_and_what_is_in_it_is_said(
    prepared: Path, capsys: pytest.CaptureFixture
) -> None:
    assert variety(prepared, "more.npz") == DONE
    clips = read_prepared(prepared.parent / "more.npz")
    assert {clip.origin.split for clip in clips} == {"train"}
    assert {clip.origin.licence for clip in clips if clip.origin.source == "made"} == {"GPL-3.0-or-later"}
    last = capsys.readouterr().out.strip().splitlines()[-1]
    minutes = sum(clip.seconds for clip in clips) / 60.0
    assert last.startswith(f"{len(clips)} clips, {minutes:.1f} minutes in ") and minutes >= 0.3


def test_exchanged_clips_name_the_licences_of_both(prepared: Path) -> None:
    variety(prepared, "more.npz")
    licences = {clip.origin.licence for clip in read_prepared(prepared.parent / "more.npz")}
    assert "CC0-1.0 and LGPL-3.0-or-later" in licences


def test_the_same_seed_makes_the_same_file_and_another_one_another(prepared: Path) -> None:
    for out, seed in (("a.npz", "3"), ("b.npz", "3"), ("c.npz", "4")):
        assert variety(prepared, out, "--seed", seed) == DONE
    a, b, c = ((prepared.parent / name).read_bytes() for name in ("a.npz", "b.npz", "c.npz"))
    assert a == b != c


@pytest.mark.parametrize("minutes", ["0", "-3", "nan", "inf", "1e9"])
def test_minutes_that_cannot_be_are_refused(prepared: Path, minutes: str, capsys: pytest.CaptureFixture) -> None:
    assert variety(prepared, "more.npz", "--minutes", minutes) == USER_CAN_MEND
    assert "minutes of motion cannot be made" in capsys.readouterr().err


def test_neither_the_source_itself_nor_a_missing_folder_nor_a_negative_seed_is_taken(prepared: Path) -> None:
    before = prepared.read_bytes()
    assert variety(prepared, "prepared.npz") == variety(prepared, "missing/more.npz") == USER_CAN_MEND
    assert variety(prepared, "more.npz", "--seed", "-1") == USER_CAN_MEND
    assert prepared.read_bytes() == before


def test_held_out_clips_alone_make_nothing(prepared: Path, capsys: pytest.CaptureFixture) -> None:
    write_prepared(prepared, [replace(clip, origin=replace(clip.origin, split="test")) for clip in CLIPS])
    assert variety(prepared, "more.npz") == USER_CAN_MEND
    assert "no clips for training" in capsys.readouterr().err
