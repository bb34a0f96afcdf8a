"""The hands of a person whose body is known, picture by picture, in either direction of time."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from backend.detect.crop import Crop, Rgb
from backend.detect.hand_crop import (
    INDEX_KNUCKLE,
    MIDDLE_KNUCKLE,
    PINKY_KNUCKLE,
    SIDES,
    WRIST,
    body_step_px,
    crop_from_body,
    crop_from_hand,
)
from backend.detect.hand_network import HandAnswer, HandNetwork
from backend.detect.networks.network import Network
from backend.detect.pose import Pose
from motion.arrays import Array
from motion.landmarks import HAND_LANDMARK_COUNT, LANDMARK

LEAST_PRESENCE = 0.5        # as in MediaPipe's own following
GUESS_PRESENCE = 0.1        # in the body's crop, which seldom shows the hand as upright and large as its own does
SURE_PRESENCE = 0.8         # in the body's crop: no second look is needed
FARTHEST_WRIST = 0.4        # of a crop's side: the hand's wrist lies this near to the body's, or it is another hand
LEAST_OF_SIDE = 0.25        # in hands below, palm and back are mostly exchanged: on 12 clips 3 % are left, of 10 %,
LEAST_FACE = 0.15           # unless the body shows the same face, as wide as this in squares of the palm's length
SAME_HAND = 0.12            # of a crop's side: mean distance of landmarks below which two hands are one
PAUSE = 3                   # pictures from one search for a hand to the next, while it cannot be found


@dataclass(frozen=True, eq=False)
class Hands:
    """Left and right hand of one person in one picture; NaN and score 0 where not found."""

    landmarks_px: Array       # [2, 21, 2]
    landmarks_camera: Array   # [2, 21, 3] m about the hand's middle, axes of the camera
    scores: Array             # [2] probability that there is a hand
    pauses: tuple[int, int] = (0, 0)    # pictures for which a hand that was looked for in vain is left alone


@dataclass(frozen=True, eq=False)
class Seen:
    """A person in a neighbouring picture."""

    body: Pose
    hands: Hands


def no_hands() -> Hands:
    shape = (2, HAND_LANDMARK_COUNT)
    return Hands(np.full((*shape, 2), np.nan), np.full((*shape, 3), np.nan), np.zeros(2))


class HandLooker:
    """Looks for hands where they were, as far as the arm has moved them since, or else where the body has its hands."""

    def __init__(self, network: Network) -> None:
        self._network = HandNetwork(network)

    def look(self, rgb: Rgb, body: Pose, before: Seen | None) -> Hands:
        """The hands of `body` in `rgb`; `before` is that person in the picture looked at last, either way in time."""
        places = {side: crop for side in range(len(SIDES)) if (crop := crop_from_body(body, side))}
        answers = self._seen(rgb, body, _expected(places, body, before), LEAST_PRESENCE)
        pauses = before.hands.pauses if before else (0, 0)
        due = {side: crop for side, crop in places.items() if side not in answers and not pauses[side]}
        answers |= self._searched(rgb, body, due)
        left, right = (PAUSE - 1 if side in due.keys() - answers.keys() else max(pauses[side] - 1, 0)
                       for side in range(len(SIDES)))  # fmt: skip
        return _hands(_each_its_own(answers, body), (left, right))

    def _searched(self, rgb: Rgb, body: Pose, crops: dict[int, Crop]) -> dict[int, HandAnswer]:
        """What the body's crops show; a hand that is guessed in one is looked at again in a crop of its own."""
        guesses = self._seen(rgb, body, crops, GUESS_PRESENCE)
        sure = {side: guess for side, guess in guesses.items() if guess.presence >= SURE_PRESENCE}
        own_crops = {side: crop_from_hand(guesses[side].landmarks_px) for side in guesses.keys() - sure.keys()}
        return sure | self._seen(rgb, body, own_crops, LEAST_PRESENCE)

    def _seen(self, rgb: Rgb, body: Pose, crops: dict[int, Crop], least_presence: float) -> dict[int, HandAnswer]:
        """What the crops show, by side, where it is the body's hand."""
        answers = zip(crops.items(), self._network.look(rgb, list(crops.values())), strict=True)
        return {side: answer for (side, crop), answer in answers
                if answer.presence >= least_presence and _is_own(answer, crop, body, side)}  # fmt: skip


def _expected(places: dict[int, Crop], body: Pose, before: Seen | None) -> dict[int, Crop]:
    """The crops of hands that were seen before, by side, moved along with the arm.

    They miss the hand by 0.06 palms in the median and by less than 0.15 in 90 %; left in their places, 0.16 and 0.61.
    """
    crops = {}
    for side in places:
        if before and before.hands.scores[side] > 0:
            step_px = body_step_px(before.body, body, side)
            crops[side] = crop_from_hand(before.hands.landmarks_px[side] + step_px)
    return crops


def _is_own(answer: HandAnswer, crop: Crop, body: Pose, side: int) -> bool:
    """Whether the hand begins at the body's wrist and is not plainly a hand of the other side."""
    near = _wrist_gap_px(answer, body, side) < FARTHEST_WRIST * crop.side_px
    return near and (_of_side(answer, side) >= LEAST_OF_SIDE or _shows_the_bodys_face(answer.landmarks_px, body, side))


def _shows_the_bodys_face(hand_px: Array, body: Pose, side: int) -> bool:
    """Whether hand and body agree, and see it well, that it is the palm or that it is the back which can be seen."""
    parts = [LANDMARK[f"{SIDES[side]}_{part}"] for part in ("wrist", "index", "pinky")]
    square_px = np.sum((hand_px[MIDDLE_KNUCKLE] - hand_px[WRIST]) ** 2)
    corners_px = np.array([hand_px[[WRIST, INDEX_KNUCKLE, PINKY_KNUCKLE]], body.landmarks_px[parts]])
    to_index, to_pinky = (corners_px[:, n] - corners_px[:, 0] for n in (1, 2))
    hands, bodys = (to_index[:, 0] * to_pinky[:, 1] - to_index[:, 1] * to_pinky[:, 0]) / square_px
    return bool(hands * bodys > 0 and min(abs(hands), abs(bodys)) >= LEAST_FACE)


def _of_side(answer: HandAnswer, side: int) -> float:
    """Probability that the hand is a left or a right one."""
    return answer.right if SIDES[side] == "right" else 1 - answer.right


def _wrist_gap_px(answer: HandAnswer, body: Pose, side: int) -> float:
    return float(np.linalg.norm(answer.landmarks_px[WRIST] - body.landmarks_px[LANDMARK[f"{SIDES[side]}_wrist"]]))


def _each_its_own(answers: dict[int, HandAnswer], body: Pose) -> dict[int, HandAnswer]:
    """Without the one of two answers about one hand whose wrist is further away from the body's."""
    if len(answers) < len(SIDES):
        return answers
    left, right = answers[0], answers[1]
    apart_px = np.linalg.norm(left.landmarks_px - right.landmarks_px, axis=-1).mean()
    side_px = min(crop_from_hand(answer.landmarks_px).side_px for answer in (left, right))
    if apart_px > SAME_HAND * side_px:
        return answers
    owner = min(answers, key=lambda side: _wrist_gap_px(answers[side], body, side))
    return {owner: answers[owner]}


def _hands(answers: dict[int, HandAnswer], pauses: tuple[int, int]) -> Hands:
    hands = replace(no_hands(), pauses=pauses)
    for side, answer in answers.items():
        hands.landmarks_px[side] = answer.landmarks_px
        hands.landmarks_camera[side] = answer.landmarks_camera
        hands.scores[side] = answer.presence
    return hands
