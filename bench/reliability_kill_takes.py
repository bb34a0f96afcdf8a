"""The takes whose captures are killed: short, quick, and with every stage that a capture may have."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.batch_films import films_of_two_cameras
from bench.looped_film import looped_film
from bench.reliability_kill_compare import differing, left_over
from bench.reliability_kill_runs import Run
from motion.job import CACHE, DONE, REQUEST, STAGES, Request
from motion.refusal import Refusal

FRAMES = 60
WIDEST_PX = 240
TWO_CAMERAS = "sport_sword"   # the rendered clip that two cameras can be told from also by the lightest network
KEPT = ("detect", "track", "camera")   # stages whose output is in the cache
OF_SEVERAL_CLIPS = "rig"
QUICK: dict[str, Any] = {
    "device": "cpu", "detect": {"model": "lite", "quality": "fast"}, "body": {"actor": "Kim"},
    "hypotheses": {"samples": 2, "draws_each": 1}, "preview": {"longest_side_px": 96},
}  # fmt: skip
MIRRORED = {"video": {"mirrored": True}}   # Blender does not show it as it is meant, so that it needs a proxy
PLAIN = {"detect": {**QUICK["detect"], "hands": False}, "hypotheses": {"samples": 0}}


@dataclass(frozen=True)
class Take:
    """A job folder, what nobody disturbed made of it, and the stages that are killed in it."""

    truth: Path
    stages: tuple[str, ...]     # in the order of work
    seconds: dict[str, float]   # of each, when nobody disturbs

    def kept_a_while(self) -> set[str]:
        """What also an undisturbed run leaves in the folder for temporary files: torch keeps a folder there."""
        return {path.name for path in _temporary(self.truth).iterdir()}

    def begin(self, job: Path, stage: str) -> None:
        """Make a folder in which a capture stopped right before a stage."""
        (job / CACHE).mkdir(parents=True)
        shutil.copyfile(self.truth / REQUEST, job / REQUEST)
        before = list(STAGES)[: list(STAGES).index(stage)]
        for kept in (each for each in KEPT if each in before):
            for path in (self.truth / CACHE).glob(f"{kept}-*"):
                shutil.copyfile(path, job / CACHE / path.name)


def takes(folder: Path) -> list[Take]:
    """One person before one camera with all that is possible, and the same before two cameras."""
    film = looped_film(folder / "one.mp4", FRAMES, widest_px=WIDEST_PX)
    both = [folder / "left.mp4", folder / "right.mp4"]
    films_of_two_cameras(both, TWO_CAMERAS, seed=0, count=FRAMES)
    requests = {"one": Request((str(film),), QUICK | MIRRORED, actor_folder="actors"),
                "two": Request(tuple(map(str, both)), QUICK | PLAIN, preview=False, actor_folder="actors")}  # fmt: skip
    of_one = tuple(stage for stage in STAGES if stage != OF_SEVERAL_CLIPS)
    return [undisturbed(folder / "one", requests["one"], of_one),
            undisturbed(folder / "two", requests["two"], (OF_SEVERAL_CLIPS,))]  # fmt: skip


def undisturbed(folder: Path, request: Request, stages: Sequence[str]) -> Take:
    """Captured twice at the same time, as kills are tried. Raises Refusal where not even these two are the same."""
    jobs = [folder / "truth", folder / "again"]
    for job in jobs:
        job.mkdir(parents=True)
        request.write(job)
    with ThreadPoolExecutor(len(jobs)) as pool:
        first, again = pool.map(_stages_s, jobs)
    if unlike := differing(jobs[1], jobs[0]) + left_over(jobs[1], jobs[0]):
        raise Refusal("unsteady", f"Two undisturbed captures differ in {', '.join(unlike)}.",
                      "Find out why before captures are killed.")  # fmt: skip
    if missing := [stage for stage in stages if stage not in first]:
        raise Refusal("no-stage", f"The capture has no stage {missing[0]}.", "Choose footage that needs it.")
    return Take(jobs[0], tuple(stages), {stage: (first[stage] + again[stage]) / 2 for stage in stages})


def _stages_s(job: Path) -> dict[str, float]:
    """Seconds of each stage of an undisturbed run, the last one's to the end of the process."""
    _temporary(job).mkdir()
    with Run(job, _temporary(job)) as run:
        seconds = run.stages_s()
        if (code := run.ended()) != DONE:
            raise Refusal("no-truth", f"The undisturbed capture ended with exit code {code}.", f"See {job}.")
    return seconds


def _temporary(job: Path) -> Path:
    return job.with_name(f"{job.name} temporary")
