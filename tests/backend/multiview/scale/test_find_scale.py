import numpy as np
import pytest

from backend.multiview.scale.bone_lengths import SEGMENTS
from backend.multiview.scale.find_scale import find_scale, up_of_body
from motion.body import read_open_body
from tests.backend.multiview.scale.jumper import BODY, UP, jumps

MODEL = read_open_body().light()
UNIT_M = 1.15


def test_the_height_given_tells_the_size():
    landmarks, times_s = jumps((0.5,))
    scale = find_scale(landmarks / UNIT_M, times_s, MODEL, UP, BODY.height)
    assert scale.metres_per_unit == pytest.approx(UNIT_M, rel=0.03)
    assert scale.height_m == pytest.approx(BODY.height, rel=0.01)
    assert scale.sigma_log < 0.03
    assert scale.words == f"The size rests on the body height given, to {100 * scale.sigma_log:.0f} %."


def test_without_it_proportions_do_and_jumps_make_them_surer():
    still, times_s = jumps(())
    shape = find_scale(still / UNIT_M, times_s, MODEL, UP)
    assert shape.rests_on == ("the body's proportions",)
    assert 0.03 < shape.sigma_log < 0.065
    landmarks, times_s = jumps((0.5, 0.6))
    both = find_scale(landmarks / UNIT_M, times_s, MODEL, UP)
    assert both.rests_on == ("the body's proportions", "2 jumps")
    assert both.sigma_log < 0.8 * shape.sigma_log
    assert abs(np.log(both.metres_per_unit / UNIT_M)) <= abs(np.log(shape.metres_per_unit / UNIT_M)) + 1e-3
    assert both.words == f"The size rests on the body's proportions and 2 jumps, to {100 * both.sigma_log:.0f} %."


def test_up_is_told_by_the_body_if_nobody_else_does(rng):
    landmarks, times_s = jumps((0.5,))
    np.testing.assert_allclose(up_of_body(landmarks), UP, atol=0.1)
    assert "a jump" in find_scale(landmarks, times_s, MODEL).rests_on


def test_flights_in_slow_motion_tell_no_size():
    landmarks, times_s = jumps((0.5, 0.6), rate_hz=120.0)
    for slower in (1.35, 4.0):
        assert find_scale(landmarks, slower * times_s, MODEL, UP).rests_on == ("the body's proportions",)


def test_nobody_tells_nothing():
    landmarks, times_s = jumps(())
    scale = find_scale(np.full_like(landmarks, np.nan), times_s, MODEL)
    assert (scale.metres_per_unit, scale.rests_on) == (1.0, ())
    assert scale.words == "Nothing tells the size; it is that of an average body, to 20 %."


def test_a_unit_that_is_larger_gives_a_person_that_is_smaller():
    landmarks, times_s = jumps((0.5,))
    one, other = (find_scale(landmarks / unit_m, times_s, MODEL, UP) for unit_m in (1.0, 1.2))
    assert other.metres_per_unit == pytest.approx(1.2 * one.metres_per_unit, rel=1e-3)
    assert other.height_m == pytest.approx(one.height_m, rel=1e-3)
    assert len(SEGMENTS) > 7


def test_who_looks_tall_makes_the_size_larger_unless_the_height_is_given():
    landmarks, times_s = jumps(())
    tall, short = (find_scale(landmarks, times_s, MODEL, seen_heights_m=[seen_m] * 2) for seen_m in (1.85, 1.55))
    assert 1.04 < tall.metres_per_unit / short.metres_per_unit < 1.2
    tall, short = (find_scale(landmarks, times_s, MODEL, height_m=1.7, seen_heights_m=[seen_m])
                   for seen_m in (1.85, 1.55))  # fmt: skip
    assert tall == short
