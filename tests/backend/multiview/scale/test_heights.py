import pytest

from backend.multiview.scale.heights import EVERYBODY, given_height, seen_height


def test_what_somebody_looks_like_is_surer_than_the_average_and_less_than_what_is_said():
    assert given_height(1.83).sigma_log < seen_height([1.83]).sigma_log < EVERYBODY.sigma_log


def test_who_looks_tall_is_taken_for_tall_but_not_quite_as_much():
    assert EVERYBODY.height_m < seen_height([1.9]).height_m < 1.9
    assert 1.5 < seen_height([1.5]).height_m < EVERYBODY.height_m


def test_views_are_averaged_and_without_any_nothing_is_known():
    assert seen_height([1.6, 1.8]).height_m == pytest.approx(seen_height([(1.6 * 1.8) ** 0.5]).height_m)
    assert seen_height([]) == EVERYBODY
