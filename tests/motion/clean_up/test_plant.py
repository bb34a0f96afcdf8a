from dataclasses import replace

import numpy as np
import pytest

from motion.clean_up.plant import plant
from motion.clean_up.settings import CleanUpSettings
from motion.limb_ik import LIMBS
from motion.rotations import axis_angle_from_matrix
from tests.motion.clean_up.performers import (
    FIGURE,
    HIPS_M,
    RATE,
    SOLE_M,
    SOLES,
    UP,
    UPRIGHT,
    about_z,
    contacts_of,
    in_place,
    mirrored,
    mirrored_joints,
    noisy,
    offset,
    pitched,
    standing,
    walking,
)

FULL = CleanUpSettings()


def planted(take, settings=FULL, sight=None):
    return take.with_motion(*plant(take.figure, take.R, take.root, take.contacts, RATE, settings, sight))


def slides(take):
    """How far [m] what rests moves from one frame to the next."""
    steps = np.linalg.norm(np.diff(take.points(*take.contacts.names), axis=0), axis=-1)
    return steps[take.contacts.held[1:] & take.contacts.held[:-1]]


@pytest.fixture(params=["standing", "walking"])
def take(request):
    return {"standing": in_place, "walking": walking}[request.param]()


def test_what_is_right_already_stays(take):
    cleaned = planted(take)
    np.testing.assert_allclose(cleaned.joints(), take.joints(), atol=2e-3)


def test_what_rests_does_not_move(take):
    captured = noisy(take, np.random.default_rng(5))
    assert slides(captured).max() > 2e-3
    assert slides(planted(captured)).max() < 1e-4


def test_nothing_happens_at_no_strength(take):
    captured = noisy(take, np.random.default_rng(6))
    R, root = plant(captured.figure, captured.R, captured.root, captured.contacts, RATE, CleanUpSettings(strength=0.0))
    np.testing.assert_array_equal(R, captured.R)
    np.testing.assert_array_equal(root, captured.root)


def test_cleaning_twice_changes_nothing_more(take):
    once = planted(noisy(take, np.random.default_rng(7)))
    assert np.abs(planted(once).joints() - once.joints()).max() < 1e-3


def test_clean_up_does_not_care_where_north_is(take):
    captured = noisy(take, np.random.default_rng(8))
    turn, shift = about_z(0.9), np.array([3.0, -2.0, 0.0])
    R = captured.R.copy()
    R[:, 0] = turn @ R[:, 0]
    elsewhere = planted(captured.with_motion(R, captured.root @ turn.T + shift))
    np.testing.assert_allclose(elsewhere.joints(), planted(captured).joints() @ turn.T + shift, atol=1e-6)


def test_no_foot_is_under_the_floor(take):
    low = noisy(take, np.random.default_rng(9))
    low = low.with_motion(low.R, low.root - [0.0, 0.0, 0.03])
    assert low.points(*SOLES, "left_toe", "right_toe")[..., 2].min() < -0.02
    for settings in (FULL, CleanUpSettings(feet="ground")):
        assert planted(low, settings).points(*SOLES, "left_toe", "right_toe")[..., 2].min() > -1e-6


def test_half_the_strength_goes_half_the_way():
    captured = noisy(in_place(), np.random.default_rng(10))
    way = planted(captured).root - captured.root
    half = planted(captured, CleanUpSettings(strength=0.5)).root - captured.root
    np.testing.assert_allclose(half, 0.5 * way, atol=1e-9)


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_clips_of_a_few_frames_are_cleaned_too(frames):
    captured = in_place(frames)
    captured = replace(captured, root=captured.root + 0.02 * UP)
    assert np.abs(planted(captured).points(*SOLES)[..., 2]).max() < 1e-4


def test_no_frames_are_no_frames():
    empty = in_place(1)
    contacts = contacts_of({name: np.zeros(0, dtype=bool) for name in SOLES})
    R, root = plant(FIGURE, empty.R[:0], empty.root[:0], contacts, RATE, FULL)
    assert R.shape == (0, 55, 3, 3) and root.shape == (0, 3)


