import numpy as np
import pytest

from motion.contacts.believe import STILL_POINTS, contact_probabilities, log_odds_of
from tests.motion.contacts.takes import FEET, FIGURE, SIDES, jumping, sitting, standing, walking

LEFT_RIGHT = [FIGURE.point(name.replace("left", "*").replace("right", "left").replace("*", "right"))
              for name in FIGURE.point_names]  # fmt: skip
SOLES = [FIGURE.point(name) for name in FEET]


def believed(take, still=None, certainty=None):
    return contact_probabilities(take.points, FIGURE, take.rate, still, certainty)


def of(probability, name):
    return probability[:, FIGURE.point(name)]


def well_inside(rests, rate, margin_s=0.1):
    """Frames whose whole neighbourhood is of their own kind."""
    reach = int(np.ceil(margin_s * rate))
    padded = np.pad(rests, reach, mode="edge")
    near = np.stack([padded[k : k + len(rests)] for k in range(2 * reach + 1)])
    return near.all(axis=0), (~near).all(axis=0)


@pytest.mark.parametrize("rate", [24.0, 30.0, 120.0])
def test_feet_that_walk_rest_when_they_do(rate):
    take = walking(rate)
    for side, _ in SIDES:
        resting, swinging = well_inside(take.rests[side], rate)
        for part in ("heel", "ball", "toe"):
            probability = of(believed(take), f"{side}_{part}")
            assert probability[resting].min() > 0.9 and probability[swinging].max() < 0.2


def test_what_a_network_says_is_believed_and_toes_rest_with_the_ball():
    take = standing()
    say = np.full((len(take.R), 6), 0.97)
    say[:, STILL_POINTS.index("left_ball")] = 0.01
    unseen = np.zeros((len(take.R), len(FIGURE.point_names)))
    probability = believed(take, say, unseen)
    assert of(probability, "left_heel").min() > 0.8 > 0.2 > of(probability, "left_ball").max()
    np.testing.assert_allclose(of(probability, "left_toe"), of(probability, "left_ball"))


def test_speeds_of_what_nobody_saw_say_nothing():
    take = walking()
    say = np.full((len(take.R), 6), 0.8)
    unseen = believed(take, say, np.zeros((len(take.R), len(FIGURE.point_names))))[:, SOLES]
    np.testing.assert_allclose(unseen, unseen[0, 0])
    assert np.ptp(believed(take, say)[:, SOLES]) > 0.5


def test_nobody_rests_on_knees_elbows_or_seat_when_standing():
    probability = believed(standing())
    for name in ("left_knee", "right_knee", "left_elbow", "back", "seat_left", "seat_right"):
        assert of(probability, name).max() < 0.05


def test_who_sits_rests_on_the_seat():
    probability = believed(sitting())
    assert min(of(probability, name).min() for name in ("seat_left", "seat_right", "left_heel")) > 0.9


@pytest.mark.parametrize("rate", [24.0, 30.0, 60.0])
@pytest.mark.parametrize("flight_s", [0.3, 0.5])
def test_nothing_rests_at_the_top_of_a_jump_though_it_is_still_there(rate, flight_s):
    take = jumping(rate, flight_s)
    _, flying = well_inside(take.rests["left"], rate)
    assert believed(take)[flying][:, SOLES].max() < 0.5


def test_mirrored_people_rest_mirrored():
    take = walking()
    mirrored = take.points[:, LEFT_RIGHT] * [1.0, -1.0, 1.0]
    np.testing.assert_allclose(contact_probabilities(mirrored, FIGURE, take.rate)[:, LEFT_RIGHT], believed(take),
                               atol=1e-9)  # fmt: skip


def test_backwards_people_rest_at_the_same_moments():
    take = jumping()
    np.testing.assert_allclose(believed(take.backwards())[::-1], believed(take), atol=1e-9)


def test_where_people_are_and_whither_they_look_does_not_matter():
    take = walking()
    np.testing.assert_allclose(believed(take.moved(2.1, (30.0, -7.0, 0.0))), believed(take), atol=1e-6)


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_a_few_frames_are_enough(frames):
    probability = contact_probabilities(standing().points[:frames], FIGURE, 30.0)
    assert probability.shape == (frames, len(FIGURE.point_names)) and np.isfinite(probability).all()
    assert probability[:, SOLES].min() > 0.9


def test_log_odds_of_what_is_certain_are_finite():
    assert np.isfinite(log_odds_of(np.array([0.0, 1.0]))).all()
    np.testing.assert_allclose(log_odds_of(np.array([0.25])), -np.log(3.0))
