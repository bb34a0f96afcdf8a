"""Clothes are known again; what is not seen is not known."""

from __future__ import annotations

import numpy as np
import pytest

from backend.detect.appearance import COLOUR_COUNT, PARTS, colours, difference
from motion.landmarks import LANDMARK
from tests.backend.track.made_up_people import STANDING

SURE = np.full(33, 0.9)
RED, WHITE, NAVY, GREY = (190, 40, 50), (235, 235, 230), (30, 35, 90), (120, 120, 120)


def dressed(shirt, trousers, middle_px=(320, 240), height_px=400.0, size=(480, 640), stripes=None):
    """A picture of somebody who stands before grey, and the landmarks [33, 2]."""
    landmarks_px = np.array(middle_px) + height_px * STANDING
    rgb = np.full((*size, 3), GREY, np.uint8)
    hips = int(middle_px[1])
    left, right = int(landmarks_px[:, 0].min()) - 5, int(landmarks_px[:, 0].max()) + 5
    rgb[:, max(left, 0):max(right, 0)] = trousers
    rgb[:max(hips, 0), max(left, 0):max(right, 0)] = shirt
    if stripes is not None:
        rgb[:max(hips, 0):8, max(left, 0):right] = rgb[1:max(hips, 0):8, max(left, 0):right] = stripes
        rgb[2:max(hips, 0):8, max(left, 0):right] = rgb[3:max(hips, 0):8, max(left, 0):right] = stripes
    return rgb, landmarks_px


def look(*clothes, scores=SURE, **where):
    rgb, landmarks_px = dressed(*clothes, **where)
    return colours(rgb, landmarks_px, scores)


def part(name):
    return slice(4 * PARTS.index(name), 4 * PARTS.index(name) + 4)


def test_shirt_and_trousers_are_told_apart_in_lab():
    seen = look(RED, WHITE)
    assert seen.shape == (COLOUR_COUNT,)
    np.testing.assert_allclose(seen[part("chest")], [42, 42, 58, 32], atol=3)      # CIELAB of this red
    np.testing.assert_allclose(seen[part("lower legs")], [93, 93, 0, 2], atol=3)


def test_the_same_clothes_elsewhere_nearer_and_in_another_light_are_alike():
    at_first = look(RED, NAVY)
    nearer = look(RED, NAVY, middle_px=(900, 520), height_px=900.0, size=(1080, 1920))
    darker = look(tuple(int(0.8 * c) for c in RED), tuple(int(0.8 * c) for c in NAVY))
    assert difference(at_first, nearer) < 2
    assert difference(at_first, darker) < 12


@pytest.mark.parametrize("others", [(WHITE, NAVY), (RED, WHITE), (NAVY, RED)])
def test_other_clothes_are_different_and_so_are_stripes(others):
    assert difference(look(RED, NAVY), look(*others)) > 15
    assert difference(look(WHITE, NAVY), look(WHITE, NAVY, stripes=RED)) > 15


def test_how_different_does_not_depend_on_who_is_named_first_and_works_on_tables():
    people = np.array([look(RED, NAVY), look(WHITE, NAVY), look(NAVY, NAVY)])
    table = difference(people[:, None], people[None])
    np.testing.assert_allclose(table, table.T)
    np.testing.assert_array_equal(np.diag(table), 0)


def test_what_lies_outside_or_is_unsure_is_not_known():
    cut_off = look(RED, NAVY, middle_px=(320, 470))
    assert np.isnan(cut_off[part("lower legs")]).all() and np.isfinite(cut_off[part("chest")]).all()
    hidden = SURE.copy()
    hidden[[LANDMARK[name] for name in ("left_elbow", "right_elbow", "left_shoulder", "right_shoulder")]] = 0.05
    assert np.isnan(look(RED, NAVY, scores=hidden)[part("upper arms")]).all()
    nobody = look(RED, NAVY, middle_px=(-900, -900))
    assert np.isnan(nobody).all() and np.isnan(difference(nobody, cut_off))


def test_who_is_seen_in_part_is_known_by_that_part():
    assert difference(look(RED, NAVY, middle_px=(320, 470)), look(RED, WHITE)) < 2
    assert difference(look(RED, NAVY, middle_px=(320, 470)), look(WHITE, NAVY)) > 15
