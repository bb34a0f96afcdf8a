"""From a file or folder to a Clip: what can be known before the pictures are looked at."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from av.video.frame import VideoFrame

from backend.video.clip import Clip, VideoSettings
from backend.video.film import ANOTHER, TimeStamps, film, first_frame, missing, time_stamps, unreadable
from backend.video.fingerprint import END_BYTES_FILM, END_BYTES_PICTURE, fingerprint
from backend.video.focal_metadata import focal_px_from
from backend.video.orientation import orientation
from backend.video.sequence import is_picture, picture_number, pictures_from, pictures_in
from backend.video.timing import as_rate, constant_rate, nearest_usual_rate
from backend.video.tone_map import HDR_CURVES
from motion.arrays import Array, frozen
from motion.refusal import Refusal

SEQUENCE_RATE = Fraction(30)   # of image sequences when nobody says
MIN_CUT_OFF_S = 1.0            # of a file that breaks off, less than this is not worth a capture
MAX_NUMBERS_A_PICTURE = 2
MAX_GAP_S = 600.0              # within a take; longer ones come from broken clocks and would fill the memory
ON_TIME_S = 1e-3               # in and out points typed with three decimals mean the picture there


def open_clip(path: Path, settings: VideoSettings) -> Clip:
    """Footage at `path`: a film, a folder of pictures, or the first picture of a numbered sequence.

    Reads time stamps from the packets and decodes one picture. Sequences run at settings.recorded_fps, else at
    30 frames a second. Raises Refusal for everything that is no usable footage.
    """
    try:
        if not path.exists():
            raise missing(path)
        if path.is_dir() or is_picture(path):
            return _open_sequence(path, settings)
        return _open_film(path, settings)
    except PermissionError as error:
        raise unreadable(path) from error


@dataclass(frozen=True, eq=False)
class _Timing:
    """Times of all pictures of the footage, the first at 0, and the rate that they are played at."""

    times_s: Array            # [F]
    rate: Fraction
    is_constant: bool

    @property
    def length_s(self) -> float:
        return float(self.times_s[-1]) + 1.0 / float(self.rate)


def _open_film(path: Path, settings: VideoSettings) -> Clip:
    if path.stat().st_size == 0:
        raise Refusal("empty-file", f"{path.name} is empty.", "Copy it again from the camera, or choose another file.")
    sha256, byte_count = fingerprint([path], END_BYTES_FILM)
    with film(path) as (container, stream):
        frame = first_frame(container, stream, path)
        metadata = {**container.metadata, **stream.metadata, **frame.metadata}
        aspect = stream.sample_aspect_ratio
    with film(path) as (container, stream):
        stamps = time_stamps(container, stream)
    timing = _film_timing(path, stamps)
    used = _used(path, timing, settings)
    slowness = settings.recorded_fps / float(timing.rate) if settings.recorded_fps else 1.0
    pose = _pose(frame, aspect, settings)
    return Clip(
        path=path, pictures=(), **vars(pose),
        times_s=_true_times(timing, used, slowness),
        rate=as_rate(settings.recorded_fps) if settings.recorded_fps else timing.rate,
        constant_rate=timing.is_constant, first_picture=used.start,
        focal_px=focal_px_from(metadata, max(pose.width_px, pose.height_px)), sha256=sha256, byte_count=byte_count,
        settings=settings, warnings=_cut_off_warnings(path, stamps),
        start_s=float(stamps.times_s[used.start]), slowness=slowness,
        stored_as_shown=_is_plain(frame, aspect),
    )  # fmt: skip


def _open_sequence(path: Path, settings: VideoSettings) -> Clip:
    pictures = pictures_in(path) if path.is_dir() else pictures_from(path)
    rate = as_rate(settings.recorded_fps) if settings.recorded_fps else SEQUENCE_RATE
    timing = _sequence_timing(pictures, rate)
    used = _used(path, timing, settings)
    pictures = pictures[used]
    sha256, byte_count = fingerprint(pictures, END_BYTES_PICTURE)
    with open(pictures[0], "rb") as stream, film(pictures[0], stream) as (container, track):
        frame = first_frame(container, track, pictures[0])
    pose = _pose(frame, None, settings)
    return Clip(
        path=pictures[0], pictures=tuple(pictures), **vars(pose),
        times_s=_true_times(timing, used, 1.0), rate=rate, constant_rate=timing.is_constant,
        first_picture=picture_number(pictures[0]) or 0,
        focal_px=focal_px_from(frame.metadata, max(pose.width_px, pose.height_px)), sha256=sha256,
        byte_count=byte_count, settings=settings, stored_as_shown=_is_plain(frame, None),
    )  # fmt: skip


def _film_timing(path: Path, stamps: TimeStamps) -> _Timing:
    if not len(stamps.times_s):
        raise Refusal("no-frames", f"{path.name} holds no picture that can be read.", ANOTHER)
    times_s = stamps.times_s - stamps.times_s[0]
    rate = constant_rate(times_s, stamps.tick_s, stamps.rates)
    if rate is not None:
        return _Timing(np.arange(len(times_s)) / float(rate), rate, is_constant=True)
    return _Timing(times_s, nearest_usual_rate(times_s), is_constant=False)


def _sequence_timing(pictures: list[Path], rate: Fraction) -> _Timing:
    numbers = np.array([picture_number(each) or 0 for each in pictures])
    counts = np.arange(len(pictures))
    # Gaps in the numbers are gaps in time, but numbers that are mostly gap are dates and the like.
    if np.all(np.diff(numbers) > 0) and numbers[-1] - numbers[0] <= MAX_NUMBERS_A_PICTURE * len(pictures):
        counts = numbers - numbers[0]
    return _Timing(counts / float(rate), rate, is_constant=bool(np.all(np.diff(counts) == 1)))


def _cut_off_warnings(path: Path, stamps: TimeStamps) -> tuple[str, ...]:
    length_s, promised_s = stamps.length_s, stamps.promised_s
    if promised_s - length_s <= max(0.5, 0.02 * promised_s):
        return ()
    fault = f"{path.name} ends after {length_s:.1f} s of {promised_s:.1f} s"
    if length_s < MIN_CUT_OFF_S:
        raise Refusal("cut-off", f"{fault}.", "Copy it again from the camera, or choose another file.")
    return (f"{fault}; copy it again from the camera if the rest is wanted.",)


def _used(path: Path, timing: _Timing, settings: VideoSettings) -> slice:
    """The pictures between the settings' times and frames. Raises Refusal where these do not lie in the footage."""
    end_s = timing.length_s if settings.out_s is None else settings.out_s
    start, stop = np.searchsorted(timing.times_s, (settings.in_s - ON_TIME_S, end_s - ON_TIME_S))
    problem = _range_problem(settings.in_s, end_s, timing.length_s) or _frames_problem(settings, len(timing.times_s))
    start, stop = max(start, settings.first_frame - 1), min(stop, settings.last_frame or stop)
    if problem is None and start >= stop:
        problem = f"has no picture between {settings.in_s:.2f} s and {end_s:.2f} s"
    if problem is not None:
        raise Refusal("bad-range", f"{path.name} {problem}.", "Move the start and the end of the take into the clip.")
    gap_s = np.max(np.diff(timing.times_s[start:stop]), initial=0.0)
    if gap_s > MAX_GAP_S:
        raise Refusal("gap", f"{path.name} shows nothing new for {gap_s / 60:.0f} minutes.",
                      "Choose a start and an end that leave this out.")  # fmt: skip
    return slice(int(start), int(stop))


