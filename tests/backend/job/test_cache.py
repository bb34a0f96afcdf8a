"""What is found again is what was put in, and only for the same inputs."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.detect.detections import Detections
from backend.job import cache as cache_module
from backend.job.cache import Cache, code_digest, digest
from backend.track.tracks import Track


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def some_track(frames: int = 7) -> Track:
    rng = np.random.default_rng(3)
    shapes = {"landmarks_px": (33, 2), "scores": (33,), "landmarks_camera": (33, 3), "hands_px": (2, 21, 2),
              "hands_camera": (2, 21, 3), "hand_scores": (2,), "doubts_px": (33,)}  # fmt: skip
    arrays = {name: rng.normal(size=(frames, *shape)) for name, shape in shapes.items()}
    arrays["landmarks_px"][2:3] = np.nan
    return Track(times_s=np.arange(frames) / 29.97, seen=np.arange(frames) != 2, number=3, shot=1, **arrays)


def some_detections(findings: int = 5) -> Detections:
    rng = np.random.default_rng(4)
    shapes = {"landmarks_px": (33, 2), "scores": (33,), "landmarks_camera": (33, 3), "hands_px": (2, 21, 2),
              "hands_camera": (2, 21, 3), "hand_scores": (2,), "doubts_px": (33,), "colours": (5,), "crops": (4,),
              "masks": (64, 8)}  # fmt: skip
    arrays = {name: rng.normal(size=(findings, *shape)) for name, shape in shapes.items()}
    return Detections(times_s=np.arange(9) / 25, picture=np.arange(findings), shot=np.arange(9) // 5,
                      tracklet=np.arange(findings), detector="heavy ♥", **arrays)


def assert_same(one: object, other: object) -> None:
    for each in fields(one):
        first, second = getattr(one, each.name), getattr(other, each.name)
        assert type(first) is type(second)
        np.testing.assert_array_equal(first, second)
        if isinstance(first, np.ndarray):
            assert first.dtype == second.dtype


def never() -> list:
    raise AssertionError("this was to be found, not made")


@pytest.mark.parametrize("items", [[some_detections()], [some_detections(0)], [some_track(), some_track(1)], []])
def test_what_is_kept_comes_back_to_the_bit(cache: Cache, items: list) -> None:
    kind = type(items[0]) if items else Track
    cache.kept("stage", kind, ("input",), lambda: items)
    again = cache.kept("stage", kind, ("input",), never)
    assert len(again) == len(items)
    for one, other in zip(items, again, strict=True):
        assert_same(one, other)


def test_other_inputs_are_made_anew_and_push_the_old_ones_out(cache: Cache) -> None:
    cache.kept("track", Track, ("a",), lambda: [some_track()])
    cache.kept("detect", Detections, ("a",), lambda: [some_detections()])
    assert cache.kept("track", Track, ("b",), lambda: []) == []
    assert sorted(path.name.split("-")[0] for path in cache.folder.iterdir()) == ["detect", "track"]
    assert len(cache.kept("track", Track, ("a",), lambda: [some_track()])) == 1


def test_what_was_made_of_the_clips_beside_stays_and_of_a_clip_that_is_gone_goes(cache: Cache) -> None:
    clips = [("a",), ("b",), ("c",)]
    for number, inputs in enumerate(clips[:2]):
        cache.kept("track", Track, inputs, lambda: [some_track()], clips[:2])
        assert len(list(cache.folder.iterdir())) == number + 1
    for inputs in clips[:2]:
        assert len(cache.kept("track", Track, inputs, never, clips)) == 1
    cache.kept("track", Track, clips[2], lambda: [], clips[1:])
    assert len(cache.kept("track", Track, clips[1], never, clips)) == 1
    assert cache.kept("track", Track, clips[0], lambda: [], clips) == []


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def bit_flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(data)


def pickled(path: Path) -> None:
    with open(path, "wb") as stream:
        np.savez(stream, count=np.array(1), **{"0.times_s": np.array([object()], dtype=object)})


def of_another_shape(path: Path) -> None:
    np.savez(path, count=np.array(1), **{f"0.{each.name}": np.zeros(3) for each in fields(Track)})


@pytest.mark.parametrize("damage", [cut, emptied, bit_flipped, pickled, of_another_shape])
def test_a_damaged_file_is_ignored_and_made_again(cache: Cache, damage) -> None:
    cache.kept("track", Track, ("a",), lambda: [some_track()])
    damage(next(cache.folder.iterdir()))
    assert_same(cache.kept("track", Track, ("a",), lambda: [some_track()])[0], some_track())
    cache.kept("track", Track, ("a",), never)


@given(st.binary(max_size=300))
def test_random_bytes_are_no_cache(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    cache = Cache(tmp_path_factory.mktemp("job") / "cache")
    cache.folder.mkdir()
    (cache.folder / f"track-{digest('a')}.npz").write_bytes(data)
    assert cache.kept("track", Track, ("a",), lambda: []) == []


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file is in the way")
    assert len(Cache(tmp_path / "cache").kept("track", Track, ("a",), lambda: [some_track()])) == 1


@dataclass(frozen=True)
class Knobs:
    speed: float = 0.3
    model: str = "heavy"


def test_a_name_depends_on_every_setting_and_on_nothing_else() -> None:
    assert digest("clip", Knobs()) == digest("clip", Knobs(0.3, "heavy"))
    names = {digest("clip", Knobs()), digest("clip", replace(Knobs(), speed=0.31)), digest("clap", Knobs()),
             digest("clip", replace(Knobs(), model="full")), digest(Knobs(), "clip")}  # fmt: skip
    assert len(names) == 5


@pytest.mark.parametrize("name", ["pose.py", "scores.json", "models/models.json"])
def test_other_code_and_other_numbers_in_it_have_another_name(tmp_path: Path, monkeypatch, name: str) -> None:
    monkeypatch.setattr(cache_module, "SOURCES", tmp_path)
    changed = tmp_path / "detect" / name
    changed.parent.mkdir(parents=True)
    changed.write_text("{}")
    before = code_digest("detect")
    (tmp_path / "detect/notes.txt").write_text("nobody's code")
    assert code_digest("detect") == before
    changed.write_text("{1: 2}")
    assert code_digest("detect") != before
