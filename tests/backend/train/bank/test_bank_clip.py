import numpy as np

from backend.train.bank.bank_clip import SHAPES, read_bank, write_bank_clip
from tests.backend.train.errors.test_fit_learned import bank_clip


def test_a_clip_comes_back_as_it_was_written(tmp_path):
    clips = [bank_clip(3), bank_clip(1)]
    for clip in clips:
        write_bank_clip(tmp_path / f"{clip.origin.index:06d}.npz", clip)
    first, second = read_bank(tmp_path)
    assert (first.origin, second.origin) == (clips[1].origin, clips[0].origin)
    for name in SHAPES:
        np.testing.assert_array_equal(getattr(second, name), getattr(clips[0], name))


def test_a_clip_whose_writing_was_cut_short_is_left_out(tmp_path):
    write_bank_clip(tmp_path / "000001.npz", bank_clip(1))
    whole = (tmp_path / "000001.npz").read_bytes()
    (tmp_path / "000002.npz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "000003.npz").write_bytes(b"")
    assert [clip.origin.index for clip in read_bank(tmp_path)] == [1]
