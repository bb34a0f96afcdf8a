"""Left and right exchanged: what is put back, and what was right and is spoilt, while people turn slowly and fast."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from backend.track.sides import with_sides_exchanged
from backend.track.tracks import Track
from backend.track.unswap import exchanges, unswapped
from backend.train.bank.bank_clip import read_bank
from backend.train.batches import Batches, BatchSettings
from backend.train.errors.by_hand import ErrorsByHand
from backend.train.errors.from_bank import said_of, seen_through
from backend.train.motions.prepared import read_prepared
from backend.train.views import SimulatedDetections, Views
from bench.tables import machine_line, print_table, write_figures
from motion.arrays import Array, Mask
from motion.landmarks import LANDMARK, LIMB_LANDMARKS

KINDS = {"body": (True, True), "arms": (True, False), "legs": (False, True)}
LENGTHS = (1, 5, 30)            # frames of an injected run
INJECTED_SHARE = 0.1            # of a clip's frames
FAST_DEG_S = 180.0              # of the hips
CLEAR_HEIGHTS = 0.02            # of an error that fell or rose
WINDOWS = 32                    # of prepared motion
_HIPS = LANDMARK["left_hip"], LANDMARK["right_hip"]


@dataclass(frozen=True, eq=False)
class Case:
    """One clip of T frames as the detector told of it, and the truth."""

    track: Track
    views: Views            # B = 1
    exchanged: Mask         # [T, 2] arms and legs that the detector has exchanged
    fast: Mask              # [T] whether the hips turn fast


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--bank", type=Path, metavar="FOLDER", help="swaps: a bank of real detections with their truth")
    parser.add_argument("--prepared", type=Path, metavar="FILE", help="swaps: prepared motion")


def main(options: argparse.Namespace) -> int:
    """`build.py bench swaps`: only clips that no constant was chosen on."""
    figures = {name: figures_of(cases) for name, cases in _material(options) if cases}
    head = ("material, exchanged", "frames", "put back %", "in fast turns", "spoilt %", "in fast turns")
    print_table(head, [(f"{name}, {kind}", *row.values()) for name, rows in figures.items()
                       for kind, row in rows["injected"].items()])  # fmt: skip
    head = ("as the detector said it", "frames", "exchanged %", "after", "nearer %", "farther %", "spoilt %",
            "in fast turns")  # fmt: skip
    print_table(head, [(name, *rows["natural"].values()) for name, rows in figures.items()])
    print(machine_line())
    write_figures(options.json, figures)
    return 0


def figures_of(cases: list[Case]) -> dict[str, Any]:
    """Shares in percent for injected exchanges of each kind and length, and for those of the detector."""
    rng = np.random.default_rng(0)
    injected = {f"{kind} {length}": _injected(cases, kind, length, rng) for kind in KINDS for length in LENGTHS}
    return {"injected": injected, "natural": _natural(cases)}


def _material(options: argparse.Namespace) -> Iterator[tuple[str, list[Case]]]:
    if options.bank:
        yield "real", _of_bank(options.bank)
    if options.prepared:
        yield "simulated", _of_motion(options.prepared, ErrorsByHand())
        yield "true", _of_motion(options.prepared, None)


def _of_bank(folder: Path) -> list[Case]:
    """The clips that are kept out of every fit."""
    clips = [clip for clip in read_bank(folder) if clip.origin.part == "kept" and clip.seen.sum() > 1]
    said = [said_of(clip) for clip in clips]
    return [case_of(one.views, one.detections, clip.doubts_px) for one, clip in zip(said, clips, strict=True)]


def _of_motion(path: Path, errors: ErrorsByHand | None) -> list[Case]:
    """Windows of validation subjects."""
    clips = [clip for clip in read_prepared(path) if clip.origin.split == "dev"]
    batch = Batches(clips, errors, BatchSettings(batch_size=WINDOWS, exchanged_share=0.0)).batch(0)
    cases = [case_of(_one(batch.views, n), _one(batch.detections, n)) for n in range(WINDOWS)]
    return [case for case in cases if case.track.seen.sum() > 1]


def _one(batch: Views | SimulatedDetections, n: int) -> Any:
    return type(batch)(**{name: value[n : n + 1] for name, value in vars(batch).items()})


def case_of(views: Views, detections: SimulatedDetections, doubts_px: Array | None = None) -> Case:
    """A clip, B = 1, as a track; without doubts the detector looked once."""
    seen = detections.seen[0].numpy()
    shown = seen[:, None, None]
    times_s = np.arange(len(seen)) / float(views.rate_hz[0])
    landmarks_px, landmarks_camera, scores = (array[0].double().numpy() for array in (
        detections.landmarks_px, detections.landmarks_camera, detections.scores))  # fmt: skip
    doubts = np.full(scores.shape, np.nan) if doubts_px is None else np.where(seen[:, None], doubts_px, np.nan)
    no_hands = np.full((len(seen), 2, 21, 3), np.nan)
    track = Track(times_s, seen, np.where(shown, landmarks_px, np.nan), scores * seen[:, None], doubts,
                  np.where(shown, landmarks_camera, np.nan), no_hands[..., :2], no_hands,
                  np.zeros((len(seen), 2)))  # fmt: skip
    return Case(track, views, _exchanged(track, views), _turns_fast(views))


def _exchanged(track: Track, views: Views) -> Mask:
    """Which arms and legs lie where the other side's truly are, [T, 2]."""
    arrays = track.landmarks_px, track.scores, track.landmarks_camera
    said = [torch.from_numpy(np.nan_to_num(array)).float()[None] for array in arrays]
    detections = SimulatedDetections(*said, torch.from_numpy(track.seen.copy())[None])
    body, arms, legs = seen_through(views, detections).exchanges.numpy().T
    return np.stack([body | arms, body | legs], axis=-1) & track.seen[:, None]


