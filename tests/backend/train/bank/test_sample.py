from dataclasses import replace

import numpy as np
import pytest

from backend.train.bank.sample import STEPS, chosen, principal_components, read_sample, write_sample
from motion.refusal import Refusal
from tests.backend.train.errors.test_fit_learned import bank_clip

CLIPS = [
    replace(bank_clip(index), features=np.random.default_rng(index).normal(size=(60, 100)).astype(np.float16))
    for index in range(6)
]


def test_a_sample_is_the_bank_but_for_rounding(tmp_path):
    write_sample(tmp_path / "sample.npz", CLIPS)
    for before, after in zip(CLIPS, read_sample(tmp_path / "sample.npz"), strict=True):
        assert after.origin == before.origin
        np.testing.assert_array_equal(after.seen, before.seen)
        np.testing.assert_array_equal(after.hidden, before.hidden)
        for name, step in STEPS.items():
            np.testing.assert_allclose(getattr(after, name), getattr(before, name), atol=0.51 * step + 1e-4)
        assert after.features.shape == (60, 64)


def test_components_keep_what_varies_most():
    rng = np.random.default_rng(0)
    features = np.outer(rng.normal(size=500), np.arange(80) == 7) * 10 + rng.normal(size=(500, 80))
    basis, middle = principal_components(features)
    assert abs(basis[7, 0]) > 0.99 and np.abs(basis.T @ basis - np.eye(64)).max() < 1e-9
    assert np.abs(middle - features.mean(axis=0)).max() < 1e-12


def test_as_many_clips_are_drawn_as_hold_the_frames():
    drawn = chosen(CLIPS, 150)
    assert len(drawn) == 3
    assert [clip.origin.index for clip in drawn] == sorted(clip.origin.index for clip in drawn)


def test_another_file_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "other.npz").write_bytes(b"PK nothing")
    with pytest.raises(Refusal, match=r"other\.npz is no sample of a bank of detections\."):
        read_sample(tmp_path / "other.npz")
