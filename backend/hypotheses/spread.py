"""How far a joint may be from where the main motion has it."""

from __future__ import annotations

import numpy as np

from backend.hypotheses.samples import Samples
from backend.lift.lift import Lift
from motion.arrays import Array
from motion.kinematics import forward_kinematics
from motion.skeleton import BODY_JOINT_COUNT

HELD_SHARE = 0.9
# With 20 samples of the shipped flow 0.28 of the limbs' joints in rendered_dev lie inside unscaled, so 0.90 of them.
SCALE = 2.5


def spread_m(samples: Samples, main: Lift, weights: Array, scale: float = SCALE) -> Array:
    """[T, 22] m about the main motion within which HELD_SHARE of the samples' weights [N, T, 22] lie, times `scale`.

    Both about the pelvis: where the whole body stands is another question. `scale` is what makes it hold the truth as
    often as it says, as measured with the flow that drew the samples.
    """
    _, own = forward_kinematics(main.body.skeleton, main.R_parent_from_joint, main.root_camera)
    own = own[:, :BODY_JOINT_COUNT] - own[:, :1]
    off_m = np.stack([np.linalg.norm(body.joints - body.joints[:, :1] - own, axis=-1) for body in samples.bodies()])
    return scale * weighted_quantile(off_m, weights, HELD_SHARE)


def weighted_quantile(values: Array, weights: Array, share: float) -> Array:
    """[...] of values [N, ...] under which `share` of their weights [N, ...] lies.

    The weight of a value is spread evenly from the next smaller one up to it, so that values of next to no weight
    change next to nothing; with equal weights numpy's "interpolated_inverted_cdf".
    """
    order = np.argsort(values, axis=0)
    ordered, weight = np.take_along_axis(values, order, 0), np.take_along_axis(weights, order, 0)
    reached = np.cumsum(weight, axis=0) / weight.sum(axis=0)
    after = np.minimum((reached < share).sum(axis=0), len(values) - 1)[None]
    before = np.maximum(after - 1, 0)
    low, high = np.take_along_axis(reached, before, 0), np.take_along_axis(reached, after, 0)
    way = np.clip((share - low) / np.maximum(high - low, 1e-12), 0.0, 1.0)
    first, last = np.take_along_axis(ordered, before, 0), np.take_along_axis(ordered, after, 0)
    return (first + way * (last - first))[0]
