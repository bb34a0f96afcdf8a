"""From what each camera made of a person, and where the cameras stand, to one body before the first camera.

Orientations are means over views; bones are those of landmarks in space; then all pictures are refined together, which
is triangulation with the poses of networks as its prior. On 14 pairs of simulated takes of the split "dev", 50 to 130
degrees apart, with the true rig and the height given: 62 mm MPJPE before refinement, 42 after. Landmarks alone,
triangulated, have 54 on such pairs, and 62 with the bias that the lifter sees in them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from backend.lift.lift import Lift
from backend.lift.refine.refine import refine
from backend.lift.refine.settings import RefineSettings
from backend.lift.refine.trust import trust_in
from backend.multiview.fuse.beliefs import fused_beliefs
from backend.multiview.fuse.on_grid import lift_on_grid
from backend.multiview.fuse.orientations import fused_pose, slowly_as
from backend.multiview.fuse.planes import planes_of
from backend.multiview.fuse.root import root_over_views
from backend.multiview.fuse.say import says, seeing
from backend.multiview.fuse.triangulate import triangulated
from backend.multiview.fuse.what_views_saw import features_of, filled, others_of, own_track, unbiased_px
from backend.multiview.rig import Rig
from backend.multiview.scale.shape_of_bones import body_of_bones
from backend.multiview.settings import MultiviewSettings
from backend.multiview.take_grid import TakeGrid
from motion.arrays import Array
from motion.body import Body

# Chosen on those pairs, where errors of lifts that last 0.16 s, as for one view, had 44.6 mm, of 1 s 42.8; knots every
# 0.4 s 44.0, every 0.1 s 42.7; two rounds 43.5, eight 42.9.
REFINEMENT = RefineSettings(rounds=4, lift_errors_last_s=0.4)
_SURE_POINT_M = 0.1     # sigma of a triangulated point that tells how long bones are


def fused_lift(
    views: Mapping[int, Lift], rig: Rig, grid: TakeGrid, settings: MultiviewSettings,
    refinement: RefineSettings = REFINEMENT, *, height_m: float | None = None, bones_known: bool = False,
    device: str = "cpu",
) -> Lift:  # fmt: skip
    """One person, as cameras of the rig lifted them alone, at the frames of the take.

    `height_m` is the user's word; `bones_known`: the bodies of the views are an actor's, and stay.
    """
    alone = {view: lift_on_grid(views[view], rig, view, grid) for view in sorted(views)}
    order = [view for view, lift in alone.items() if lift.track.seen.any()]
    cameras = seen_from_first(rig, order)
    lifts = [alone[view] for view in order]
    body = lifts[0].body if bones_known else _body(lifts, cameras, height_m)
    pose = fused_pose(lifts, cameras, says(lifts))
    if by_network(settings, lifts):
        lifts = _lifted_together(lifts, body, rig.only(order), device)
        pose = slowly_as(fused_pose(lifts, cameras, says(lifts)), pose, float(grid.rate))
    start = _standing(pose, body, lifts, order, cameras, rig.K[0])
    return filled(refine(start, trust_in(start), refinement))


def seen_from_first(rig: Rig, views: Sequence[int]) -> Rig:
    """Some of the cameras, still in the frame of the first."""
    chosen = list(views)
    return Rig(rig.K[chosen], rig.R_first_from_camera[chosen], rig.places_first[chosen], rig.starts_s[chosen],
               rig.clock_rates[chosen])  # fmt: skip


def by_network(settings: MultiviewSettings, lifts: Sequence[Lift]) -> bool:
    """Whether the network of several views lifts anew, or else what the views' own lifts say by themselves serves.

    After refinement, mean mm of dev takes, with the network and without: simulated, two cameras (12 rows) 47.5 and
    48.2, three (5) 41.0 and 41.2, four (1) 37 and 38; rendered (10, 5, 1) 46.4 and 46.1, 38.4 and 37.6, 35 and 33; an
    arm hidden from all cameras but one (2, 1, 1) 45 and 47, 38 and 39, 29 and 32. What it gains where little is seen is
    more than what it loses where much is.
    """
    told = all(lift.beliefs is not None for lift in lifts)
    return told and len(lifts) > 1 and settings.fusion != "triangulation"


def check_views_lifter() -> None:
    """Raises Refusal when the weights of the network of several views are missing or damaged."""
    from backend.multiview.fuse.network.weights import shipped_multiview_lifter

    shipped_multiview_lifter()


def views_lifter_version() -> str:
    """What a motion's file says of that network: which weights."""
    from backend.lift.network.weights import weights_name
    from backend.multiview.fuse.network.weights import SHIPPED

    return weights_name(SHIPPED)


def _lifted_together(lifts: Sequence[Lift], body: Body, rig: Rig, device: str) -> list[Lift]:
    """By the network of several views; in the axes of each camera."""
    # Not above: whoever fuses without it shall not wait for torch.
    from backend.multiview.fuse.network.lift_views import lift_views
    from backend.multiview.fuse.network.weights import shipped_multiview_lifter

    tracks = [lift.track for lift in lifts]
    return lift_views(tracks, body, list(rig.K), rig, shipped_multiview_lifter(device), device, bones_known=True)


def _standing(
    R_parent_from_joint: Array, body: Body, lifts: Sequence[Lift], order: Sequence[int], cameras: Rig, K: Array
) -> Lift:  # fmt: skip
    """Somebody in a pose, where they fall onto all pictures, and what else the views say."""
    points_px, scores = _landmarks(lifts)
    weights = np.stack([seeing(lift) for lift in lifts])
    root = root_over_views(R_parent_from_joint, body, planes_of(points_px, scores, cameras),
                           _root(lifts, cameras, weights), lifts[0].track.rate)  # fmt: skip
    return Lift(own_track(lifts, order), body, K, R_parent_from_joint, root,
                np.max([lift.confidence for lift in lifts], axis=0), fused_beliefs(lifts, cameras, weights),
                features_of(lifts, cameras), others_of(lifts, cameras, order))  # fmt: skip


def _body(lifts: Sequence[Lift], cameras: Rig, height_m: float | None) -> Body:
    """On the bones that points in space show; where there are none, the first view's."""
    found = triangulated(*_landmarks(lifts), cameras)
    sigma_m = np.sqrt(np.trace(found.covariance, axis1=-2, axis2=-1))
    sure = np.where((sigma_m < _SURE_POINT_M)[..., None], found.points_first, np.nan)
    usual = lifts[0].body
    return body_of_bones(sure, usual.model, height_m) if np.isfinite(sure).any() else usual


def _landmarks(lifts: Sequence[Lift]) -> tuple[Array, Array]:
    """[V, T, 33, 2] px without bias and their scores [V, T, 33]."""
    return np.stack([unbiased_px(lift) for lift in lifts]), np.stack([lift.track.scores for lift in lifts])


def _root(lifts: Sequence[Lift], cameras: Rig, weights: Array) -> Array:
    """[T, 3] m where the views alone put the pelvis, weights [V, T]."""
    roots = np.stack([cameras.in_first(view, lift.root_camera) for view, lift in enumerate(lifts)])
    return np.einsum("vt,vti->ti", weights / weights.sum(axis=0), roots)
