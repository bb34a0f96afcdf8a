"""What a minute of 1080p footage costs, stage by stage: seconds of one core, memory, and bytes that stay.

`python -m bench.batch_minute JOB`: does one job with one thread, for the bench to watch.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, islice
from pathlib import Path
from typing import Any

import av
import cv2

from backend.job.run import run_job
from backend.preview.painter import Picture
from backend.threads import use_threads
from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from backend.video.pictures import pictures
from bench.data import ROOT
from bench.looped_film import SAMPLE
from bench.process_tree import psutil_of_ray
from bench.tables import print_table
from motion.job import CACHE, STAGES, Request, read_events, read_result
from motion.refusal import Refusal

SIZE_PX, RATE = (1920, 1080), Fraction(30)
LENGTHS = (45, 195)      # pictures; what the longer one costs more, by the second, is a minute's 60th
LOOK_EVERY_S = 0.05
STARTING = "starting"    # Python and its packages, before the first event


@dataclass(frozen=True)
class Cost:
    """Of one clip."""

    cpu_s: Mapping[str, float]           # by stage
    peak_bytes: Mapping[str, int]        # resident, while the stage ran
    kept_bytes: Mapping[str, int]        # by what is kept


def minute(folder: Path) -> dict[str, Any]:
    """Costs of the two lengths, and what follows for a minute."""
    costs = [_cost(folder / f"job_{count}", _film(folder / f"hd_{count}.mp4", count)) for count in LENGTHS]
    return {
        "pictures": LENGTHS,
        "stages": {stage: _stage_row(stage, *costs) for stage in (STARTING, *STAGES) if stage in costs[1].cpu_s},
        "kept": {name: _slope(costs[0].kept_bytes.get(name, 0), value) for name, value in costs[1].kept_bytes.items()},
    }  # fmt: skip


def _stage_row(stage: str, short: Cost, long: Cost) -> dict[str, float]:
    """Seconds of one core for every minute, those that a clip of whatever length takes besides, and megabytes."""
    # What a process takes before its first event is the same for all clips; a slope of it would be chance.
    per_minute = 0.0 if stage == STARTING else _slope(short.cpu_s.get(stage, 0.0), long.cpu_s[stage])
    return {"per_minute_s": per_minute, "fixed_s": long.cpu_s[stage] - per_minute * LENGTHS[1] / float(60 * RATE),
            "peak_mb": long.peak_bytes[stage] / 1e6, "short_peak_mb": short.peak_bytes.get(stage, 0) / 1e6}  # fmt: skip


def _slope(short: float, long: float) -> float:
    """For each minute, of the values of the two lengths."""
    return (long - short) / (LENGTHS[1] - LENGTHS[0]) * float(60 * RATE)


def _cost(job: Path, film: Path) -> Cost:
    job.mkdir()
    Request((str(film),)).write(job)
    run = subprocess.Popen([sys.executable, "-m", "bench.batch_minute", str(job)], cwd=ROOT, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)  # fmt: skip
    cpu_s, peak_bytes = _watched(run, job)
    if run.wait() or read_result(job) is None:
        raise Refusal("bench-failed", "The capture of the sample failed.", "Capture it by `build.py capture`.")
    return Cost(cpu_s, peak_bytes, _kept(job))


def _watched(run: subprocess.Popen[bytes], job: Path) -> tuple[dict[str, float], dict[str, int]]:
    """Seconds of the processor and the most memory by stage, until the process has ended."""
    psutil = psutil_of_ray()
    cpu_s, peak_bytes = defaultdict[str, float](float), defaultdict[str, int](int)
    stage, offset, before_s = STARTING, 0, 0.0
    with contextlib.suppress(psutil.Error):   # when it ends between two questions
        process = psutil.Process(run.pid)
        while run.poll() is None:
            times, resident = process.cpu_times(), process.memory_info().rss
            cpu_s[stage] += times.user + times.system - before_s
            before_s, peak_bytes[stage] = times.user + times.system, max(peak_bytes[stage], resident)
            events, offset = read_events(job, offset)
            stage = events[-1].stage if events else stage
            time.sleep(LOOK_EVERY_S)
    return cpu_s, peak_bytes


def _kept(job: Path) -> dict[str, int]:
    """Bytes of a job's files, those of the cache by stage."""
    kept = defaultdict[str, int](int)
    for path in filter(Path.is_file, job.rglob("*")):
        name = f"cache, {path.name.split('-')[0]}" if path.parent.name == CACHE else path.name
        kept[name] += path.stat().st_size
    return kept


def _film(path: Path, count: int) -> Path:
    """The sample to and fro in the size of a camera's film; a picture is left out, so that Blender needs a proxy."""
    shown = [_enlarged(picture.rgb) for picture in pictures(open_clip(SAMPLE, VideoSettings()))]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"crf": "20", "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = *SIZE_PX, "yuv420p"
        for number, rgb in enumerate(islice(chain(shown, reversed(shown[1:-1])), count)):
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            frame.pts, frame.time_base = number + (number > count // 2), 1 / RATE
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def _enlarged(rgb: Picture) -> Picture:
    """[1080, 1920, 3], the picture's left and right sides drawn out."""
    width = round(rgb.shape[1] * SIZE_PX[1] / rgb.shape[0])
    beside = (SIZE_PX[0] - width) // 2
    large = cv2.resize(rgb, (width, SIZE_PX[1]), interpolation=cv2.INTER_CUBIC)
    return cv2.copyMakeBorder(large, 0, 0, beside, SIZE_PX[0] - width - beside, cv2.BORDER_REPLICATE)


def print_minute(figures: dict[str, Any]) -> None:
    stages, kept = figures["stages"], figures["kept"]
    print_table(("stage", "s of one core a minute", "s besides, each clip", "peak MB", "of the short clip"), [
        (stage, row["per_minute_s"], row["fixed_s"], row["peak_mb"], row["short_peak_mb"])
        for stage, row in stages.items()])  # fmt: skip
    print_table(("kept", "MB a minute"), [(name, size / 1e6) for name, size in sorted(kept.items())])
    print(f"1080p, 30 pictures a second, one person, settings as they come, one thread. Seconds and bytes are what "
          f"{LENGTHS[1]} pictures take more than {LENGTHS[0]}, scaled to {60 * RATE}; the rest is beside.")  # fmt: skip


if __name__ == "__main__":
    use_threads(1)
    run_job(Path(sys.argv[1]))
