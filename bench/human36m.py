"""Human3.6M as the lifters after MotionBERT evaluate on it: h36m_sh_conf_cam_source_final.pkl, converted.

Subjects 9 and 11, all cameras, clips of 243 frames, the mirrored second look. What a network says, in the picture's
scale, becomes millimetres by a factor that the file gives for every frame, so that the true depth is known: a lifter
that works in metres has the harder task, and the figures must not stand side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from backend.lift.published.skeleton17 import HUMAN36M
from bench.lifting_protocol import Network, aligned_errors_mm, errors_mm, seen_twice, to_screen
from bench.plain_arrays import CONVERT, TEXTS, check, read_arrays
from motion.arrays import Array, Indices
from motion.refusal import Refusal

CLIP_FRAMES = 243
WIDTH_PX = 1000
HEIGHT_PX = {"54138969": 1002, "60457274": 1002, "55011271": 1000, "58860488": 1000}   # by camera
# Takes whose truth is wrong, left out by all (subject, action, subaction); the camera follows in the file's names.
SKIPPED = ("s_09_act_05_subact_02", "s_09_act_10_subact_02", "s_09_act_13_subact_01")
_CAMERA_SUFFIX = len("_ca_01")
_NAMES = {"joint_2d": "test/joint_2d", "confidence": "test/confidence", "truth": "test/joints_2.5d_image",
          "factors": "test/2.5d_factor", "cameras": "test/camera_name", "sources": "test/source",
          "actions": "test/action"}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Human36M:
    """The test half, all takes one after the other; N frames."""

    keypoints: Array        # [N, 17, 3] x and y in -1..1 of the width, confidence
    truth_mm: Array         # [N, 17, 3] about joint 0, in the camera's axes
    mm_per_unit: Array      # [N] of what networks say
    sources: np.ndarray     # [N] names of takes, with their cameras
    actions: np.ndarray     # [N]


def read_human36m(path: Path) -> Human36M:
    """Raises Refusal when the file is another one."""
    read = read_arrays(path, list(_NAMES.values()), "the Human3.6M file")
    arrays = {name: read[stored] for name, stored in _NAMES.items()}
    joint_2d, confidence = arrays["joint_2d"], arrays["confidence"]
    # A third number repeats the confidence; some files have it in an axis of its own.
    check(path, _NAMES["joint_2d"], joint_2d, (None, 17, 3 if joint_2d.shape[2:] == (3,) else 2))
    count = len(joint_2d)
    check(path, _NAMES["truth"], arrays["truth"], (count, 17, 3))
    check(path, _NAMES["confidence"], confidence, (count, 17, 1) if confidence.ndim == 3 else (count, 17))
    check(path, _NAMES["factors"], arrays["factors"], (count,))
    for name in ("cameras", "sources", "actions"):
        check(path, _NAMES[name], arrays[name], (count,), TEXTS)
    unknown = sorted(set(arrays["cameras"].tolist()) - set(HEIGHT_PX))
    if unknown:
        raise Refusal("other-data", f"{path.name} names the camera {unknown[0]}, which Human3.6M has not.", CONVERT)
    if all(_take(source) in SKIPPED for source in arrays["sources"]):
        raise Refusal("other-data", f"{path.name} has only takes that are left out.", CONVERT)
    return _made(**arrays)


def clips(sources: np.ndarray, frames: int, stride: int) -> Indices:
    """Frames [C, frames] of every clip, never across takes.

    What is left at the end of a take is not evaluated, as published; a take shorter than a clip is stretched to one.
    """
    ends = np.flatnonzero(sources[1:] != sources[:-1]) + 1
    found = []
    for start, end in zip((0, *ends), (*ends, len(sources)), strict=True):
        if end - start < frames:
            found.append(start + np.arange(frames) * (end - start) // frames)
        found += [np.arange(first, first + frames) for first in range(start, end - frames + 1, stride)]
    return np.array(found)


def evaluate(network: Network, data: Human36M, device: str = "cpu", frames: int = CLIP_FRAMES,
             stride: int | None = None) -> dict[str, Any]:  # fmt: skip
    """p1_mm and p2_mm: means over frames within an action, then over actions; frames of several clips count once.

    Clips start every `stride` frames; one where the other ends where none is given.
    """
    sums, counts = np.zeros((len(data.sources), 2)), np.zeros(len(data.sources))
    for clip in clips(data.sources, frames, stride or frames):
        if _take(data.sources[clip[0]]) in SKIPPED:
            continue
        which, once = np.unique(clip, return_index=True)
        estimate = _places_mm(network, data, clip, device)[once]
        truth = data.truth_mm[which]
        sums[which] += np.stack([errors_mm(estimate, truth).mean(1), aligned_errors_mm(estimate, truth).mean(1)], -1)
        counts[which] += 1
    return _by_action(sums, counts, data.actions)


def _places_mm(network: Network, data: Human36M, clip: Indices, device: str) -> Array:
    """[T, 17, 3] about joint 0, whose own place is not asked for."""
    keypoints = torch.from_numpy(data.keypoints[clip]).float()[None].to(device)
    places = seen_twice(network, keypoints, HUMAN36M.mirrored)[0].double().cpu().numpy()
    places[:, 0] = 0.0
    return places * data.mm_per_unit[clip][:, None, None]


def _take(source: str) -> str:
    return source[:-_CAMERA_SUFFIX]


def _by_action(sums: Array, counts: Array, actions: np.ndarray) -> dict[str, Any]:
    seen = counts > 0
    errors, names = sums[seen] / counts[seen, None], actions[seen]
    rows = {str(name): errors[names == name].mean(0) for name in np.unique(names)}
    return {**_named(np.mean(list(rows.values()), 0)), "frames": int(seen.sum()),
            "actions": {name: _named(row) for name, row in rows.items()}}  # fmt: skip


def _named(row: Array) -> dict[str, float]:
    return {"p1_mm": float(row[0]), "p2_mm": float(row[1])}


def _made(joint_2d: np.ndarray, confidence: np.ndarray, truth: np.ndarray, factors: np.ndarray, cameras: np.ndarray,
          sources: np.ndarray, actions: np.ndarray) -> Human36M:  # fmt: skip
    heights = np.array([HEIGHT_PX[camera] for camera in cameras.tolist()])[:, None]
    screen = to_screen(joint_2d[..., :2].astype(np.float64), WIDTH_PX, heights)
    keypoints = np.concatenate([screen, confidence.reshape(len(screen), 17, 1)], -1)
    truth = truth.astype(np.float64)
    return Human36M(keypoints, truth - truth[:, :1], WIDTH_PX / 2 * factors, sources, actions)
