"""How large the scene before several cameras is."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

import numpy as np

from backend.lift.lift import Lift
from backend.multiview.fuse.fused_lift import seen_from_first
from backend.multiview.fuse.on_grid import lift_on_grid
from backend.multiview.fuse.triangulate import triangulated
from backend.multiview.fuse.what_views_saw import unbiased_px
from backend.multiview.known.for_clips import rig_of
from backend.multiview.known.known_cameras import KnownCameras
from backend.multiview.rig import Rig
from backend.multiview.scale.find_scale import Scale, find_scale, up_of_body
from backend.multiview.scale.rate_doubt import rate_doubt
from backend.multiview.take_grid import TakeGrid
from backend.multiview.views import CameraView
from motion.arrays import Array
from motion.body import read_open_body

log = logging.getLogger(__name__)

SURE_POINT = 0.06   # sigma of a triangulated point that tells how long bones are, in units of about a metre
SIZE_SIGMA_LOG = {True: 0.02, False: 0.05}   # by whether it is known


def metres_per_unit(
    people: Sequence[Mapping[int, Lift]], rig: Rig, grid: TakeGrid, height_m: float | None
) -> float:
    """By how much all lengths of the rig are to be multiplied, as the bodies of those tell whom several cameras see.

    `height_m` is of the first person. 1 where nothing is known.
    """
    scales = [_scale(views, rig, grid, height_m if number == 0 else None)
              for number, views in enumerate(people) if len(views) > 1]  # fmt: skip
    if not scales:
        return 1.0
    certainty = np.array([scale.sigma_log for scale in scales]) ** -2.0
    return float(np.exp(np.average(np.log([scale.metres_per_unit for scale in scales]), weights=certainty)))


def rate_doubt_of(people: Sequence[Mapping[int, Lift]], rig: Rig, grid: TakeGrid, size_known: bool) -> str | None:
    """What the user should know if people fall faster or slower than the Earth pulls. The rig is in metres.

    `size_known`: somebody said how tall they are, or where the cameras stand.
    """
    for views in people:
        if len(views) > 1:
            landmarks = landmarks_in_space(views, rig, grid)
            if said := rate_doubt(landmarks, grid.times_s, up_of_body(landmarks), 1.0, SIZE_SIGMA_LOG[size_known]):
                return said
    return None


def landmarks_in_space(views: Mapping[int, Lift], rig: Rig, grid: TakeGrid) -> Array:
    """[T, 33, 3] of one person in the frame of the first camera, without what networks see beside them; NaN where two
    cameras do not know them well.
    """
    lifts = {view: lift_on_grid(lift, rig, view, grid) for view, lift in sorted(views.items())}
    found = triangulated(np.stack([unbiased_px(lift) for lift in lifts.values()]),
                         np.stack([lift.track.scores for lift in lifts.values()]), seen_from_first(rig, list(lifts)))
    sigma = np.sqrt(np.trace(found.covariance, axis1=-2, axis2=-1))
    return np.where((sigma < SURE_POINT)[..., None], found.points_first, np.nan)


def rig_in_metres(known: KnownCameras, views: Sequence[CameraView]) -> Rig:
    """Of cameras in another unit, about: by how far people are from each camera as it alone sees them."""
    rig = rig_of(known)
    if known.in_metres:
        return rig
    places, ways = rig.places_first[1:], np.array([
        _middle(views[0].lifts) - rig.R_first_from_camera[number] @ _middle(view.lifts)
        for number, view in enumerate(views[1:], start=1)])  # fmt: skip
    metres = float(np.sum(places * ways) / np.sum(places * places))
    return rig.scaled(metres) if metres > 0.0 else rig


def _scale(views: Mapping[int, Lift], rig: Rig, grid: TakeGrid, height_m: float | None) -> Scale:
    heights_m = [lift.seen_height_m for lift in views.values() if lift.seen_height_m is not None]
    scale = find_scale(landmarks_in_space(views, rig, grid), grid.times_s, read_open_body(), height_m=height_m,
                       seen_heights_m=heights_m)  # fmt: skip
    log.info(scale.words)
    return scale


def _middle(lifts: Sequence[Lift]) -> Array:
    """[3] m where people mostly are before a camera."""
    return np.median(np.concatenate([lift.root_camera[lift.track.seen] for lift in lifts]), axis=0)