def test_mirrored_in_is_mirrored_out(take):
    captured = noisy(take, np.random.default_rng(11))
    expected = planted(captured).joints()[:, mirrored_joints()] * [1.0, -1.0, 1.0]
    np.testing.assert_allclose(planted(mirrored(captured)).joints(), expected, atol=2e-3)


def test_knees_bend_forwards(take):
    cleaned = planted(noisy(take, np.random.default_rng(12)))
    for side in ("left", "right"):
        limb = LIMBS[f"{side}_leg"]
        bends = axis_angle_from_matrix(cleaned.R[:, limb.lower]) @ np.array(limb.hinge_rest)
        assert bends.min() > -1e-6


def test_nothing_rests_and_nothing_sinks_so_nothing_changes():
    captured = noisy(walking(), np.random.default_rng(13))
    free = contacts_of({name: np.zeros(len(captured.root), dtype=bool) for name in SOLES})
    free = replace(captured, contacts=free, root=captured.root + 0.5 * UP)
    np.testing.assert_allclose(planted(free).joints(), free.joints(), atol=1e-9)


@pytest.mark.parametrize("settings", [CleanUpSettings(feet="never"), CleanUpSettings(feet="ground")])
def test_feet_that_shall_not_be_planted_go_on_sliding(settings):
    captured = noisy(walking(), np.random.default_rng(14))
    captured = replace(captured, root=captured.root + 0.1 * UP)
    np.testing.assert_allclose(planted(captured, settings).joints(), captured.joints(), atol=1e-9)


def test_contacts_come_and_go_without_a_pop():
    captured = noisy(walking(), np.random.default_rng(15))
    cleaned = planted(captured)
    ankles = [LIMBS[f"{side}_leg"].end for side in ("left", "right")]
    pushed = np.diff(cleaned.joints() - walking().joints(), n=2, axis=0)[:, ankles] * RATE**2
    assert np.linalg.norm(pushed, axis=-1).max() < 15.0
    turned = axis_angle_from_matrix(cleaned.R[:, [LIMBS["left_leg"].lower, LIMBS["right_leg"].lower]])
    before = axis_angle_from_matrix(walking().R[:, [LIMBS["left_leg"].lower, LIMBS["right_leg"].lower]])
    assert np.abs(np.diff(turned - before, n=2, axis=0)).max() * RATE**2 < 60.0


def test_bodies_of_any_size_are_cleaned_alike(take):
    captured = noisy(take, np.random.default_rng(16))
    giant = replace(FIGURE, rest_joints=9.0 * FIGURE.rest_joints, points_rest=9.0 * FIGURE.points_rest)
    large = planted(replace(captured, figure=giant, root=9.0 * captured.root))
    np.testing.assert_allclose(large.joints(), 9.0 * planted(captured).joints(), atol=1e-6)


def tiptoes(frames=90):
    """Rises on the balls of both feet and comes down again."""
    rise = np.deg2rad(40.0) * np.sin(np.pi * np.arange(frames) / (frames - 1)) ** 2
    level = np.tile(UPRIGHT, (frames, 1, 1))
    feet, ankles, toes = {}, {}, {}
    for side, sign in (("left", 1), ("right", -1)):
        feet[side], toes[side] = pitched(level, rise), level
        hinge = FIGURE.rest_joints[FIGURE.toe_joints[f"{side}_leg"]] - FIGURE.rest_joints[LIMBS[f"{side}_leg"].end]
        place = np.array([0.1, sign * HIPS_M, 0.0])
        ankles[side] = place + level @ (hinge - offset(side, "ball")) - feet[side] @ hinge
    root = np.tile([0.0, 0.0, 0.90], (frames, 1))
    root[:, 2] += ankles["left"][:, 2] - SOLE_M
    parts = (*SOLES, "left_toe", "right_toe")
    held = {name: rise < np.deg2rad(2.0) if "heel" in name else np.ones(frames, dtype=bool) for name in parts}
    return standing(level, root, ankles, feet, contacts_of(held), toes)


