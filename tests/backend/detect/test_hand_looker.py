"""Hands are followed, found again, left alone where there are none, and belong to the body's own sides."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from backend.detect.hand_crop import crop_from_hand
from backend.detect.hand_looker import PAUSE, HandLooker, Hands, Seen, no_hands
from backend.detect.networks.engines import open_network
from backend.detect.person_search import PersonSearch
from backend.detect.pose import Pose
from backend.detect.pose_network import PoseNetwork
from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from backend.video.pictures import pictures
from motion.landmarks import LANDMARK
from tests.backend.detect.made_up_hands import MadeUpNetwork, open_hand
from tests.backend.detect.made_up_poses import standing, turned_round
from tests.backend.detect.networks.installed_networks import SAMPLE, installed

BOTH_HANDS = 42     # picture of the sample
BLACK = np.zeros((1000, 1000, 3), np.uint8)
BODY = standing((500, 500), 900)
ONE_HAND = replace(BODY, scores=np.where(np.arange(33) == LANDMARK["left_wrist"], 0.1, BODY.scores))    # the right one


def right_hand(presences: dict[int, float], otherwise: float = 0.9, right: float = 0.9) -> MadeUpNetwork:
    return MadeUpNetwork(lambda call: (presences.get(call, otherwise), right))


def at_wrists(body: Pose) -> Hands:
    """Hands that begin where the body's arms end."""
    hands = no_hands()
    for side, part in enumerate(("left_wrist", "right_wrist")):
        hand_px = open_hand((0, 0), 40, turn_rad=np.pi)
        hands.landmarks_px[side] = hand_px - hand_px[0] + body.landmarks_px[LANDMARK[part]]
    return replace(hands, scores=np.full(2, 0.9))


def test_known_hands_are_looked_at_once_where_the_arms_have_carried_them():
    network = right_hand({}, right=0.5)
    moved = replace(BODY, landmarks_px=BODY.landmarks_px + [40, -25])
    known = at_wrists(BODY)
    hands = HandLooker(network).look(BLACK, moved, Seen(BODY, known))
    assert network.shown == [2]
    before_px, after_px = ([crop_from_hand(hand_px).middle_px for hand_px in each.landmarks_px]
                           for each in (known, hands))  # fmt: skip
    np.testing.assert_allclose(np.array(after_px) - before_px, [[40, -25]] * 2, atol=0.1)
    np.testing.assert_allclose(hands.scores, 0.9)


def test_unsure_guesses_are_looked_at_again_and_sure_ones_not():
    unsure, sure = right_hand({0: 0.3}), right_hand({})
    for network, shown in ((unsure, [1, 1]), (sure, [1])):
        hands = HandLooker(network).look(BLACK, ONE_HAND, None)
        assert network.shown == shown and hands.scores[1] > 0.8
        assert hands.scores[0] == 0 and np.isnan(hands.landmarks_px[0]).all()
        assert np.isnan(hands.landmarks_camera[0]).all() and np.isfinite(hands.landmarks_camera[1]).all()


def test_a_lost_hand_is_looked_for_where_the_body_ends_at_once():
    network = right_hand({0: 0.2})
    hands = HandLooker(network).look(BLACK, ONE_HAND, Seen(BODY, at_wrists(BODY)))
    assert network.shown == [1, 1] and hands.scores[1] > 0.8


def test_a_hand_looked_for_in_vain_is_left_alone_for_a_while():
    network = right_hand({}, otherwise=0.0)
    looker, seen = HandLooker(network), None
    for _ in range(2 * PAUSE):
        seen = Seen(ONE_HAND, looker.look(BLACK, ONE_HAND, seen))
    assert network.shown == [1, 1] and not seen.hands.scores.any()


def test_nothing_is_looked_at_where_hands_are_small_or_hidden():
    network = right_hand({})
    for body in (standing((500, 500), 200), standing((500, 500), 900, score=0.2)):
        hands = HandLooker(network).look(BLACK, body, Seen(BODY, at_wrists(BODY)))
        assert not hands.scores.any() and np.isnan(hands.landmarks_px).all()
    assert network.shown == []


def test_a_plain_left_hand_is_no_right_hand():
    assert HandLooker(right_hand({}, right=0.4)).look(BLACK, ONE_HAND, None).scores[1] > 0
    assert not HandLooker(right_hand({}, right=0.1)).look(BLACK, ONE_HAND, None).scores.any()


@pytest.mark.parametrize(("across", "kept"), ((-0.06, True), (0.06, False)))
def test_what_looks_like_a_left_hand_is_the_right_one_if_the_body_shows_the_same_face(across, kept):
    places = BODY.landmarks_px.copy()
    places[LANDMARK["right_pinky"]] += [900 * across, 0]
    body = replace(ONE_HAND, landmarks_px=places)
    hands = HandLooker(right_hand({}, right=0.1)).look(BLACK, body, None)
    assert (hands.scores[1] > 0) == kept


