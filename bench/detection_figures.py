"""What one way to find people is worth on one view."""

from __future__ import annotations

import numpy as np

from bench import metrics
from bench.detection_cases import View
from bench.detection_measures import (
    body_box_px,
    error_px,
    jitter_px,
    lag_frames,
    low_passed,
    owners,
    switches,
    varying_px,
)
from bench.detection_ways import Seen
from motion.arrays import Array, Indices
from motion.landmarks import LIMB_LANDMARKS

FILTER_HZ = 10.0    # such a filter, without lag, is allowed behind detection
FAR_PX = 100.0      # a seventh of the man's height: whoever lies farther from the reference is not him
LIMBS = list(LIMB_LANDMARKS)

Figures = dict[str, float]


def view_figures(seen: Seen, view: View) -> Figures:
    """All figures of one view but its time; NaN where the man was never found."""
    rows = man_rows(seen, view)
    found_px, truth_px = _limbs(seen.landmarks_px, rows), view.truth_px
    whose = _checked_rows(seen, view) if view.boxes_px else _nearest_rows(seen, view)
    return {
        "error_px": error_px(found_px, truth_px),
        "varying_px": varying_px(found_px, truth_px),
        "jitter_px": jitter_px(found_px, truth_px),
        "jitter_filtered_px": jitter_px(low_passed(found_px, FILTER_HZ, seen.rate), truth_px),
        "world_pa_mm": _world_pa_mm(_limbs(seen.landmarks_camera, rows), view.truth_camera),
        "lag_frames": lag_frames(found_px, truth_px),
        "found_share": float((whose >= 0).all(axis=1).mean()),
        "identity_switches": sum(switches(identities) for identities in whose.T.tolist()),
    }


def man_rows(seen: Seen, view: View) -> Indices:
    """[T] the row of `seen` that is the man, -1 where he was not found.

    With identities: whoever lies near the reference in most pictures, wherever he is seen, with all mistakes. Without:
    whoever lies nearest in each picture, if near at all.
    """
    away_px = _away_px(seen, view)
    if not seen.has_identities or len(away_px) == 0:
        return _nearest(away_px)
    man = int(np.argmin(np.minimum(away_px, FAR_PX).sum(axis=1)))
    return np.where(seen.found[man], man, -1)


def _limbs(points: Array, rows: Indices) -> Array:
    """The limb joints [T, 12, D] of the rows [T] of points [P, T, 33, D]; NaN where the row is -1."""
    limbs = np.full((len(rows), len(LIMBS), points.shape[-1]), np.nan)
    there = np.flatnonzero(rows >= 0)
    limbs[there] = points[rows[there], there][:, LIMBS]
    return limbs


def _away_px(seen: Seen, view: View) -> Array:
    """Mean distance of everybody's limb joints to the reference, [P, T]; infinite where either is missing."""
    away = np.linalg.norm(seen.landmarks_px[:, :, LIMBS] - view.truth_px[None], axis=-1).mean(axis=-1)
    return np.where(np.isfinite(away), away, np.inf)


def _nearest(away_px: Array) -> Indices:
    """[T] the row that lies nearest, -1 where none is near."""
    if len(away_px) == 0:
        return np.full(away_px.shape[1], -1)
    return np.where(np.min(away_px, axis=0) < FAR_PX, np.argmin(away_px, axis=0), -1)


def _nearest_rows(seen: Seen, view: View) -> Indices:
    """[pictures with a reference, 1] who is the man."""
    known = np.isfinite(view.truth_px).all(axis=(1, 2))
    return _nearest(_away_px(seen, view))[known][:, None]


def _checked_rows(seen: Seen, view: View) -> Indices:
    """[checked pictures, checked people] who is who by their boxes, -1 where nobody overlaps enough."""
    rows = []
    for picture, checked in sorted(view.boxes_px.items()):
        here = seen.in_picture(picture)
        boxes = [body_box_px(seen.landmarks_px[person, picture], seen.width_px, seen.height_px) for person in here]
        rows.append([here[owner] if owner >= 0 else -1 for owner in owners(boxes, list(checked.values()))])
    return np.array(rows)


def _world_pa_mm(found_camera: Array, truth_camera: Array) -> float:
    known = np.isfinite(found_camera).all(axis=(1, 2)) & np.isfinite(truth_camera).all(axis=(1, 2))
    return metrics.pa_mpjpe_mm(found_camera[known], truth_camera[known]) if known.any() else float("nan")
