"""All figures of samples of one clip beside its truth, as a tree of dictionaries, and their means over clips."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from backend.cameras.projection import projected
from backend.hypotheses.samples import Samples
from backend.lift.lift import Lift
from bench import metrics
from bench.hypotheses_measures import (
    aligned_errors_mm,
    best_of_clip,
    best_of_frames,
    best_of_windows,
    coverage,
    diversity_mm,
    energy_score_mm,
    errors_mm,
    gain_interval_mm,
    inside_spread,
    taken,
)
from bench.hypotheses_sets import Judged
from bench.simulated import LIMB_JOINTS
from motion.arrays import Array, Indices
from motion.landmarks import LIMB_LANDMARKS

COUNTS = (1, 5, 20, 40)     # N; each group of N of the MOST samples is judged, and the groups' mean is told
MOST = COUNTS[-1]
_GROUPS = 8                 # at most, of which aggregates and intervals are made
COLUMNS = ("mpjpe_mm", "pa_mpjpe_mm", "jitter_10m_s3")

Figures = dict[str, Any]
Aggregate = Callable[[Samples], Lift]
Spread = Callable[[Samples], Array]     # [T, 22] m about the lift in which the truth is to lie nine times in ten


@dataclass(frozen=True, eq=False)
class Told:
    """N motions on the F frames that are judged."""

    limbs: Array        # [N, F, 12, 3] m in the camera's axes
    errors_mm: Array    # [N, F]
    aligned_mm: Array   # [N, F]
    jitter: Array       # [N] 10 m/s^3
    off_px: Array       # [N] from what the detector saw
    times_s: Array      # [F]

    def some(self, which: slice) -> Told:
        """Some of them."""
        return Told(self.limbs[which], self.errors_mm[which], self.aligned_mm[which], self.jitter[which],
                    self.off_px[which], self.times_s)  # fmt: skip


def figures_of(
    judged: Judged, samples: Samples, control: Samples, aggregates: Mapping[str, Aggregate], spread: Spread
) -> Figures:
    """Of the lift itself, of MOST samples and as many of the control, of motions that aggregate samples, and of the
    spread that they tell about the lift.
    """
    own = told(judged, judged.lift.points_camera()[None])
    drawn, controls = (_of_samples(told(judged, each.landmarks_camera()), judged.truth) for each in (samples, control))
    return {
        "frames": len(judged.frames),
        "deterministic": {**_mean_figures(own), "energy_score": energy_score_mm(own.limbs, judged.truth)},
        **drawn,
        **{f"gaussian_{name}": figures for name, figures in controls.items()},
        **{name: _by_count(partial(_of_aggregate, judged, aggregate), samples, COUNTS)
           for name, aggregate in aggregates.items()},
        "coverage_90": {"1": None, **_by_count(partial(_inside, judged, spread), samples, COUNTS[1:])},
    }  # fmt: skip


def told(judged: Judged, points_camera: Array) -> Told:
    """Of points [N, T, at least 33, 3] m."""
    limbs = points_camera[:, judged.frames][:, :, LIMB_LANDMARKS]
    seen_px = judged.lift.track.landmarks_px[judged.frames][:, LIMB_LANDMARKS]
    off_px = np.linalg.norm(projected(limbs, judged.lift.K) - seen_px, axis=-1).mean(axis=(1, 2))
    return Told(limbs, errors_mm(limbs, judged.truth), aligned_errors_mm(limbs, judged.truth),
                np.array([_jitter(each, judged.times_s) for each in limbs]), off_px, judged.times_s)  # fmt: skip


def mean_of(trees: Sequence[Any], weights: Sequence[float]) -> Any:
    """The weighted mean of every number; what is unknown (None) does not count."""
    if isinstance(trees[0], Mapping):
        return {name: mean_of([tree[name] for tree in trees], weights) for name in trees[0]}
    known = np.array([(value, weight) for value, weight in zip(trees, weights, strict=True) if value is not None])
    return float(np.average(known[:, 0], weights=known[:, 1])) if len(known) else None


def over_clips(clips: Mapping[str, Figures]) -> Figures:
    """Means over clips, each counting by its frames, and what can be told of a whole set only."""
    frames = [clip["frames"] for clip in clips.values()]
    mean = {**mean_of(list(clips.values()), frames), "frames": sum(frames)}
    gains = np.array([clip["deterministic"]["mpjpe_mm"] - clip["rpea"][str(MOST)]["mpjpe_mm"]
                      for clip in clips.values()])  # fmt: skip
    main = mean["deterministic"]
    return {
        **mean,
        "deterministic": {**main, **{str(count): {name: main[name] for name in COLUMNS} for count in COUNTS}},
        "reprojection_ratio": mean["sample"][str(MOST)]["reprojection_px"] / main["reprojection_px"],
        "rpea_gain_mm": float(np.average(gains, weights=frames)),
        "rpea_gain_interval_mm": gain_interval_mm(gains, np.array(frames)),
        "clips": dict(clips),
    }


def _of_samples(all_told: Told, truth: Array) -> Figures:
    """By figure, then by N."""
    by_count = {str(count): _mean_of_groups(lambda some: _of_group(all_told.some(some), truth), count)
                for count in COUNTS}  # fmt: skip
    return {name: {count: figures[name] for count, figures in by_count.items()} for name in by_count[str(MOST)]}


def _mean_of_groups(figures: Callable[[slice], Figures], count: int, most_groups: int = MOST) -> Figures:
    """Over groups of so many samples that have none in common."""
    groups = [figures(slice(start, start + count)) for start in range(0, min(MOST, most_groups * count), count)]
    return mean_of(groups, [1.0] * len(groups))


def _of_group(group: Told, truth: Array) -> Figures:
    return {
        "sample": _mean_figures(group),
        "best_clip": _best(group, best_of_clip),
        "best_window": _best(group, partial(best_of_windows, times_s=group.times_s)),
        "best_frame": _best(group, best_of_frames),
        "diversity_mm": diversity_mm(group.limbs),
        "sample_coverage_90": coverage(group.limbs, truth),
        "energy_score": energy_score_mm(group.limbs, truth),
    }


def _best(group: Told, choose: Callable[[Array], Indices]) -> Figures:
    """Each error by its own choice; joined where the choice changes, and as smooth as that is."""
    choice = choose(group.errors_mm)
    return {"mpjpe_mm": float(taken(group.errors_mm, choice).mean()),
            "pa_mpjpe_mm": float(taken(group.aligned_mm, choose(group.aligned_mm)).mean()),
            "jitter_10m_s3": _jitter(taken(group.limbs, choice), group.times_s)}  # fmt: skip


def _of_aggregate(judged: Judged, aggregate: Aggregate, samples: Samples) -> Figures:
    return _mean_figures(told(judged, aggregate(samples).points_camera()[None]))


def _inside(judged: Judged, spread: Spread, samples: Samples) -> float:
    limbs = judged.lift.points_camera()[judged.frames][:, LIMB_LANDMARKS]
    return inside_spread(limbs, judged.truth, spread(samples)[judged.frames][:, LIMB_JOINTS])


def _by_count(figures: Callable[[Samples], Any], samples: Samples, counts: Sequence[int]) -> Figures:
    """By N, in the mean over the first _GROUPS groups."""
    def of_group(which: slice) -> Any:
        shares = samples.shares[which] / samples.shares[which].sum()
        return figures(Samples(samples.lift, samples.turns_rad[which], samples.root_camera[which], shares))

    return {str(count): _mean_of_groups(of_group, count, _GROUPS) for count in counts}


def _mean_figures(motions: Told) -> Figures:
    return {"mpjpe_mm": float(motions.errors_mm.mean()), "pa_mpjpe_mm": float(motions.aligned_mm.mean()),
            "jitter_10m_s3": float(motions.jitter.mean()), "reprojection_px": float(motions.off_px.mean())}  # fmt: skip


def _jitter(limbs: Array, times_s: Array) -> float:
    return metrics.jitter_10m_s3(metrics.at_rate(limbs, times_s))
