"""Made-up motion down on the floor: kneeling, crawling, on hands and feet, lying and rolling."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.train.variety.animate import Key
from backend.train.variety.figure import Figure
from backend.train.variety.posture import Posture, pelvis_turned, place, turned
from backend.train.variety.seated import sitting_down
from backend.train.variety.standing import pause_s, standing
from motion.arrays import Array
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT

_KNEE_UP = 0.068  # height of a knee on the floor, in shares of the leg's length
_ANKLE_UP = 0.075  # of an ankle whose instep lies on the floor
_LYING_UP = 0.15  # of the pelvis of who lies


def _thigh(figure: Figure) -> float:
    return -float(figure.offsets[JOINT["left_knee"]][1])


def _shin(figure: Figure) -> float:
    return -float(figure.offsets[JOINT["left_ankle"]][1])


def _knee_on_floor(posture: Posture, side: int, toes_tucked: bool = False) -> Posture:
    """The leg of a posture whose hip can reach the floor by its knee; the shin lies behind the knee."""
    figure = posture.figure
    hip = posture.joint(("left_hip", "right_hip")[side])
    leg = figure.leg_length
    drop = hip[2] - _KNEE_UP * leg
    ahead = np.sqrt(max(_thigh(figure) ** 2 - drop**2, 0.0))
    ankle_up = 0.13 * leg if toes_tucked else _ANKLE_UP * leg
    back = np.sqrt(_shin(figure) ** 2 - (ankle_up - _KNEE_UP * leg) ** 2)
    end = np.array([hip[0], hip[1] - ahead + back, ankle_up])
    R_foot = pelvis_turned(62.0 if toes_tucked else 148.0)
    return posture.with_limb(side, end, place(0.0, 1.0, -0.35), R_foot, True)


def _kneeling(base: Posture, height: float, lean_deg: float) -> Posture:
    """On both knees, thighs upright at height 1, seat on the heels at 0."""
    figure = base.figure
    leg = figure.leg_length
    upright = _KNEE_UP * leg + 0.995 * _thigh(figure)
    hips_up = height * upright + (1.0 - height) * 0.265 * leg
    ahead = np.sqrt(max(_thigh(figure) ** 2 - (hips_up - _KNEE_UP * leg) ** 2, 0.0))
    root = np.array([0.0, ahead, hips_up - figure.offsets[JOINT["left_hip"]][1]])
    posture = replace(base, root=root, R_pelvis=pelvis_turned(0.5 * lean_deg), trunk=turned(0.5 * lean_deg),
                      head=turned(-0.4 * lean_deg), sway=0.5)  # fmt: skip
    for side in (0, 1):
        posture = _knee_on_floor(posture, side)
    return posture


def _half_kneeling(base: Posture, kneeling_side: int, rng: np.random.Generator) -> Posture:
    """One knee on the floor, the other foot ahead."""
    figure = base.figure
    high = _kneeling(base, 1.0, 6.0)
    front = 1 - kneeling_side
    outward = 1.0 if front == 0 else -1.0
    ahead = rng.uniform(0.9, 1.1) * _thigh(figure)
    posture = high.foot_on_floor(front, outward * abs(figure.offsets[JOINT["left_hip"]][0]) * 1.1, ahead)
    return _knee_on_floor(posture, kneeling_side, toes_tucked=True)


def _free_arms(posture: Posture, rng: np.random.Generator) -> Posture:
    for side in (0, 1):
        posture = posture.arm(side, rng.uniform(0.0, 0.8), rng.uniform(0.2, 1.0), rng.uniform(-1.0, 0.6),
                              rng.uniform(0.55, 0.95), roll_deg=rng.uniform(-90.0, 20.0))  # fmt: skip
    return posture


def kneel(figure: Figure, rng: np.random.Generator) -> list[Key]:
    """Down on one knee, on both, sitting on the heels, and up again."""
    base = standing(figure, rng, 1.0)
    side = int(rng.integers(2))
    half = _free_arms(_half_kneeling(base, side, rng), rng)
    stepping = _stepping(base, half, side)
    keys = [Key(base, 0.0, pause_s(rng, 0.4)), Key(stepping, 0.7), Key(half, rng.uniform(0.7, 1.0), pause_s(rng))]
    heights = _kneeling_heights(rng)
    for height in heights:
        posture = _kneeling(base, height, rng.uniform(-8.0, 40.0))
        posture = replace(posture, trunk=posture.trunk + turned(0.0, *rng.uniform(-15, 15, 2)))
        keys.append(Key(_free_arms(posture, rng), rng.uniform(0.7, 1.4), pause_s(rng, 2.0)))
    return [*keys, Key(half, rng.uniform(0.8, 1.2), 0.1), Key(stepping, rng.uniform(0.7, 1.0)), Key(base, 0.7, 0.3)]


def _kneeling_heights(rng: np.random.Generator) -> list[float]:
    """From upright and back, in steps so small that straight ways of the hips leave the knees on the floor."""
    heights = [1.0]
    for _ in range(rng.integers(2, 6)):
        heights.append(float(np.clip(heights[-1] + rng.uniform(-0.55, 0.45), 0.0, 1.0)))
    while heights[-1] < 0.6:
        heights.append(heights[-1] + 0.5)
    return heights[1:]


def _stepping(base: Posture, half: Posture, kneeling_side: int) -> Posture:
    """A long step: the front foot already where it will kneel behind, the back foot on its ball."""
    front = 1 - kneeling_side
    root = np.array([0.0, 0.5 * (base.root[1] + half.root[1]) - 0.12, 0.80 * base.root[2]])
    posture = replace(base, root=root, R_pelvis=pelvis_turned(8.0))
    posture = posture.with_limb(front, half.ends[front], half.towards[front], half.R_ends[front], True)
    back = half.ends[kneeling_side]
    posture = posture.foot_on_floor(kneeling_side, back[0], -back[1] - 0.02, 5.0, 48.0)
    for side in (0, 1):
        posture = posture.arm(side, 0.3, 0.2, -1.0, 0.9, (0.7, -1.0, 0.0), -50.0)
    return posture


def on_all_fours(base: Posture, ahead_m: float, stride_m: float) -> Posture:
    """Hands and knees on the floor: left knee and right hand that far ahead of hip and shoulder, the others behind."""
    figure = base.figure
    hips_up = _KNEE_UP * figure.leg_length + _thigh(figure)
    shoulder_drop = figure.arm_length * 0.86 + 0.06
    length = np.linalg.norm(figure.rest_joints[JOINT["left_shoulder"]] - figure.rest_joints[JOINT["left_hip"]])
    slope_deg = np.rad2deg(np.arcsin(np.clip((shoulder_drop - hips_up) / length, -0.5, 0.5)))
    for _ in range(3):
        posture = replace(base, root=place(0.0, ahead_m, 0.0), R_pelvis=pelvis_turned(84.0 - slope_deg))
        posture = replace(posture, root=posture.root + place(0.0, 0.0, hips_up - posture.joint("left_hip")[2]))
        slope_deg += np.rad2deg((shoulder_drop - posture.joint("left_shoulder")[2]) / length)
    for side, sign in ((0, 1.0), (1, -1.0)):
        posture = _knee_at(posture, side, sign * stride_m)
        shoulder = posture.joint(("left_shoulder", "right_shoulder")[side])
        hand_ahead = -shoulder[1] - sign * stride_m
        posture = posture.palm_on_floor(side, shoulder[0] * 1.05, hand_ahead, 8.0, (0.5, 0.3, -1.0))
    return posture


def _knee_at(posture: Posture, side: int, ahead_m: float) -> Posture:
    """A knee on the floor ahead of its hip by that much."""
    figure = posture.figure
    hip, leg = posture.joint(("left_hip", "right_hip")[side]), figure.leg_length
    drop = np.sqrt(_thigh(figure) ** 2 - ahead_m**2)
    knee = hip + place(0.0, ahead_m, -drop)
    end = np.array([hip[0], knee[1] + np.sqrt(_shin(figure) ** 2 - (knee[2] - _ANKLE_UP * leg) ** 2), _ANKLE_UP * leg])
    return posture.with_limb(side, end, place(0.0, 1.0, -0.35), pelvis_turned(148.0), True)


def crawl(figure: Figure, rng: np.random.Generator) -> list[Key]:
    """On hands and knees, one diagonal pair after the other, at a pace and step length of its own."""
    base = replace(standing(figure, rng, 1.0), trunk=turned(rng.uniform(-4.0, 10.0)), sway=0.5)
    step_s, share, backward = rng.uniform(0.45, 0.9), rng.uniform(0.4, 1.0), rng.uniform() < 0.2
    stride = 0.17 * figure.leg_length * share * (-1.0 if backward else 1.0)
    first, keys = float(rng.choice([-1.0, 1.0])), []
    for step in range(rng.integers(7, 15)):
        # The pair in front stays where it is while the body passes over it by two strides.
        posture = on_all_fours(base, 2.0 * stride * step, first * stride * (-1.0) ** step)
        posture = replace(posture, head=turned(rng.uniform(-45.0, -5.0), rng.uniform(-20.0, 20.0)))
        keys.append(Key(posture, step_s * rng.uniform(0.85, 1.15), 0.6 * (rng.uniform() < 0.15)))
    return keys


def on_hands(figure: Figure, rng: np.random.Generator) -> list[Key]:
    """Hands and feet on the floor: plank, press-ups, hips up high."""
    base = standing(figure, rng, 0.9)
    keys = []
    for _ in range(rng.integers(4, 9)):
        hips_up = float(rng.choice([0.0, 0.0, rng.uniform(0.3, 1.0)]))
        arms_bent = rng.uniform(0.0, 0.8) * (hips_up == 0.0)
        keys.append(Key(_plank(base, hips_up, arms_bent), rng.uniform(0.6, 1.2), pause_s(rng, 1.0)))
    return keys


def _plank(base: Posture, hips_up: float, arms_bent: float) -> Posture:
    """Toes and palms stay; hips from a straight line (0) to high above (1); arms straight (0) to bent (1)."""
    figure = base.figure
    arm, trunk = figure.arm_length, _trunk_length(figure)
    ankle, leg = place(0.0, 0.0, 0.16 * figure.leg_length), 0.985 * figure.leg_length
    straight = np.arcsin((0.06 + 0.97 * arm - ankle[2]) / (leg + trunk))
    hands = ankle + place(0.0, (leg + trunk) * np.cos(straight), 0.06 - ankle[2])
    span = arm * (0.97 - 0.6 * arms_bent)
    slope = straight + np.deg2rad(38.0) * hips_up - 0.24 * arms_bent
    hips = ankle + leg * place(0.0, np.cos(slope), np.sin(slope))
    back_deg = np.rad2deg(_slope_of_trunk(hands - hips, trunk, span))
    lean_deg = 90.0 - back_deg
    posture = replace(base, root=np.zeros(3), R_pelvis=pelvis_turned(lean_deg - 4.0), trunk=turned(4.0),
                      head=turned(-20.0 + 30.0 * hips_up), sway=0.3)  # fmt: skip
    hip = 0.5 * (posture.joint("left_hip") + posture.joint("right_hip"))
    posture = replace(posture, root=hips - hip)
    for side in (0, 1):
        outward = 1.0 if side == 0 else -1.0
        posture = _tiptoe(posture, side, outward * 0.1, ankle)
        posture = posture.palm_on_floor(side, outward * 0.27 * figure.leg_length, -hands[1], 5.0, (1.0, -0.5, -0.6))
    return posture


def _tiptoe(posture: Posture, side: int, left: float, ankle: Array) -> Posture:
    """A foot on its ball, heel up, so that its ankle stands over that place at the right height."""
    flat = posture.foot_on_floor(side, left, 0.0, 0.0, 62.0)
    shift = place(0.0, -ankle[1] + flat.ends[side][1], 0.0)
    return posture.with_limb(side, flat.ends[side] + shift, flat.towards[side], flat.R_ends[side], True)


def _trunk_length(figure: Figure) -> float:
    """From the middle of the hips to the middle of the shoulders at rest, m."""
    hips, shoulders = (0.5 * (figure.rest_joints[JOINT[f"left_{n}"]] + figure.rest_joints[JOINT[f"right_{n}"]])
                       for n in ("hip", "shoulder"))  # fmt: skip
    return float(np.linalg.norm(shoulders - hips))


def _slope_of_trunk(hands_from_hips: Array, trunk: float, span: float) -> float:
    """Angle rad of the trunk over the level that brings the shoulders `span` from the hands, from above."""
    distance = float(np.clip(np.linalg.norm(hands_from_hips), abs(trunk - span) + 1e-3, trunk + span))
    level = -hands_from_hips[1]
    down = np.arctan2(hands_from_hips[2], level)
    cosine = (trunk**2 + distance**2 - span**2) / (2.0 * trunk * distance)
    return float(down + np.arccos(np.clip(cosine, -1.0, 1.0)))


def lie(figure: Figure, rng: np.random.Generator) -> list[Key]:
    """Lies on back, sides and belly, rolls between them, moves arms and legs there."""
    base = standing(figure, rng, 1.0)
    return _rolling(base, float(rng.choice([0.0, 90.0, -90.0, 180.0])), 0.0, rng)


def lie_down(figure: Figure, rng: np.random.Generator) -> list[Key]:
    """Down to the floor by squatting and sitting, onto the back, to a side and back, and up the same way."""
    base = standing(figure, rng, 1.4)
    down = sitting_down(base, rng)
    behind_m = -down[-1].posture.root[1] - 0.10 * figure.leg_length
    lying = _rolling(base, 0.0, behind_m, rng)
    lying[0] = replace(lying[0], move_s=rng.uniform(1.0, 1.7))
    back = Key(_lying(base, 0.0, lying[-1].posture.root[0], behind_m, rng), 1.2, 0.2)
    if abs(back.posture.root[0]) > 0.01 or lying[-1].posture.R_pelvis[2, 2] < 0.9:
        return [*down, *lying]  # rolled elsewhere: stays down
    up = [replace(key, move_s=rng.uniform(0.9, 1.5)) for key in reversed(down)]
    return [*down, *lying, back, *up]


def _rolling(base: Posture, roll_deg: float, ahead_m: float, rng: np.random.Generator) -> list[Key]:
    base = replace(base, sway=0.1, grounded=1.0)
    keys = [Key(_lying(base, roll_deg, 0.0, ahead_m, rng), 0.0, 0.5)]
    aside = 0.0
    for _ in range(rng.integers(3, 7)):
        step = float(rng.choice([0.0, 0.0, 90.0, -90.0]))
        aside += np.deg2rad(step) * 0.17 * base.figure.leg_length
        roll_deg += step
        keys.append(Key(_lying(base, roll_deg, aside, ahead_m, rng), rng.uniform(0.9, 1.8), pause_s(rng, 2.0)))
    return keys


def _lying(base: Posture, roll_deg: float, aside_m: float, ahead_m: float, rng: np.random.Generator) -> Posture:
    """Feet ahead; on the back at 0 degrees, on the left side at 90 degrees, on the belly at 180."""
    along = matrix_from_axis_angle(np.deg2rad(roll_deg) * np.array([0.0, 1.0, 0.0]))
    root = place(aside_m, ahead_m, _LYING_UP * base.figure.leg_length)
    side_share = abs(np.sin(np.deg2rad(roll_deg)))
    up = np.cos(np.deg2rad(roll_deg))
    trunk = turned(rng.uniform(0.0, 8.0) + 18.0 * side_share, rng.uniform(-6, 6), rng.uniform(-5, 5))
    head = turned(-14.0 * max(up, 0.0) + 34.0 * min(up, 0.0) + 12.0 * side_share,
                  25.0 * (up < -0.5) * rng.choice([-1.0, 1.0]))  # fmt: skip
    posture = replace(base, root=root, R_pelvis=pelvis_turned(-90.0) @ along, trunk=trunk, head=head)
    lower = int(posture.R_pelvis[2, 0] > 0.0)  # 0 when the left side is below
    for side in (0, 1):
        posture = _lying_leg(posture, side, side == lower, side_share, up, rng)
    for side in (0, 1):
        posture = _lying_arm(posture, side, side == lower, side_share, up, rng)
    return posture


def _lying_leg(posture: Posture, side: int, below: bool, side_share: float, up: float,
               rng: np.random.Generator) -> Posture:  # fmt: skip
    if side_share > 0.5:  # hips and knees bent, one leg more than the other
        forward = rng.uniform(10.0, 60.0) + 15.0 * (not below)
        return posture.leg(side, forward, 4.0 if below else -4.0, 1.15 * forward + rng.uniform(5.0, 35.0))
    if up > 0.0 and rng.uniform() < 0.35:  # foot on the floor, knee up
        knee = rng.uniform(60.0, 110.0)
        return posture.leg(side, 0.5 * knee, 8.0, knee, 0.0, 45.0 - 0.1 * knee)
    if up < 0.0:
        return posture.leg(side, -2.0, rng.uniform(6.0, 18.0), rng.uniform(0.0, 20.0), 0.0, 60.0)
    return posture.leg(side, rng.uniform(0.0, 8.0), rng.uniform(5.0, 20.0), rng.uniform(3.0, 18.0), 10.0, 30.0)


def _lying_arm(posture: Posture, side: int, below: bool, side_share: float, up: float,
               rng: np.random.Generator) -> Posture:  # fmt: skip
    if side_share > 0.5:
        out = rng.uniform(0.0, 0.2) if below else rng.uniform(-0.6, -0.2)
        return posture.arm(side, out, 1.0, rng.uniform(-0.7, 0.6), rng.uniform(0.5, 0.9), (0.4, 0.2, -1.0),
                           rng.uniform(-60.0, 0.0))  # fmt: skip
    reach: Array = np.array([rng.uniform(0.25, 1.0), 0.0, rng.uniform(-1.0, 1.0)])
    if up > 0.0:
        belly = rng.uniform() < 0.3
        ahead = 0.45 if belly else rng.uniform(-0.12, 0.0)
        out = -0.05 if belly else reach[0]
        return posture.arm(side, out, ahead, -0.8 if belly else reach[2], 0.65 if belly else rng.uniform(0.7, 0.98),
                           (1.0, -0.25, -0.3), rng.uniform(-60.0, 30.0))  # fmt: skip
    return posture.arm(side, reach[0], 0.12, rng.uniform(-1.0, 1.0), rng.uniform(0.6, 0.95), (1.0, -0.1, -0.2), 0.0)
