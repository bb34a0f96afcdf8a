"""Who hides whom, and what the picture shows without them."""

from __future__ import annotations

import numpy as np

from backend.detect.hidden import covered_by, hide_each_other, painted_over, seen_alone, unsure_where
from tests.backend.detect.made_up_poses import standing

FRONT, SIZE_PX = standing((200, 200)), (400, 400)


def test_a_body_covers_its_own_landmarks_and_little_more_than_its_box():
    covered = covered_by([FRONT], *SIZE_PX)
    assert (unsure_where(covered, FRONT).scores <= 0.3).all()
    rows, columns = np.nonzero(covered)
    margin_px = 0.1 * np.linalg.norm(np.ptp(FRONT.landmarks_px, axis=0))
    assert (np.array([columns.min(), rows.min()]) > FRONT.box_px[:2] - margin_px).all()
    assert (np.array([columns.max(), rows.max()]) < FRONT.box_px[2:] + margin_px).all()


def test_nobody_covers_nothing_and_beyond_the_picture_nothing_is_covered():
    assert not covered_by([], *SIZE_PX).any()
    assert not covered_by([standing((900, 900))], *SIZE_PX).any()
    assert not covered_by([standing((1e9, -1e9))], *SIZE_PX).any()


def test_painting_over_changes_only_what_is_covered_and_leaves_nothing_of_its_colours():
    covered = covered_by([FRONT], *SIZE_PX)
    rgb = np.where(covered[..., None], [250, 10, 10], [10, 120, 90]).astype(np.uint8)
    painted = painted_over(rgb, covered, 300.0)
    assert (painted[~covered] == rgb[~covered]).all()
    assert np.abs(painted.astype(int) - [10, 120, 90]).max() <= 2


def test_a_picture_that_is_covered_all_over_can_be_painted():
    assert painted_over(np.full((40, 40, 3), 9, np.uint8), np.ones((40, 40), bool), 300.0).shape == (40, 40, 3)


def test_landmarks_beside_the_covered_keep_their_scores():
    covered = covered_by([FRONT], *SIZE_PX)
    beside = standing((-500, 200))
    assert (unsure_where(covered, beside).scores == beside.scores).all()


def test_neighbours_do_not_hide_each_other_and_bodies_on_one_another_do():
    assert hide_each_other(FRONT, standing((220, 200)))
    assert not hide_each_other(FRONT, standing((900, 200)))


def test_alone_a_body_keeps_its_own_limbs_unless_somebody_surer_stands_there():
    own, other = standing((200, 200)), standing((230, 200))
    rgb = np.random.default_rng(3).integers(0, 256, (400, 400, 3), dtype=np.uint8)
    limbs = covered_by([own], *SIZE_PX)
    view, covered = seen_alone(rgb, own, [], [other])
    assert covered.any() and (view[limbs] == rgb[limbs]).all()
    view, covered = seen_alone(rgb, own, [other], [])
    assert (view[limbs & covered] != rgb[limbs & covered]).mean() > 0.9


def test_alone_in_the_picture_nothing_is_painted():
    rgb = np.random.default_rng(4).integers(0, 256, (400, 400, 3), dtype=np.uint8)
    for far in (standing((900, 900)), standing((-4000, 200))):
        view, covered = seen_alone(rgb, far, [], [])
        assert (view == rgb).all() and not covered.any()
