"""Statistics of a detector's errors, as sums over clips, so that clips can be drawn again for intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from backend.train.errors.exchanges import KINDS
from backend.train.errors.from_bank import Said
from motion.arrays import Array, Mask
from motion.landmarks import LANDMARK_COUNT

GROUPS: dict[str, Sequence[int]] = {
    "face": range(0, 11), "shoulders": (11, 12), "elbows": (13, 14), "wrists": (15, 16), "hands": range(17, 23),
    "hips": (23, 24), "knees": (25, 26), "ankles": (27, 28), "feet": range(29, 33),
}  # fmt: skip
# For each landmark the next one towards the trunk; those of trunk and face stand for themselves.
_NEXT_INWARDS = np.array([*range(13), 11, 12, 13, 14, *(15, 16) * 3, 23, 24, 23, 24, 25, 26, 27, 28, 27, 28])
_PARTS = {"picture": slice(0, 2), "across": slice(2, 4), "depth": slice(4, 5)}
_LOGIT = 5
LAGS_S = (0.1, 0.2, 0.5)
EVENTS = (*KINDS, "lost")
# Of errors in the picture, m: bins of their histogram.
BINS = np.geomspace(5e-4, 2.0, 97)
GROSS_M = 0.15          # in the picture: the limb is not where it is said to be
UNSURE = 0.5
DRAWS = 1000
SHORTEST_FRAMES = 12
_IN_GROUP = np.array([[landmark in group for group in GROUPS.values()] for landmark in range(LANDMARK_COUNT)], float)


@dataclass(frozen=True, eq=False)
class Sums:
    """What C clips, or C drawn collections of clips, add up to."""

    events: dict[str, Array]    # [C]
    groups: dict[str, Array]    # [C, G] over the landmarks of GROUPS
    sizes: Array                # [C, G, bins] how often an error in the picture is so large

    def drawn(self, times: Array) -> Sums:
        """Collections that hold each clip so often; times [R, C]."""
        return Sums({name: times @ value for name, value in self.events.items()},
                    {name: times @ value for name, value in self.groups.items()},
                    np.tensordot(times, self.sizes, axes=1))  # fmt: skip


def sums_of(clips: Sequence[Said]) -> Sums:
    events, landmarks, sizes = zip(*(_of_clip(clip) for clip in clips), strict=True)
    return Sums({name: np.array([each[name] for each in events]) for name in events[0]},
                {name: np.array([each[name] for each in landmarks]) @ _IN_GROUP for name in landmarks[0]},
                np.array(sizes))  # fmt: skip


def statistics(sums: Sums) -> dict[str, float]:
    """Every statistic by its name, "KIND: OF WHAT" such as "std mm: wrists depth"; NaN where nothing tells it."""
    whole = sums.drawn(np.ones((1, len(sums.sizes))))
    return {name: float(value[0]) for name, value in _of_sums(whole).items()}


def of_each_clip(sums: Sums) -> dict[str, Array]:
    """The same of every clip alone, [C]."""
    return _of_sums(sums)


def intervals(sums: Sums, rng: np.random.Generator) -> dict[str, tuple[float, float]]:
    """The middle 95 % of every statistic when clips are drawn anew with replacement (Efron 1979)."""
    count = len(sums.sizes)
    times = rng.multinomial(count, np.full(count, 1 / count), size=DRAWS).astype(float)
    return {name: _middle(values) for name, values in _of_sums(sums.drawn(times)).items()}


def kind_of(name: str) -> str:
    """What a statistic is, whatever it is of: "std mm"."""
    return name.split(": ")[0]


def _middle(values: Array) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    return tuple(np.percentile(known, (2.5, 97.5)).tolist()) if len(known) else (np.nan, np.nan)


def _runs(on: Mask) -> list[slice]:
    """Where [T] is true without a break."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], on.astype(int), [0]])))
    return [slice(begin, end) for begin, end in edges.reshape(-1, 2).tolist()]


