"""`python -m backend capture`: clips in, takes out, with progress for people."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from backend.command_line.make_folder import make_folder
from backend.command_line.progress_line import ProgressLine
from backend.detect.models.model_files import QUALITIES
from backend.job.foreign_folder import check_folder
from backend.job.native_output import STDERR, native_output_to
from backend.job.run import exit_code, run_job
from motion.choices import detectors
from motion.file_names import portable_name, same_somewhere
from motion.job import CANCELLED, LOG, CameraResult, Failure, PersonResult, Request, Result
from motion.places import actors_folder
from motion.quality.card import card_from
from motion.refusal import Refusal

LEAST_DRIFT_PPM = 0.5   # of a clock, that is worth a word
LONGEST_NAME_BYTES = 200   # of a take's folder, of 255


def capture_clips(
    clips: Sequence[Path], out: Path, settings: dict[str, Any], preview: bool, as_json: bool, each: bool = False
) -> int:
    """Capture the clips and print one line per person; returns the worst exit code.

    All of them make one take in the folder `out`: several cameras that filmed the same. With `each`, every clip makes
    one of its own, in a folder in `out` if there are several.
    """
    settings = with_whole_paths(settings)
    takes = [[clip] for clip in clips] if each else [list(clips)]
    folders = [out] if len(takes) == 1 else [out / name for name in _names(clips)]
    outcomes: list[Result | Failure] = []
    for take, folder in zip(takes, folders, strict=True):
        outcomes.append(_capture_one(take, folder, settings, preview))
        if exit_code(outcomes[-1]) == CANCELLED:
            break
    _print(outcomes, folders, as_json, several=len(takes) > 1)
    return max(exit_code(outcome) for outcome in outcomes)


def with_whole_paths(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings with paths that hold in every folder: the files are looked for again, and not only from here."""
    whole = dict(settings)
    if file := settings.get("body", {}).get("smplx_file"):
        whole["body"] = {**settings["body"], "smplx_file": str(Path(file).absolute())}
    if file := settings.get("camera", {}).get("path_file"):
        whole["camera"] = {**settings["camera"], "path_file": str(Path(file).absolute())}
    if file := settings.get("multiview", {}).get("calibration_file"):
        whole["multiview"] = {**settings["multiview"], "calibration_file": str(Path(file).absolute())}
    if detector := settings.get("detect", {}).get("model"):
        whole["detect"] = {**settings["detect"], "model": _with_whole_path(detector)}
    return whole


def _with_whole_path(detector: str) -> str:
    """The path of a detector that is a file or folder; names of models, and what is neither, stay as they are."""
    path = Path(detector).expanduser()
    is_name = detector in (*QUALITIES, *detectors()) or not (path.suffix or path.exists())
    return detector if is_name else str(path.absolute())


def _capture_one(clips: Sequence[Path], folder: Path, settings: dict[str, Any], preview: bool) -> Result | Failure:
    """Words about a failure go to stderr, and the clip's name where they do not say it."""
    title = clips[0].name if len(clips) == 1 else f"{clips[0].name} and {len(clips) - 1} more"
    try:
        make_folder(folder)
        check_folder(folder, "Choose another folder with --out.")
        Request(tuple(str(clip.absolute()) for clip in clips), settings, preview, str(actors_folder())).write(folder)
        with _stderr_to(folder / LOG) as stderr, ProgressLine(stderr, title) as progress:
            outcome = run_job(folder, listener=progress.show)
    except Refusal as refusal:
        outcome = Failure(refusal.code, refusal.sentence, refusal.mend)
    if isinstance(outcome, Failure):
        whose = "" if any(clip.name in outcome.sentence for clip in clips) else f"{title}: "
        print(f"{whose}{outcome.sentence} {outcome.mend}", file=sys.stderr)
    return outcome


