import numpy as np

from motion.contacts.supports import support_heights, without_raised_ends
from tests.motion.contacts.takes import FIGURE, standing

HEEL, BALL, TOE = (FIGURE.point(f"left_{part}") for part in ("heel", "ball", "toe"))
SEATS = FIGURE.point("seat_left"), FIGURE.point("seat_right")


def points_at(frames, **places):
    """[T, P, 3] with some points at places [3] all the time."""
    points = np.zeros((frames, len(FIGURE.point_names), 3))
    for name, place in places.items():
        points[:, FIGURE.point(name)] = place
    return points


def held_of(frames, **spans):
    held = np.zeros((frames, len(FIGURE.point_names)), dtype=bool)
    for name, (start, end) in spans.items():
        held[start:end, FIGURE.point(name)] = True
    return held


def heights(points, held):
    return support_heights(points, held, FIGURE.point_names)


def test_a_little_above_or_below_the_floor_is_the_floor():
    points = points_at(20, left_heel=[0.0, 0.0, 0.07], right_heel=[0.0, 0.3, -0.09])
    held = held_of(20, left_heel=(0, 20), right_heel=(5, 15))
    assert not heights(points, held).any()


def test_a_foot_rests_on_one_level_and_only_while_it_is_held():
    points = points_at(20, left_heel=[0.0, 0.0, 0.40], left_ball=[0.13, 0.0, 0.44])
    level = heights(points, held_of(20, left_heel=(2, 12), left_ball=(4, 18)))
    assert np.ptp(level[2:12, HEEL]) == 0.0 and np.isclose(level[5, HEEL], level[15, BALL])
    assert 0.39 < level[5, HEEL] < 0.45 and not level[:2].any() and not level[18:].any()


def test_what_rests_beside_each_other_rests_on_the_same_thing():
    points = points_at(30, seat_left=[0.0, 0.1, 0.45], seat_right=[0.0, -0.1, 0.49], left_palm=[3.0, 0.0, 0.47])
    level = heights(points, held_of(30, seat_left=(0, 30), seat_right=(0, 10), left_palm=(0, 30)))
    assert np.isclose(level[0, SEATS[0]], level[0, SEATS[1]]) and np.isclose(level[0, SEATS[0]], 0.46)
    assert np.isclose(level[0, FIGURE.point("left_palm")], 0.47)


def test_one_wild_frame_does_not_lift_a_step():
    points = points_at(30, left_ball=[0.0, 0.0, 0.2])
    points[7, BALL, 2] = 3.0
    assert np.isclose(heights(points, held_of(30, left_ball=(0, 30)))[0, BALL], 0.2)


def test_only_the_lower_end_of_a_steep_sole_is_held():
    take = standing()
    for raised, kept in ((HEEL, [BALL, TOE]), (BALL, [HEEL])):
        points = take.points.copy()
        points[:20, raised, 2] += 0.1
        held = without_raised_ends(np.ones(points.shape[:2], dtype=bool), points, FIGURE)
        # It was held all the time, so that what it mostly does counts.
        assert held[:, raised].all()
        points[:, raised, 2] = points[0, raised, 2]
        held = without_raised_ends(np.ones(points.shape[:2], dtype=bool), points, FIGURE)
        assert not held[:, raised].any() and held[:, kept].all()


def test_flat_soles_are_held_whole():
    points = standing().points
    assert without_raised_ends(np.ones(points.shape[:2], dtype=bool), points, FIGURE).all()
