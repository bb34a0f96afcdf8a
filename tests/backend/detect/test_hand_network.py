"""What the hand network says of a crop becomes places in the picture and directions of the camera."""

from __future__ import annotations

import numpy as np
import pytest

from backend.detect.crop import Crop
from backend.detect.hand_crop import crop_from_hand
from backend.detect.hand_network import HandNetwork
from tests.backend.detect.made_up_hands import OPEN_HAND, MadeUpNetwork, open_hand

BLACK = np.zeros((400, 600, 3), np.uint8)


@pytest.mark.parametrize("turn_rad", (0.0, 0.7, -2.0))
def test_places_and_directions_lose_the_turn_of_the_crop(turn_rad):
    hand_px = open_hand((310, 150), palm_px=40, turn_rad=turn_rad)
    (answer,) = HandNetwork(MadeUpNetwork(lambda call: (0.9, 0.2))).look(BLACK, [crop_from_hand(hand_px)])
    np.testing.assert_allclose(answer.landmarks_px, hand_px, atol=1e-3)
    turned = 0.1 * OPEN_HAND @ Crop((0, 0), 1, turn_rad).axes.T
    np.testing.assert_allclose(answer.landmarks_camera, np.column_stack([turned, np.zeros(21)]), atol=1e-6)
    assert (answer.presence, answer.right) == pytest.approx((0.9, 0.2))


def test_all_crops_are_looked_at_in_one_call_and_none_in_no_call():
    network = MadeUpNetwork(lambda call: (0.9, 0.2))
    hands_px = [open_hand((200, 150)), open_hand((400, 250), turn_rad=1.0)]
    answers = HandNetwork(network).look(BLACK, [crop_from_hand(hand_px) for hand_px in hands_px])
    np.testing.assert_allclose([answer.landmarks_px for answer in answers], hands_px, atol=1e-3)
    assert HandNetwork(network).look(BLACK, []) == [] and network.shown == [2]
