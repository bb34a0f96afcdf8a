"""A part of a clip shows the pictures that the clip shows there."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from backend.video.clip import Clip, VideoSettings, part_of
from backend.video.open_clip import open_clip
from backend.video.pictures import Picture, pictures
from tests.backend.video.made_footage import write_film, write_sequence

BORDERS = (0, 7, 8, 20, 31)     # and to the end
BURST = np.cumsum(np.where(np.arange(48) == 20, 600, np.resize([3000, 6000], 48))).tolist()   # ticks of 1/90000 s
WANDERING = np.cumsum(np.random.default_rng(3).integers(1500, 9000, 48)).tolist()


def in_parts(clip: Clip) -> Iterator[Picture]:
    """Every picture of the clip as its parts show it, with its index in the clip."""
    for first, end in pairwise((*BORDERS, clip.picture_count)):
        part = part_of(clip, first, end)
        assert part.picture_count == end - first and part.times_s[0] == 0
        for each in pictures(part):
            yield Picture(first + each.index, clip.times_s[first] + each.time_s, each.rgb)


@pytest.mark.parametrize(
    "name, film, settings",
    [
        ("plain.mkv", {}, VideoSettings(in_s=0.2, out_s=1.5)),
        ("quick.mp4", {"rate": Fraction(60000, 1001)}, VideoSettings(first_frame=5, last_frame=46)),
        ("selfie.mp4", {"size": (96, 128), "rotation": 90}, VideoSettings(mirrored=True)),
        ("lying.mp4", {}, VideoSettings(turn_deg=270)),
        ("slow.mp4", {}, VideoSettings(recorded_fps=120.0, in_s=0.1)),
        ("wandering.mkv", {"ticks": WANDERING}, VideoSettings(recorded_fps=100.0, first_frame=3)),
        ("burst.mp4", {"ticks": BURST}, VideoSettings()),
    ],
)
def test_parts_of_a_film_show_its_pictures(tmp_path: Path, name: str, film: dict, settings: VideoSettings) -> None:
    clip = open_clip(write_film(tmp_path / name, 48, **film), settings)
    assert_same(list(in_parts(clip)), list(pictures(clip)))


def test_parts_far_into_a_long_film_show_its_pictures(tmp_path: Path) -> None:
    clip = open_clip(write_film(tmp_path / "long.mp4", 300, options={"g": "50"}), VideoSettings())
    whole = [picture.rgb for picture in pictures(clip)]
    for first in (99, 101, 237):
        for each in pictures(part_of(clip, first, first + 5)):
            np.testing.assert_array_equal(each.rgb, whole[first + each.index])


def test_parts_of_a_sequence_show_its_pictures_but_those_that_cannot_be_read(tmp_path: Path) -> None:
    paths = write_sequence(tmp_path / "shot", first=98, count=40)
    for broken in (7, 19, 25):
        paths[broken].write_bytes(b"no picture")
    clip = open_clip(tmp_path / "shot", VideoSettings())
    seen = list(in_parts(clip))
    assert_same(seen, list(pictures(clip)))
    assert len(seen) == 37


def test_parts_behind_the_end_of_a_damaged_film_are_empty(tmp_path: Path) -> None:
    path = write_film(tmp_path / "whole.mp4", 48, options={"bf": "0", "g": "1"}, mux={"movflags": "faststart"})
    clip = open_clip(path, VideoSettings())
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    seen = list(in_parts(clip))
    assert 0 < len(seen) < 40
    assert_same(seen, list(pictures(clip)))


def assert_same(seen: list[Picture], known: list[Picture]) -> None:
    assert [each.index for each in seen] == [each.index for each in known]
    for one, other in zip(seen, known, strict=True):
        assert one.time_s == pytest.approx(other.time_s)
        np.testing.assert_array_equal(one.rgb, other.rgb)
