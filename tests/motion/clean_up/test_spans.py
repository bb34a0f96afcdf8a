import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from motion.clean_up.spans import places_over_time, resting_spans, runs

RATE = 30.0
FLOOR = np.zeros(90)


@settings(deadline=None)
@given(st.lists(st.booleans(), max_size=40))
def test_runs_cover_what_is_held_and_nothing_else(held):
    held = np.array(held, dtype=bool)
    covered = np.zeros_like(held)
    for start, stop in runs(held):
        assert start < stop and not covered[start:stop].any()
        covered[start:stop] = True
    np.testing.assert_array_equal(covered, held)


def test_a_point_rests_where_it_mostly_is_at_the_height_of_what_is_under_it():
    points = np.tile([0.3, -0.2, 0.04], (90, 1))
    points[20:25, 0] += 0.08
    (span,) = resting_spans(np.ones(90, dtype=bool), points, FLOOR + 0.45, RATE)
    np.testing.assert_allclose(span.place, [0.3, -0.2, 0.45], atol=2e-3)
    assert span.frames == slice(0, 90)


def test_a_point_that_goes_elsewhere_rests_twice():
    points = np.zeros((90, 3))
    points[50:, 1] = 0.5
    spans = resting_spans(np.ones(90, dtype=bool), points, FLOOR, RATE)
    assert [round(float(span.place[1]), 6) for span in spans] == [0.0, 0.5]
    assert spans[0].stop <= 50 <= spans[1].start and spans[1].start - spans[0].stop >= 2


def test_a_point_that_walks_on_does_not_rest():
    points = np.linspace(0.0, 3.0, 90)[:, None] * [1.0, 0.3, 0.0]
    assert not resting_spans(np.ones(90, dtype=bool), points, FLOOR, RATE)


def test_places_over_time_are_missing_where_nothing_rests():
    held = np.zeros(90, dtype=bool)
    held[10:30] = True
    places = places_over_time(resting_spans(held, np.ones((90, 3)), FLOOR, RATE), 90)
    np.testing.assert_array_equal(np.isfinite(places).all(axis=1), held)
    np.testing.assert_allclose(places[held], [[1.0, 1.0, 0.0]] * 20)
