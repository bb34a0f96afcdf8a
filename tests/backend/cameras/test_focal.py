from pathlib import Path
from types import SimpleNamespace

import pytest

from backend.cameras.focal import CameraSettings, focal_px, guess_in_words, intrinsics
from motion.refusal import Refusal


def clip(width=1080, height=1920, focal=None):
    return SimpleNamespace(path=Path("walk.mp4"), width_px=width, height_px=height, focal_px=focal)


def test_what_the_user_says_counts_before_the_file_and_the_file_before_the_guess():
    assert focal_px(clip(focal=1700.0), CameraSettings(focal_mm=27.0)) == (pytest.approx(1440.0), "user")
    assert focal_px(clip(focal=1700.0), CameraSettings()) == (1700.0, "file")
    assert focal_px(clip(), CameraSettings())[1] == "guess"


def test_a_right_angle_of_view_has_half_the_long_side_as_focal_length():
    assert focal_px(clip(), CameraSettings(fov_deg=90.0))[0] == pytest.approx(960.0)


def test_the_guess_does_not_depend_on_how_the_phone_was_held():
    assert focal_px(clip(1080, 1920), CameraSettings()) == focal_px(clip(1920, 1080), CameraSettings())


def test_the_principal_point_is_the_middle():
    assert intrinsics(clip(), CameraSettings())[:2, 2].tolist() == [540.0, 960.0]


@pytest.mark.parametrize("settings, sentence", [
    ({"focal_mm": 0.5}, "A focal length of 0.5 mm is not that of a camera."),
    ({"fov_deg": 200.0}, "A field of view of 200 degrees is not that of a plain camera."),
])  # fmt: skip
def test_impossible_lenses_are_refused(settings, sentence):
    with pytest.raises(Refusal) as refused:
        CameraSettings(**settings)
    assert refused.value.sentence == sentence


def test_a_guess_is_told_in_one_sentence_and_nothing_else_is():
    told = guess_in_words(clip(), CameraSettings())
    assert told == ("walk.mp4 does not say its lens, so a usual one is taken (31 mm, 61 degrees); "
                    "give the focal length or the field of view if you know it.")  # fmt: skip
    assert guess_in_words(clip(focal=1700.0), CameraSettings()) == ""
    assert guess_in_words(clip(), CameraSettings(fov_deg=60.0)) == ""
