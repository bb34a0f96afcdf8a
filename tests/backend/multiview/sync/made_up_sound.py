"""Sounds of made-up people, the rooms and microphones that change them, and tiny films that carry them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from scipy.signal import butter, fftconvolve, sosfilt

from motion.arrays import Array

RATE_HZ = 8000       # of the made-up sounds
FILM_RATE = 10       # pictures a second, which need not be many here


def claps(chance: np.random.Generator, length_s: float, a_second: float = 0.7) -> Array:
    sound = np.zeros(round(length_s * RATE_HZ))
    fading = np.exp(-np.arange(200) / 30.0)
    for start in chance.integers(0, len(sound) - 200, max(1, round(a_second * length_s))):
        sound[start : start + 200] += chance.uniform(0.4, 1.5) * fading * chance.normal(size=200)
    return sound


def speech(chance: np.random.Generator, length_s: float) -> Array:
    """Voiced bursts of changing pitch and colour, with pauses."""
    sound, start = np.zeros(round(length_s * RATE_HZ)), 0
    while (start := start + round(chance.choice([0.03, 0.1, 0.5], p=[0.6, 0.3, 0.1]) * RATE_HZ)) < len(sound) - 4000:
        length, pitch_hz, colour_hz = chance.integers(650, 2250), chance.uniform(90, 220), chance.uniform(300, 2500)
        turns = np.cumsum(pitch_hz * (1.0 + 0.1 * np.sin(np.linspace(0.0, 3.0, length)))) / RATE_HZ
        tones = [np.exp(-(((k * pitch_hz - colour_hz) / 600.0) ** 2)) * np.cos(2 * np.pi * k * turns)
                 for k in range(1, 18)]  # fmt: skip
        swell = np.minimum(1.0, np.minimum(np.arange(length) / 250.0, (length - np.arange(length)) / 400.0))
        sound[start : start + length] += chance.uniform(0.1, 0.6) * swell * np.sum(tones, axis=0)
        start += length
    return sound


def music(chance: np.random.Generator, length_s: float, tune: bool = True) -> Array:
    """A note every half second; without a tune each is like the one before, so that nothing tells beats apart."""
    sound, beat = np.zeros(round(length_s * RATE_HZ)), RATE_HZ // 2
    seconds = np.arange(beat) / RATE_HZ
    for start in range(0, len(sound) - beat, beat):
        pitch_hz = 220.0 * 2.0 ** (chance.integers(24) / 12.0 if tune else 0.5)
        tones = [np.sin(2 * np.pi * k * pitch_hz * seconds) / k for k in (1, 2, 3, 4)]
        sound[start : start + beat] += 0.4 * np.exp(-seconds / 0.15) * np.sum(tones, axis=0)
    return sound


def heard(
    chance: np.random.Generator, sound: Array, echo_s: float = 0.3, band_hz: tuple[float, float] = (100.0, 3900.0),
    noise_db: float | None = None, gain: float = 1.0,
) -> Array:  # fmt: skip
    """What a microphone makes of a sound: room, colour, and noise so much louder than the sound (0: as loud)."""
    room = chance.normal(size=round(echo_s * RATE_HZ)) * np.exp(-6.9 * np.linspace(0.0, 1.0, round(echo_s * RATE_HZ)))
    room *= 0.6 / np.linalg.norm(room)
    room[0] = 1.0
    result = sosfilt(butter(2, band_hz, "band", fs=RATE_HZ, output="sos"), fftconvolve(sound, room)[: len(sound)])
    if noise_db is not None:
        result = result + chance.normal(size=len(sound)) * np.std(result) * 10.0 ** (noise_db / 20.0)
    return gain * result


def stretched(sound: Array, millionths: float) -> Array:
    """As a clock counts it that runs too fast by so much."""
    rate = 1.0 + 1e-6 * millionths
    return np.interp(np.arange(int(len(sound) * rate)) / rate, np.arange(len(sound)), sound)


def write_sounding_film(
    path: Path, sound: Array | None, *, rate_hz: int = 48000, codec: str = "aac", sound_starts_s: float = 0.0,
    picture_starts_s: float = 0.0,
) -> Path:  # fmt: skip
    """A film of grey pictures whose sound and pictures begin where they are told to on the file's clock."""
    length_s = len(sound) / RATE_HZ if sound is not None else 2.0
    grey = VideoFrame.from_ndarray(np.full((32, 32, 3), 90, np.uint8), format="rgb24")
    with av.open(str(path), "w") as container:
        pictures = container.add_stream("libx264", rate=FILM_RATE, options={"bf": "0", "preset": "ultrafast"})
        pictures.width, pictures.height, pictures.pix_fmt = 32, 32, "yuv420p"
        track = container.add_stream(codec, rate=rate_hz, layout="mono") if sound is not None else None
        for number in range(round(length_s * FILM_RATE)):
            frame = grey.reformat(format="yuv420p")
            frame.pts, frame.time_base = number + round(picture_starts_s * FILM_RATE), Fraction(1, FILM_RATE)
            container.mux(pictures.encode(frame))
        container.mux(pictures.encode(None))
        if track is not None:
            _mux_sound(container, track, sound, rate_hz, sound_starts_s)
    return path


def _mux_sound(container, track, sound: Array, rate_hz: int, starts_s: float) -> None:
    places = np.arange(round(len(sound) * rate_hz / RATE_HZ)) * RATE_HZ / rate_hz
    loudest = np.abs(sound).max() or 1.0
    samples = (20000.0 * np.interp(places, np.arange(len(sound)), sound) / loudest).astype(np.int16)
    resampler = av.AudioResampler(track.codec_context.format, "mono", rate_hz, track.codec_context.frame_size or 1024)
    frame = AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = rate_hz, round(starts_s * rate_hz), Fraction(1, rate_hz)
    for part in [*resampler.resample(frame), *resampler.resample(None)]:
        container.mux(track.encode(part))
    container.mux(track.encode(None))