def _turns_fast(views: Views) -> Mask:
    left, right = (views.landmarks_camera[0, :, hip].double().numpy() for hip in _HIPS)
    axis = (left - right) / np.linalg.norm(left - right, axis=-1, keepdims=True)
    turn_rad = np.arccos(np.clip(np.sum(axis[1:] * axis[:-1], axis=-1), -1, 1))
    return np.append(turn_rad, 0.0) * float(views.rate_hz[0]) > np.radians(FAST_DEG_S)


def _injected(cases: list[Case], kind: str, length: int, rng: np.random.Generator) -> dict[str, Any]:
    """Of clips in which the detector itself exchanged nothing."""
    counts: Counter[str] = Counter()
    for case in (case for case in cases if not case.exchanged.any()):
        injected = injected_runs(case.track.seen, length, rng)[:, None] & np.array(KINDS[kind])
        found = exchanges(with_sides_exchanged(case.track, injected))
        for speed, frames in (("slow", ~case.fast), ("fast", case.fast)):
            asked, rest = (mask & frames & case.track.seen for mask in (injected.any(1), ~injected.any(1)))
            counts[f"{speed} put back"] += int((found == injected).all(axis=1)[asked].sum())
            counts[f"{speed} asked"] += int(asked.sum())
            counts[f"{speed} spoilt"] += int(found.any(axis=1)[rest].sum())
            counts[f"{speed} rest"] += int(rest.sum())
    return {"frames": str(counts["slow asked"] + counts["fast asked"]),
            **_shares(counts, "put back", "asked"), **_shares(counts, "spoilt", "rest")}  # fmt: skip


def injected_runs(seen: Mask, length: int, rng: np.random.Generator) -> Mask:
    """Runs [T] of `length` frames, apart from each other, in about a tenth of the frames; none in too short clips."""
    runs = np.zeros(len(seen), bool)
    if 2 * length > len(seen):
        return runs
    for start in rng.permutation(len(seen) - length + 1):
        if runs.sum() + length > max(length, INJECTED_SHARE * len(seen)):
            break
        if not runs[max(0, start - 2) : start + length + 2].any():
            runs[start : start + length] = True
    return runs & seen


def _natural(cases: list[Case]) -> dict[str, Any]:
    """Exchanges of the detector itself before and after; spoilt: right before and exchanged after.

    Nearer and farther: frames whose limbs' mean error in the picture fell or rose by CLEAR_HEIGHTS.
    """
    counts: Counter[str] = Counter()
    for case in cases:
        before, repaired = case.exchanged.any(axis=1), unswapped(case.track)
        after = _exchanged(repaired, case.views).any(axis=1)
        change = _error_heights(repaired, case.views) - _error_heights(case.track, case.views)
        counts += Counter({"before": int(before.sum()), "after": int(after.sum()),
                           "nearer": int((change < -CLEAR_HEIGHTS).sum()),
                           "farther": int((change > CLEAR_HEIGHTS).sum())})  # fmt: skip
        for speed, frames in (("slow", ~case.fast), ("fast", case.fast)):
            counts[f"{speed} frames"] += int((frames & case.track.seen).sum())
            counts[f"{speed} spoilt"] += int((frames & after & ~before).sum())
    seen = counts["slow frames"] + counts["fast frames"]
    shares = {name: _percent(counts[name], seen) for name in ("before", "after", "nearer", "farther")}
    return {"frames": str(seen), **shares, **_shares(counts, "spoilt", "frames")}


def _error_heights(track: Track, views: Views) -> Array:
    """Of the limbs in the picture, in heights of the body across the picture: the mean of each frame [T]."""
    truth_px = views.landmarks_px[0].double().numpy()
    heights_px = np.linalg.norm(np.ptp(truth_px, axis=1), axis=-1)
    error_px = np.linalg.norm(track.landmarks_px - truth_px, axis=-1)[:, LIMB_LANDMARKS].mean(axis=1)
    return error_px / heights_px


def _shares(counts: Counter[str], what: str, of: str) -> dict[str, float | None]:
    """Over all frames, and over those of fast turns."""
    both = [counts[f"slow {name}"] + counts[f"fast {name}"] for name in (what, of)]
    return {what: _percent(*both), f"{what} fast": _percent(counts[f"fast {what}"], counts[f"fast {of}"])}


def _percent(part: int, whole: int) -> float | None:
    return 100.0 * part / whole if whole else None
