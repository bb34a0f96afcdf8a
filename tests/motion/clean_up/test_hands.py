from dataclasses import replace

import numpy as np
import pytest

from motion.clean_up.plant import plant
from motion.clean_up.settings import CleanUpSettings
from motion.limb_ik import LIMBS
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT
from tests.motion.clean_up.performers import FIGURE, RATE, UP, contacts_of, in_place

FRAMES = 60
HELD = np.ones(FRAMES, dtype=bool)


def with_hands_together(rng):
    """Arms bent in front of the chest, each shaking in its own way."""
    take = in_place(FRAMES)
    R, time = take.R.copy(), np.arange(FRAMES)[:, None] / RATE
    for side, sign in (("left", 1.0), ("right", -1.0)):
        limb = LIMBS[f"{side}_arm"]
        shake = 0.03 * np.sin(2 * np.pi * time * rng.uniform(0.3, 2.0, 3) + rng.random(3))
        R[:, limb.upper] = matrix_from_axis_angle(sign * np.array([0.0, -0.9, -0.6]) + shake)
        R[:, limb.lower] = matrix_from_axis_angle(sign * np.array([0.0, -1.5, 0.0]) + shake)
    return replace(take, R=R)


def held_to(take, holds_to):
    contacts = contacts_of({name: HELD for name in holds_to}, holds_to=holds_to)
    cleaned = replace(take, contacts=contacts)
    return cleaned.with_motion(*plant(FIGURE, cleaned.R, cleaned.root, contacts, RATE, CleanUpSettings()))


def beside(take, point, joint):
    """Where a point is as seen from a joint, [T, 3]."""
    R, joints = FIGURE.kinematics(take.R, take.root)
    return np.einsum("tji,tj->ti", R[:, joint], take.points(point)[:, 0] - joints[:, joint])


def wander(values):
    return np.linalg.norm(values - values.mean(axis=0), axis=-1).max()


@pytest.mark.parametrize("names", [("left",), ("right",), ("left", "right")])
def test_hands_that_hold_each_other_meet_in_the_middle(names):
    take = with_hands_together(np.random.default_rng(2))
    other = {"left": "right", "right": "left"}
    cleaned = held_to(take, {f"{side}_palm": JOINT[f"{other[side]}_wrist"] for side in names})
    side = names[0]
    before, after = (wander(beside(each, f"{side}_palm", JOINT[f"{other[side]}_wrist"])) for each in (take, cleaned))
    assert before > 0.01 and after < 0.3 * before
    moved = [np.linalg.norm(cleaned.joints() - take.joints(), axis=-1)[:, JOINT[f"{s}_wrist"]] for s in other]
    np.testing.assert_allclose(*moved, rtol=0.1, atol=1e-3)


def test_a_hand_on_the_head_goes_where_the_head_goes():
    take = with_hands_together(np.random.default_rng(3))
    cleaned = held_to(take, {"left_palm": JOINT["head"]})
    assert wander(beside(take, "left_palm", JOINT["head"])) > 0.01
    assert wander(beside(cleaned, "left_palm", JOINT["head"])) < 1e-6
    still = [JOINT[name] for name in ("pelvis", "head", "left_shoulder", "right_wrist")]
    np.testing.assert_allclose(cleaned.joints()[:, still], take.joints()[:, still], atol=1e-9)


def test_a_hand_on_a_table_stays_there_while_the_body_sways():
    take = with_hands_together(np.random.default_rng(4))
    height = take.points("right_palm")[:, 0, 2].mean()
    names = ("left_heel", "left_ball", "right_heel", "right_ball", "right_palm")
    heights = {name: np.full(FRAMES, height if "palm" in name else 0.0) for name in names}
    contacts = contacts_of({name: HELD for name in names}, heights)
    cleaned = take.with_motion(*plant(FIGURE, take.R, take.root, contacts, RATE, CleanUpSettings()))
    palm = cleaned.points("right_palm")[:, 0]
    assert wander(palm) < 1e-6 and palm[0] @ UP == pytest.approx(height)
