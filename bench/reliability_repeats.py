"""The same capture again and again, in one process and as processes: what grows, what is left, if it is the same."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.data import ROOT
from bench.reliability import Amounts
from bench.reliability_inputs import sample_pictures
from bench.reliability_made_inputs import film_of
from bench.reliability_trial import TEMPORARY, Trial
from bench.tables import print_table
from motion.job import MOTION
from motion.places import home

FRAMES = 24
COMPARED = 5                # captures at the beginning and at the end
MOST_GROWTH = 1.03          # of what is resident, in the second half; in the first it settles at what a capture needs
HELD = ("handles", "threads", "children")
NOT_OURS = ("environments", "models")   # in the data folder: what is installed, and not by captures


def figures(folder: Path, amounts: Amounts) -> dict[str, Any]:
    """Prints a table of the captures in one process, and tells what both ways of repeating left."""
    clip = film_of(folder / "dance.mp4", sample_pictures()[:FRAMES])
    data = _data_folder()
    inside = in_one_process(clip, folder / "inside", amounts.captures)
    outside = as_processes(clip, folder / "outside", amounts.captures)
    failures = [*failures_inside(inside["captures"], amounts.captures), *outside["failures"],
                *(f"left among temporary files: {name}" for name in inside["left"]),
                *(f"left in the data folder: {name}" for name in sorted(_data_folder() - data))]  # fmt: skip
    _print(inside["captures"])
    print(*failures, sep="\n")
    right = min(count_right(inside["captures"]), outside["right"])
    return {"captures_in_a_row": right, "repeats_failed": len(failures), "repeats_failures": failures,
            "repeats_memory": growth(inside["captures"]), "repeats_in_one_process": inside["captures"]}


def in_one_process(clip: Path, folder: Path, count: int) -> dict[str, Any]:
    """So many captures by one process, and what they left in its temporary folder."""
    temporary = folder / "temporary"
    temporary.mkdir(parents=True)
    command = [sys.executable, "-m", "bench.captures_in_a_row", str(clip), str(folder), str(count)]
    own = {name: str(temporary) for name in TEMPORARY}
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **own}
    said = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True).stdout
    return {"captures": [json.loads(line) for line in said.splitlines() if line.startswith("{")],
            "left": [path.name for path in temporary.iterdir()]}  # fmt: skip


def as_processes(clip: Path, folder: Path, count: int) -> dict[str, Any]:
    """So many times `build.py capture`, one after the other, each into a folder of its own."""
    folder.mkdir()
    failures, motions = [], []
    for number in range(count):
        print(f"capture {number + 1} of {count}", file=sys.stderr, flush=True)
        trial, job = Trial(folder / f"{number:03d}", clip, folder), folder / f"{number:03d}" / "take"
        said = trial.run(lambda trial, job=job: trial.captured(trial.capture(clip, "--out", job), job, FRAMES))
        failures += [] if said == "ok" else [f"as process {number + 1}: {said}"]
        motions += [(job / f"person_00/{MOTION}").read_bytes()] if said == "ok" else []
    different = sum(motion != motions[0] for motion in motions)
    failures += [f"{different} of the processes made another motion"] if different else []
    return {"right": len(motions) - different, "failures": failures}


def count_right(captures: Sequence[dict[str, Any]]) -> int:
    """How many ended well, with the motion of the first."""
    return sum(not each["failure"] and each["motion"] == captures[0]["motion"] != "" for each in captures)


def growth(captures: Sequence[dict[str, Any]]) -> dict[str, float | None]:
    """Mean MB resident after the first five captures, five in the middle and the last five, and how that grew."""
    if len(captures) < 2 or captures[0]["rss_mb"] is None:
        return dict.fromkeys(("first_mb", "middle_mb", "last_mb", "ratio", "later_ratio"))
    half = max(0, (len(captures) - COMPARED) // 2)
    parts = captures[:COMPARED], captures[half : half + COMPARED], captures[-COMPARED:]
    first, middle, last = (statistics.mean(each["rss_mb"] for each in part) for part in parts)
    return {"first_mb": first, "middle_mb": middle, "last_mb": last, "ratio": last / first,
            "later_ratio": last / middle}  # fmt: skip


def failures_inside(captures: Sequence[dict[str, Any]], wanted: int) -> list[str]:
    """What is not as it must be of captures in one process."""
    if not captures:
        return ["no capture in one process ended"]
    failures = [f"capture {number}: {each['failure'] or 'another motion'}" for number, each in enumerate(captures, 1)
                if each["failure"] or each["motion"] != captures[0]["motion"]]  # fmt: skip
    failures += [f"{len(captures)} of {wanted} captures ended"] if len(captures) != wanted else []
    ratio = growth(captures)["later_ratio"]
    failures += [f"memory grew to {ratio:.2f} times"] if ratio is not None and ratio > MOST_GROWTH else []
    later, last = captures[min(1, len(captures) - 1)], captures[-1]   # the first one opens what all use
    return failures + [f"{name} grew from {later[name]} to {last[name]}" for name in HELD if last[name] > later[name]]


def _data_folder() -> set[str]:
    """What is in the user's data folder, but for what is installed there."""
    top = [path for path in home().iterdir() if path.name not in NOT_OURS] if home().exists() else []
    return {str(path) for each in top for path in (each, *(each.rglob("*") if each.is_dir() else ()))}


def _print(captures: Sequence[dict[str, Any]]) -> None:
    names = ("rss_mb", "peak_mb", *HELD)
    rows = [(number, "ended well" if not each["failure"] else each["failure"], *(each[name] for name in names))
            for number, each in enumerate(captures, 1)]  # fmt: skip
    print_table(("capture", "how it ended", *names), rows)
