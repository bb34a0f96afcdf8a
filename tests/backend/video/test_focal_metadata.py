"""Focal lengths that cameras write."""

from __future__ import annotations

import pytest

from backend.video.focal_metadata import focal_px_from


@pytest.mark.parametrize(
    "metadata, focal_mm",
    [
        ({"com.apple.quicktime.camera.focal_length.35mm_equivalent": "26"}, 26.0),
        ({"FocalLengthIn35mmFilm": "     28"}, 28.0),
        ({"ExifIFD/FocalLengthIn35mmFilm": "50/1"}, 50.0),
        ({"camera.focal_length.35mm_equivalent": "24.5 mm"}, 24.5),
        ({"FocalLength": "4.2"}, None),                 # says nothing without the sensor
        ({"FocalLengthIn35mmFilm": "0"}, None),         # "unknown" by the EXIF standard
        ({"FocalLengthIn35mmFilm": "28/0"}, None),
        ({"FocalLengthIn35mmFilm": "wide"}, None),
        ({}, None),
    ],
)
def test_only_a_plausible_35_mm_equivalent_is_believed(metadata, focal_mm):
    focal_px = focal_px_from(metadata, long_side_px=1920)
    assert focal_px == (None if focal_mm is None else pytest.approx(focal_mm / 36.0 * 1920))
