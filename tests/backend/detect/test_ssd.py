"""Anchors, boxes and the merging of overlapping ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.detect.ssd import LARGEST_LOGIT, Sighting, anchors_px, decoded, merged, overlap

NOBODY = -50.0


def answers(*people: tuple[int, list[float], float]) -> tuple[np.ndarray, np.ndarray]:
    """The network's answers where at each named anchor there are these 12 numbers and this logit."""
    numbers, logits = np.zeros((2254, 12), np.float32), np.full((2254, 1), NOBODY, np.float32)
    for anchor, values, logit in people:
        numbers[anchor], logits[anchor] = values, logit
    return numbers, logits


def sighting(left: float, top: float, side: float, score: float) -> Sighting:
    points_px = np.array([[left, top], [left + side, top], [left, top + side], [left + side / 2, top]])
    return Sighting(np.array([left, top, left + side, top + side]), points_px, score)


def test_there_are_as_many_anchors_as_answers_and_each_grid_is_finer_at_the_front():
    anchors = anchors_px()
    assert anchors.shape == (2254, 2)       # 28 * 28 * 2 + 14 * 14 * 2 + 7 * 7 * 6
    for start, stop, stride, copies in ((0, 1568, 8, 2), (1568, 1960, 16, 2), (1960, 2254, 32, 6)):
        level = anchors[start:stop]
        np.testing.assert_array_equal(level[0], [stride / 2, stride / 2])
        np.testing.assert_array_equal(level[copies], [1.5 * stride, stride / 2])       # rows of the picture first
        np.testing.assert_array_equal(level[-1], [224 - stride / 2, 224 - stride / 2])
        assert len(np.unique(level, axis=0)) * copies == len(level)


def test_an_answer_is_a_box_and_four_points_about_its_anchor():
    values = [3.0, -5.0, 20.0, 30.0, 1.0, 40.0, -7.0, -60.0, 2.0, 9.0, -11.0, 13.0]
    anchor = 1568 + 2 * (14 * 5 + 9) + 1    # second of two at column 9 of row 5: (152, 88)
    (found,) = decoded(*answers((anchor, values, 2.0)), least_score=0.5)
    np.testing.assert_allclose(found.box_px, [145, 68, 165, 98])
    np.testing.assert_allclose(found.points_px, [[153, 128], [145, 28], [154, 97], [141, 101]])
    assert found.score == pytest.approx(0.8807970779778823)     # 1 / (1 + e^-2)


def test_only_sure_answers_count_and_the_surest_comes_first():
    made = answers((7, [0.0] * 12, 0.1), (1500, [0.0] * 12, 3.0), (2100, [0.0] * 12, -0.1))
    assert [round(found.score, 3) for found in decoded(*made, least_score=0.5)] == [0.953, 0.525]
    assert decoded(*answers(), least_score=0.5) == []


def test_endless_logits_are_scores_too():
    with np.errstate(over="raise"):
        (found,) = decoded(*answers((7, [0.0] * 12, 1e30)), least_score=0.5)
        assert decoded(*answers((7, [0.0] * 12, -1e30)), least_score=np.exp(-2 * LARGEST_LOGIT)) != []
    assert found.score == 1.0


def test_who_is_alone_stays_as_seen():
    alone = sighting(10, 20, 30, 0.7)
    (person,) = merged([alone])
    np.testing.assert_allclose(person.box_px, alone.box_px)
    np.testing.assert_allclose(person.points_px, alone.points_px)
    assert person.score == 0.7


def test_one_person_is_the_mean_by_score_of_what_overlaps_the_surest():
    (person,) = merged([sighting(10, 10, 30, 0.6), sighting(14, 10, 30, 0.9)])
    assert person.box_px[0] == pytest.approx((0.6 * 10 + 0.9 * 14) / 1.5)
    assert person.points_px[1, 0] == pytest.approx((0.6 * 40 + 0.9 * 44) / 1.5)
    assert person.score == 0.9


def test_a_chain_of_boxes_is_not_one_person():
    chain = [sighting(10 * step, 0, 25, 0.9 - 0.1 * step) for step in range(4)]     # neighbours overlap by 0.43
    assert [person.score for person in merged(chain)] == pytest.approx([0.9, 0.7])


def test_a_box_without_area_is_a_person_of_its_own():
    assert [person.score for person in merged([sighting(5, 5, 0, 0.8), sighting(5, 5, 0, 0.6)])] == [0.8, 0.6]


BOXES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(1, 40)), min_size=1, max_size=8)


@given(boxes=BOXES, order=st.randoms(use_true_random=False))
def test_the_order_of_sightings_does_not_matter(boxes, order):
    seen = [sighting(*box, score=0.5 + 0.05 * rank) for rank, box in enumerate(boxes)]
    shuffled = order.sample(seen, len(seen))
    for one, other in zip(merged(seen), merged(shuffled), strict=True):
        np.testing.assert_allclose(one.box_px, other.box_px)
        np.testing.assert_allclose(one.points_px, other.points_px)


def test_overlap_is_the_shared_part_of_both():
    boxes = np.array([[0, 0, 4, 3], [2, 0, 6, 3], [4, 0, 8, 3], [1, 1, 2, 2]], float)
    np.testing.assert_allclose(overlap(boxes[0], boxes), [1, 1 / 3, 0, 1 / 12])