def _of_clip(clip: Said) -> tuple[dict[str, float], dict[str, Array], Array]:
    """Sums of events, sums [33] over each landmark's frames, and the histogram [G, bins] of picture errors."""
    seen = clip.detections.seen[0].numpy()
    rate_hz = float(clip.views.rate_hz[0])
    pieces = [run for run in _runs(seen) if run.stop - run.start >= SHORTEST_FRAMES]
    errors = clip.errors.numpy().astype(float)
    kept = np.concatenate([errors[:0], *(errors[piece] for piece in pieces)])
    middle = kept.mean(0) if len(kept) else np.zeros(errors.shape[1:])
    true_depth = clip.frame.pose[0, ..., 2].numpy().astype(float)
    true_depth = np.concatenate([true_depth[:0], *(true_depth[piece] for piece in pieces)])
    sums = {**_still(kept, kept - middle, true_depth), **_gross(errors, pieces, rate_hz)}
    # A stretch of zeros, so that a clip that was never seen has all names.
    apart = [np.zeros((SHORTEST_FRAMES, LANDMARK_COUNT, 6)), *(errors[piece] - middle for piece in pieces)]
    over_time = [_over_time(stretch, rate_hz) for stretch in apart]
    sums |= {name: sum(each[name] for each in over_time[1:]) + 0 * value for name, value in over_time[0].items()}
    return _events(clip, seen, rate_hz), sums, _sizes(kept - middle)


def _events(clip: Said, seen: Mask, rate_hz: float) -> dict[str, float]:
    exchanges = clip.exchanges.numpy() & seen[:, None]
    sums = {"frames": float(len(seen))}
    for name, on in zip(EVENTS, (*exchanges.T, ~seen), strict=True):
        sums |= {f"{name} on": float(on.sum()), f"{name} runs": float(len(_runs(on))),
                 f"{name} s": float(on.sum()) / rate_hz}  # fmt: skip
    return sums


def _still(errors: Array, varying: Array, true_depth: Array) -> dict[str, Array]:
    """Whatever the order of frames is; errors [T, 33, 6], varying the same about its mean, true_depth [T, 33] m."""
    sums = {"n": np.full(LANDMARK_COUNT, float(len(errors))), "clips": np.full(LANDMARK_COUNT, float(len(errors) > 0))}
    constant = errors.mean(0) if len(errors) else np.zeros((LANDMARK_COUNT, 6))
    for part, columns in _PARTS.items():
        sums[f"{part} varying"] = np.square(varying[..., columns]).sum((0, 2))
        sums[f"{part} constant"] = np.square(constant[:, columns]).sum(-1)
        inwards = varying[:, _NEXT_INWARDS, columns]
        sums[f"{part} with inwards"] = (varying[..., columns] * inwards).sum((0, 2))
        sums[f"{part} inwards"] = np.square(inwards).sum((0, 2))
    sums["picture with across"] = (varying[..., 0:2] * varying[..., 2:4]).sum((0, 2))
    sums["true depth"] = np.square(true_depth).sum(0)
    sums["said depth"] = (true_depth * (true_depth + errors[..., 4])).sum(0)
    unsure = errors[..., _LOGIT] < np.log(UNSURE / (1 - UNSURE))
    squares = np.square(varying[..., 0:2]).sum(-1)
    sums |= {"unsure": unsure.sum(0).astype(float), "unsure squares": (squares * unsure).sum(0)}
    return sums


def _gross(errors: Array, pieces: list[slice], rate_hz: float) -> dict[str, Array]:
    far = np.linalg.norm(errors[..., 0:2], axis=-1) > GROSS_M
    on, runs = np.zeros(LANDMARK_COUNT), np.zeros(LANDMARK_COUNT)
    for piece in pieces:
        on += far[piece].sum(0)
        runs += np.maximum(np.diff(far[piece].astype(int), axis=0, prepend=0), 0).sum(0)
    return {"gross": on, "gross s": on / rate_hz, "gross runs": runs}


def _over_time(varying: Array, rate_hz: float) -> dict[str, Array]:
    """Of frames one after the other [T, 33, 6]."""
    bend = np.diff(varying[..., 0:2], n=2, axis=0)
    sums = {"jitter": np.square(bend).sum((0, 2)), "jitter n": np.full(LANDMARK_COUNT, 2.0 * len(bend))}
    for lag_s in LAGS_S:
        lag = max(1, round(lag_s * rate_hz))
        for part, columns in _PARTS.items():
            early, late = varying[:-lag, :, columns], varying[lag:, :, columns]
            sums[f"{part} lag {lag_s}"] = (early * late).sum((0, 2))
            sums[f"{part} pairs {lag_s}"] = (np.square(early).sum((0, 2)) + np.square(late).sum((0, 2))) / 2
    return sums


