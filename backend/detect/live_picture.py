"""A small picture of what the detector sees, written now and then while it works."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from backend.detect.pose import Pose
from motion.arrays import Array
from motion.landmarks import LANDMARK_LINES
from motion.refusal import Refusal
from motion.whole_files import written_whole

log = logging.getLogger(__name__)

LONGEST_SIDE_PX = 640
PAUSE_S = 0.5
PAUSE_AFTER_REFUSAL_S = 30.0    # on Windows a program may keep the picture open
LEFT_COLOUR, RIGHT_COLOUR, MIDDLE_COLOUR = (255, 140, 40), (60, 170, 255), (240, 240, 240)
FAINT_SCORE = 0.3


class LivePicture:
    """Writes `path`, a JPEG, at most every PAUSE_S seconds; whoever reads it always finds a whole picture."""

    def __init__(self, path: Path, pause_s: float = PAUSE_S) -> None:
        self.path = path
        self._pause_s = pause_s
        self._due_s = 0.0

    def show(self, rgb: npt.NDArray[np.uint8], people: Sequence[Pose]) -> None:
        """Write the picture with the people's landmarks, unless the last one is too fresh.

        The work goes on where it cannot be written. Raises Refusal only for a full disk, where no result would fit.
        """
        if time.monotonic() < self._due_s:
            return
        drawn = with_landmarks(rgb, people, LONGEST_SIDE_PX)
        pause_s = self._pause_s
        try:
            with written_whole(self.path) as stream:
                stream.write(cv2.imencode(".jpg", drawn[:, :, ::-1])[1].tobytes())
        except Refusal as refusal:
            if refusal.code == "disk-full":
                raise
            log.warning("%s", refusal.sentence)
            pause_s = max(pause_s, PAUSE_AFTER_REFUSAL_S)
        self._due_s = time.monotonic() + pause_s


def with_landmarks(rgb: npt.NDArray[np.uint8], people: Sequence[Pose],
                   longest_side_px: int) -> npt.NDArray[np.uint8]:  # fmt: skip
    """A copy no larger than `longest_side_px` with the people's limbs drawn, left orange and right blue."""
    scale = min(1.0, longest_side_px / max(rgb.shape[:2]))
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    for pose in people:
        _draw_limbs(small, pose.landmarks_px * scale, pose.scores)
    return small


def _draw_limbs(picture: npt.NDArray[np.uint8], landmarks_px: Array, scores: Array) -> None:
    ends = np.rint(landmarks_px).astype(int).tolist()
    for first, second in LANDMARK_LINES:
        if min(scores[first], scores[second]) >= FAINT_SCORE:
            cv2.line(picture, ends[first], ends[second], _colour(first, second), 2, cv2.LINE_AA)


def _colour(first: int, second: int) -> tuple[int, int, int]:
    """From the eyes on, MediaPipe's odd landmarks are the person's left."""
    if first % 2 != second % 2 or first == 0:
        return MIDDLE_COLOUR
    return LEFT_COLOUR if first % 2 else RIGHT_COLOUR