def test_a_hand_that_does_not_begin_at_the_bodys_wrist_is_another_hand():
    known = at_wrists(BODY)
    known.landmarks_px[1] += 150.0
    network = MadeUpNetwork(lambda call: (0.9 if call == 0 else 0.0, 0.9))
    assert not HandLooker(network).look(BLACK, ONE_HAND, Seen(BODY, known)).scores.any()


def test_one_hand_is_not_given_to_both_arms():
    known = at_wrists(BODY)
    right_wrist_px = BODY.landmarks_px[LANDMARK["right_wrist"]]
    places = BODY.landmarks_px.copy()
    places[[LANDMARK[f"left_{part}"] for part in ("wrist", "pinky", "index")]] += (
        right_wrist_px + 20 - places[LANDMARK["left_wrist"]])
    folded = replace(BODY, landmarks_px=places)
    known.landmarks_px[0] = known.landmarks_px[1] + 3.0
    hands = HandLooker(right_hand({}, right=0.5)).look(BLACK, folded, Seen(folded, known))
    assert hands.scores[0] == 0 and hands.scores[1] > 0


@pytest.fixture(scope="module")
def looker() -> HandLooker:
    return HandLooker(open_network(installed("hand_landmarker", "hand_landmarks_detector"), "litert"))


@pytest.fixture(scope="module")
def dancer() -> tuple[np.ndarray, Pose]:
    """A picture of the sample in which both hands can be seen."""
    landmarks = open_network(installed("pose_landmarker_lite", "pose_landmarks_detector"), "litert")
    search = PersonSearch(open_network(installed("pose_landmarker_lite", "pose_detector"), "litert"))
    picture = next(islice(pictures(open_clip(SAMPLE, VideoSettings())), BOTH_HANDS, None))
    (answer,) = PoseNetwork(landmarks, lambda: landmarks).look([(picture.rgb, search.look(picture.rgb)[0].crop)])
    return picture.rgb, answer.pose


def apart_palms(some: Hands, others_px: np.ndarray) -> float:
    """Mean distance of both hands' landmarks, in lengths of a palm."""
    palms_px = np.linalg.norm(some.landmarks_px[:, 9] - some.landmarks_px[:, 0], axis=-1)
    return float((np.linalg.norm(some.landmarks_px - others_px, axis=-1) / palms_px[:, None]).mean())


def test_both_hands_begin_where_the_arms_end_and_are_of_a_hands_size(looker, dancer):
    hands = looker.look(*dancer, None)
    wrists_px = dancer[1].landmarks_px[[LANDMARK["left_wrist"], LANDMARK["right_wrist"]]]
    assert np.all(hands.scores > 0.5)
    assert np.all(np.linalg.norm(hands.landmarks_px[:, 0] - wrists_px, axis=-1) < 20)
    palms_m = np.linalg.norm(hands.landmarks_camera[:, 9] - hands.landmarks_camera[:, 0], axis=-1)
    assert np.all((palms_m > 0.05) & (palms_m < 0.13))


def test_a_turned_picture_has_turned_hands(looker, dancer):
    rgb, body = dancer
    hands = looker.look(rgb, body, None)
    quarter, corner_px = np.array([[0.0, -1.0], [1.0, 0.0]]), [rgb.shape[0] - 1, 0]
    turned = looker.look(np.ascontiguousarray(np.rot90(rgb, -1)),
                         replace(body, landmarks_px=body.landmarks_px @ quarter.T + corner_px), None)  # fmt: skip
    assert apart_palms(turned, hands.landmarks_px @ quarter.T + corner_px) < 0.05
    directions = hands.landmarks_camera.copy()
    directions[..., :2] = directions[..., :2] @ quarter.T
    np.testing.assert_allclose(turned.landmarks_camera, directions, atol=0.005)


def test_a_mirrored_picture_has_mirrored_hands_on_the_other_sides(looker, dancer):
    rgb, body = dancer
    hands = looker.look(rgb, body, None)
    mirror, corner_px = np.array([-1, 1]), [rgb.shape[1] - 1, 0]
    other_body = turned_round(replace(body, landmarks_px=body.landmarks_px * mirror + corner_px))
    other = looker.look(np.ascontiguousarray(rgb[:, ::-1]), other_body, None)
    assert apart_palms(hands, other.landmarks_px[::-1] * mirror + corner_px) < 0.25


def test_on_a_still_picture_it_does_not_matter_from_where_hands_are_followed(looker, dancer):
    alone = looker.look(*dancer, None)
    for step_px in (0.0, -2.0, 2.0):
        before = replace(alone, landmarks_px=alone.landmarks_px + step_px)
        assert apart_palms(alone, looker.look(*dancer, Seen(dancer[1], before)).landmarks_px) < 0.1
