"""`train prepare` from a user's folder to the file of training clips."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backend.__main__ import main
from backend.train.motions import prepare as preparing
from backend.train.motions.prepared import read_prepared
from motion.job import CANCELLED, DONE, USER_CAN_MEND
from tests.backend.train.motions.made_up_bvh import swaying_bvh


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    mine = tmp_path / "mine"
    (mine / "anna").mkdir(parents=True)
    (mine / "anna" / "sway.bvh").write_text(swaying_bvh(60, rate_hz=30.0))
    (mine / "anna" / "flip.bvh").write_text(swaying_bvh(100, rate_hz=30.0, flipped=50))
    (mine / "torn.bvh").write_text(swaying_bvh(60)[:900])
    return mine


def prepare(folder: Path, *words: str) -> int:
    return main(["train", "prepare", str(folder), "--out", str(folder.parent / "out.npz"), "--processes", "1", *words])


def test_a_folder_becomes_one_file_and_what_is_broken_is_said(folder: Path, capsys: pytest.CaptureFixture) -> None:
    assert prepare(folder) == DONE
    said = capsys.readouterr()
    clips = {clip.origin.name: clip for clip in read_prepared(folder.parent / "out.npz")}
    assert sorted(clips) == ["mine/anna/flip#1", "mine/anna/flip#2", "mine/anna/sway"]
    assert said.err.startswith("torn.bvh cannot be read") and said.err.count("\n") == 1
    last = said.out.strip().splitlines()[-1]
    assert last.startswith("3 clips, 0.1 minutes in ") and last.endswith("1 could not be read.")
    assert "Left out: broken 0.0 min" in last
    whole = clips["mine/anna/sway"]
    assert (whole.origin.split, whole.origin.subject, len(whole.root_world)) == ("train", "anna", 60)
    assert clips["mine/anna/flip#2"].origin.start_s == pytest.approx((50 + 1 + 3 + 1) / 30.0, abs=1e-3)


def test_a_standing_person_is_upright_on_the_floor_with_both_feet_still(folder: Path) -> None:
    prepare(folder)
    clip = next(clip for clip in read_prepared(folder.parent / "out.npz") if clip.origin.name == "mine/anna/sway")
    np.testing.assert_allclose(clip.R_parent_from_joint[:, 0, 2, 1], 1.0, atol=0.05)   # the pelvis' up is the world's
    assert clip.still[:, [0, 1, 3, 4]].all()
    assert 0.7 < clip.root_world[:, 2].mean() < 1.1


def test_the_report_shows_every_clip(folder: Path) -> None:
    report = folder.parent / "report"
    assert prepare(folder, "--report", str(report)) == DONE
    page = (report / "index.html").read_text()
    assert page.count("<figure>") == len(list((report / "pictures").iterdir())) == 3
    assert "torn.bvh cannot be read" in page and "cut: broken" in page
    assert prepare(folder, "--report", str(report)) == DONE   # an older report gives way


def test_a_folder_of_somebody_else_is_not_overwritten_by_a_report(folder: Path, capsys) -> None:
    assert prepare(folder, "--report", str(folder / "anna")) == USER_CAN_MEND
    assert "anna holds something else than a report. Name a new folder." in capsys.readouterr().err
    assert (folder / "anna" / "sway.bvh").is_file()


def test_a_file_in_no_folder_is_refused_before_the_work(folder: Path, capsys) -> None:
    assert main(["train", "prepare", str(folder), "--out", str(folder / "nowhere" / "out.npz")]) == USER_CAN_MEND
    assert "out.npz cannot be written. Name a file in a folder that there is." in capsys.readouterr().err


def test_cancelling_leaves_nothing_half_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cancel(found: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(preparing, "prepare", cancel)
    assert prepare(folder) == CANCELLED
    assert [path.name for path in folder.parent.iterdir()] == ["mine"]


def test_a_folder_of_which_nothing_can_be_used_says_so(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "short.bvh").write_text(swaying_bvh(5))
    assert prepare(tmp_path / "mine") == USER_CAN_MEND
    assert "could be made into training clips. Choose another folder." in capsys.readouterr().err
    assert not (tmp_path / "out.npz").exists()
