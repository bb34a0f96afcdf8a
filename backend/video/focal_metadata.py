"""The focal length that a camera wrote into its file."""

from __future__ import annotations

import re
from collections.abc import Mapping

FULL_FRAME_LONG_SIDE_MM = 36.0
PLAUSIBLE_MM = (6.0, 1200.0)   # from fish-eye to the longest telephoto lens


def focal_px_from(metadata: Mapping[str, str], long_side_px: int) -> float | None:
    """Focal length in pixels from a "35 mm equivalent" entry, by the long side of a 36 mm frame; None without one.

    Plain focal lengths in millimetres say nothing without the sensor's size and are left alone.
    """
    for key, value in metadata.items():
        if _means_35mm_equivalent(key):
            found = re.match(r"\s*(\d+(?:\.\d+)?)(?:\s*/\s*(\d+))?\s*(?:mm)?\s*$", value)
            if found:
                focal_mm = float(found[1]) / (float(found[2] or 1) or float("inf"))
                if PLAUSIBLE_MM[0] <= focal_mm <= PLAUSIBLE_MM[1]:
                    return focal_mm / FULL_FRAME_LONG_SIDE_MM * long_side_px
    return None


def _means_35mm_equivalent(key: str) -> bool:
    word = re.sub(r"[^a-z0-9]", "", key.lower())
    return "focallength" in word and "35mm" in word
