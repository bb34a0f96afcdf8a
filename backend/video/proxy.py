"""A film that any player shows as the pipeline saw it: upright, one rate, small."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from itertools import chain, pairwise, repeat
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation
from av.video.stream import VideoStream

from backend.progress import Report
from backend.video.clip import Clip
from backend.video.film import ANOTHER
from backend.video.pictures import Picture, pictures
from backend.video.sequence import picture_number
from backend.video.tone_map import Rgb
from motion.refusal import Refusal
from motion.whole_files import put_in_place, unwritable

LONGEST_SIDE_PX = 1280
QUALITY_CRF = 23
KEY_FRAME_EVERY = 12       # scrubbing in Blender decodes from the key frame before
REPORT_EVERY = 10
ON_TIME = 1e-3             # of a frame: times that differ by rounding alone are the same


def needs_proxy(clip: Clip) -> bool:
    """Whether Blender, which shows the k-th picture of a film at frame k, would show it wrongly.

    A take that starts late needs none: the footage is moved by `clip.first_picture` there. Films that say that they
    are turned do, since Blender 5.0 believes them and 4.2 does not.
    """
    as_stored = clip.stored_as_shown and clip.turn_deg == 0 and not clip.mirror
    real_speed = clip.slowness == 1.0 and clip.constant_rate
    return not (as_stored and real_speed and (not clip.pictures or _numbered_on(clip)))


def write_proxy(clip: Clip, path: Path, report: Report) -> None:
    """An upright H.264 film of constant rate clip.rate, its longest side at most 1280 px, both sides even.

    Its frame k shows the last picture of the take whose time is not after k / clip.rate, so that frame 0 is the take's
    first picture and clip.first_picture is no longer to be reckoned with. The file appears whole or not at all.
    Raises Refusal when it cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with av.open(str(temporary.absolute()), "w", format="mp4") as container:
            stream = _h264(container.add_stream("libx264", rate=clip.rate), clip)
            for count, rgb in enumerate(_held_pictures(clip)):
                container.mux(stream.encode(_frame(rgb, count, stream, clip)))
                if count % REPORT_EVERY == 0:
                    report(count, _frame_count(clip), 0)
            container.mux(stream.encode(None))
        put_in_place(temporary, path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _numbered_on(clip: Clip) -> bool:
    numbers = [picture_number(path) for path in clip.pictures]
    return numbers == list(range(clip.first_picture, clip.first_picture + len(numbers)))


def _frame_count(clip: Clip) -> int:
    return int(np.floor(clip.times_s[-1] * float(clip.rate) + ON_TIME)) + 1


def _first_frame(picture: Picture, clip: Clip) -> int:
    return int(np.ceil(picture.time_s * float(clip.rate) - ON_TIME))


def _held_pictures(clip: Clip) -> Iterator[Rgb]:
    """The picture to show at each k / clip.rate; pictures that could not be decoded are covered by the one before."""
    count = 0
    for shown, following in pairwise(chain(pictures(clip), [None])):
        end = _frame_count(clip) if following is None else _first_frame(following, clip)
        yield from repeat(shown.rgb, end - count)
        count = max(count, end)
    if count == 0:
        raise Refusal("no-frames", f"{clip.path.name} holds no picture that can be read.", ANOTHER)


def _h264(stream: VideoStream, clip: Clip) -> VideoStream:
    shrink = min(1.0, LONGEST_SIDE_PX / max(clip.width_px, clip.height_px))
    stream.width, stream.height = (max(2, 2 * round(side * shrink / 2)) for side in (clip.width_px, clip.height_px))
    stream.pix_fmt = "yuv420p"
    stream.codec_context.gop_size = KEY_FRAME_EVERY
    stream.options = {"crf": str(QUALITY_CRF), "preset": "veryfast"}
    return stream


def _frame(rgb: Rgb, count: int, stream: VideoStream, clip: Clip) -> VideoFrame:
    frame = VideoFrame.from_ndarray(rgb, format="rgb24").reformat(
        width=stream.width, height=stream.height, format="yuv420p", interpolation=Interpolation.AREA,
        dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG,
    )  # fmt: skip
    frame.pts, frame.time_base = count, 1 / clip.rate
    return frame
