"""A part of a bank in one small file, rounded to what matters, to travel with the project."""

from __future__ import annotations

import json
import lzma
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from backend.small_archives import save_small
from backend.train.bank.bank_clip import BankClip, BankOrigin
from motion.arrays import Array
from motion.refusal import Refusal
from motion.whole_files import written_whole

FEATURE_COUNT = 64
STEPS = {"landmarks_camera": 1e-3, "joints_camera": 1e-3, "said_px": 1 / 16, "said_camera": 1e-3, "scores": 1 / 255,
         "doubts_px": 1 / 8, "R_camera_from_world": 1 / 32767}  # fmt: skip
_WIDTHS = {"scores": np.uint8}      # int16 otherwise
_FEATURE_SIGMAS = 4.0               # of each principal component, in 127 steps


def chosen(clips: Sequence[BankClip], frames: int, seed: int = 0) -> list[BankClip]:
    """Clips drawn until they hold so many frames, in their order."""
    order = np.random.default_rng(seed).permutation(len(clips))
    sums = np.cumsum([len(clips[number].seen) for number in order])
    return [clips[number] for number in sorted(order[: int(np.searchsorted(sums, frames)) + 1])]


def write_sample(path: Path, clips: Sequence[BankClip]) -> None:
    """One file of some 400 bytes a frame; features become their 64 principal components over these clips."""
    basis, middle = principal_components(np.concatenate([clip.features[clip.seen] for clip in clips]).astype(float))
    sigmas = np.concatenate([(clip.features - middle)[clip.seen] @ basis for clip in clips]).std(axis=0)
    arrays = {name: np.concatenate([_steps(getattr(clip, name), name) for clip in clips]) for name in STEPS}
    arrays["features"] = np.concatenate([_feature_steps((clip.features - middle) @ basis, sigmas) for clip in clips])
    for name in ("hidden", "seen"):
        arrays[name] = np.packbits(np.concatenate([getattr(clip, name) for clip in clips]), axis=0)
    origins = json.dumps([asdict(clip.origin) for clip in clips])
    with written_whole(path) as stream:
        save_small(stream, arrays | {
            "origins": np.frombuffer(origins.encode(), np.uint8),
            "lengths": np.array([len(clip.seen) for clip in clips]), "K": np.stack([clip.K for clip in clips]),
            "size_px": np.stack([clip.size_px for clip in clips]), "basis": basis.astype(np.float16),
            "middle": middle.astype(np.float16), "sigmas": sigmas.astype(np.float32)})  # fmt: skip


def read_sample(path: Path) -> list[BankClip]:
    """The clips, rounded. Raises Refusal for a file that is no sample of a bank."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        return _unpacked(arrays)
    except (OSError, ValueError, KeyError, TypeError, EOFError, lzma.LZMAError) as error:
        raise Refusal("no-sample", f"{path} is no sample of a bank of detections.",
                      "Make one with: python -m backend train sample.") from error  # fmt: skip


def principal_components(features: Array) -> tuple[Array, Array]:
    """Basis [F, up to 64] and mean [F] of features [N, F]."""
    middle = features.mean(axis=0)
    _, _, axes = np.linalg.svd(np.cov((features - middle).T))
    return axes[:FEATURE_COUNT].T, middle


def _unpacked(arrays: dict[str, np.ndarray]) -> list[BankClip]:
    origins = [BankOrigin(**origin) for origin in json.loads(arrays["origins"].tobytes())]
    ends = np.cumsum(arrays["lengths"])
    total = int(ends[-1])
    series = {name: arrays[name].astype(np.float32) * np.float32(step) for name, step in STEPS.items()}
    series["features"] = (arrays["features"] * (_FEATURE_SIGMAS * arrays["sigmas"] / 127)).astype(np.float16)
    for name in ("hidden", "seen"):
        series[name] = np.unpackbits(arrays[name], axis=0, count=total).astype(bool)
    parts = {name: np.split(values, ends[:-1]) for name, values in series.items()}
    return [
        BankClip(origin=origin, K=arrays["K"][number], size_px=arrays["size_px"][number],
                 **{name: values[number] for name, values in parts.items()})
        for number, origin in enumerate(origins)
    ]  # fmt: skip


def _steps(values: np.ndarray, name: str) -> np.ndarray:
    kind = np.iinfo(_WIDTHS.get(name, np.int16))
    return np.clip(np.round(values / STEPS[name]), kind.min, kind.max).astype(kind.dtype)


def _feature_steps(values: Array, sigmas: Array) -> np.ndarray:
    return np.clip(np.round(values / (_FEATURE_SIGMAS * sigmas.clip(1e-9)) * 127), -127, 127).astype(np.int8)
