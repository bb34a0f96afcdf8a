"""The squares that the person detector looks at."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from backend.detect.crop import applied
from backend.detect.tiles import everywhere, tiles, whole

SIDES = st.integers(30, 3000)


def boxes_px(views) -> np.ndarray:
    """Left, top, right, bottom of views that stand upright, [N, 4]."""
    return np.array([[*np.subtract(v.middle_px, v.side_px / 2), *np.add(v.middle_px, v.side_px / 2)] for v in views])


@given(width=SIDES, height=SIDES)
def test_the_first_view_is_the_whole_picture_in_its_middle(width, height):
    view = whole(width, height)
    corners = applied(view.crop_from_picture(224), np.array([[0, 0], [width, height]]))
    assert corners.min() >= -1e-9 and corners.max() <= 224 + 1e-9
    np.testing.assert_allclose(corners.sum(axis=0), [224, 224])
    assert everywhere(width, height)[0] == view


@given(width=SIDES, height=SIDES, share=st.floats(0.2, 1.5), x=st.floats(0, 1), y=st.floats(0, 1))
def test_every_point_of_the_picture_lies_in_a_tile(width, height, share, x, y):
    left, top, right, bottom = boxes_px(tiles(width, height, share * max(width, height))).T
    inside = (left - 1e-6 <= x * width) & (x * width <= right + 1e-6)
    assert (inside & (top - 1e-6 <= y * height) & (y * height <= bottom + 1e-6)).any()


@given(width=SIDES, height=SIDES, share=st.floats(0.2, 1.5))
def test_tiles_reach_beyond_the_picture_only_where_it_is_narrower(width, height, share):
    side = share * max(width, height)
    boxes = boxes_px(tiles(width, height, side))
    for start, length in ((0, width), (1, height)):
        if length >= side:
            assert boxes[:, start].min() >= -1e-6 and boxes[:, start + 2].max() <= length + 1e-6
        else:
            np.testing.assert_allclose(boxes[:, start] + boxes[:, start + 2], length)


@given(width=SIDES, height=SIDES)
def test_looking_everywhere_costs_five_to_nine_looks(width, height):
    assert 5 <= len(everywhere(width, height)) <= 9


@given(width=SIDES, height=SIDES, x=st.floats(0, 224), y=st.floats(0, 224))
def test_a_place_in_a_view_is_one_place_in_the_picture(width, height, x, y):
    for view in everywhere(width, height):
        there = applied(view.picture_from_crop(224), np.array([x, y]))
        np.testing.assert_allclose(applied(view.crop_from_picture(224), there), [x, y], atol=1e-8)
