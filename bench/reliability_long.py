"""Memory by a clip's length: a whole capture of a long film beside that of a minute, other poses and preview included.

Films are the sample to and fro, in small pictures: only their number counts. The network is lite and looks once, no
hands; everything behind detection is as an artist has it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from bench.looped_film import looped_film
from bench.own_process import measured_apart
from bench.reliability import Amounts
from bench.tables import print_table

RATE = 30                    # pictures a second
MINUTE = 60 * RATE
SMALL_PX = 320               # wide
SETTINGS = {"detect": {"model": "lite", "quality": "fast", "hands": False}}


def figures(folder: Path, amounts: Amounts) -> dict[str, Any]:
    """Prints a table of both captures by stage."""
    long = _captured(folder, "long", round(amounts.minutes * MINUTE))
    minute = _captured(folder, "minute", MINUTE)
    names = list(dict.fromkeys([*minute["peaks_mb"], *long["peaks_mb"]]))
    print_table(("until the end of", "a minute: MB", "s", f"{amounts.minutes:g} minutes: MB", "s"), [
        (name, *(run[of].get(name) for run in (minute, long) for of in ("peaks_mb", "stages_s"))) for name in names
    ])  # fmt: skip
    ratio = long["peak_mb"] / minute["peak_mb"]
    return {f"memory_ratio_{amounts.minutes:g}_min": ratio, "long_peak_mb": long["peak_mb"],
            "minute_peak_mb": minute["peak_mb"], "long_seconds": long["seconds"], "long_frames": long["frames"],
            "long_peaks_mb": long["peaks_mb"], "minute_peaks_mb": minute["peaks_mb"],
            "long_stages_s": long["stages_s"]}  # fmt: skip


def _captured(folder: Path, name: str, frames: int) -> dict[str, Any]:
    print(f"a film of {frames} pictures", file=sys.stderr, flush=True)
    film = looped_film(folder / f"{name}.mp4", frames, widest_px=SMALL_PX)
    return measured_apart("-m", "bench.long_capture", str(film), str(folder / name), json.dumps(SETTINGS))
