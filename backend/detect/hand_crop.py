"""Where a hand is to be looked for: by the body's landmarks, or by the hand's own ones close in time."""

from __future__ import annotations

import numpy as np

from backend.detect.crop import Crop
from backend.detect.pose import OUTSIDE_SCORE, Pose
from motion.arrays import Array
from motion.landmarks import LANDMARK

SIDES = ("left", "right")
SMALLEST_FOREARM_PX = 60.0      # below, fingers are a few blurred pixels: seen on the test clips
FOREARM_OF_TRUNK = 0.5          # a forearm that points at the camera looks short, the trunk seldom does

# MediaPipe's rule for a hand's next crop (its HandLandmarksToRectCalculator, then 2.0 and 0.1). Of 1.6 to 3.0 palms
# and shifts of 0 to 0.3 these are the best: presence is highest, and the landmarks move by 0.066 palms when the crop
# is moved, turned and scaled a little; with 1.6 or 2.6 palms by 0.08 or 0.09.
PALM = (0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18)        # wrist, thumb and the lower joints of the fingers
WRIST, INDEX_KNUCKLE, MIDDLE_KNUCKLE, RING_KNUCKLE, PINKY_KNUCKLE = 0, 5, 9, 13, 17
CROP_OF_PALM = 2.0
SHIFT_TO_FINGERS = 0.1

# Medians over 1,200 hands of twelve clips, but the forearm's share, which finds most hands.
PALM_OF_KNUCKLES = 1.5          # side of the palm's box from the distance of wrist and knuckles,
PALM_OF_FOREARM = 0.4           # and from the forearm, for hands that point at the camera
MIDDLE_OF_KNUCKLES = 1.0        # from the wrist, the box's middle lies so far in the knuckles' direction


def crop_from_body(body: Pose, side: int) -> Crop | None:
    """Where `body` says that its hand is; None where it is hidden, outside of the picture or too small."""
    elbow, wrist, pinky, index = (LANDMARK[f"{SIDES[side]}_{part}"] for part in ("elbow", "wrist", "pinky", "index"))
    forearm_px = _forearm_px(body.landmarks_px, elbow, wrist)
    if forearm_px < SMALLEST_FOREARM_PX or body.scores[[wrist, pinky, index]].min() <= OUTSIDE_SCORE:
        return None
    wrist_px = body.landmarks_px[wrist]
    to_knuckles = (2 * body.landmarks_px[index] + body.landmarks_px[pinky]) / 3 - wrist_px
    palm_px = max(PALM_OF_KNUCKLES * float(np.linalg.norm(to_knuckles)), PALM_OF_FOREARM * forearm_px)
    return _upright(wrist_px + MIDDLE_OF_KNUCKLES * to_knuckles, to_knuckles, CROP_OF_PALM * palm_px)


def crop_from_hand(landmarks_px: Array) -> Crop:
    """The crop in which the network sees a hand best whose landmarks [21, 2] it knows."""
    knuckles_px = (landmarks_px[INDEX_KNUCKLE] + 2 * landmarks_px[MIDDLE_KNUCKLE] + landmarks_px[RING_KNUCKLE]) / 4
    up = knuckles_px - landmarks_px[WRIST]
    axes = _upright(landmarks_px[WRIST], up, 1.0).axes
    upright = landmarks_px[list(PALM)] @ axes
    low, high = upright.min(axis=0), upright.max(axis=0)
    middle = (low + high) / 2 - [0.0, SHIFT_TO_FINGERS * (high - low)[1]]
    return _upright(axes @ middle, up, CROP_OF_PALM * float((high - low).max()))


def body_step_px(before: Pose, now: Pose, side: int) -> Array:
    """How far the body's landmarks of a hand moved, [2]."""
    parts = [LANDMARK[f"{SIDES[side]}_{part}"] for part in ("wrist", "pinky", "index")]
    return (now.landmarks_px[parts] - before.landmarks_px[parts]).mean(axis=0)


def _forearm_px(places: Array, elbow: int, wrist: int) -> float:
    shoulders, hips = ([LANDMARK[f"{name}_{part}"] for name in SIDES] for part in ("shoulder", "hip"))
    trunk_px = np.linalg.norm(places[shoulders].mean(axis=0) - places[hips].mean(axis=0))
    return float(max(FOREARM_OF_TRUNK * trunk_px, np.linalg.norm(places[wrist] - places[elbow])))


def _upright(middle_px: Array, up: Array, side_px: float) -> Crop:
    """A square whose upper side `up` points at."""
    return Crop((float(middle_px[0]), float(middle_px[1])), max(side_px, 1.0), float(np.arctan2(up[0], -up[1])))
