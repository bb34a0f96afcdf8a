"""High dynamic range footage as a standard screen shows it."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt
from av.video.reformatter import ColorTrc

from motion.arrays import Array

Rgb = npt.NDArray[np.uint8]

HDR_CURVES = frozenset({ColorTrc.SMPTE2084, ColorTrc.ARIB_STD_B67})
WHITE_NITS = 203.0         # reference white of HDR pictures: ITU-R BT.2408, table 1
HLG_PEAK_NITS = 1000.0     # nominal HLG display: ITU-R BT.2100, table 5
HLG_SYSTEM_GAMMA = 1.2
KNEE = 0.6                 # share of reference white up to which nothing is compressed


def standard_range(rgb_hdr: Rgb, transfer: int) -> Rgb:
    """rgb_hdr [H, W, 3], coded by PQ or HLG over 0..255, as [H, W, 3] for an sRGB screen.

    Each channel runs through one curve and the wide primaries are taken for sRGB's: hues come out a little pale,
    but exposure, which is what the detector sees, is right. Eight bits in keep this at a millisecond a picture.
    """
    return cv2.LUT(rgb_hdr, _table(int(transfer)))


@lru_cache(maxsize=2)
def _table(transfer: int) -> Rgb:  # [256]
    code = np.arange(256) / 255.0
    nits = _nits_from_pq(code) if transfer == ColorTrc.SMPTE2084 else _nits_from_hlg(code)
    return np.round(255.0 * _srgb_from_linear(_rolled_off(nits / WHITE_NITS))).astype(np.uint8)


def _nits_from_pq(code: Array) -> Array:
    """SMPTE ST 2084, equation 4.1."""
    m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
    power = code ** (1.0 / m2)
    return 10000.0 * (np.maximum(power - c1, 0.0) / (c2 - c3 * power)) ** (1.0 / m1)


def _nits_from_hlg(code: Array) -> Array:
    """ITU-R BT.2100, table 5, with the system gamma on each channel."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(code <= 0.5, code**2 / 3.0, (np.exp((code - c) / a) + b) / 12.0)
    return HLG_PEAK_NITS * scene**HLG_SYSTEM_GAMMA


def _rolled_off(light: Array) -> Array:
    """Light in units of reference white, unchanged below the knee, then bent smoothly towards 1."""
    above = np.maximum(light - KNEE, 0.0) / (1.0 - KNEE)
    return np.where(light <= KNEE, light, KNEE + (1.0 - KNEE) * (1.0 - np.exp(-above)))


def _srgb_from_linear(light: Array) -> Array:
    """IEC 61966-2-1."""
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1.0 / 2.4) - 0.055)
