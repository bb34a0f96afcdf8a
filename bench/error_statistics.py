"""Statistics of a detector's errors, as sums over clips, so that clips can be drawn again for intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from backend.train.errors.exchanges import KINDS
from backend.train.errors.fit_learned import stretches
from backend.train.errors.from_bank import Said
from motion.arrays import Array

GROUPS = {
    "face": range(0, 11), "shoulders": (11, 12), "elbows": (13, 14), "wrists": (15, 16), "hands": range(17, 23),
    "hips": (23, 24), "knees": (25, 26), "ankles": (27, 28), "feet": range(29, 33),
}  # fmt: skip
LAGS_S = (0.1, 0.2, 0.5)
# Of errors in the picture, m: bins of their histogram.
BINS = np.geomspace(5e-4, 2.0, 97)
UNSURE = 0.5
DRAWS = 1000
SHORTEST_FRAMES = 12


@dataclass(frozen=True, eq=False)
class Sums:
    """What clips add up to: names and, for each clip, numbers."""

    names: tuple[str, ...]
    values: Array       # [C, N]


def sums_of(clips: list[Said]) -> Sums:
    rows = [_clip_sums(clip) for clip in clips]
    return Sums(tuple(rows[0]), np.array([list(row.values()) for row in rows]))


def statistics(sums: Sums) -> dict[str, float]:
    """Every statistic by its name, such as "wrists depth std mm"."""
    totals = sums.values.sum(0, keepdims=True)
    return {name: float(value[0]) for name, value in _from_totals(sums.names, totals).items()}


def intervals(sums: Sums, rng: np.random.Generator) -> dict[str, tuple[float, float]]:
    """The middle 95 % of every statistic when clips are drawn anew with replacement (Efron 1979)."""
    count = len(sums.values)
    weights = rng.multinomial(count, np.full(count, 1 / count), size=DRAWS)
    drawn = _from_totals(sums.names, weights @ sums.values)
    return {name: tuple(np.nanpercentile(values, (2.5, 97.5))) for name, values in drawn.items()}


def _clip_sums(clip: Said) -> dict[str, float]:
    sums: dict[str, float] = {}
    seen = clip.detections.seen[0]
    rate = float(clip.views.rate_hz[0])
    lost_or_not = torch.cat([clip.exchanges & seen[:, None], ~seen[:, None]], -1)
    for name, on in zip((*KINDS, "lost"), lost_or_not.T, strict=True):
        sums |= {f"{name} on": float(on.sum()), f"{name} runs": float(len(stretches(on, on)))}
    sums |= {"frames": float(len(seen)), "seconds": len(seen) / rate}
    pieces = [piece for piece in stretches(torch.arange(len(seen)), seen) if len(piece) >= SHORTEST_FRAMES]
    for name, landmarks in GROUPS.items():
        sums |= {f"{name} {key}": value for key, value in _group_sums(clip, list(landmarks), pieces, rate).items()}
    return sums


def _group_sums(clip: Said, landmarks: list[int], pieces: list[Tensor], rate: float) -> dict[str, float]:
    sums = dict.fromkeys(_group_names(), 0.0)
    if not pieces:
        return sums
    places = torch.cat(pieces)
    errors = clip.errors[places][:, landmarks]
    varying = errors - errors.mean(0)
    sums["n"] = float(errors[..., 0].numel())
    sums["clips"] = float(len(landmarks))
    for name, columns in _PARTS.items():
        sums[f"{name} varying"] = float(varying[..., columns].square().sum())
        sums[f"{name} constant"] = float(errors[..., columns].mean(0).square().sum())
    true_z = clip.frame.pose[0, places][:, landmarks, 2]
    sums["depth true"] = float(true_z.square().sum())
    sums["depth said"] = float((true_z * (true_z + errors[..., 4])).sum())
    sums["unsure"] = float((errors[..., 5] < np.log(UNSURE / (1 - UNSURE))).sum())
    size_m = varying[..., :2].norm(dim=-1).numpy().ravel()
    for number, count in enumerate(np.histogram(size_m.clip(BINS[0], BINS[-1] * 0.999), BINS)[0]):
        sums[f"bin {number}"] = float(count)
    mean = errors.mean(0)
    for piece in pieces:
        off = clip.errors[piece][:, landmarks] - mean
        bend = (off[2:] - 2 * off[1:-1] + off[:-2])[..., :2]
        sums["jitter"] += float(bend.square().sum())
        sums["jitter n"] += float(bend[..., 0].numel())
        for number, lag_s in enumerate(LAGS_S):
            lag = max(1, round(lag_s * rate))
            for name, columns in _PARTS.items():
                early, late = off[:-lag][..., columns], off[lag:][..., columns]
                sums[f"{name} lag {number}"] += float((early * late).sum())
                sums[f"{name} pairs {number}"] += float((early.square().sum() + late.square().sum()) / 2)
    return sums


_PARTS = {"picture": [0, 1], "across": [2, 3], "depth": [4]}


def _group_names() -> list[str]:
    names = ["n", "clips", "depth true", "depth said", "unsure", "jitter", "jitter n"]
    names += [f"{part} {what}" for part in _PARTS for what in ("varying", "constant")]
    names += [f"{part} {what} {n}" for part in _PARTS for what in ("lag", "pairs") for n in range(len(LAGS_S))]
    return names + [f"bin {number}" for number in range(len(BINS) - 1)]


def _from_totals(names: tuple[str, ...], totals: Array) -> dict[str, Array]:
    """Statistics [R] of each of R rows of totals [R, N]."""
    place = {name: number for number, name in enumerate(names)}

    def total(name: str) -> Array:
        return totals[:, place[name]]

    found: dict[str, Array] = {}
    with np.errstate(divide="ignore", invalid="ignore"):
        for name in (*KINDS, "lost"):
            found[f"{name} share %"] = 100 * total(f"{name} on") / total("frames")
            length = total(f"{name} on") / total(f"{name} runs") * total("seconds") / total("frames")
            found[f"{name} run s"] = np.where(total(f"{name} runs") > 0, length, np.nan)
        for group in GROUPS:
            found |= _of_group(group, total)
    return found


def _of_group(group: str, total) -> dict[str, Array]:
    found = {}
    for part, columns in _PARTS.items():
        numbers = total(f"{group} n") * len(columns)
        found[f"{group} {part} std mm"] = 1e3 * np.sqrt(total(f"{group} {part} varying") / numbers)
        found[f"{group} {part} constant mm"] = 1e3 * np.sqrt(
            total(f"{group} {part} constant") / (total(f"{group} clips") * len(columns)))  # fmt: skip
        for number, lag_s in enumerate(LAGS_S):
            found[f"{group} {part} correlation {1e3 * lag_s:.0f} ms"] = (
                total(f"{group} {part} lag {number}") / total(f"{group} {part} pairs {number}"))  # fmt: skip
    found[f"{group} jitter mm"] = 1e3 * np.sqrt(total(f"{group} jitter") / total(f"{group} jitter n") / 2)
    found[f"{group} depth slope"] = total(f"{group} depth said") / total(f"{group} depth true")
    found[f"{group} unsure %"] = 100 * total(f"{group} unsure") / total(f"{group} n")
    counts = np.stack([total(f"{group} bin {number}") for number in range(len(BINS) - 1)], -1)
    middle, far, farther = (_quantile(counts, share) for share in (0.5, 0.95, 0.99))
    found[f"{group} tail 95 %"], found[f"{group} tail 99 %"] = far / middle, farther / middle
    return found


def _quantile(counts: npt.NDArray, share: float) -> Array:
    """Of histograms [R, bins], straight between the bins' logarithmic edges."""
    sums = np.concatenate([np.zeros((len(counts), 1)), np.cumsum(counts, axis=-1)], -1)
    wanted = share * sums[:, -1]
    return np.exp([np.interp(at, row, np.log(BINS)) for at, row in zip(wanted, sums, strict=True)])


