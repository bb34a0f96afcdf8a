"""What the user should know of the tracks though something can be made of them."""

from __future__ import annotations

import numpy as np

from backend.track.tracks import Track
from motion.arrays import Array
from motion.landmarks import LANDMARK

_SELDOM_SEEN = 0.6       # of the pictures between somebody's first and last one
_TURNED_SHARE = 0.8      # of the pictures in which a trunk does not stand upright in the picture
_STEEP = 1.5             # times as far one way as the other: across, or along the picture's height
_MEND = "capture it again with Turn (--turn-deg) set."
_SIDEWAYS = f"The person lies across the picture; if it was filmed sideways, {_MEND}"
_UPSIDE_DOWN = f"The person's head is below their hips; if it was filmed upside down, {_MEND}"
_TRUNK = ("left_shoulder", "right_shoulder"), ("left_hip", "right_hip")


def doubts(tracks: list[Track]) -> list[str]:
    """One sentence for each: people who were lost for long, and footage that seems to lie on its side or head."""
    sentences = [
        f"Person {track.number} was seen in {share:.0%} of the pictures between their first and last; "
        "in the others the pose is held."
        for track, share in zip(tracks, map(_share_while_there, tracks), strict=True)
        if share < _SELDOM_SEEN
    ]
    return sentences + (_turned(tracks[0]) if tracks else [])


def _share_while_there(track: Track) -> float:
    there = np.flatnonzero(track.seen)
    return len(there) / float(there[-1] - there[0] + 1) if len(there) else 0.0


def _turned(track: Track) -> list[str]:
    """Which way the footage seems to be turned, as the trunk lies in nearly all pictures."""
    shoulders_px, hips_px = (_middle(track.landmarks_px[track.seen], names) for names in _TRUNK)
    across, down = (shoulders_px - hips_px).T
    ways = {_SIDEWAYS: np.abs(across) > _STEEP * np.abs(down), _UPSIDE_DOWN: down > _STEEP * np.abs(across)}
    return [sentence for sentence, lies_so in ways.items() if len(lies_so) and lies_so.mean() > _TURNED_SHARE]


def _middle(landmarks_px: Array, names: tuple[str, ...]) -> Array:
    return landmarks_px[:, [LANDMARK[name] for name in names]].mean(axis=1)
