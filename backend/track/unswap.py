"""Left and right put back where the detector exchanged them, of the whole body or of arms or legs alone.

A detector that mistakes a back for a front exchanges all sides for some frames; of limbs that hide each other it
exchanges a pair. Four states a frame, and the cheapest way through the clip (Viterbi 1967), in time linear in its
length. Where the detector's two looks at a picture, one of them mirrored, contradict each other, their mean is neither
side: such frames say nothing and go with their neighbours.
"""

from __future__ import annotations

import numpy as np

from backend.track.side_costs import STATES, SideCosts, frame_costs, height_px, step_costs
from backend.track.sides import with_sides_exchanged
from backend.track.tracks import Track
from motion.arrays import Array, Indices, Mask
from motion.landmarks import LIMB_LANDMARKS

_MOST_DOUBT_HEIGHTS = 0.1   # of the limbs, in heights of the body: beyond, the two looks show different sides
_CHANGES = STATES[:, None] ^ STATES


def unswapped(track: Track) -> Track:
    """`track` with left and right of arms, hands and legs exchanged in the frames where the detector confused them."""
    return with_sides_exchanged(track, exchanges(track))


def exchanges(track: Track, costs: SideCosts | None = None) -> Mask:
    """Whether the detector has exchanged the arms and the legs, [T, 2]; never where the person is not seen."""
    found = np.zeros((len(track.seen), 2), bool)
    frames = _clear(track)
    if len(frames) < 2:
        return found
    costs = costs or SideCosts()
    way = _cheapest_way(frame_costs(track, frames, costs), step_costs(track, frames, costs))
    found[track.seen] = _between(np.stack([way & 1, way >> 1], axis=-1) > 0, frames, np.flatnonzero(track.seen))
    return found


def _clear(track: Track) -> Indices:
    """The frames [N] in which the sides can be told."""
    seen = np.flatnonzero(track.seen)
    if len(seen) < 2:
        return seen
    doubts_px = np.nan_to_num(track.doubts_px[seen][:, LIMB_LANDMARKS]).mean(axis=1)
    return seen[doubts_px <= _MOST_DOUBT_HEIGHTS * height_px(track, seen)]


def _cheapest_way(frame: Array, step: Array) -> Indices:
    """The states [N] with the least cost in all, of costs frame [N, 4] and step [N - 1, 4] by what changes."""
    cost, came_from = frame[0], np.zeros(frame.shape, np.int64)
    for n, ways_of_step in enumerate(step[:, _CHANGES], start=1):
        ways = cost[:, None] + ways_of_step
        came_from[n] = ways.argmin(axis=0)
        cost = ways.min(axis=0) + frame[n]
    way = [int(cost.argmin())]
    for origins in came_from[:0:-1]:
        way.append(int(origins[way[-1]]))
    return np.array(way[::-1])


def _between(exchanged: Mask, frames: Indices, all_frames: Indices) -> Mask:
    """What holds in `frames` [N, 2] at `all_frames` [M, 2]: between two of them only what holds in both."""
    after = np.clip(np.searchsorted(frames, all_frames), 0, len(frames) - 1)
    before = np.clip(np.searchsorted(frames, all_frames, side="right") - 1, 0, len(frames) - 1)
    return exchanged[before] & exchanged[after]
