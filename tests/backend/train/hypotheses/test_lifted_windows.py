"""Lifted windows in files."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from backend.train.hypotheses.lifted_windows import LiftedWindows, read_windows, write_windows
from motion.refusal import Refusal

from .made_up_windows import some_windows


def test_windows_of_several_files_come_back_one_after_the_other(tmp_path: Path) -> None:
    parts = some_windows(3, seed=1), some_windows(2, seed=2)
    paths = [tmp_path / "a.npz", tmp_path / "b.npz"]
    for path, part in zip(paths, parts, strict=True):
        write_windows(path, part)
    back = read_windows(paths)
    assert len(back) == 5 and back.frame_count == 30
    for field in fields(LiftedWindows):
        wanted = np.concatenate([getattr(part, field.name) for part in parts])
        np.testing.assert_allclose(getattr(back, field.name), wanted, rtol=1e-3, atol=1e-4, err_msg=field.name)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.999])
def test_a_cut_off_file_is_refused_with_how_to_make_it(tmp_path: Path, share: float) -> None:
    path = tmp_path / "real_0000.npz"
    write_windows(path, some_windows(2))
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(Refusal, match="real_0000.npz holds no lifted windows. .*train windows"):
        read_windows([path])


def test_another_archive_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "motion.npz", poses=np.zeros(3))
    with pytest.raises(Refusal, match="no lifted windows"):
        read_windows([tmp_path / "motion.npz"])


def test_some_frames_of_windows_keep_their_bones() -> None:
    windows = some_windows(2)
    cut = windows.during(slice(4, 10))
    assert cut.frame_count == 6 and len(cut) == 2
    np.testing.assert_array_equal(cut.turn_rad, windows.turn_rad[:, 4:10])
    np.testing.assert_array_equal(cut.bones_m, windows.bones_m)


def test_windows_of_other_lengths_do_not_go_together() -> None:
    windows = some_windows(2)
    with pytest.raises(ValueError, match="counts"):
        LiftedWindows(**{**vars(windows), "counts": windows.counts[:, :5]})
