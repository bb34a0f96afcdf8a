"""What the user should know of the tracks though something can be made of them."""

from __future__ import annotations

import numpy as np

from backend.track.tracks import Track
from motion.arrays import Array
from motion.landmarks import LANDMARK

_SELDOM_SEEN = 0.6       # of the pictures between somebody's first and last one
_LYING_SHARE = 0.8       # of the pictures in which a trunk lies more across the picture than upright in it
_SIDEWAYS = "The person lies across the picture; if it was filmed sideways, set Turn and capture it again."
_TRUNK = ("left_shoulder", "right_shoulder"), ("left_hip", "right_hip")


def doubts(tracks: list[Track]) -> list[str]:
    """One sentence for each: people who were lost for long, and footage that seems to lie on its side."""
    sentences = [
        f"Person {track.number} was seen in {share:.0%} of the pictures between their first and last; "
        "in the others the pose is held."
        for track, share in zip(tracks, map(_share_while_there, tracks), strict=True)
        if share < _SELDOM_SEEN
    ]
    if tracks and _share_lying(tracks[0]) > _LYING_SHARE:
        sentences.append(_SIDEWAYS)
    return sentences


def _share_while_there(track: Track) -> float:
    there = np.flatnonzero(track.seen)
    return len(there) / float(there[-1] - there[0] + 1) if len(there) else 0.0


def _share_lying(track: Track) -> float:
    shoulders, hips = (_middle(track.landmarks_px[track.seen], names) for names in _TRUNK)
    across, along = np.abs(shoulders - hips).T
    return float(np.mean(across > 1.5 * along)) if len(across) else 0.0


def _middle(landmarks_px: Array, names: tuple[str, ...]) -> Array:
    return landmarks_px[:, [LANDMARK[name] for name in names]].mean(axis=1)
