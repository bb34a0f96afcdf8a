"""What two microphones hear alike: when something begins to sound, in several bands of pitch.

Loudness, the room and the microphone change the colour of a sound and how it dies away, hardly when it begins.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backend.multiview.sync.soundtrack import RATE_HZ, Samples, Sound

HOP = 32                       # samples: 4 ms
WINDOW = 160                   # samples: 20 ms
RISE_HOPS = 4                  # over which loudness is compared
BANDS_HZ = np.geomspace(150.0, 3800.0, 11)
STEP_S = HOP / RATE_HZ
EDGE_S = 0.3                   # at both ends, where fingers on the buttons are heard
_FRAMES_AT_ONCE = 8192         # bounds the memory
_FLOOR_SHARE = 0.3             # of the usual loudness of a band: what is quieter than that counts as silence
_SILENCE = 1000.0              # in squares of spectra: a few steps of the 65536
_LOUDEST = 8.0                 # deviations, so that one bang is not everything

Float32 = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Onsets:
    """Mean 0 and deviation 1 in every band; one row every STEP_S."""

    values: Float32      # [N, 10]
    start_s: float       # of the first row, by the clip's clock


def onsets_of(sound: Sound) -> Onsets:
    """How much louder each band becomes."""
    values = rises(band_energies(sound.samples))
    start_s = sound.start_s + WINDOW / 2 / sound.rate_hz
    edge = round(EDGE_S / STEP_S)
    values[:edge] = values[max(0, len(values) - edge):] = 0.0
    return Onsets(_stretched(values, RATE_HZ / sound.rate_hz), start_s)


def rises(energy: Float32) -> Float32:
    """[N, 10] of mean squares [N, 10]."""
    if not len(energy):
        return energy
    loudness = np.log(energy + (_FLOOR_SHARE * np.median(energy, axis=0) + np.float32(_SILENCE)))
    rise = np.zeros_like(loudness)
    rise[RISE_HOPS:] = np.maximum(loudness[RISE_HOPS:] - loudness[:-RISE_HOPS], 0.0)
    rise -= rise.mean(axis=0)
    return np.clip(rise / (rise.std(axis=0) + 1e-9), -_LOUDEST, _LOUDEST)


def _stretched(values: Float32, seconds_a_second: float) -> Float32:
    """The rows at even steps of the clip's clock, where its sound plays slower or faster than that."""
    if seconds_a_second == 1.0 or len(values) < 2:
        return values
    rows = np.arange(0.0, len(values) - 1.0, 1.0 / seconds_a_second)
    return np.stack([np.interp(rows, np.arange(len(values)), band) for band in values.T], axis=-1).astype(np.float32)


def band_energies(samples: Samples) -> Float32:
    """Mean squares of the samples' short spectra, [N, 10]."""
    count = max(0, (len(samples) - WINDOW) // HOP + 1)
    hz = np.fft.rfftfreq(WINDOW, 1.0 / RATE_HZ)
    into_bands = np.stack([(low <= hz) & (hz < high) for low, high in zip(BANDS_HZ, BANDS_HZ[1:])]).astype(np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP] if count else np.zeros((0, WINDOW))
    shape = np.hanning(WINDOW + 2)[1:-1].astype(np.float32)
    parts = [np.abs(np.fft.rfft(windows[at : at + _FRAMES_AT_ONCE] * shape)) ** 2 @ into_bands.T
             for at in range(0, count, _FRAMES_AT_ONCE)]  # fmt: skip
    return np.concatenate([np.zeros((0, len(into_bands))), *parts]).astype(np.float32)
