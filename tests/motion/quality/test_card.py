"""The card tells what is wrong with a motion, and nothing of one that is right."""

import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from motion.body import read_open_body
from motion.motion import Camera, Motion
from motion.quality.card import BOUNDS, card_from, card_of_text, quality_card
from motion.quality.measures import posed

RATE, FRAMES = 30, 90
BODY = read_open_body().shaped(np.zeros(0))
SOLE_M = float(BODY.points[[BODY.model.point_names.index(name) for name in (
    "left_heel_sole", "left_ball_sole", "right_heel_sole", "right_ball_sole")], 1].mean())  # fmt: skip
CONTACTS = ("left_heel", "left_ball", "right_heel", "right_ball")
# Blender's up is the rest pose's y.
R_WORLD_FROM_REST = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])


def standing(rate: int = RATE) -> Motion:
    """Somebody who stands on the floor, three seconds long, seen from in front without error."""
    frames = FRAMES * rate // RATE
    R = np.broadcast_to(np.eye(3), (frames, 55, 3, 3)).copy()
    R[:, 0] = R_WORLD_FROM_REST
    root = np.tile([0.0, 0.0, BODY.skeleton.rest_joints[0, 1] - SOLE_M], (frames, 1))
    motion = Motion(BODY.skeleton, Fraction(rate), R, root, contact_names=CONTACTS, contacts=np.ones((frames, 4)))
    return replace(motion, cameras=(seeing(motion),))


def seeing(motion: Motion) -> Camera:
    """A camera three metres before the motion, whose landmarks are the body's own."""
    frames = motion.frame_count
    R = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
    t = np.array([0.0, 1.0, 3.0])
    K = np.array([[1000.0, 0.0, 500.0], [0.0, 1000.0, 500.0], [0.0, 0.0, 1.0]])
    at = posed(motion, BODY).points_world[:, :33] @ R.T + t
    px = (at @ K.T)[..., :2] / at[..., 2:]
    return Camera(np.tile(K, (frames, 1, 1)), np.tile(R, (frames, 1, 1)), np.tile(t, (frames, 1)), 1000, 1000, px,
                  np.ones((frames, 33)))  # fmt: skip


def card(motion: Motion, height_known: bool = True, lens_known: bool = True):
    return quality_card(motion, BODY, height_known, lens_known)


def test_who_stands_still_and_is_seen_has_nothing_to_be_blamed_for():
    found = card(standing())
    assert found.grade == "good" and found.check == ()
    assert set(found.grades()) == set(BOUNDS)


@pytest.mark.parametrize(
    "line, change",
    [
        ("sliding_mm", lambda m: replace(m, root_world=m.root_world + _ramp(m, 0.3) * [1.0, 0.0, 0.0])),
        ("penetration_mm", lambda m: replace(m, root_world=m.root_world - [0.0, 0.0, 0.05])),
        ("floating_mm", lambda m: replace(m, root_world=m.root_world + [0.0, 0.0, 0.05])),
        ("jitter_m_s3", lambda m: replace(m, root_world=m.root_world + _noise(m, 0.01))),
        ("seen_percent", lambda m: replace(m, seen=np.arange(m.frame_count) < 0.6 * m.frame_count)),
        ("reprojection_percent", lambda m: replace(m, root_world=m.root_world + [0.2, 0.0, 0.0])),
        ("camera_percent", lambda m: replace(m, cameras=(replace(m.cameras[0], confidence=0.3),))),
    ],
)
def test_each_fault_has_its_line(line, change):
    faulty = card(change(standing()))
    assert faulty.grades()[line] == "poor" and faulty.grade == "poor"


def _ramp(motion: Motion, speed_m_s: float) -> np.ndarray:
    return (speed_m_s * motion.times_s)[:, None]


def _noise(motion: Motion, sigma_m: float) -> np.ndarray:
    return np.random.default_rng(0).normal(0.0, sigma_m, (motion.frame_count, 3))


def test_speeds_are_told_alike_at_every_rate():
    slides = [card(replace(m, root_world=m.root_world + _ramp(m, 0.3) * [1.0, 0.0, 0.0])).values["sliding_mm"]
              for m in map(standing, (30, 60, 120))]  # fmt: skip
    np.testing.assert_allclose(slides, 10.0, rtol=1e-6)


def test_an_unknown_height_stands_on_the_card():
    known, unknown = card(standing()), card(standing(), height_known=False)
    assert known.grades()["size_percent"] == "good" and unknown.grades()["size_percent"] == "fair"


def test_what_nobody_said_is_no_fault_of_the_take():
    assert card(standing(), height_known=False, lens_known=False).grade == "good"


def test_a_guessed_lens_stands_on_the_card():
    guessed = card(standing(), lens_known=False)
    assert guessed.grades()["size_percent"] == "good" and guessed.grades()["depth_percent"] == "fair"


def test_where_to_look_is_told_with_its_reason():
    motion = standing()
    root = np.array(motion.root_world)
    root[60] += [0.5, 0.0, 0.0]
    seen = np.ones(motion.frame_count, dtype=bool)
    seen[20:32] = False
    check = card(replace(motion, root_world=root, seen=seen)).check
    assert [(round(each.from_s, 2), each.why) for each in check if each.why == "not seen"] == [(0.67, "not seen")]
    assert any(each.why == "a jump" and each.from_s <= 2.0 <= each.to_s for each in check)


def test_a_motion_without_camera_has_a_card_of_what_can_be_told():
    found = card(replace(standing(), cameras=()))
    assert "reprojection_percent" not in found.grades() and "sliding_mm" in found.grades()


@pytest.mark.parametrize("frames", [1, 2, 3, 4])
def test_the_shortest_motions_have_a_card(frames):
    motion = standing()
    short = Motion(BODY.skeleton, Fraction(30), motion.R_parent_from_joint[:frames], motion.root_world[:frames])
    assert card(short).grade in ("good", "fair", "poor")


def test_a_card_comes_back_from_json():
    found = card(standing(), height_known=False)
    assert card_from(json.loads(json.dumps(found.to_dict()))) == found


@pytest.mark.parametrize(
    "value", [{}, {"values": 3}, {"values": {"a": "b"}, "camera": "", "check": []}, {"values": {}}]
)
def test_what_is_no_card_is_none(value):
    assert card_from(value) is None


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "[]", '{"values": {"a": 1' + "0" * 400 + '}, "check": []}'])
def test_a_text_that_is_no_card_holds_none(text):
    assert card_of_text(text) is None


def test_numbers_that_are_none_are_shown_to_nobody():
    values = '{"seen_percent": NaN, "sliding_mm": 1e400, "jitter_m_s3": 90}'
    card = card_of_text(f'{{"values": {values}, "camera": "", "check": []}}')
    assert card.grade == "good" and [label for label, _, _ in card.lines()] == ["Jitter"]
