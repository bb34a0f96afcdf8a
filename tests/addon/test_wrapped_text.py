"""Sentences that fit into a narrow panel."""

from __future__ import annotations

from mambocap.addon.wrapped_text import wrapped

TEXT = "No person was found in dance.mp4. Choose a clip in which the body is visible from head to foot."


def test_no_line_is_wider_than_the_panel_and_no_word_is_lost():
    lines = wrapped(TEXT, 20.0, len)
    assert max(map(len, lines)) <= 20
    assert " ".join(lines) == TEXT


def test_a_word_that_is_too_wide_stands_alone():
    lines = wrapped("see /a/very/long/path/to/a/film.mp4 there", 10.0, len)
    assert lines == ["see", "/a/very/long/path/to/a/film.mp4", "there"]


def test_nothing_to_say_is_one_empty_line():
    assert wrapped("", 10.0, len) == [""]
