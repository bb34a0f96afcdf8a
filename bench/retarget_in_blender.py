"""Retargeting measured on one character after another; run by Blender's Python: `python bench/retarget_in_blender.py`.

Prints a line of JSON for each.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import bpy
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "assets" / "sample" / "take" / "person_00" / "motion.npz"
TIMED_FRAMES = 1_000
sys.path.insert(0, str(ROOT))   # run as a file, Python would look in bench/ only


def import_extension() -> None:
    """Import the checkout as the package `mambocap`."""
    spec = importlib.util.spec_from_file_location("mambocap", ROOT / "__init__.py",
                                                  submodule_search_locations=[str(ROOT)])  # fmt: skip
    sys.modules["mambocap"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["mambocap"])


import_extension()

from mambocap.addon.retarget.retarget_character import Wish, retarget_character  # noqa: E402
from mambocap.addon.retarget.sources import Source, source_of_file  # noqa: E402
from mambocap.motion.retarget.settings import RetargetSettings  # noqa: E402
from mambocap.motion.retarget.source.sampled_source import sampled  # noqa: E402

from bench.bake_in_blender import bake_s  # noqa: E402
from bench.rigs.all_rigs import made_up_rigs  # noqa: E402
from bench.rigs.characters import Character, made_up_character, rigify_character, seen_on  # noqa: E402
from bench.rigs.in_blender import rigify_human  # noqa: E402
from bench.rigs.made_up_motion import performance  # noqa: E402
from bench.rigs.measures import LEGS, limb_errors_deg, slides_m  # noqa: E402

AS_ASKED, SOLVED = RetargetSettings(solve_feet=False, hands="free"), RetargetSettings()


def main(names: Sequence[str]) -> None:
    for name in names or (*made_up_rigs(), "rigify"):
        character = in_empty_file(name)
        accuracy = {source.name: _accuracy(character, source) for source in _sources()}
        worst = {key: max(figures[key] for figures in accuracy.values()) for key in next(iter(accuracy.values()))}
        figures = {"name": name, "bones": len(character.thing.data.bones), **worst, **_times(character),
                   "sources": accuracy}  # fmt: skip
        print(json.dumps(figures), flush=True)


def in_empty_file(name: str) -> Character:
    """A character of this name, and nothing else."""
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    return rigify_character(rigify_human()[0]) if name == "rigify" else made_up_character(made_up_rigs()[name])


def _sources() -> list[Source]:
    """The made-up motion, and the take that comes with the extension."""
    made_up = performance()
    sources = [Source(made_up, 1.0 + np.arange(made_up.frame_count), "made up")]
    if SAMPLE.is_file():
        sources.append(replace(source_of_file(SAMPLE, bpy.context), name="sample take"))
    return sources


def _accuracy(character: Character, source: Source) -> dict[str, float]:
    frames = np.arange(source.pose.frame_count)
    _retarget(character, source, AS_ASKED)
    off = limb_errors_deg(seen_on(character, source.frames), source.pose, frames)
    _retarget(character, source, SOLVED)
    seen = seen_on(character, source.frames)
    solved, slides = limb_errors_deg(seen, source.pose, frames), slides_m(seen, source.pose, frames)
    return {
        "limb_error_deg": max(float(error.max()) for error in off.values()),
        "limb_error_median_deg": float(np.median(np.concatenate(list(off.values())))),
        "limb_error_solved_deg": max(float(solved[leg].max()) for leg in LEGS),
        "foot_sliding_mm": 1000.0 * float(slides.max(initial=0.0)),
        "foot_sliding_mean_mm": 1000.0 * float(slides.mean()) if len(slides) else 0.0,
    }


def _times(character: Character) -> dict[str, float]:
    """Ours before and after Blender's bake, in one process: keys, solved feet and the look at the limbs included."""
    source = timed_source()
    before_s = retarget_s(character, source)
    baked_s = bake_s(character, source)
    ours_s = 0.5 * (before_s + retarget_s(character, source))
    return {"ms_per_1000": 1000.0 * ours_s, "bake_ms_per_1000": 1000.0 * baked_s, "bake_over_ours": baked_s / ours_s}


def timed_source() -> Source:
    """TIMED_FRAMES of the made-up motion, back and forth."""
    made_up = performance()
    last = made_up.frame_count - 1
    back_and_forth = np.abs((np.arange(TIMED_FRAMES) + last) % (2 * last) - last)
    longer = sampled(made_up, back_and_forth.astype(float), made_up.rate)
    return Source(longer, 1.0 + np.arange(TIMED_FRAMES), "timed")


def retarget_s(character: Character, source: Source) -> float:
    began_s = time.perf_counter()
    _retarget(character, source, SOLVED)
    return time.perf_counter() - began_s


def _retarget(character: Character, source: Source, settings: RetargetSettings) -> None:
    retarget_character(character.thing, source, Wish(character.mapping, settings), lambda share, words: None)


if __name__ == "__main__":
    main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(0)   # some bpy wheels hang while the interpreter shuts down
