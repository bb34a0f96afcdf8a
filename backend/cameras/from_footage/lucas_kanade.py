"""Points found again in other pictures (Lucas and Kanade 1981, in pyramids: Bouguet 2001)."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from motion.arrays import Array, Mask

Grey = npt.NDArray[np.uint8]

WINDOW_PX = (15, 15)
LEVELS = 4
BACK_PX = 0.7        # how near a point must come back to where it was
ASTRAY_PX = 8.0      # farther from where it was expected it is another one
_ENDS = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 20, 0.02)


def stepped(start: Grey, end: Grey, px: Array, guess_px: Array) -> tuple[Array, Mask]:
    """Where points [N, 2] of one picture lie in another, from a guess [N, 2] on, and whether they were found [N]."""
    if len(px) == 0:
        return px, np.zeros(0, bool)
    guess = guess_px.astype(np.float32).reshape(-1, 1, 2).copy()
    found_px, ok, _ = cv2.calcOpticalFlowPyrLK(
        start, end, px.astype(np.float32).reshape(-1, 1, 2), guess, winSize=WINDOW_PX, maxLevel=LEVELS,
        criteria=_ENDS, flags=cv2.OPTFLOW_USE_INITIAL_FLOW)  # fmt: skip
    return found_px.reshape(-1, 2).astype(float), ok.ravel() == 1


def registered(
    start: Grey, end: Grey, px: Array, guess_px: Array, astray_px: float = ASTRAY_PX
) -> tuple[Array, Mask]:
    """The same for points that must lie near the guess, and whose way back must end where it began."""
    found_px, ok = stepped(start, end, px, guess_px)
    back_px, back_ok = stepped(end, start, found_px, px)
    returns = np.linalg.norm(back_px - px, axis=-1) < BACK_PX
    return found_px, ok & back_ok & returns & (np.linalg.norm(found_px - guess_px, axis=-1) < astray_px)
