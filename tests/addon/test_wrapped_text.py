"""Sentences that fit into a narrow panel."""

from __future__ import annotations

import pytest
from mambocap.addon.wrapped_text import drawable, wrapped

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


def test_names_of_files_that_are_no_text_can_be_drawn():
    import blf  # which is there once bpy is

    name = b"caf\xe9 Z\xc3\xbcrich.mp4".decode("utf-8", "surrogateescape")
    with pytest.raises(UnicodeEncodeError):
        blf.dimensions(0, name)
    assert drawable(name) == "caf? Zürich.mp4"
    blf.dimensions(0, drawable(name))
