"""Every bad input of the blueprint, and some more, given to the product as its users would give it."""

from __future__ import annotations

import itertools
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cv2

from backend.preview.painter import Picture
from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from backend.video.pictures import pictures
from bench.looped_film import SAMPLE
from bench.reliability import Amounts
from bench.reliability_blender import blender_cases
from bench.reliability_files import file_cases
from bench.reliability_footage import footage_cases
from bench.reliability_interrupted import interrupted_cases
from bench.reliability_made_inputs import film_of
from bench.reliability_places import place_cases
from bench.reliability_trial import Trial
from bench.tables import print_table
from motion.refusal import Refusal

Case = Callable[[Trial], None]
PICTURES = slice(30, 60)    # of the sample, in which the dancer is seen whole
HEIGHT_PX = 480
NOT_TRIED = "not tried: "
AT_ONCE = 4                 # cases; each waits for one process after the other


def figures(folder: Path, amounts: Amounts) -> dict[str, Any]:
    """Tries every case in a folder of its own, and prints a table."""
    shown = sample_pictures()
    said = tried(all_cases(shown), folder, shown)
    count = sum(not words.startswith(NOT_TRIED) for words in said.values())
    failed = [name for name, words in said.items() if words != "ok" and not words.startswith(NOT_TRIED)]
    return {"bad_inputs": count, "bad_inputs_failed": len(failed), "bad_inputs_named": said}


def all_cases(shown: Sequence[Picture]) -> dict[str, Case]:
    """By what is bad about them."""
    return {**footage_cases(shown), **place_cases(), **interrupted_cases(), **file_cases(), **blender_cases()}


def tried(cases: Mapping[str, Case], folder: Path, shown: Sequence[Picture]) -> dict[str, str]:
    """How each case went: "ok", what was wrong, or why it could not be tried."""
    signal.signal(signal.SIGINT, signal.default_int_handler)   # in a shell's background all would be deaf to it
    clip = film_of(folder / "dance.mp4", shown[:20])
    take = _finished_take(folder, clip)
    with ThreadPoolExecutor(min(AT_ONCE, os.cpu_count() or 1)) as pool:
        begun = {name: pool.submit(_tried, case, Trial(folder / f"case {number}", clip, take))
                 for number, (name, case) in enumerate(cases.items(), 1)}  # fmt: skip
        rows = [(name, *_told(name, trying.result())) for name, trying in begun.items()]
    print_table(("bad input", "how it went", "s"), rows)
    return {name: words for name, words, _ in rows}


def _tried(case: Case, trial: Trial) -> tuple[str, float]:
    """How it went, and the seconds that it took."""
    began_s = time.monotonic()
    try:
        said = trial.run(case)
    except Exception:
        said = f"the case itself failed: {traceback.format_exc(limit=-2)}"
    return said, time.monotonic() - began_s


def _told(name: str, result: tuple[str, float]) -> tuple[str, float]:
    print(f"{name}: {result[0]}", file=sys.stderr, flush=True)
    return result


def sample_pictures() -> list[Picture]:
    """Thirty of the sample's, made small."""
    shown = itertools.islice(pictures(open_clip(SAMPLE, VideoSettings())), PICTURES.start, PICTURES.stop)
    return [_small(picture.rgb) for picture in shown]


def _small(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    size = 2 * round(width * HEIGHT_PX / height / 2), HEIGHT_PX
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def _finished_take(folder: Path, clip: Path) -> Path:
    """A capture of the good clip, which others are laid beside; raises Refusal where it does not end well."""
    take = folder / "earlier"
    trial = Trial(folder / "first", clip, take)
    said = trial.run(lambda trial: trial.captured(trial.capture(clip, "--out", take), take, 20))
    if said != "ok":
        raise Refusal("no-capture", f"A plain capture does not end well here: {said}.", "Run `build.py doctor`.")
    return take
