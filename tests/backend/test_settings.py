"""Panel, command line and request.json say the same settings, and say what is wrong in words."""

from __future__ import annotations

import argparse
import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.command_line.options import add_options, all_options, chosen_settings
from backend.settings import CHOICES, LIMITS, Settings, settings_from
from motion.refusal import Refusal


def parsed(*arguments: str) -> dict:
    parser = argparse.ArgumentParser()
    add_options(parser)
    return chosen_settings(parser.parse_args(arguments))


def test_nothing_said_means_the_defaults_of_the_stages() -> None:
    assert settings_from({}) == Settings() == settings_from(parsed())


def test_settings_survive_json_unchanged() -> None:
    chosen = {"video": {"in_s": 2.5, "mirrored": True}, "body": {"height_m": 1.83, "actor": "Ада"}, "device": "cpu"}
    settings = settings_from(chosen)
    assert settings_from(json.loads(json.dumps(settings.to_dict()))) == settings
    assert (settings.video.in_s, settings.video.mirrored, settings.body.actor) == (2.5, True, "Ада")


REFUSALS = [
    ({"vidoe": {}}, 'There is no setting called "vidoe".', "Did you mean video?"),
    ({"body": {"hieght_m": 1.8}}, 'There is no setting called "hieght_m" in body.', "Did you mean height_m?"),
    ({"video": {"zoom": 1}}, 'There is no setting called "zoom" in video.',
     "Known are in_s, out_s, first_frame, last_frame, recorded_fps, mirrored, turn_deg."),
    ({"body": {"height_m": "tall"}}, 'The setting body.height_m must be a number, not "tall".',
     "Correct it, or leave it out."),
    ({"body": {"height_m": 180}}, "A body height of 180 m is not a person's.",
     "Give it in metres, such as 1.75, or leave it empty."),
    ({"video": {"recorded_fps": 0}}, "Nothing is recorded at 0 frames a second.", "Enter a rate from 1 to 100000."),
    ({"camera": {"focal_mm": 0.5}}, "A focal length of 0.5 mm is not that of a camera.",
     "Give the 35 mm equivalent, 24 to 30 for the main camera of a phone."),
    ({"camera": {"fov_deg": 200}}, "A field of view of 200 degrees is not that of a plain camera.",
     "Give the angle along the long side of the picture, 55 to 75 for most phones."),
    ({"camera": {"focal_mm": 26, "fov_deg": 69}}, "Both a focal length and a field of view are given.",
     "Give one of the two."),
    ({"preview": {"opacity": 0}}, "Bodies cannot be drawn with an opacity of 0.", "Choose more than 0 and at most 1."),
    ({"detect": {"most_people": 0}}, "The setting detect.most_people must lie between 1 and 50, not at 0.",
     "Correct it, or leave it out."),
    ({"video": {"turn_deg": 45}}, 'The setting video.turn_deg must be one of 0, 90, 180, 270, not "45".',
     "Correct it, or leave it out."),
    ({"device": "toaster"}, 'The setting device must be one of auto, cuda, cpu, not "toaster".',
     "Correct it, or leave it out."),
    ({"video": 3}, 'The setting video must be a group of settings, not "3".', "Correct it, or leave it out."),
    ({"video": {"mirrored": 1}}, 'The setting video.mirrored must be true or false, not "1".',
     "Correct it, or leave it out."),
    ({"video": {"in_s": None}}, 'The setting video.in_s must be a number, not "None".', "Correct it, or leave it out."),
]  # fmt: skip


@pytest.mark.parametrize("value, sentence, mend", REFUSALS)
def test_what_is_wrong_is_said_with_the_users_own_words(value: dict, sentence: str, mend: str) -> None:
    with pytest.raises(Refusal) as refused:
        settings_from(value)
    assert (refused.value.sentence, refused.value.mend) == (sentence, mend)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
names = [option.path for option in all_options()]


@given(name=st.sampled_from(names), value=json_values)
def test_any_value_is_taken_or_refused_and_nothing_else_happens(name: str, value: object) -> None:
    for part in reversed(name.split(".")):
        value = {part: value}
    try:
        settings_from(value)
    except Refusal as refusal:
        assert refusal.sentence.endswith(".") and "\n" not in refusal.sentence


def test_every_setting_is_an_option_of_its_own_with_words_beside_it() -> None:
    flags = [option.flag for option in all_options()]
    assert len(set(flags)) == len(flags) > 10
    assert not [option.path for option in all_options() if not option.note]


def test_limits_and_choices_are_of_settings_that_exist() -> None:
    assert set(LIMITS) | set(CHOICES) <= set(names)


def test_options_reach_the_settings_that_they_name() -> None:
    chosen = parsed("--in-s", "2.5", "--mirrored", "--height-m", "1.9", "--device", "cpu", "--no-hands")
    assert chosen == {"video": {"in_s": 2.5, "mirrored": True}, "body": {"height_m": 1.9}, "device": "cpu",
                      "detect": {"hands": False}}  # fmt: skip


def test_every_stage_has_its_settings() -> None:
    stages = [each.name for each in fields(Settings)]
    assert stages == ["video", "detect", "track", "camera", "body", "lift", "multiview", "hypotheses", "world",
                      "preview", "device"]  # fmt: skip
