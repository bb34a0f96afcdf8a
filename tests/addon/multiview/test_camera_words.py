"""Findings about cameras in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from mambocap.addon.multiview.camera_words import begins_in_words, clock_in_words, grade_of, lines_of
from mambocap.motion.job import CameraResult

SIDE = CameraResult("/films/side.mp4", True, 1.274, 38.22, 0.17, 1.0, 67.3, 3.41, 26.2, 0.83)


def test_a_further_camera_is_told_from_the_first():
    assert lines_of(SIDE, is_first=False) == [
        "Begins 1.27 s (38.2 ± 0.2 frames) after the first", "67° around the person and 3.4 m from the first camera",
        "Lens 26 mm"]  # fmt: skip


def test_the_first_camera_is_the_one_that_others_are_told_from():
    assert lines_of(replace(SIDE, offset_s=0.0), is_first=True) == ["The take runs by its clock", "Lens 26 mm"]


@pytest.mark.parametrize("offset_s, frames, sigma, words", [
    (-0.5, -14.99, 0.0, "Begins 0.50 s (15.0 frames) before the first"),
    (0.0, 0.0, 0.0, "Begins with the first"),
    (0.0004, 0.012, 0.3, "Begins with the first, ± 0.3 frames"),
])
def test_a_beginning_is_before_after_or_with_the_first(offset_s, frames, sigma, words):
    camera = replace(SIDE, offset_s=offset_s, offset_frames=frames, offset_sigma_frames=sigma)
    assert begins_in_words(camera) == words


@pytest.mark.parametrize("rate, words", [
    (1.0, ""), (1.000002, ""), (1.00012, "Its clock runs 0.012 % fast"), (0.9995, "Its clock runs 0.05 % slow"),
    (0.25, "Its clock runs 75 % slow"),
])  # fmt: skip
def test_a_clock_that_runs_otherwise_is_said(rate, words):
    assert clock_in_words(replace(SIDE, clock_rate=rate)) == words


@pytest.mark.parametrize("confidence, used, grade", [
    (0.83, True, "good"), (0.5, True, "fair"), (0.1, True, "poor"), (0.83, False, "poor"),
])  # fmt: skip
def test_confidence_is_a_grade(confidence, used, grade):
    assert grade_of(replace(SIDE, confidence=confidence, used=used)) == grade


@pytest.mark.parametrize("confidence, grade", [(1.0, "fair"), (0.5, "fair"), (0.1, "poor")])
def test_a_camera_with_doubts_is_fair_at_best(confidence, grade):
    assert grade_of(replace(SIDE, confidence=confidence, doubts=("It hardly moved.",))) == grade


def test_a_camera_that_was_left_out_has_no_place():
    assert lines_of(replace(SIDE, used=False), is_first=False) == []
