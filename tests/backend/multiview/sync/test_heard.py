from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backend.multiview.sync.heard import heard_starts_s
from backend.video.clip import Clip, VideoSettings
from backend.video.open_clip import open_clip
from tests.backend.multiview.sync.made_up_sound import RATE_HZ, heard, speech, write_sounding_film


def _clip(folder: Path, name: str, sound: np.ndarray | None) -> Clip:
    return open_clip(write_sounding_film(folder / name, sound), VideoSettings())


def test_clips_that_hear_the_same_tell_when_each_began_and_a_silent_one_tells_nothing(tmp_path: Path) -> None:
    chance = np.random.default_rng(0)
    said = speech(chance, 16.0)
    first = _clip(tmp_path, "a.mp4", heard(chance, said[: 12 * RATE_HZ]))
    late = _clip(tmp_path, "b.mp4", heard(chance, said[round(2.5 * RATE_HZ) :]))
    silent = _clip(tmp_path, "c.mp4", None)
    found = heard_starts_s([first, silent, late])
    assert set(found) == {(0, 2)} and found[0, 2] == pytest.approx(2.5, abs=0.02)


def test_clips_that_hear_different_things_are_not_matched(tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    clips = [_clip(tmp_path, f"{number}.mp4", heard(chance, speech(chance, 12.0))) for number in (1, 2)]
    assert heard_starts_s(clips) == {}
