"""What detection is asked for, and whether it is met."""

from __future__ import annotations

from typing import Any

STILL_NO_LAG_FRAMES = 0.25  # image mode, which cannot lag, lies within it


def goals(figures: dict[str, Any]) -> list[tuple[str, str, float, str]]:
    """Rows of goal, limit, what it is, and "met" or "missed"; a figure that is NaN misses."""
    alone, together = figures["cases"]["four_cameras"], figures["cases"]["two_people"]
    best, video, image = (alone[way] for way in ("best", "mediapipe_video", "mediapipe_image"))
    body, hands = figures["speed_ratio"], figures["speed_ratio_hands"]
    return [
        _at_most("best: varying error / image mode's", 0.90, best["varying_px"] / image["varying_px"]),
        _at_most("best: world PA / video mode's", 0.95, best["world_pa_mm"] / video["world_pa_mm"]),
        _at_most("best: jitter / video mode's", 1.4, best["jitter_px"] / video["jitter_px"]),
        _at_most("best: jitter after 10 Hz / video mode's", 1.0, best["jitter_filtered_px"] / video["jitter_px"]),
        _at_most("best: lag, frames", STILL_NO_LAG_FRAMES, abs(best["lag_frames"])),
        _at_least("best: both of two people found, worst camera", 0.95, together["best"]["found_share"]),
        _at_most("best: identity switches, two people", 0, together["best"]["identity_switches"]),
        _at_most("best: time / MediaPipe video", 1.0, 1 / body["best"]),
        _at_most("fast: time / MediaPipe video", 0.55, 1 / body["fast"]),
        _at_most("best with hands: time / MediaPipe video", 1.2, 1 / hands["best"]),
        _at_most("fast with hands: time / MediaPipe video", 0.75, 1 / hands["fast"]),
    ]


def _at_most(goal: str, limit: float, value: float) -> tuple[str, str, float, str]:
    return goal, f"<= {limit:g}", value, "met" if value <= limit else "missed"


def _at_least(goal: str, limit: float, value: float) -> tuple[str, str, float, str]:
    return goal, f">= {limit:g}", value, "met" if value >= limit else "missed"