def _range_problem(start_s: float, end_s: float, length_s: float) -> str | None:
    if not 0.0 <= start_s < length_s:
        return f"is {length_s:.1f} s long, so it cannot start at {start_s:.1f} s"
    if end_s > length_s + 0.1:
        return f"is {length_s:.1f} s long, so it cannot end at {end_s:.1f} s"
    if end_s <= start_s:
        return f"cannot end at {end_s:.1f} s when it starts at {start_s:.1f} s"
    return None


def _frames_problem(settings: VideoSettings, count: int) -> str | None:
    first, last = settings.first_frame, settings.last_frame or count
    if not 1 <= first <= count:
        return f"has {count} frames, so it cannot start at frame {first}"
    if last > count:
        return f"has {count} frames, so it cannot end at frame {last}"
    if last < first:
        return f"cannot end at frame {last} when it starts at frame {first}"
    return None


def _true_times(timing: _Timing, used: slice, slowness: float) -> Array:
    times_s = timing.times_s[used]
    return frozen((times_s - times_s[0]) / slowness)


def _is_plain(frame: VideoFrame, aspect: Fraction | None) -> bool:
    return frame.color_trc not in HDR_CURVES and aspect in (None, 0, 1) and orientation(frame) == (0, False)


@dataclass(frozen=True)
class _Pose:
    """How the stored picture is brought upright with square pixels."""

    turn_deg: int
    mirror: bool
    width_px: int
    height_px: int


def _pose(frame: VideoFrame, aspect: Fraction | None, settings: VideoSettings) -> _Pose:
    turn_deg, is_mirrored = orientation(frame)
    # The file's mirroring comes between its turn and the user's, and turns behind a mirror run the other way.
    turn_deg = (turn_deg + (-settings.turn_deg if is_mirrored else settings.turn_deg)) % 360
    width_px, height_px = round(frame.width * float(aspect or 1)), frame.height
    if turn_deg % 180:
        width_px, height_px = height_px, width_px
    return _Pose(turn_deg, is_mirrored != settings.mirrored, width_px, height_px)
