import numpy as np
import pytest

from backend.multiview.scale.rate_doubt import rate_doubt
from tests.backend.multiview.scale.jumper import UP, jumps

SURE = 0.015


@pytest.mark.parametrize("slower, sentence", [
    (4.0, "The person falls as if the clip were played 4 times too slowly; "
          "if it is slow motion, give its recorded frame rate."),
    (0.5, "The person falls as if the clip were played 2 times too fast; "
          "if it is sped up, give its recorded frame rate."),
    (1.0, None),
    (1.1, None),
])  # fmt: skip
def test_falling_tells_how_fast_time_runs(slower, sentence):
    landmarks, times_s = jumps((0.5, 0.45), rate_hz=120.0)
    assert rate_doubt(landmarks, slower * times_s, UP, 1.0, SURE) == sentence


def test_the_unit_counts():
    landmarks, times_s = jumps((0.5, 0.45))
    assert rate_doubt(landmarks / 0.25, times_s, UP, 0.25, SURE) is None
    assert rate_doubt(landmarks / 0.25, 2.0 * times_s, UP, 0.25, SURE) is not None


def test_a_size_that_is_hardly_known_raises_no_doubt():
    landmarks, times_s = jumps((0.5, 0.45))
    assert rate_doubt(landmarks, 1.3 * times_s, UP, 1.0, SURE) is not None
    assert rate_doubt(landmarks, 1.3 * times_s, UP, 1.0, 0.3) is None


def test_one_flight_alone_and_nobody_raise_no_doubt():
    landmarks, times_s = jumps((0.5,))
    assert rate_doubt(landmarks, 4.0 * times_s, UP, 1.0, SURE) is None
    assert rate_doubt(np.full_like(landmarks, np.nan), times_s, UP, 1.0, SURE) is None
