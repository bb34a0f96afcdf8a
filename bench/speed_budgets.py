"""What speed is asked for, and whether it is met: a line for each figure that is bounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FIGURES = Mapping[str, float | None]


@dataclass(frozen=True)
class Budget:
    """A figure of the bench, what it is in words, and the most that it may be."""

    key: str
    words: str
    most: float


BUDGETS = (
    Budget("best_over_mediapipe", "detection with decoding, body, best: time over MediaPipe's heavy, video mode", 1.0),
    Budget("fast_over_mediapipe", "the same, fast", 0.55),
    Budget("best_with_hands_over_mediapipe", "with hands, best", 1.2),
    Budget("fast_with_hands_over_mediapipe", "with hands, fast", 0.75),
    Budget("whole_over_detection", "frames to motion.npz over the detection stage, default settings", 1.3),
    Budget("whole_without_hypotheses_over_detection", "the same without other poses", 1.3),
    Budget("after_detection_300_ms_per_frame", "lift, refine, world, clean-up: ms a frame of 300", 8.0),
    Budget("after_detection_30000_ms_per_frame", "the same of 30,000", 8.0),
    Budget("after_detection_growth", "ms a frame of 30,000 over those of 300", 1.1),
    Budget("detection_memory_growth", "detection's peak memory: 3,000 pictures over 300", 1.1),
    Budget("ten_minutes_peak_gb", "peak memory of a whole capture of 18,000 pictures, GB", 2.0),
    Budget("import_10000_frames_s", "import of 10,000 frames of 55 bones, s", 1.0),
    Budget("retarget_deform_s", "retarget of 1,000 frames, deform skeleton, s", 0.5),
    Budget("retarget_control_rig_s", "the same, control rig (Rigify human), s", 5.0),
    Budget("first_event_s", "start of the backend to its first event, s", 3.0),
    Budget("zip_mb", "extension's zip, MB", 40.0),
)


def verdict(budget: Budget, figures: FIGURES) -> bool | None:
    """Whether a budget is kept; None where its figure was not measured."""
    value = figures.get(budget.key)
    return None if value is None else value <= budget.most


def rows(figures: FIGURES) -> list[tuple[str, str, float | None, float, str]]:
    """Key, words, figure, most, and whether it is met."""
    said = {None: "not measured", True: "met", False: "MISSED"}
    return [(each.key, each.words, figures.get(each.key), each.most, said[verdict(each, figures)]) for each in BUDGETS]


def as_json(figures: FIGURES) -> dict[str, dict[str, Any]]:
    """By key, for the file of figures."""
    return {each.key: {"most": each.most, "met": verdict(each, figures)} for each in BUDGETS}