def _sizes(varying: Array) -> Array:
    sizes_m = np.linalg.norm(varying[..., 0:2], axis=-1).clip(BINS[0], BINS[-1] * 0.999)
    return np.array([np.histogram(sizes_m[:, list(group)], BINS)[0] for group in GROUPS.values()], float)


def _of_sums(sums: Sums) -> dict[str, Array]:
    """Statistics [R] of each of R collections."""
    found: dict[str, Array] = {}
    with np.errstate(divide="ignore", invalid="ignore"):
        for name in EVENTS:
            found[f"share %: {name}"] = 100 * sums.events[f"{name} on"] / sums.events["frames"]
            found[f"run s: {name}"] = sums.events[f"{name} s"] / sums.events[f"{name} runs"]
        for number, group in enumerate(GROUPS):
            found |= _of_group(group, lambda name, number=number: sums.groups[name][:, number])
            for share, size in _tails(sums.sizes[:, number]).items():
                found[f"tail {share:.0%} / 50%: {group}"] = size
    return found


def _of_group(group: str, total: Callable[[str], Array]) -> dict[str, Array]:
    """Inside of errstate: what nothing tells is NaN."""
    n, found = total("n"), {}
    for part, columns in _PARTS.items():
        what, numbers = f"{group} {part}", columns.stop - columns.start
        found[f"std mm: {what}"] = 1e3 * np.sqrt(total(f"{part} varying") / (n * numbers))
        found[f"constant mm: {what}"] = 1e3 * np.sqrt(total(f"{part} constant") / (total("clips") * numbers))
        for lag_s in LAGS_S:
            found[f"correlation {1e3 * lag_s:.0f} ms: {what}"] = (
                total(f"{part} lag {lag_s}") / total(f"{part} pairs {lag_s}"))  # fmt: skip
        if group not in ("face", "shoulders", "hips"):
            found[f"correlation inwards: {what}"] = total(f"{part} with inwards") / np.sqrt(
                total(f"{part} varying") * total(f"{part} inwards"))  # fmt: skip
    found[f"correlation picture, metres: {group}"] = total("picture with across") / np.sqrt(
        total("picture varying") * total("across varying"))  # fmt: skip
    found[f"jitter mm: {group}"] = 1e3 * np.sqrt(total("jitter") / total("jitter n") / 6)
    found[f"depth slope: {group}"] = total("said depth") / total("true depth")
    found[f"unsure %: {group}"] = 100 * total("unsure") / n
    sure = (total("picture varying") - total("unsure squares")) / (n - total("unsure"))
    found[f"unsure std / sure std: {group}"] = np.sqrt(total("unsure squares") / total("unsure") / sure)
    found[f"gross %: {group}"] = 100 * total("gross") / n
    found[f"gross run s: {group}"] = total("gross s") / total("gross runs")
    return found


def _tails(counts: Array) -> dict[float, Array]:
    """How many times the middle size the largest are, from histograms [R, bins]."""
    middle = _quantile(counts, 0.5)
    return {share: _quantile(counts, share) / middle for share in (0.95, 0.99)}


def _quantile(counts: Array, share: float) -> Array:
    """Of histograms [R, bins], straight between the bins' logarithmic edges; NaN of empty ones. Inside of errstate."""
    sums = np.concatenate([np.zeros((len(counts), 1)), np.cumsum(counts, axis=-1)], -1)
    wanted = np.where(sums[:, -1] > 0, share * sums[:, -1], np.nan)[:, None]
    at = (sums[:, 1:-1] < wanted).sum(-1, keepdims=True)
    below, above = (np.take_along_axis(sums, at + step, -1) for step in (0, 1))
    part = ((wanted - below) / (above - below))[:, 0]
    edges = np.log(BINS)
    return np.exp(edges[at[:, 0]] + part * (edges[at[:, 0] + 1] - edges[at[:, 0]]))
