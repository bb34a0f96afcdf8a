"""The door to film files: opening, choosing the picture track, reading time stamps without decoding."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from backend.threads import threads
from motion.arrays import Array
from motion.refusal import Refusal

# Play lists and text drawings pass for films; they point to other files or show letters.
NOT_FILMS = frozenset({"tty", "hls", "concat", "concatf", "dash", "sdp", "imf", "lrc", "srt", "webvtt", "ass"})
CLOCKLESS = frozenset({"avi"})   # counts packets in decoding order, which is not the order of showing
MOST_DECODERS = 16   # threads of one film, as FFmpeg itself would take at most
# What a film says of itself need not be text: PyAV before 19 stops at that unless told otherwise.
_GOES_ON: dict[str, str] = {"metadata_errors": "replace"} if int(av.__version__.partition(".")[0]) < 19 else {}
BARE_RATE = Fraction(25)   # of streams without a container, as FFmpeg assumes
ANOTHER = "Choose another file, or export this one again as an MP4."


@contextlib.contextmanager
def film(path: Path, bytes_of_picture: BinaryIO | None = None) -> Iterator[tuple[InputContainer, VideoStream]]:
    """The opened file and its picture track, decoding with all threads we have. Raises Refusal when it is no film.

    A single picture comes as an open stream, since by name a "%03d" in it would mean a whole sequence.
    """
    source = bytes_of_picture or str(path.absolute())
    try:
        # A film is one local file: nothing in it may open a connection.
        container = av.open(source, "r", options={"protocol_whitelist": "file"}, **_GOES_ON)
    except FileNotFoundError as error:
        raise missing(path) from error
    except PermissionError as error:
        raise unreadable(path) from error
    except (av.error.FFmpegError, ValueError) as error:
        raise Refusal("not-a-video", f"{path.name} is not a video, is not finished or is damaged.", ANOTHER) from error
    with container:
        stream = _picture_track(container, path)
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = min(threads(), MOST_DECODERS)
        yield container, stream


def missing(path: Path) -> Refusal:
    return Refusal("no-file", f"There is no file {path}.", "Check the name, or choose the clip again.")


def unreadable(path: Path) -> Refusal:
    return Refusal("unreadable", f"{path.name} may not be read by you.", "Change its permissions, or copy it.")


def _picture_track(container: InputContainer, path: Path) -> VideoStream:
    names = set(container.format.name.split(","))
    tracks = [track for track in container.streams.video if not track.disposition & Disposition.attached_pic]
    if names & NOT_FILMS:
        raise Refusal("not-a-video", f"{path.name} is not a video.", ANOTHER)
    if not tracks and container.streams.audio:
        raise Refusal("audio-only", f"{path.name} has sound but no picture.", "Choose a file with pictures.")
    if not tracks:
        raise Refusal("not-a-video", f"{path.name} is not a video.", ANOTHER)
    track = max(tracks, key=lambda each: each.width * each.height)
    if track.codec_context is None:
        raise Refusal("unknown-codec", f"{path.name} is packed in a way that cannot be read here.", ANOTHER)
    return track


@dataclass(frozen=True, eq=False)
class TimeStamps:
    """When each picture is shown, on the file's own clock."""

    times_s: Array            # [F] rising
    tick_s: float             # unit in which the file counts
    rates: tuple[Fraction, ...]   # what the container says of itself, the most trusted first
    length_s: float           # from the first picture to the end of the last one
    promised_s: float         # the same as the file announces it, 0 where it does not


def tick_s(stream: VideoStream) -> float:
    """The unit of time stamps in this film."""
    assert stream.time_base is not None   # every stream of an opened file has one
    return float(stream.time_base)


def start_s(stream: VideoStream) -> float:
    """The first picture on the file's own clock."""
    return (stream.start_time or 0) * tick_s(stream)


def jump(container: InputContainer, stream: VideoStream, clock_s: float) -> None:
    """Go on with the last key frame before `clock_s` on the file's own clock, if the file knows its key frames."""
    container.seek(int(clock_s / tick_s(stream)), stream=stream)


def has_clock(container: InputContainer, stream: VideoStream) -> bool:
    """Whether the time stamps of this film mean the time of showing."""
    return container.format.name not in CLOCKLESS and stream.start_time is not None


def time_stamps(container: InputContainer, stream: VideoStream) -> TimeStamps:
    """Time stamps of all pictures, from the packets alone, counted where they carry none; nothing after damage."""
    packets = list(_shown_packets(container, stream))
    rates = tuple(filter(None, (stream.average_rate, stream.guessed_rate, stream.base_rate))) or (BARE_RATE,)
    stamped = _stamped(packets) if has_clock(container, stream) else {}
    if stamped:
        unit_s, ticks = tick_s(stream), sorted(stamped)
        length = max(ticks[-1], *(start + duration for start, duration in stamped.items())) - ticks[0]
    else:
        unit_s, ticks, length = float(1 / rates[0]), list(range(len(packets))), len(packets)
    return TimeStamps(np.array(ticks) * unit_s, unit_s, rates, length * unit_s, _promised_s(container, stream))


@dataclass(frozen=True)
class _PacketTimes:
    """In ticks of the stream; None where the packet does not say."""

    shown: int | None
    decoded: int | None
    duration: int


def _shown_packets(container: InputContainer, stream: VideoStream) -> Iterator[_PacketTimes]:
    with contextlib.suppress(av.error.FFmpegError):
        for packet in container.demux(stream):
            if packet.size and not packet.is_discard:
                yield _PacketTimes(packet.pts, packet.dts, packet.duration or 0)


def _stamped(packets: list[_PacketTimes]) -> dict[int, int]:
    """Duration by time stamp. Of two fields of a picture only the first has a time of showing, so half will do."""
    shown = {packet.shown: packet.duration for packet in packets if packet.shown is not None}
    if 2 * len(shown) >= len(packets):
        return shown
    return {packet.decoded: packet.duration for packet in packets if packet.decoded is not None}


def _promised_s(container: InputContainer, stream: VideoStream) -> float:
    if stream.duration:
        return stream.duration * tick_s(stream)
    if container.duration and len(container.streams) == 1:
        return container.duration / av.time_base
    return 0.0


def first_frame(container: InputContainer, stream: VideoStream, path: Path) -> VideoFrame:
    """The first picture that decodes. Raises Refusal when none does."""
    for frame in frames(container, stream):
        return frame
    raise Refusal("no-frames", f"{path.name} holds no picture that can be read.", ANOTHER)


def frames(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Decoded frames in the order of showing; damaged packets are passed over, a cut-off end ends it."""
    with contextlib.suppress(av.error.FFmpegError):
        for packet in container.demux(stream):
            try:
                yield from packet.decode()
            except av.error.InvalidDataError:
                continue