def _names(clips: Sequence[Path]) -> list[str]:
    """A folder name for each clip: its name without the ending, numbered where that is taken."""
    names: list[str] = []
    taken: set[str] = set()
    for clip in clips:
        own = portable_name(clip.stem, LONGEST_NAME_BYTES) or "take"
        tries = itertools.chain([own], (f"{own}_{number}" for number in itertools.count(2)))
        names.append(next(name for name in tries if same_somewhere(name) not in taken))
        taken.add(same_somewhere(names[-1]))
    return names


@contextlib.contextmanager
def _stderr_to(path: Path) -> Iterator[TextIO]:
    """What libraries say on stderr goes to the log; the block gets the true stderr."""
    with native_output_to(path, STDERR) as (true_stderr,):
        with open(os.dup(true_stderr), "w", encoding="utf-8", errors="backslashreplace") as stream:
            yield stream


def _print(outcomes: Sequence[Result | Failure], folders: Sequence[Path], as_json: bool, several: bool) -> None:
    if as_json:
        values = [asdict(outcome) for outcome in outcomes]
        print(json.dumps(values if several else values[0], indent=1))
        return
    for outcome, folder in zip(outcomes, folders, strict=False):   # a cancel leaves folders without outcome
        for person in outcome.people if isinstance(outcome, Result) else ():
            print(_line(person, f"{folder.name}/" if several else ""))
            for line in card_lines(person.quality):
                print(line)
        for number, camera in enumerate(outcome.cameras if isinstance(outcome, Result) else ()):
            print(camera_line(camera, is_first=number == 0))


def camera_line(camera: CameraResult, is_first: bool = False) -> str:
    """What was found of one of several cameras; its doubts were told before."""
    name = Path(camera.clip).name
    if not camera.used:
        return f"Camera {name}: not used"
    if is_first:
        return f"Camera {name}: the first, {camera.focal_mm:.1f} mm"
    when = "after" if camera.offset_s >= 0.0 else "before"
    began = (f"begins {abs(camera.offset_s):.2f} s ({abs(camera.offset_frames):.1f} ± {camera.offset_sigma_frames:.1f} "
             f"frames) {when} the first")  # fmt: skip
    drift = 1e6 * (camera.clock_rate - 1.0)
    runs = f", clock {drift:+.0f} ppm" if abs(drift) >= LEAST_DRIFT_PPM else ""
    return (f"Camera {name}: {began}{runs}, stands {camera.angle_deg:.0f}° and {camera.distance_m:.2f} m from it, "
            f"{camera.focal_mm:.1f} mm, confidence {100 * camera.confidence:.0f} %")  # fmt: skip


def card_lines(quality: Mapping[str, Any]) -> list[str]:
    """The quality card for people, a line each; nothing where there is none."""
    card = card_from(quality)
    if card is None:
        return []
    camera = [f"  {'Camera:':<22}{card.camera}"] if card.camera else []
    lines = [f"  {label + ':':<22}{value:<20}{grade}" for label, value, grade in card.lines()]
    unsaid = "fair" in [card.grades().get(name) for name in ("size_percent", "depth_percent")]
    say = ["  (the person's height and the lens, if you say them, make size and depth surer)"] if unsaid else []
    check = [f"  check {each.from_s:.1f} to {each.to_s:.1f} s: {each.why}" for each in card.check]
    return [f"  Quality: {card.grade}", *camera, *lines, *say, *check]


def _line(person: PersonResult, prefix: str) -> str:
    error = "unknown" if person.reprojection_px is None else f"{person.reprojection_px:.1f} px"
    frames = "1 frame" if person.frames == 1 else f"{person.frames} frames"
    who = f"{person.folder} (person {person.number})" if person.number else person.folder
    return (
        f"{prefix}{who}: {frames} in {person.seconds:.1f} s, "
        f"{person.frames_per_second:.1f} frames per second, mean reprojection {error}, "
        f"seen {100 * person.seen_share:.0f} %"
    )
