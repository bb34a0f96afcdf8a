"""The pictures of a clip, one after the other, in constant memory."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from backend.video.ahead import ahead
from backend.video.clip import Clip
from backend.video.film import film, first_frame, frames, has_clock, jump, start_s, tick_s
from backend.video.timing import STAMP_SLACK_S
from backend.video.tone_map import HDR_CURVES, Rgb, standard_range
from motion.arrays import Array
from motion.refusal import Refusal

log = logging.getLogger(__name__)

DEPTH = 3             # pictures that wait decoded: enough to overlap with the detector, 75 MB each at 8K
SEEK_FROM_S = 2.0     # decoding less than this is quicker than the seek
SEEK_EARLY_S = 0.5    # key frames are found by decoding order, which runs ahead of the order of showing
TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


@dataclass(frozen=True, eq=False)
class Picture:
    """One picture of a clip, ready to look at."""

    index: int      # in clip.times_s
    time_s: float   # true time, clip.times_s[index]
    rgb: Rgb        # [height_px, width_px, 3] upright, contiguous, 0..255 as on a standard screen


def pictures(clip: Clip) -> Iterator[Picture]:
    """The pictures of `clip` in order, decoded a few ahead in a thread that ends with the iterator.

    Pictures that cannot be decoded are left out: `index` then skips, and a warning is logged.
    """
    return ahead(_in_order(clip), DEPTH)


def _in_order(clip: Clip) -> Generator[Picture, None, None]:
    delivered = 0
    for index, frame in _sequence_frames(clip) if clip.pictures else _film_frames(clip):
        yield Picture(index, float(clip.times_s[index]), _upright_rgb(frame, clip))
        delivered += 1
    if delivered < clip.picture_count:
        log.warning("%s: %d of %d pictures could be decoded", clip.path.name, delivered, clip.picture_count)


def _sequence_frames(clip: Clip) -> Iterator[tuple[int, VideoFrame]]:
    for index, path in enumerate(clip.pictures):
        try:
            with open(path, "rb") as stream, film(path, stream) as (container, track):
                frame = first_frame(container, track, path)
        except (Refusal, OSError):
            log.warning("%s cannot be read", path.name)
        else:
            yield index, frame


def _film_frames(clip: Clip) -> Iterator[tuple[int, VideoFrame]]:
    """Index and frame of the pictures used, matched by their time stamps."""
    clock_s = clip.start_s + clip.times_s * clip.slowness
    slack_s = _slack_s(clip, clock_s)
    next_index = 0
    with film(clip.path) as (container, stream):
        for frame_s, frame in _from_start(container, stream, clip, slack_s):
            index = int(np.searchsorted(clock_s, frame_s - slack_s))
            if index == len(clock_s):
                return
            if index >= next_index and clock_s[index] <= frame_s + slack_s:
                yield index, frame
                next_index = index + 1


def _slack_s(clip: Clip, clock_s: Array) -> float:
    """How far a frame's time stamp may lie from the time of its picture."""
    nearest_s = float(np.min(np.diff(clock_s), initial=clip.slowness / float(clip.rate)))
    # Of a variable rate the times are the stamps, and a picture outside of a part may be nearer than any two in it.
    return 0.5 * nearest_s if clip.constant_rate else min(0.5 * nearest_s, STAMP_SLACK_S)


def _from_start(
    container: InputContainer, stream: VideoStream, clip: Clip, slack_s: float
) -> Iterator[tuple[float, VideoFrame]]:
    """Clock and frame from the first picture used or a little before it."""
    unit_s = tick_s(stream) if has_clock(container, stream) else None
    if unit_s and clip.start_s - start_s(stream) > SEEK_FROM_S:
        jump(container, stream, clip.start_s - SEEK_EARLY_S)
        decoded = _timed(frames(container, stream), clip, unit_s)
        first = next(decoded, None)
        if first is not None and first[0] <= clip.start_s + slack_s:
            yield first
            yield from decoded
            return
        # Some files promise key frames that they do not have.
        jump(container, stream, start_s(stream))
    yield from _timed(frames(container, stream), clip, unit_s)


def _timed(decoded: Iterator[VideoFrame], clip: Clip, unit_s: float | None) -> Iterator[tuple[float, VideoFrame]]:
    """Each frame with its time on the file's clock; one without a stamp follows the one before."""
    interval_s = clip.slowness / float(clip.rate)
    frame_s = -interval_s
    for frame in decoded:
        ticks = frame.dts if frame.pts is None else frame.pts
        frame_s = frame_s + interval_s if ticks is None or unit_s is None else ticks * unit_s
        yield frame_s, frame


def _upright_rgb(frame: VideoFrame, clip: Clip) -> Rgb:
    width, height = (clip.width_px, clip.height_px)[:: -1 if clip.turn_deg % 180 else 1]
    rgb = frame.to_ndarray(format="rgb24", width=width, height=height)
    if frame.color_trc in HDR_CURVES:
        rgb = standard_range(rgb, frame.color_trc)
    # OpenCV turns six times as fast as a copy of numpy's turned view.
    turned = cv2.rotate(rgb, TURNS[clip.turn_deg]) if clip.turn_deg else rgb
    return np.ascontiguousarray(cv2.flip(turned, 1) if clip.mirror else turned)
