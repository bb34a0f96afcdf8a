"""Scripted runs with real events and files, for tests of the interface: success, failure, hang, crash."""

from __future__ import annotations

import os
import time
from fractions import Fraction
from pathlib import Path

from backend.job.watch import Watch
from motion.job import MOTION, STAGES, PersonResult, Request, Result
from motion.refusal import Refusal

FRAMES = 24
STEP_S = 0.05
STEPS = {"detect": FRAMES}   # steps of a stage; one where nothing is said


def success(job: Path, request: Request, watch: Watch) -> Result:
    """A second of events, then one person who stands still and turns the head."""
    for stage in STAGES:
        with watch.stage(stage) as report:
            for done in range(STEPS.get(stage, 1)):
                time.sleep(STEP_S)
                watch.stop_if_asked()
                report(done + 1, STEPS.get(stage, 1), int(stage != "open"))
    _write_motion(job / "person_00")
    person = PersonResult("person_00", FRAMES, 1.0, float(FRAMES), 3.2, 1.0)
    return Result((person,), "", watch.stages_s, ())


def failure(job: Path, request: Request, watch: Watch) -> Result:
    """Half-way, a refusal."""
    _detect_half(watch)
    raise Refusal("no-person", f"No person was found in {Path(request.clips[0]).name}.",
                  "Choose a clip in which the body is visible from head to foot.")  # fmt: skip


def hang(job: Path, request: Request, watch: Watch) -> Result:
    """Half-way, silence; the wish to stop is not heard."""
    _detect_half(watch)
    while True:
        time.sleep(1.0)


def crash(job: Path, request: Request, watch: Watch) -> Result:
    """Half-way, the process is gone without a word."""
    _detect_half(watch)
    os._exit(139)


SCRIPTS = {script.__name__: script for script in (success, failure, hang, crash)}


def _detect_half(watch: Watch) -> None:
    with watch.stage("detect") as report:
        for done in range(FRAMES // 2):
            time.sleep(STEP_S)
            report(done + 1, FRAMES, 1)
    watch.say("detect", FRAMES // 2, FRAMES, 1)


def _write_motion(folder: Path) -> None:
    import numpy as np

    from motion.body import read_open_body
    from motion.motion import Motion
    from motion.motion_file import write_motion
    from motion.rotations import matrix_from_axis_angle
    from motion.skeleton import JOINT

    angles = np.zeros((FRAMES, 55, 3))
    angles[:, JOINT["pelvis"], 0] = np.pi / 2   # from Y up at rest to Z up in the world
    angles[:, JOINT["head"], 1] = 0.6 * np.sin(np.linspace(0.0, 2.0 * np.pi, FRAMES))
    skeleton = read_open_body().shaped(np.zeros(0)).skeleton
    height = -skeleton.rest_joints[:, 1].min() + 0.08
    root = np.tile(skeleton.rest_joints[0, [0, 2, 1]] * [1, -1, 1] + [0.0, 0.0, height], (FRAMES, 1))
    folder.mkdir(exist_ok=True)
    write_motion(folder / MOTION, Motion(skeleton, Fraction(24), matrix_from_axis_angle(angles), root))
