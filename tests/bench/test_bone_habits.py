import numpy as np
import pytest

from backend.multiview.scale.bone_lengths import SEGMENTS
from bench.bone_habits import Told, bone_figures, size_figures


def told(bones, size=0.0):
    return Told(np.full(len(SEGMENTS), bones), size, 0.5 * size, 2.0 * size)


def test_habits_are_told_apart_from_scatter_and_from_what_is_unseen(rng):
    found = [told(each) for each in rng.normal(-0.04, 0.03, 400)] + [told(5.0)] + [told(np.nan)] * 99
    for figures in bone_figures(found).values():
        assert figures["known"] == pytest.approx(401 / 500)
        assert figures["usual_log"] == pytest.approx(-0.04, abs=0.005)
        assert figures["sigma_log"] == pytest.approx(0.03, rel=0.15)


def test_a_bone_that_nobody_sees_has_no_figures():
    figures = bone_figures([told(np.nan)])["thigh"]
    assert figures["known"] == 0.0 and np.isnan(figures["usual_log"])


def test_sizes_too_large_and_too_small_are_errors_alike():
    figures = size_figures([told(0.0, size) for size in (-0.03, 0.01, 0.02)])
    assert figures["proportions"]["median"] == pytest.approx(2.0)
    assert figures["height given"]["median"] == pytest.approx(1.0)
    assert figures["average height"]["median"] == pytest.approx(4.0)
