"""What was found out about a camera of a take, in words. Knows nothing of Blender."""

from __future__ import annotations

from pathlib import Path

from ...motion.job import CameraResult
from ...motion.quality.card import Grade

# Of a camera's confidence, from 0 to 1.
GOOD, FAIR = 0.7, 0.4
GRADE_WORDS: dict[Grade, str] = {"good": "Good", "fair": "Fair", "poor": "Weak"}
_SAME_CLOCK = 1e-5   # relative: less than a frame apart in an hour at 30 frames a second


def title_of(camera: CameraResult) -> str:
    return Path(camera.clip).name


def grade_of(camera: CameraResult) -> Grade:
    """How well the camera's place and clock are known; not surely where there are doubts."""
    if not camera.used or camera.confidence < FAIR:
        return "poor"
    return "good" if camera.confidence >= GOOD and not camera.doubts else "fair"


def begins_in_words(camera: CameraResult) -> str:
    """When a further clip begins by the first one's clock, and how surely."""
    sure = f" ± {camera.offset_sigma_frames:.1f}" if camera.offset_sigma_frames > 0.0 else ""
    if abs(camera.offset_frames) < 0.05:
        return "Begins with the first" + (f",{sure} frames" if sure else "")
    side = "after" if camera.offset_s > 0.0 else "before"
    return f"Begins {abs(camera.offset_s):.2f} s ({abs(camera.offset_frames):.1f}{sure} frames) {side} the first"


def clock_in_words(camera: CameraResult) -> str:
    """How its clock runs against the first one's, empty for one that runs as fast."""
    gain = camera.clock_rate - 1.0
    if abs(gain) < _SAME_CLOCK:
        return ""
    return f"Its clock runs {100.0 * abs(gain):.2g} % {'fast' if gain > 0.0 else 'slow'}"


def place_in_words(camera: CameraResult) -> str:
    """Such as "67° around the person and 3.4 m from the first camera"."""
    return f"{camera.angle_deg:.0f}° around the person and {camera.distance_m:.1f} m from the first camera"


def lens_in_words(camera: CameraResult) -> str:
    return f"Lens {camera.focal_mm:.0f} mm" if camera.focal_mm > 0.0 else ""


def lines_of(camera: CameraResult, is_first: bool) -> list[str]:
    """All that is known of a camera, a line each."""
    if not camera.used:
        return []
    if is_first:
        return [line for line in ("The take runs by its clock", lens_in_words(camera)) if line]
    lines = (begins_in_words(camera), clock_in_words(camera), place_in_words(camera), lens_in_words(camera))
    return [line for line in lines if line]
