"""Made-up motion on the feet: reaching everywhere, arms behind the back, back bends, squats, kicks, balance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.train.variety.animate import Key
from backend.train.variety.figure import SIDES, Figure
from backend.train.variety.posture import Posture, pelvis_turned, place, turned
from motion.arrays import Array
from motion.skeleton import JOINT


def stance_height(figure: Figure, share: float = 0.985) -> float:
    """Height of the pelvis over flat feet below it when the legs are that share of their length, m."""
    sole = -min(figure.touching[0, 1], figure.touching[1, 1])
    return sole + share * figure.leg_length - figure.offsets[JOINT["left_hip"]][1]


def standing(figure: Figure, rng: np.random.Generator, width: float | None = None, stagger_m: float = 0.0) -> Posture:
    """Upright on both feet, arms hanging; `width` is the ankles' distance in shares of the hips'."""
    half = abs(figure.offsets[JOINT["left_hip"]][0]) * (rng.uniform(0.7, 1.8) if width is None else width)
    lean = rng.uniform(-3.0, 4.0)
    ahead = 0.02 - figure.offsets[JOINT["left_hip"]][2]
    posture = Posture(
        figure, place(0.0, ahead, stance_height(figure, rng.uniform(0.965, 0.985))), pelvis_turned(lean),
        turned(rng.uniform(-4.0, 8.0) - lean), turned(rng.uniform(-10.0, 15.0)),
    )  # fmt: skip
    for side in (0, 1):
        outward = 1.0 if side == 0 else -1.0
        posture = posture.foot_on_floor(side, outward * half, outward * stagger_m, rng.uniform(0.0, 20.0))
    return hanging_arms(posture, rng)


def hanging_arms(posture: Posture, rng: np.random.Generator) -> Posture:
    for side in (0, 1):
        posture = posture.arm(
            side, rng.uniform(0.12, 0.3), rng.uniform(0.0, 0.25), -1.0, rng.uniform(0.9, 0.98), (0.7, -1.0, 0.0),
            rng.uniform(-80.0, -20.0),
        )  # fmt: skip
    return posture


def pause_s(rng: np.random.Generator, most: float = 1.2) -> float:
    """How long a posture is held: often hardly, seldom long."""
    return float(most * rng.uniform() ** 2)


def _bowed(posture: Posture, hips_deg: float, trunk: Array, knees: float, shift: Array | None = None) -> Posture:
    """The trunk of a standing posture tipped at the hips, on feet where they were; `knees` 0..1 lowers it."""
    figure = posture.figure
    tip = np.deg2rad(max(hips_deg, 0.0))
    back = 0.17 * np.sin(tip) * figure.leg_length
    down = knees * 0.55 * figure.leg_length + 0.10 * (1.0 - np.cos(tip)) * figure.leg_length + 0.02 * np.sin(tip)
    root = posture.root + place(0.0, -back - 0.12 * knees * figure.leg_length, -down)
    if shift is not None:
        root = root + shift
    return replace(posture, root=root, R_pelvis=pelvis_turned(hips_deg), trunk=trunk)


def reach(figure: Figure, rng: np.random.Generator) -> list[Key]:
    """One hand or both go to places all around, low and high, the trunk and knees following."""
    base = standing(figure, rng, stagger_m=rng.uniform(-0.12, 0.12))
    keys = [Key(base, 0.0, pause_s(rng, 0.6))]
    for _ in range(rng.integers(4, 8)):
        keys.append(Key(_reaching(base, rng), rng.uniform(0.6, 1.5), pause_s(rng)))
        if rng.uniform() < 0.25:
            keys.append(Key(hanging_arms(base, rng), rng.uniform(0.6, 1.3), pause_s(rng, 0.5)))
    return keys


def _reaching(base: Posture, rng: np.random.Generator) -> Posture:
    up = rng.uniform(-1.0, 1.0)
    low = max(0.0, -up)
    round_deg = rng.uniform(-100.0, 100.0)
    trunk = turned(rng.uniform(5, 25) + 35.0 * low, 0.35 * round_deg, rng.uniform(-15, 15))
    knees = rng.uniform(0.0, 1.0) * low
    posture = _bowed(base, rng.uniform(0.0, 12.0) + 50.0 * low * (1.0 - 0.4 * knees), trunk, knees)
    posture = replace(posture, head=turned(-40.0 * up * rng.uniform(0.5, 1.0), 0.3 * round_deg))
    main = 0 if round_deg > 0 else 1
    direction_deg = np.deg2rad(abs(round_deg) * 0.6)
    for side in (0, 1):
        if side == main or rng.uniform() < 0.4:
            out = np.sin(direction_deg) if side == main else rng.uniform(-0.2, 0.4)
            posture = posture.arm(side, out, np.cos(direction_deg), 1.3 * up, rng.uniform(0.7, 0.99),
                                  roll_deg=rng.uniform(-90.0, 60.0))  # fmt: skip
        else:
            posture = _idle_arm(posture, side, rng)
    return posture


def _idle_arm(posture: Posture, side: int, rng: np.random.Generator) -> Posture:
    return posture.arm(side, rng.uniform(0.15, 0.6), rng.uniform(-0.1, 0.6), -1.0, rng.uniform(0.6, 0.97),
                       (1.0, -1.0, -0.2), rng.uniform(-80.0, 0.0))  # fmt: skip


def hands_behind(figure: Figure, rng: np.random.Generator) -> list[Key]:
    """Hands on the hips, clasped behind the back, behind the head, across the chest; by the sides in between."""
    base = standing(figure, rng)
    keys = [Key(base, 0.0, pause_s(rng))]
    for _ in range(rng.integers(3, 6)):
        way, there = _hands_at(base, rng)
        keys += [Key(way, rng.uniform(0.4, 0.8)), Key(there, rng.uniform(0.4, 0.9), 0.5 + pause_s(rng, 2.0)),
                 Key(way, rng.uniform(0.4, 0.8))]  # fmt: skip
    return [*keys, Key(hanging_arms(base, rng), 0.6, 0.3)]


def _hands_at(base: Posture, rng: np.random.Generator) -> tuple[Posture, Posture]:
    """Somewhere beside the body on the way, and the posture itself; both hands or one."""
    # Out, ahead and up from the pelvis in shares of the leg's length, and where the elbow points.
    places = {
        "hips": ((0.24, 0.02, 0.10), (1.0, -0.9, 0.0)), "back": ((0.05, -0.23, 0.05), (1.0, -0.7, 0.1)),
        "high back": ((0.06, -0.24, 0.24), (1.0, -0.6, -0.2)), "head": ((0.11, -0.05, 0.76), (1.0, 0.25, 0.2)),
        "chest": ((-0.06, 0.30, 0.36), (1.0, 0.1, -0.6)),
    }  # fmt: skip
    out_ahead_up, elbow = places[list(places)[rng.integers(len(places))]]
    posture = replace(base, trunk=base.trunk + turned(*rng.uniform(-12, 8, 3)), head=turned(*rng.uniform(-20, 20, 3)))
    way, there = posture, posture
    sides = (0, 1) if rng.uniform() < 0.7 else (int(rng.integers(2)),)
    for side in sides:
        outward = 1.0 if side == 0 else -1.0
        out, ahead, up = np.array(out_ahead_up) + rng.normal(0.0, 0.012, 3)
        ahead += 0.06 * (side == 0) * (out < 0.0)
        R_world, joints = posture.trunk_posed()
        local = np.array([outward * out, up, ahead]) * base.figure.leg_length
        there = there.hand_at(side, joints[0] + 0.5 * (R_world[0] + R_world[JOINT["spine2"]]) @ local, elbow,
                              rng.uniform(-60.0, 20.0))  # fmt: skip
        way = way.arm(side, 1.0, 0.0, -0.5 if up < 0.4 else 0.4, 0.8, elbow, rng.uniform(-50.0, 10.0))
    return way, there


def back_bend(figure: Figure, rng: np.random.Generator) -> list[Key]:
    """The trunk bends back, the hips go ahead to balance it, arms anywhere."""
    base = standing(figure, rng, rng.uniform(1.2, 2.2))
    keys = [Key(base, 0.0, pause_s(rng, 0.5))]
    for _ in range(rng.integers(3, 5)):
        back = rng.uniform(15.0, 48.0)
        trunk = turned(-back, *rng.uniform(-12.0, 12.0, 2))
        ahead = 0.0021 * back * figure.leg_length
        bent = replace(base, root=base.root + place(0.0, ahead, -0.03 - 0.0012 * back),
                       R_pelvis=pelvis_turned(-0.35 * back), trunk=trunk, head=turned(-0.6 * back))  # fmt: skip
        bent = _arms_anywhere(bent, rng)
        keys += [
            Key(bent, rng.uniform(0.9, 1.8), pause_s(rng)),
            Key(hanging_arms(base, rng), rng.uniform(0.9, 1.6), 0.2),
        ]
    return keys


def _arms_anywhere(posture: Posture, rng: np.random.Generator) -> Posture:
    kind = rng.integers(3)
    for side in (0, 1):
        up = (rng.uniform(0.8, 1.2), rng.uniform(-0.3, 0.4), rng.uniform(-1.0, -0.7))[kind]
        posture = posture.arm(side, rng.uniform(0.25, 1.0), rng.uniform(-0.1, 0.6), up, rng.uniform(0.75, 0.98),
                              roll_deg=rng.uniform(-90.0, 40.0))  # fmt: skip
    return posture


def squat(figure: Figure, rng: np.random.Generator) -> list[Key]:
    """Down to any depth, heels on the floor or lifted, and up again, several times."""
    width = rng.uniform(1.1, 2.3)
    base = standing(figure, rng, width)
    heel_up_deg = float(rng.choice([0.0, 0.0, rng.uniform(15.0, 45.0)]))
    keys = [Key(base, 0.0, pause_s(rng, 0.5))]
    for _ in range(rng.integers(2, 5)):
        low = _squatting(base, rng.uniform(0.35, 1.0), heel_up_deg, width, rng)
        keys += [Key(low, rng.uniform(0.8, 1.6), pause_s(rng, 2.0))]
        if rng.uniform() < 0.5:
            keys.append(Key(_squatting(base, rng.uniform(0.5, 1.0), heel_up_deg, width, rng), 0.9, pause_s(rng)))
        keys.append(Key(base, rng.uniform(0.7, 1.4), pause_s(rng, 0.6)))
    return keys


def _squatting(base: Posture, depth: float, heel_up_deg: float, width: float, rng: np.random.Generator) -> Posture:
    figure = base.figure
    height = base.root[2] - depth * 0.68 * figure.leg_length
    back = figure.leg_length * (0.24 * np.sin(depth * np.pi * 0.72) - 0.0035 * heel_up_deg * depth)
    lean = 48.0 * np.sin(depth * np.pi * 0.62) - 0.45 * heel_up_deg
    low = replace(
        base,
        root=np.array([base.root[0], base.root[1] + back, height]),
        R_pelvis=pelvis_turned(0.7 * lean),
        trunk=turned(0.35 * lean + rng.uniform(0, 14), *rng.uniform(-8, 8, 2)),
        head=turned(-0.5 * lean),
    )
    half = abs(figure.offsets[JOINT["left_hip"]][0]) * width
    for side in (0, 1):
        outward = 1.0 if side == 0 else -1.0
        low = low.foot_on_floor(side, outward * half, 0.0, 10.0 + 6.0 * width, heel_up_deg * depth, 10.0 + 10.0 * width)
    for side in (0, 1):
        low = low.arm(side, rng.uniform(-0.1, 0.6), 1.0, rng.uniform(-0.9, 0.3), rng.uniform(0.5, 0.97),
                      roll_deg=rng.uniform(-90.0, 30.0))  # fmt: skip
    return low


def one_leg(figure: Figure, rng: np.random.Generator, kicking: bool) -> list[Key]:
    """Weight on one leg; the other is held anywhere, or kicks."""
    base = standing(figure, rng, 0.9)
    side = int(rng.integers(2))
    over = _over_one_foot(base, 1 - side)
    keys = [Key(base, 0.0, 0.2), Key(over, rng.uniform(0.5, 0.9), 0.1)]
    for _ in range(rng.integers(2, 5)):
        aim = float(rng.choice([-70.0, 0.0, 0.0, 75.0])) if kicking else float(rng.uniform(-60.0, 70.0))
        drawn, out = _leg_lifted(over, side, aim, rng, kicking)
        if kicking:
            keys += [Key(drawn, rng.uniform(0.3, 0.5)), Key(out, rng.uniform(0.17, 0.35), 0.05),
                     Key(drawn, rng.uniform(0.3, 0.5)), Key(over, rng.uniform(0.4, 0.7), 0.2)]  # fmt: skip
        else:
            keys += [Key(out, rng.uniform(0.8, 1.6), 0.5 + pause_s(rng, 2.5))]
    return [*keys, Key(over, 0.8, 0.1), Key(base, 0.7, 0.3)]


def _over_one_foot(base: Posture, side: int) -> Posture:
    foot = base.ends[side]
    root = np.array([0.85 * foot[0], base.root[1], base.root[2] - 0.015])
    return replace(base, root=root, sway=0.7)


def _leg_lifted(over: Posture, side: int, aim_deg: float, rng: np.random.Generator,
                kicking: bool) -> tuple[Posture, Posture]:  # fmt: skip
    """Knee drawn up, and leg stretched out: ahead 0, outwards -70, behind 75 degrees; the trunk leans against it."""
    side_share, back_share = max(0.0, -aim_deg) / 70.0, max(0.0, aim_deg) / 75.0
    ahead_share = 1.0 - side_share - min(back_share, 1.0)
    height = rng.uniform(35.0, 80.0)
    outward = 1.0 if side == 0 else -1.0
    sideways = outward * 22.0 * side_share
    lean = -10.0 * max(ahead_share, 0.0) + 42.0 * back_share
    trunk = turned(0.6 * lean + rng.uniform(-5, 10), rng.uniform(-10, 10), 0.7 * sideways)
    shift = place(0.0, -0.10 * back_share * over.figure.leg_length, -0.02 - 0.03 * back_share)
    posture = replace(over, root=over.root + shift, R_pelvis=pelvis_turned(0.7 * lean, 0.0, 0.5 * sideways),
                      trunk=trunk, head=turned(-0.8 * lean))  # fmt: skip
    posture = _arms_anywhere(posture, rng) if not kicking else _guard(posture, rng)
    forward = height * max(ahead_share, 0.0) - 28.0 * back_share + 15.0 * side_share
    out = height * side_share * 0.8 + rng.uniform(0, 12)
    knee = rng.uniform(3.0, 25.0) if kicking else rng.uniform(5.0, 110.0)
    drawn = posture.leg(side, max(forward, 45.0 * (1 - back_share)), 0.6 * out, 95.0, 10.0)
    return drawn, posture.leg(side, forward, out, knee, 20.0 * side_share, rng.uniform(-5.0, 35.0))


def _guard(posture: Posture, rng: np.random.Generator) -> Posture:
    for side in range(len(SIDES)):
        posture = posture.arm(side, rng.uniform(0.0, 0.9), rng.uniform(0.3, 1.0), rng.uniform(-0.6, 0.3),
                              rng.uniform(0.5, 0.9), roll_deg=rng.uniform(-90.0, 0.0))  # fmt: skip
    return posture
