"""A film file that appears whole or not at all."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2

from backend.preview.painter import Picture
from motion.whole_files import written_whole

_USUAL_CRF = 24  # H.264's constant rate factor: 18 looks like the original, 35 like a video call
_BT601 = 5  # the matrix that OpenCV converts with, as FFmpeg numbers it (ITU-T H.273, table 4)
_LIMITED_RANGE = 1


@contextlib.contextmanager
def written_film(path: Path, rate: Fraction, width_px: int, height_px: int,
                 crf: int = _USUAL_CRF) -> Iterator[Callable[[Picture], None]]:  # fmt: skip
    """A function that appends a picture [H, W, 3] to an H.264 film at `path`, which appears when the block ends.

    Width and height must be even. Raises Refusal when the disk is full or the folder cannot be written.
    """
    options = {"preset": "veryfast", "crf": str(crf)}
    with written_whole(path) as stream, av.open(stream, "w", format="mp4") as container:
        video = container.add_stream("libx264", rate=rate, options=options)
        video.width, video.height, video.pix_fmt = width_px, height_px, "yuv420p"
        context = video.codec_context
        context.time_base = 1 / rate
        context.colorspace, context.color_range = _BT601, _LIMITED_RANGE
        count = 0

        def append(picture: Picture) -> None:
            nonlocal count
            frame = av.VideoFrame.from_ndarray(cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420), format="yuv420p")
            frame.pts, frame.time_base = count, 1 / rate
            frame.colorspace, frame.color_range = _BT601, _LIMITED_RANGE
            container.mux(video.encode(frame))
            count += 1

        yield append
        container.mux(video.encode(None))
