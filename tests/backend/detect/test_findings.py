"""What was seen picture by picture becomes one table; masks are bits, and hands are followed either way in time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.detect.detections import MASK_PX
from backend.detect.findings import Findings
from backend.detect.hand_looker import HandLooker, Hands, Seen
from backend.detect.looks import Look
from backend.detect.pose import Pose
from backend.detect.pose_network import Answer
from backend.video.pictures import Picture
from motion.landmarks import LANDMARK
from tests.backend.detect.made_up_hands import MadeUpNetwork
from tests.backend.detect.made_up_poses import standing
from tests.backend.detect.made_up_scene import crop_about
from tests.backend.detect.other.made_up_keypoints import a_clip

GREY = np.full((1000, 1000, 3), 128, np.uint8)
BODY = standing((500, 500), 900)
COUNT = 10
KNUCKLES = [LANDMARK[f"{side}_{finger}"] for side in ("left", "right") for finger in ("index", "pinky")]


def findings(hand_network: MadeUpNetwork | None = None) -> Findings:
    return Findings(a_clip(COUNT), "made up", hand_network)


def answer(pose: Pose = BODY, mask: np.ndarray | None = None) -> Answer:
    return Answer(pose, 0.9, crop_about(pose), crop_about(pose), mask)


def look(index: int, people: dict[int, Answer], shot: int = 0) -> Look:
    return Look(Picture(index, index / 25, GREY), shot, people)


def test_a_mask_becomes_bits_and_where_there_is_none_they_are_zero():
    is_body = np.zeros((MASK_PX, MASK_PX), bool)
    is_body[10:50, 20:33] = True
    logits = np.where(np.kron(is_body, np.ones((4, 4), bool)), 3.0, -5.0).astype(np.float32)
    found = findings()
    # Unmirrored masks are views that run backwards.
    found.add(look(1, {0: answer(), 1: answer(mask=logits), 2: answer(mask=logits[:, ::-1])}))
    masks = np.unpackbits(found.detections().masks, axis=-1).astype(bool)
    assert not masks[0].any()
    np.testing.assert_array_equal(masks[1], is_body)
    np.testing.assert_array_equal(masks[2], is_body[:, ::-1])
    assert all(begun.answer.mask is None for begun in found.beginnings()), "whole masks would fill the memory"


def test_findings_are_sorted_by_picture_and_each_keeps_what_is_its_own():
    places = {(4, 1): 100, (4, 3): 700, (5, 1): 120, (5, 3): 690, (3, 3): 710, (2, 3): 720}
    found = findings()
    for index in (4, 5):
        found.add(look(index, {who: answer(standing((places[index, who], 500))) for who in (3, 1)}))
    for index in (3, 2):
        found.add_back(look(index, {3: answer(standing((places[index, 3], 500)))}))
    detections = found.detections()
    rows = list(zip(detections.picture.tolist(), detections.tracklet.tolist(), strict=True))
    assert rows == sorted(places)
    for row, landmarks_px, crop in zip(rows, detections.landmarks_px, detections.crops, strict=True):
        expected = standing((places[row], 500))
        np.testing.assert_array_equal(landmarks_px, expected.landmarks_px)
        assert tuple(crop[:2]) == crop_about(expected).middle_px


def test_where_nobody_was_seen_the_table_is_empty():
    found = findings()
    found.add(look(0, {}))
    detections = found.detections()
    assert len(detections.picture) == 0 and len(detections.times_s) == COUNT and not found.beginnings()


def test_pictures_that_could_not_be_decoded_belong_to_the_shot_before_them():
    found = findings()
    for index, shot in ((0, 0), (1, 0), (4, 1), (5, 1), (7, 2)):
        found.add(look(index, {}, shot))
    assert found.detections().shot.tolist() == [0, 0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_only_who_came_in_after_a_shot_had_begun_is_followed_back():
    found = findings()
    found.add(look(0, {0: answer()}))
    found.add(look(1, {0: answer(), 1: answer()}))
    found.add(look(2, {2: answer()}, shot=1))
    found.add(look(3, {2: answer(), 3: answer()}, shot=1))
    assert [(begun.picture, begun.tracklet) for begun in found.beginnings()] == [(1, 1), (3, 3)]


def test_those_known_are_the_bodies_found_on_the_way_forwards():
    found = findings()
    found.add(look(4, {0: answer(), 1: answer()}))
    found.add_back(look(3, {1: answer()}))
    assert {picture: len(poses) for picture, poses in found.known().items()} == {4: 2}


def seen_from(hands: Hands | None, body: Pose) -> Hands:
    """The hands of `body` that a looker finds when it comes from the picture in which BODY had `hands`."""
    return HandLooker(both_hands()).look(GREY, body, Seen(BODY, hands) if hands else None)


def both_hands(lost: tuple[int, ...] = ()) -> MadeUpNetwork:
    return MadeUpNetwork(lambda call: (0.0 if call in lost else 0.9, 0.5))


def test_hands_are_followed_back_from_the_picture_in_which_the_person_was_first_seen():
    network = both_hands(lost=(1, 2))   # in the second picture neither where they were nor where the arms end
    before = replace(BODY, landmarks_px=BODY.landmarks_px + [30, 10])
    before.landmarks_px[KNUCKLES] += [25, 0]    # so that the body alone would have its hands elsewhere
    found = findings(network)
    for index in (5, 6, 7):
        found.add(look(index, {0: answer()}))
    found.turned_back()
    found.add_back(look(4, {0: answer(before)}))
    detections = found.detections()
    first = seen_from(None, BODY)
    np.testing.assert_array_equal(detections.hand_scores[1:] > 0, [[True, True], [False, False], [False, False]])
    np.testing.assert_array_equal(detections.hands_px[1], first.landmarks_px)
    np.testing.assert_allclose(detections.hands_px[0], seen_from(first, before).landmarks_px)
    assert not np.allclose(detections.hands_px[0], seen_from(None, before).landmarks_px)
    assert network.shown == [2, 2, 2, 2], "one look on the way back, where the hands were"


def test_without_a_network_nobody_has_hands():
    found = findings()
    found.add(look(0, {0: answer()}))
    detections = found.detections()
    assert not detections.hand_scores.any() and np.isnan(detections.hands_px).all()