def test_on_the_ball_the_heel_lifts_as_captured_and_the_toes_stay_flat():
    true = tiptoes()
    np.testing.assert_allclose(planted(true).joints(), true.joints(), atol=6e-3)
    cleaned = planted(noisy(true, np.random.default_rng(17)))
    tips = cleaned.points("left_toe", "right_toe")
    assert np.ptp(tips, axis=0).max() < 0.02 and np.abs(tips[..., 2]).max() < 4e-3
    hinges = cleaned.joints()[:, list(FIGURE.toe_joints.values())]
    assert np.abs(np.diff(hinges, axis=0)).max() < 1e-3
    heels, before = (each.points("left_heel")[..., 2].max() for each in (cleaned, true))
    assert heels == pytest.approx(before, abs=0.02)


def test_toes_that_rest_do_not_swivel():
    captured = noisy(tiptoes(), np.random.default_rng(17))
    held = captured.contacts.held & ["heel" not in name for name in captured.contacts.names]
    captured = replace(captured, contacts=replace(captured.contacts, held=held))
    tips = (each.points("left_toe", "right_toe") for each in (captured, planted(captured)))
    before, after = (np.ptp(each, axis=0).max() for each in tips)
    assert before > 0.02 and after < 1e-3


def turning(frames=90):
    """Turns by a right angle on the ball of the left foot, the other one held up."""
    angle = 0.5 * np.pi * np.arange(frames) / frames
    facing = about_z(angle) @ UPRIGHT
    ball = np.array([0.0, 0.1, 0.0])
    left = ball - facing @ offset("left", "ball")
    root = left + about_z(angle) @ np.array([0.0, -HIPS_M, 0.85])
    right = root + about_z(angle) @ np.array([0.0, -HIPS_M, -0.6])
    held = {name: np.full(frames, name == "left_ball") for name in SOLES}
    return standing(facing, root, {"left": left, "right": right}, {"left": facing, "right": facing}, contacts_of(held))


def test_who_turns_on_the_ball_of_a_foot_keeps_turning():
    true = turning()
    cleaned = planted(noisy(true, np.random.default_rng(18)))
    assert slides(cleaned).max() < 1e-3
    way = np.diff(cleaned.points("left_heel", "left_ball"), axis=1)[:, 0]
    angle = np.unwrap(np.arctan2(way[:, 1], way[:, 0]))
    assert angle[-1] - angle[0] == pytest.approx(0.5 * np.pi, abs=0.15)


def jumping(frames=90):
    """Stands, flies for half a second, stands half a metre ahead."""
    still = in_place(frames)
    time = np.arange(frames) / RATE
    flight = np.clip((time - 1.0) / 0.5, 0.0, 1.0)
    hop = np.stack([0.5 * flight, 0.0 * flight, 0.5 * 9.81 * 0.25 * flight * (1 - flight)], axis=1)
    held = {name: (time <= 1.0) | (time >= 1.5) for name in SOLES}
    return replace(still, root=still.root + hop, contacts=contacts_of(held))


def test_a_flight_stays_a_parabola():
    captured = noisy(jumping(), np.random.default_rng(19), turn_deg=0.3, slide_m=0.01)
    cleaned = planted(captured)
    push = np.diff(cleaned.root - captured.root, n=2, axis=0)[32:44] * RATE**2
    assert np.linalg.norm(push, axis=-1).max() < 2.0
    assert cleaned.points("left_ball")[37, 0, 2] > 0.2
    assert slides(cleaned).max() < 1e-4


def sitting(frames=90):
    """Sits on a chair, feet on the floor."""
    take = in_place(frames, drop=0.47)
    seats = ("seat_left", "seat_right")
    held = {name: np.ones(frames, dtype=bool) for name in (*SOLES, *seats)}
    still = replace(take, root=np.tile(take.root[0], (frames, 1)))
    height = still.points(*seats)[0, :, 2].mean()
    heights = {name: np.full(frames, height if name in seats else 0.0) for name in held}
    return replace(still, contacts=contacts_of(held, heights))


def test_who_sits_does_not_slide_on_the_chair():
    captured = noisy(sitting(), np.random.default_rng(20))
    captured = captured.with_motion(captured.R, captured.root)
    before, after = (np.ptp(each.points("seat_left", "seat_right").mean(axis=1), axis=0) for each in
                     (captured, planted(captured)))  # fmt: skip
    assert before.max() > 0.02
    assert after.max() < 0.2 * before.max() and after.max() < 5e-3


