from __future__ import annotations

import numpy as np
import pytest

from backend.multiview.doubts import doubts_of
from backend.multiview.find_rig import RigFinding, ViewEvidence
from tests.backend.multiview.made_up_scene import rig_about

NAMES = ("a.mp4", "b.mp4", "c.mp4")
SOUND = {"start_sigma_s": 0.002, "turn_sigma_rad": 0.02, "angle_rad": 1.5, "agreement": 0.9, "overlap_s": 8.0}


def said(*others: dict[str, object]) -> list[tuple[str, ...]]:
    evidence = (ViewEvidence(), *(ViewEvidence(**{**SOUND, **each}) for each in others))
    rig = rig_about((0.0,) * len(evidence), (0.0,) * len(evidence))
    return doubts_of(RigFinding(rig, evidence, ()), NAMES[: len(evidence)], 30.0)


def test_nothing_is_said_of_cameras_that_are_sure() -> None:
    assert said({}, {"angle_rad": 0.1}) == [(), (), ()]


@pytest.mark.parametrize("change, words", [
    ({"start_sigma_s": 0.02}, "It is not sure when b.mp4 began (± 0.6 frames)"),
    ({"turn_sigma_rad": 0.14}, "It is not sure where the camera of b.mp4 stood (± 8 degrees)"),
    ({"angle_rad": 0.17}, "a.mp4 and b.mp4 were filmed from nearly the same side (10 degrees apart)"),
    ({"angle_rad": 3.05}, "a.mp4 and b.mp4 were filmed from opposite sides (175 degrees apart)"),
    ({"rival": 0.95, "rival_s": -1.2}, "What b.mp4 shows repeats itself, and it may as well have begun 1.2 s earlier"),
    ({"overlap_s": 0.8}, "a.mp4 and b.mp4 show the same for 0.8 s only"),
    ({"fits": False, "agreement": 0.1}, "What b.mp4 shows fits no other clip"),
    ({"fits": False, "agreement": 0.1, "mirrored_agreement": 0.8}, "b.mp4 shows a mirror image of what a.mp4 shows"),
])  # fmt: skip
def test_each_weakness_has_one_sentence_that_says_what_to_do(change: dict[str, object], words: str) -> None:
    (first, (sentence,)) = said(change)
    assert first == () and sentence.startswith(words) and sentence.endswith(".")


def test_two_cameras_side_by_side_are_no_matter_while_a_third_stands_elsewhere() -> None:
    assert said({"angle_rad": 0.1}, {"angle_rad": np.pi - 0.1}) != [(), (), ()]
    assert said({"angle_rad": 0.1}, {}) == [(), (), ()]
