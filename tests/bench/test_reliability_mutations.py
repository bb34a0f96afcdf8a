"""Damaged files are the same for the same seed, and a worker that hangs, dies or grows is seen and replaced."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from bench.reliability_damage import damaged
from bench.reliability_reader import ACCEPTED, REFUSED, TOO_LARGE, Part, Reader, outcome_of, went_well
from bench.reliability_readers import READERS, numbers_of
from bench.reliability_try import damage, tried
from bench.reliability_workers import by_workers
from motion.refusal import Refusal
from tests.bench.bad_worker import badly

QUICK = sorted(set(READERS) - {"lifter.npz", "flow.npz", "multiview.npz", "training to resume", "prepared motion",
                               "ONNX network"})  # fmt: skip


@pytest.mark.parametrize("name", QUICK)
def test_whole_files_are_read_and_damaged_ones_read_or_refused(name: str, tmp_path: Path) -> None:
    READERS[name].write(tmp_path)
    assert outcome_of(READERS[name], tmp_path).kind == ACCEPTED
    found = list(tried(Part(name, 0, 12, 19), tmp_path))
    assert [one for one in found if not went_well(one)] == []
    assert [one.number for one in found] == list(range(12))


def test_as_many_files_are_shared_out_as_were_asked_for() -> None:
    counts = numbers_of(200_000)
    assert sum(counts.values()) == 200_000 and counts.keys() == READERS.keys() and min(counts.values()) > 100


def test_a_number_names_one_damage(tmp_path: Path) -> None:
    contents = []
    for folder in (tmp_path / "one", tmp_path / "other"):
        folder.mkdir()
        READERS["request.json"].write(folder)
        whole = (folder / "request.json").read_bytes()
        damage("request.json", 7, 3, folder)
        contents.append((folder / "request.json").read_bytes())
    assert contents[0] == contents[1] != whole


@pytest.mark.parametrize("name, content", [
    ("a.json", json.dumps({"a": [1, 2, {"b": "c"}], "d": None}).encode()), ("a.bvh", b"one two 3\nfour 5 6\n" * 5),
    ("a.jsonl", b'{"stage": "open"}\n{"stage": "lift"}\n'), ("a.npz", b"no archive"), ("a.csv", b""),
])  # fmt: skip
def test_anything_can_be_damaged_in_many_ways(name: str, content: bytes, rng: np.random.Generator) -> None:
    found = {damaged(name, content, rng)[0] for _ in range(60)}
    assert len(found) > (4 if not content else 25)


@pytest.mark.parametrize("error, kind", [
    (Refusal("bad", "It is bad.", "Mend it."), REFUSED), (Refusal("bad", "It is bad", "Mend it."), "no plain sentence"),
    (Refusal("bad", "It is\nbad.", "Mend it."), "no plain sentence"), (KeyError("a"), "KeyError"),
    (RecursionError("deep"), "RecursionError"),
])  # fmt: skip
def test_only_a_plain_sentence_is_a_refusal(error: Exception, kind: str, tmp_path: Path) -> None:
    def read(folder: Path) -> None:
        raise error

    assert outcome_of(Reader(lambda folder: None, read), tmp_path).kind.startswith(kind)


def test_every_file_is_told_of_whatever_becomes_of_the_worker(tmp_path: Path) -> None:
    parts = [Part("BVH", 0, 6, 1)]
    found = [one for _, one in by_workers(parts, tmp_path, badly, count=1)]
    assert sorted(one.number for one in found) == list(range(6))
    kinds = Counter(one.kind for one in found)
    assert kinds == {ACCEPTED: 4, "the process died with code 3": 1, TOO_LARGE: 1}
