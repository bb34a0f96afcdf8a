"""Quick figures of a lifter's weights on `rendered_dev`, where every choice is made: no world, no refinement."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from backend.lift.lift import Lift
from backend.lift.network.lift_network import lift_network
from backend.lift.network.lifter import Lifter
from backend.pipeline import Person
from bench.accuracy_figures import COLUMNS, Figures, mean_of, nearest, shared_figures
from bench.captures import kept_capture
from bench.reference import Reference, of_rendered_clip
from bench.rendered import RenderedClip, rendered_clips
from motion.arrays import Array
from motion.landmarks import LIMB_LANDMARKS
from motion.rotations import axis_angle_from_matrix
from motion.skeleton import BODY_JOINT_COUNT

_SET = "rendered_dev"


def lifter_figures(lifter: Lifter) -> Figures:
    """The mean over clips of the shared figures, and `rotation_median_deg` of the body's joints against parents."""
    rows, turns = [], []
    for clip, reference, person in _people():
        lift = lift_network(person.track, person.body, person.motion.cameras[0].K[0], lifter)
        frames = np.flatnonzero(person.track.seen[: len(reference.times_s)])
        limbs = lift.points_camera()[frames][:, LIMB_LANDMARKS]
        rows.append({**dict.fromkeys(COLUMNS),
                     **shared_figures(limbs, reference.limbs_camera[frames], reference.times_s[frames])})  # fmt: skip
        turns.append(_turned_deg(lift, clip)[frames][:, _known(clip)].ravel())
    return {**mean_of(rows), "rotation_median_deg": float(np.median(np.concatenate(turns)))}


@cache
def _people() -> Sequence[tuple[RenderedClip, Reference, Person]]:
    """Who was found in each clip."""
    found = []
    for clip in rendered_clips(_SET):
        reference = of_rendered_clip(clip)
        person = nearest(kept_capture(_SET, clip.film), reference)
        if person is not None and person.track.seen.sum() >= 4:
            found.append((clip, reference, person))
    return found


def _turned_deg(lift: Lift, clip: RenderedClip) -> Array:
    """[T, 21] by how much joints are turned otherwise against their parents."""
    count = min(len(lift.root_camera), len(clip.root_world))
    told, truth = (R[:count, 1:BODY_JOINT_COUNT] for R in (lift.R_parent_from_joint, clip.R_parent_from_joint))
    return np.rad2deg(np.linalg.norm(axis_angle_from_matrix(np.swapaxes(truth, -1, -2) @ told), axis=-1))


def _known(clip: RenderedClip) -> Array:
    return np.array(clip.teaches.joints[1:BODY_JOINT_COUNT])
