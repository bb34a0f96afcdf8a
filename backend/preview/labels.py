"""Small words on a picture."""

from __future__ import annotations

import cv2

from backend.preview.painter import Picture

_FONT = cv2.FontFace("sans")
_WEIGHT = 500
_SHADE = (30, 32, 36)


def write(
    picture: Picture, text: str, left_px: float, bottom_px: float, size_px: int, colour: tuple[int, int, int],
    shade: bool = False,
) -> None:
    """Write `text` over `picture` in place from its lower left corner; `shade` sets it off from footage."""
    place = (round(left_px), round(bottom_px))
    if shade:
        cv2.putText(picture, text, (place[0] + 1, place[1] + 1), _SHADE, _FONT, size_px, _WEIGHT)
    cv2.putText(picture, text, place, colour, _FONT, size_px, _WEIGHT)


def time_code(time_s: float) -> str:
    """Minutes, seconds and hundredths, as in 1:07.25."""
    hundredths = round(time_s * 100)
    return f"{hundredths // 6000}:{hundredths // 100 % 60:02d}.{hundredths % 100:02d}"
