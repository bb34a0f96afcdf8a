"""Where the pictures show no people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from backend.detect.detections import Detections
from backend.track.tracks import Track
from motion.arrays import Array

GROWN = 0.12      # of the longer side of a person's box: hair, clothes, and the shadow at the feet
LEAST_PX = 10.0   # of the small picture

MaskPicture = npt.NDArray[np.uint8]


class PeopleMasks:
    """Outlines by picture of everybody, also of those whom the user leaves out; between sightings on straight lines."""

    def __init__(self, detections: Detections, tracks: Sequence[Track]) -> None:
        self._outlines: dict[int, list[Array]] = defaultdict(list)
        bodies = np.concatenate([detections.landmarks_px, detections.hands_px.reshape(-1, 42, 2)], axis=1)
        for picture, outline in zip(detections.picture, bodies, strict=True):
            self._outlines[int(picture)].append(outline[np.isfinite(outline).all(axis=-1)])
        for track in tracks:
            self._add_unseen(track, detections.times_s)

    def _add_unseen(self, track: Track, times_s: Array) -> None:
        seen = np.flatnonzero(track.seen)
        if len(seen) < 2:
            return
        at_s = track.times_s[seen]
        inside = np.flatnonzero((times_s >= at_s[0]) & (times_s <= at_s[-1]))
        flat = track.landmarks_px[seen].reshape(len(seen), -1)
        filled = np.stack([np.interp(times_s[inside], at_s, column) for column in flat.T], axis=-1)
        for picture, outline in zip(inside, filled.reshape(-1, 33, 2), strict=True):
            self._outlines[int(picture)].append(outline)

    def outside(self, picture: int, width_px: int, height_px: int, scale: float) -> MaskPicture:
        """[height_px, width_px] 255 where the picture, made smaller by `scale`, shows nobody."""
        mask = np.full((height_px, width_px), 255, np.uint8)
        for outline in self._outlines.get(picture, []):
            _erase(mask, outline * scale)
        return mask


def _erase(mask: MaskPicture, outline_px: Array) -> None:
    """The hull of an outline, grown by a share of its size."""
    if len(outline_px) == 0:
        return
    reach = np.array(mask.shape[::-1])
    outline_px = np.clip(outline_px, -reach, 2 * reach)
    hull = np.rint(cv2.convexHull(outline_px.astype(np.float32))).astype(np.int32)
    grown_px = max(LEAST_PX, GROWN * float(np.ptp(outline_px, axis=0).max()))
    cv2.fillConvexPoly(mask, hull, 0)
    cv2.polylines(mask, [hull], isClosed=True, color=0, thickness=2 * round(grown_px))
