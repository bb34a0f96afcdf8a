from dataclasses import replace

import numpy as np
import pytest

from backend.train.bank.bank_clip import MOTION_SHAPES, SHAPES, read_bank, write_bank_clip
from tests.backend.train.bank.made_up_bank import TEACHES, made_up_bank
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


def test_motion_comes_back_where_there_was_some(tmp_path):
    (clip,) = made_up_bank(1)
    write_bank_clip(tmp_path / "000000.npz", clip)
    write_bank_clip(tmp_path / "000001.npz", bank_clip(1))
    first, second = read_bank(tmp_path)
    assert second.motion is None and first.motion.teaches == TEACHES
    for name in MOTION_SHAPES:
        np.testing.assert_array_equal(getattr(first.motion, name), getattr(clip.motion, name))


def test_motion_lasts_as_long_as_the_pictures():
    (clip,) = made_up_bank(1)
    with pytest.raises(ValueError, match="motion of 60 frames beside 59 pictures"):
        replace(bank_clip(1), motion=clip.motion, **{
            name: getattr(clip, name)[:59] for name, shape in SHAPES.items() if shape.startswith("T")
        })  # fmt: skip
