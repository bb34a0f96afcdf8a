"""Reprojection-based posterior expectation aggregation of samples (FMPose3D), without the truth and in rotations.

Published: of each joint the K hypotheses count whose projection, with the true camera and the true root, lies nearest
to the joint in the picture; their weights are a softmax of the distances L over a temperature, and the joint is the
weighted mean of their places, X_j = sum_i w_ij H_ij. Means of places shorten bones. Here the mean is that of rotations
which has the least squared chordal distance (Hartley et al. 2013, Rotation averaging, section 5.3), the camera and the
root are those that were estimated, and distances are smoothed over time.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.special import expit

from backend.hypotheses.likelihood import picture_distances
from backend.hypotheses.root_of_samples import roots_of
from backend.hypotheses.samples import Samples
from backend.hypotheses.settings import RpeaSettings
from backend.lift.lift import Lift
from backend.lift.refine.turned import with_turns
from motion.arrays import Array
from motion.filters import gaussian_smoothed
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle, nearest_rotation

_FARTHEST = 20.0   # temperatures, as published: beyond, one sample is as unlikely as another
_BORDER = 0.25     # temperatures over which a sample stops to count


def rpea(samples: Samples, settings: RpeaSettings) -> Lift:
    """The lift that the samples make together with it. Every joint has weights of its own."""
    return aggregated(samples, joint_weights(samples, settings), settings.lift_share)


def joint_weights(samples: Samples, settings: RpeaSettings) -> Array:
    """[N, T, 22], of each joint and frame 1 in sum."""
    return weights_of(picture_distances(samples), samples.lift.track.rate, settings, samples.shares)


def pose_weights(samples: Samples, settings: RpeaSettings) -> Array:
    """[N, T] of whole poses: the paper's other way, by the mean distance of a sample's joints."""
    distances = picture_distances(samples).mean(axis=-1)
    return weights_of(distances, samples.lift.track.rate, settings, samples.shares)


def weights_of(distances: Array, rate: float, settings: RpeaSettings, shares: Array | None = None) -> Array:
    """Of distances [N, T, ...]; NaN counts as no word, so that samples of which nothing is known count by their shares.

    shares [N]: how likely samples are before they are looked at; None: all alike.

    The published softmax over the nearest K, whose border is soft: else the aggregate would jump when samples change
    places there, and of samples that are as good as equally far some would count and others not.
    """
    farthest = _FARTHEST * settings.temperature
    told = np.minimum(np.nan_to_num(distances, nan=0.0), farthest).swapaxes(0, 1)
    smooth = gaussian_smoothed(told, rate, settings.smoothed_s).swapaxes(0, 1)
    likely = np.exp((smooth.min(axis=0) - smooth) / settings.temperature)
    if settings.kept < len(likely):
        last_in, first_out = np.partition(smooth, (settings.kept - 1, settings.kept), axis=0)[settings.kept - 1 :][:2]
        likely *= expit((0.5 * (last_in + first_out) - smooth) / (_BORDER * settings.temperature))
    likely *= 1.0 if shares is None else np.reshape(shares, (-1, *[1] * (likely.ndim - 1)))
    return likely / likely.sum(axis=0)


def aggregated(samples: Samples, weights: Array, lift_share: float = 0.0) -> Lift:
    """The weighted chordal mean of the samples' orientations, where it falls onto the picture as the lift does.

    weights [N, T, 22]; lift_share: of all weights that of the lift itself, as one sample more. Bones keep their lengths
    and fingers their pose against the hand.
    """
    lift, turns = samples.lift, mean_turns(samples.turns_rad, weights, lift_share)
    return replace(lift, R_parent_from_joint=with_turns(lift, turns), root_camera=roots_of(lift, turns[None])[0])


def mean_turns(turns_rad: Array, weights: Array, still_share: float = 0.0) -> Array:
    """[T, 22, 3] of [N, T, 22, 3] and, with a share of all weights, of no turn.

    The lift's orientation, which all samples turn, need not be turned for a mean.
    """
    total = np.tile(still_share * np.eye(3), (*turns_rad.shape[1:3], 1, 1))
    for turns, weight in zip(turns_rad, weights, strict=True):
        total += (1.0 - still_share) * weight[..., None, None] * matrix_from_axis_angle(turns)
    return axis_angle_from_matrix(nearest_rotation(total))
