"""The footage that a preview draws on."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from backend.preview.painter import Picture
from backend.video.clip import Clip
from backend.video.pictures import pictures
from motion.arrays import Array, Indices

_DARKER = 4    # how much a picture is of a camera that does not run


def footage_at(clip: Clip, times_s: Array, width_px: int, height_px: int) -> Iterator[Picture]:
    """For each of the rising times_s [T] the picture nearest in time, shrunk to [height_px, width_px, 3].

    For a picture that cannot be decoded its neighbour stands in.
    """
    decoded = pictures(clip)
    current = next(decoded)
    small = shrunk(current.rgb, width_px, height_px)
    for index in nearest(clip.times_s, times_s):
        stale = False
        while current.index < index and (later := next(decoded, None)) is not None:
            current, stale = later, True
        if stale:
            small = shrunk(current.rgb, width_px, height_px)
        yield small


def footage_while(clip: Clip, times_s: Array, width_px: int, height_px: int) -> Iterator[Picture]:
    """The same, darkened at times at which the camera did not run: its first or last picture stands in."""
    frame_s = 1.0 / float(clip.rate)
    runs = (times_s > clip.times_s[0] - frame_s) & (times_s < clip.times_s[-1] + frame_s)
    for picture, is_on in zip(footage_at(clip, times_s, width_px, height_px), runs, strict=True):
        yield picture if is_on else picture // _DARKER


def nearest(times_s: Array, wanted_s: Array) -> Indices:
    """For each of wanted_s [N] the index of the nearest of the rising times_s [F]; of two as near, the earlier."""
    between = 0.5 * (times_s[1:] + times_s[:-1])
    return np.searchsorted(between, wanted_s, side="left")


def shrunk(picture: Picture, width_px: int, height_px: int) -> Picture:
    """The picture at a smaller size, without the cost of exact area averages by a fractional factor."""
    whole = max(1, min(picture.shape[1] // width_px, picture.shape[0] // height_px))
    if whole > 1:
        size = (picture.shape[1] // whole, picture.shape[0] // whole)
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return cv2.resize(picture, (width_px, height_px), interpolation=cv2.INTER_LINEAR)