def handstand(frames=60):
    """Upside down on both hands, as half way through a cartwheel, swaying."""
    time = np.arange(frames) / RATE
    take = in_place(frames)
    R = take.R.copy()
    R[:, 0] = np.array([[0.0, 0.0, -1.0], [1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])
    for side, sign in (("left", 1.0), ("right", -1.0)):
        R[:, LIMBS[f"{side}_arm"].upper] = about_z(sign * 1.4 * np.ones(frames))
        R[:, LIMBS[f"{side}_arm"].lower] = about_z(sign * 0.3 * np.ones(frames))
    take = replace(take, R=R)
    low = take.points("left_palm")[0, 0, 2]
    root = take.root - low * UP + np.stack([0.03 * np.sin(2 * time), 0.02 * np.cos(3 * time), 0 * time], axis=1)
    held = {f"{side}_palm": np.ones(frames, dtype=bool) for side in ("left", "right")}
    return replace(take, root=root, contacts=contacts_of(held))


def test_hands_that_carry_the_body_do_not_slide():
    captured = handstand()
    assert slides(captured).max() > 1e-3
    assert slides(planted(captured)).max() < 1e-4
    kept = planted(captured, CleanUpSettings(plant_hands=False))
    np.testing.assert_allclose(kept.root, captured.root, atol=1e-9)


def test_a_body_that_cannot_reach_the_floor_comes_down_smoothly():
    frames = 90
    take = in_place(frames, drop=0.10)
    ankles = np.zeros((frames, 55), dtype=bool)
    ankles[:, [LIMBS["left_leg"].end, LIMBS["right_leg"].end]] = True
    too_high = 0.16 * np.exp(-0.5 * ((np.arange(frames) - 45) / 6.0) ** 2)
    folded = replace(take, root=take.root + too_high[:, None] * UP)
    cleaned = planted(folded)
    assert slides(cleaned).max() < 1e-4
    assert np.abs(np.diff(cleaned.root[:, 2], n=2)).max() * RATE**2 < 12.0


def test_a_figure_without_arms_and_toes_and_with_bones_of_twist_is_planted():
    """Pelvis, and per leg thigh, thigh's twist, calf, foot: nothing of SMPL-X."""
    names, parents, rest = ["pelvis"], [-1], [[0.0, 1.0, 0.0]]
    limbs, points = {}, {}
    for side, x in (("left", 0.1), ("right", -0.1)):
        first = len(names)
        names += [f"{side}{i}" for i in range(4)]
        parents += [0, first, first + 1, first + 2]
        rest += [[x, 0.95, 0.0], [x, 0.7, 0.01], [x, 0.5, 0.02], [x, 0.08, 0.0]]
        limbs[f"{side}_leg"] = replace(LIMBS["left_leg"], upper=first, lower=first + 2, end=first + 3)
        points |= {f"{side}_heel": (first + 3, [x, 0.0, -0.05]), f"{side}_ball": (first + 3, [x, 0.0, 0.15])}
    figure = replace(FIGURE, parents=tuple(parents), rest_joints=np.array(rest), limbs=limbs, toe_joints={},
                     point_names=tuple(points), point_joints=np.array([joint for joint, _ in points.values()]),
                     points_rest=np.array([place for _, place in points.values()]))  # fmt: skip
    frames, rng = 60, np.random.default_rng(21)
    bent = np.tile(np.eye(3), (frames, len(parents), 1, 1))
    bent[:, 0] = UPRIGHT
    time = np.arange(frames)[:, None] / RATE
    root = np.array([0.0, 0.0, 0.99]) + 0.02 * np.sin(time * [2.0, 3.0, 4.0] + rng.random(3))
    held = contacts_of({name: np.ones(frames, dtype=bool) for name in points})
    R, place = plant(figure, bent, root, held, RATE, FULL)
    cleaned = figure.points(*figure.kinematics(R, place))
    assert np.abs(np.diff(cleaned, axis=0)).max() < 1e-4 and np.abs(cleaned[..., 2]).max() < 1e-4
