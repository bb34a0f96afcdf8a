"""Prepared motion comes back as it was written, and nothing else comes in."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from backend.train.motions.prepared import read_prepared, write_prepared
from backend.train.motions.squeezed import packed, unpacked_up_to
from motion.refusal import Refusal
from tests.backend.train.motions.made_up_clips import made_up_clip


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(5)


@pytest.fixture
def written(tmp_path: Path, rng: np.random.Generator) -> Path:
    write_prepared(tmp_path / "some.npz", [made_up_clip(rng, 90), made_up_clip(rng, 1, "made/up/two")])
    return tmp_path / "some.npz"


def test_clips_come_back_within_a_tenth_of_a_degree_and_a_millimetre(tmp_path, rng) -> None:
    clips = [made_up_clip(rng, frames, f"made/up/{frames}") for frames in (1, 2, 200)]
    write_prepared(tmp_path / "some.npz", clips)
    for clip, read in zip(clips, read_prepared(tmp_path / "some.npz"), strict=True):
        assert (read.origin, read.teaches) == (clip.origin, clip.teaches)
        np.testing.assert_array_equal(read.still, clip.still)
        np.testing.assert_array_equal(read.rest_joints, clip.rest_joints)
        np.testing.assert_allclose(read.root_world, clip.root_world, atol=0.001)
        turned = np.linalg.norm(read.R_parent_from_joint - clip.R_parent_from_joint, axis=(-2, -1)) / np.sqrt(2.0)
        assert np.rad2deg(turned.max()) < 0.1


def test_the_same_clips_make_the_same_file(tmp_path) -> None:
    for name in ("a.npz", "b.npz"):
        write_prepared(tmp_path / name, [made_up_clip(np.random.default_rng(3), 40)])
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_no_clips_are_a_file_too(tmp_path) -> None:
    write_prepared(tmp_path / "none.npz", [])
    assert read_prepared(tmp_path / "none.npz") == []


def test_a_file_that_is_not_there_is_named(tmp_path) -> None:
    with pytest.raises(Refusal, match=r"There is no file .*gone\.npz\."):
        read_prepared(tmp_path / "gone.npz")


def test_damaged_files_are_refused_in_words(written: Path, rng: np.random.Generator) -> None:
    good = written.read_bytes()
    for _ in range(80):
        bad = bytearray(good[: rng.integers(0, len(good))] if rng.random() < 0.3 else good)
        for place in rng.integers(0, max(len(bad), 1), 3):
            if bad:
                bad[place] = rng.integers(256)
        written.write_bytes(bytes(bad))
        try:
            read_prepared(written)
        except Refusal as refusal:
            assert refusal.sentence.startswith(("some.npz is not a readable file", "some.npz was written by a newer"))


@pytest.mark.parametrize("change", [
    {"frames": 10**12}, {"frames": -4}, {"frames": True}, {"rest": 7}, {"split": "all"}, {"name": 5}, {"teaches": None},
    {"start_s": "soon"}, {"start_s": 1e400},
])  # fmt: skip
def test_a_file_whose_words_and_numbers_disagree_is_refused(written: Path, change: dict) -> None:
    parts, described = taken_apart(written)
    described["clips"][0] |= change
    put_together(written, parts, described)
    with pytest.raises(Refusal, match="some.npz is not a readable file of prepared motion"):
        read_prepared(written)


def test_a_newer_file_asks_for_a_newer_program(written: Path) -> None:
    parts, described = taken_apart(written)
    put_together(written, parts, described | {"format_version": 99})
    with pytest.raises(Refusal, match="some.npz was written by a newer Mambocap."):
        read_prepared(written)


def taken_apart(path: Path) -> tuple[dict[str, bytes], dict]:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return parts, json.loads(unpacked_up_to(parts["text"], 1 << 20))


def put_together(path: Path, parts: dict[str, bytes], described: dict) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in (parts | {"text": packed(json.dumps(described).encode())}).items():
            archive.writestr(name, data)
