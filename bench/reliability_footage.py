"""Cases of footage: what cannot be used is refused in words, what is only odd is captured."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from backend.preview.painter import Picture
from bench import batch_broken
from bench.reliability_made_inputs import behind_a_door, film_of, index_lost, no_pictures
from bench.reliability_trial import Trial
from motion.job import PROXY
from motion.skeleton import JOINT

ANOTHER = "Choose another file, or export this one again as an MP4."
COPY = "Copy it again from the camera, or choose another file."


def footage_cases(shown: Sequence[Picture]) -> dict[str, Callable[[Trial], None]]:
    """Out of 30 pictures in which somebody is seen."""
    return {
        **{name: functools.partial(_unusable, *case) for name, case in UNUSABLE.items()},
        "1 frame": functools.partial(_frames, shown[:1]),
        "2 frames": functools.partial(_frames, shown[:2]),
        "20 frames": functools.partial(_frames, shown[:20]),
        "8K": functools.partial(_8k, shown[:2]),
        "240 frames a second": functools.partial(_240, shown),
        "variable rate": functools.partial(_variable, shown),
        "person for a part only": functools.partial(_partly_there, shown),
        **{f"rotated by {turned}": functools.partial(_rotated, shown[:10], turned) for turned in (90, 180, 270)},
    }  # fmt: skip


def _nothing(path: Path) -> None:
    pass


UNUSABLE: dict[str, tuple[str, Callable[[Path], object], str]] = {   # name of the clip, its maker, the words
    "no such file": ("gone.mp4", _nothing, "There is no file {path}. Check the name, or choose the clip again."),
    "not a video": ("letter.mp4", batch_broken.text,
                    f"letter.mp4 is not a video, is not finished or is damaged. {ANOTHER}"),
    "an empty file": ("empty.mp4", batch_broken.empty, f"empty.mp4 is empty. {COPY}"),
    "truncated, its index lost": ("half.mp4", index_lost,
                                  f"half.mp4 is not a video, is not finished or is damaged. {ANOTHER}"),
    "truncated": ("begun.mp4", batch_broken.cut_off, f"begun.mp4 ends after 0.2 s of 4.0 s. {COPY}"),
    "overwritten": ("spoilt.mp4", batch_broken.damaged, f"spoilt.mp4 holds no picture that can be read. {ANOTHER}"),
    "audio only": ("talk.m4a", batch_broken.sound_only, "talk.m4a has sound but no picture. "
                                                        "Choose a file with pictures."),
    "zero frames": ("blank.avi", no_pictures, f"blank.avi holds no picture that can be read. {ANOTHER}"),
    "a folder without pictures": ("shot", Path.mkdir, "The folder shot holds no pictures. "
                                                      "Choose a film, or a folder with PNG, JPEG or TIFF pictures."),
    "no person": ("wall.mp4", batch_broken.nobody, "No person was found in wall.mp4. "
                                                   "Choose a clip in which the body is visible from head to foot."),
}  # fmt: skip


def _unusable(name: str, make: Callable[[Path], object], words: str, trial: Trial) -> None:
    path, job = trial.folder / name, trial.take()
    make(path)
    trial.refused(trial.capture(path, "--out", job), words.format(path=path), job)


def _frames(shown: Sequence[Picture], trial: Trial) -> None:
    film = film_of(trial.folder / "short.mp4", shown)
    trial.captured(trial.capture(film, "--out", trial.folder / "out"), trial.folder / "out", len(shown))


def _8k(shown: Sequence[Picture], trial: Trial) -> None:
    film = film_of(trial.folder / "8k.mp4", [cv2.resize(picture, (4320, 7680)) for picture in shown])
    motion = trial.captured(trial.capture(film, "--out", trial.folder / "out"), trial.folder / "out", len(shown))
    trial.expect(motion is None or motion.cameras[0].height_px == 7680, "is not of the footage's size")


def _240(shown: Sequence[Picture], trial: Trial) -> None:
    film = film_of(trial.folder / "fast.mp4", shown, Fraction(240))
    motion = trial.captured(trial.capture(film, "--out", trial.folder / "out"), trial.folder / "out", len(shown))
    trial.expect(motion is None or motion.rate == 240, "is not at 240 frames a second")


def _variable(shown: Sequence[Picture], trial: Trial) -> None:
    """Thirty pictures a second, in the second half fifteen."""
    half = len(shown) // 2
    ticks = [3000 * number for number in range(half)] + [3000 * (half + 2 * k) for k in range(len(shown) - half)]
    film = film_of(trial.folder / "phone.mp4", shown, ticks=ticks)
    frames = ticks[-1] // 3000 + 1
    motion = trial.captured(trial.capture(film, "--out", trial.folder / "out"), trial.folder / "out", frames)
    trial.expect(motion is None or abs(motion.times_s[-1] - ticks[-1] / 90000) < 0.04, "is not as long as the footage")


def _partly_there(shown: Sequence[Picture], trial: Trial) -> None:
    film = film_of(trial.folder / "door.mp4", behind_a_door(shown))
    motion = trial.captured(trial.capture(film, "--out", trial.folder / "out"), trial.folder / "out", len(shown))
    if motion is not None:
        trial.expect(0 < motion.seen.sum() < len(shown), f"is seen in {motion.seen.sum()} frames")
        trial.expect(not motion.confidence[~motion.seen].any(), "is sure where nobody is seen")
        trial.expect(np.isnan(motion.cameras[0].landmarks_px[~motion.seen]).all(), "has landmarks of nobody")


def _rotated(shown: Sequence[Picture], turned_deg: int, trial: Trial) -> None:
    film = film_of(trial.folder / "turned.mp4", shown, turned_deg=turned_deg)
    motion = trial.captured(trial.capture(film, "--out", trial.folder / "out"), trial.folder / "out", len(shown))
    if motion is not None:
        heights = motion.world_joints()[0, :, 2]
        trial.expect(heights[JOINT["head"]] > heights[0] > heights[JOINT["left_ankle"]], "does not stand upright")
        trial.expect((trial.folder / "out" / PROXY).exists(), "has no upright footage for Blender")
