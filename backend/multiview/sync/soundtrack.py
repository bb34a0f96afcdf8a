"""The sound of a clip, on the clip's own clock."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

import av
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from backend.video.clip import Clip
from backend.video.film import film
from motion.refusal import Refusal

RATE_HZ = 8000              # speech, steps and claps are below 4 kHz
BEFORE_S, AFTER_S = 300.0, 300.0   # of sound outside of the take that is heard too: a clap before it helps
LONGEST_S = 3600.0          # of sound that is held: 58 MB
SLOWEST = 1.02              # footage that plays slower or faster than this has no sound of its own time
GAP_S = 0.02                # between sound packets: less is rounding of their stamps
QUIETEST = 4.0              # loudest sample of 32768 that is no silence

Samples = npt.NDArray[np.int16]


@dataclass(frozen=True, eq=False)
class Sound:
    """Mono, zero where the file has none."""

    samples: Samples     # [N]
    start_s: float       # of the first sample, by the clip's clock
    rate_hz: float       # samples in one second of the clip's clock

    @property
    def length_s(self) -> float:
        return len(self.samples) / self.rate_hz


def sound_of(clip: Clip) -> Sound | None:
    """What was heard from a little before the take to a little after it, None where nothing was."""
    if clip.pictures or not 1.0 / SLOWEST <= clip.slowness <= SLOWEST:
        return None
    first_s = clip.start_s - BEFORE_S
    last_s = min(clip.start_s + float(clip.times_s[-1]) * clip.slowness + AFTER_S, first_s + LONGEST_S)
    pieces = list(_pieces(clip, first_s, last_s))
    if not pieces or max(np.abs(samples).max(initial=0) for _, samples in pieces) <= QUIETEST:
        return None
    begins = min(at for at, _ in pieces)
    samples = np.zeros(max(at + len(piece) for at, piece in pieces) - begins, dtype=np.int16)
    for at, piece in pieces:
        samples[at - begins : at - begins + len(piece)] = piece
    start_s = (begins / RATE_HZ - clip.start_s) / clip.slowness
    return Sound(samples, start_s, RATE_HZ * clip.slowness)


def _pieces(clip: Clip, first_s: float, last_s: float) -> Iterator[tuple[int, Samples]]:
    """Samples at RATE_HZ, and the number of the first of them on the file's clock."""
    resampler, at, ends_s = None, 0, 0.0
    for frame in _frames(clip, last_s):
        starts_s = ends_s if frame.time is None else frame.time
        if resampler is None or abs(starts_s - ends_s) > GAP_S or starts_s < first_s:
            resampler, at = AudioResampler("s16", "mono", RATE_HZ), round(starts_s * RATE_HZ)
        ends_s = starts_s + frame.samples / frame.sample_rate
        frame.pts = None     # gaps are seen to here, the resampler need not
        for part in resampler.resample(frame) if starts_s >= first_s else []:
            samples = part.to_ndarray().ravel()
            yield at, samples
            at += len(samples)


def _frames(clip: Clip, last_s: float) -> Iterator[AudioFrame]:
    """Decoded sound; damaged packets are passed over, a cut-off end ends it."""
    with contextlib.suppress(Refusal, av.error.FFmpegError), film(clip.path) as (container, _):
        tracks = [track for track in container.streams.audio if track.codec_context is not None]
        for packet in container.demux(tracks[0]) if tracks else ():
            with contextlib.suppress(av.error.InvalidDataError):
                for frame in packet.decode():
                    if frame.time is not None and frame.time > last_s:
                        return
                    yield frame
