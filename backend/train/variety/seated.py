"""Made-up motion of people who sit: on chairs of any height, and on the floor, with the way down and up again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.train.variety.animate import Key
from backend.train.variety.figure import Figure
from backend.train.variety.posture import Posture, pelvis_turned, place, turned
from backend.train.variety.standing import pause_s, standing
from motion.arrays import Array
from motion.skeleton import JOINT

_SEAT_OVER_HIPS = 0.10  # from the hip joints down to the seat, in shares of the leg's length
_FLOOR_SEAT = 0.155  # height of the pelvis joint of who sits on the floor, in shares of the leg's length


def on_chair(figure: Figure, rng: np.random.Generator) -> list[Key]:
    """Sits down on a seat of any height, moves about there, gets up."""
    width = rng.uniform(0.8, 1.7)
    base = standing(figure, rng, width)
    seat = _seated(base, rng.uniform(0.30, 0.58) * figure.leg_length / 0.82, rng)
    way = _half_way(base, seat, rng)
    keys = [
        Key(base, 0.0, pause_s(rng, 0.6)),
        Key(way, rng.uniform(0.6, 1.0)),
        Key(_busy(seat, rng), rng.uniform(0.6, 1.0), 0.5),
    ]
    for _ in range(rng.integers(3, 7)):
        keys.append(Key(_busy(seat, rng), rng.uniform(0.6, 1.6), pause_s(rng, 2.5)))
    return [*keys, Key(way, rng.uniform(0.6, 1.0)), Key(base, rng.uniform(0.6, 1.0), 0.3)]


def _seated(base: Posture, seat_m: float, rng: np.random.Generator) -> Posture:
    figure = base.figure
    thigh = -figure.offsets[JOINT["left_knee"]][1]
    hips_up = seat_m + _SEAT_OVER_HIPS * figure.leg_length
    back = thigh * rng.uniform(0.82, 0.98) + max(0.0, 0.35 - seat_m) * 0.3
    root = place(0.0, -back, hips_up - figure.offsets[JOINT["left_hip"]][1])
    return replace(base, root=root, sway=0.25, R_pelvis=pelvis_turned(rng.uniform(-14.0, 4.0)))


def _half_way(base: Posture, seat: Posture, rng: np.random.Generator) -> Posture:
    """Bent forward over the feet, between standing and sitting."""
    share = rng.uniform(0.5, 0.65)
    root = base.root + share * (seat.root - base.root) * np.array([1.0, 0.9, 1.0])
    posture = replace(base, root=root, R_pelvis=pelvis_turned(rng.uniform(24.0, 36.0)),
                      trunk=turned(rng.uniform(10.0, 25.0)), head=turned(-20.0))  # fmt: skip
    for side in (0, 1):
        posture = posture.arm(side, rng.uniform(0.05, 0.4), 0.7, -1.0, rng.uniform(0.75, 0.95), (0.8, -1.0, 0.0), -60.0)
    return posture


def _busy(seat: Posture, rng: np.random.Generator) -> Posture:
    """A seated posture: the trunk leans any way, hands rest on the thighs, gesture or hold on to the seat."""
    lean = float(rng.choice([rng.uniform(-18.0, 8.0), rng.uniform(0.0, 45.0)]))
    R_pelvis = pelvis_turned(0.45 * lean - 6.0, 0.0, rng.uniform(-4.0, 4.0))
    trunk = turned(0.5 * lean + rng.uniform(0.0, 14.0), rng.uniform(-25.0, 25.0), rng.uniform(-12.0, 12.0))
    posture = replace(
        seat, R_pelvis=R_pelvis, trunk=trunk, head=turned(-0.5 * lean, *rng.uniform(-30.0, 30.0, 2) * (1.0, 0.4))
    )
    crossed = rng.uniform() < 0.3
    posture = _feet(posture, rng, int(rng.integers(2)) if crossed else None)
    for side in (0, 1):
        posture = _seated_arm(posture, side, rng)
    return posture


def _feet(posture: Posture, rng: np.random.Generator, crossed: int | None) -> Posture:
    """Feet somewhere on the floor before the seat; one leg may be laid over the other."""
    figure = posture.figure
    half = abs(figure.offsets[JOINT["left_hip"]][0])
    low = posture.root[2] < 0.45 * figure.leg_length
    for side in (0, 1):
        outward = 1.0 if side == 0 else -1.0
        ahead = rng.uniform(-0.12, 0.22) + 0.1 * low
        heel_up_deg = max(0.0, -ahead) * 200.0
        posture = posture.foot_on_floor(
            side, outward * half * rng.uniform(0.7, 1.9), ahead, rng.uniform(0, 20), heel_up_deg
        )
    if crossed is None:
        return posture
    return posture.leg(crossed, 97.0, -16.0, rng.uniform(75.0, 95.0), 6.0, 25.0)


def _seated_arm(posture: Posture, side: int, rng: np.random.Generator) -> Posture:
    outward = 1.0 if side == 0 else -1.0
    kind = rng.choice(["thigh", "gesture", "seat", "table"], p=[0.4, 0.3, 0.15, 0.15])
    if kind == "gesture":
        return posture.arm(side, rng.uniform(-0.2, 1.0), rng.uniform(0.2, 1.0), rng.uniform(-0.8, 0.9),
                           rng.uniform(0.5, 0.97), roll_deg=rng.uniform(-90.0, 40.0))  # fmt: skip
    leg = posture.figure.leg_length
    out, ahead, up = {"thigh": (0.15, rng.uniform(0.2, 0.42), 0.15), "seat": (0.30, rng.uniform(-0.05, 0.2), 0.0),
                      "table": (rng.uniform(0.0, 0.3), rng.uniform(0.4, 0.55), 0.3)}[str(kind)]  # fmt: skip
    hips = posture.root + np.array([0.0, 0.0, posture.figure.offsets[JOINT["left_hip"]][1]])
    return posture.hand_at(side, hips + leg * place(outward * out, ahead, up), (1.0, -0.9, -0.6), -70.0, planted=True)


def on_floor(figure: Figure, rng: np.random.Generator) -> list[Key]:
    """Sits down on the floor, sits in many ways, gets up the same way."""
    down = sitting_down(standing(figure, rng, 1.4), rng)
    seats = [Key(floor_seat(down[-1].posture, rng), rng.uniform(0.9, 1.6), pause_s(rng, 2.5))
             for _ in range(rng.integers(3, 6))]  # fmt: skip
    up = [replace(key, move_s=rng.uniform(0.8, 1.4)) for key in reversed(down)]
    return [*down, *seats, *up]


def sitting_down(base: Posture, rng: np.random.Generator) -> list[Key]:
    """From standing by way of a squat to the seat on the floor, leaning back on the hands."""
    return [Key(base, 0.0, pause_s(rng, 0.5)), Key(_low_squat(base), rng.uniform(0.8, 1.3)),
            Key(_leaning_back(base, rng), rng.uniform(0.7, 1.1), 0.1)]  # fmt: skip


def _low_squat(base: Posture) -> Posture:
    leg = base.figure.leg_length
    root = base.root * np.array([1.0, 1.0, 0.0]) + place(0.0, -0.28 * leg, 0.36 * leg)
    low = replace(base, root=root, R_pelvis=pelvis_turned(22.0), trunk=turned(35.0), head=turned(-30.0), sway=0.4)
    for side in (0, 1):
        low = low.arm(side, 0.1, 1.0, -0.4, 0.9, roll_deg=-60.0)
    return low


def _leaning_back(base: Posture, rng: np.random.Generator) -> Posture:
    """On the seat with bent legs, both hands on the floor behind."""
    leg = base.figure.leg_length
    posture = replace(base, root=place(0.0, -0.62 * leg, _FLOOR_SEAT * leg), R_pelvis=pelvis_turned(-26.0),
                      trunk=turned(12.0), head=turned(8.0), sway=0.2)  # fmt: skip
    for side in (0, 1):
        outward = 1.0 if side == 0 else -1.0
        posture = posture.palm_on_floor(side, outward * 0.32 * leg, -0.62 * leg - rng.uniform(0.34, 0.42) * leg, -150.0,
                                        (1.0, -1.0, 0.0))  # fmt: skip
    return posture


def floor_seat(seat: Posture, rng: np.random.Generator) -> Posture:
    """One of the ways to sit on the floor: legs straight, drawn up, crossed, to one side, apart."""
    kind = rng.choice(["straight", "drawn", "crossed", "aside", "apart"])
    lean = rng.uniform(-22.0, 18.0) if kind in ("straight", "apart") else rng.uniform(-18.0, 12.0)
    posture = replace(
        seat,
        R_pelvis=pelvis_turned(lean * 0.5 - 12.0),
        head=turned(-0.4 * lean + 5.0, rng.uniform(-30, 30)),
        trunk=turned(0.7 * lean + rng.uniform(12, 32), rng.uniform(-20, 20), rng.uniform(-8, 8)),
    )
    for side in (0, 1):
        posture = _floor_leg(posture, side, str(kind), rng)
    leaning = lean < -8.0
    for side in (0, 1):
        posture = _floor_arm(posture, side, leaning, rng)
    return posture


def _floor_leg(posture: Posture, side: int, kind: str, rng: np.random.Generator) -> Posture:
    figure, outward = posture.figure, 1.0 if side == 0 else -1.0
    hip, leg = posture.joint(("left_hip", "right_hip")[side]), figure.leg_length
    low = 0.075 * leg
    if kind == "drawn":
        return posture.foot_on_floor(side, hip[0] + outward * 0.03, -hip[1] + rng.uniform(0.48, 0.68) * leg, 6.0)
    # Where the ankle lies from the hip, out and ahead, where the knee points and how far out the foot turns.
    out, ahead, knee, foot_out = {
        "straight": (0.0, 0.975, (0.15, 0.1, 1.0), 8.0), "apart": (0.55, 0.79, (0.3, 0.1, 1.0), 25.0),
        "crossed": (-0.16, 0.34 + 0.10 * side, (1.0, 0.45, 0.12), 75.0),
        "aside": (0.02 + 0.42 * side, 0.40 - 0.42 * side, (1.0 - 2.0 * side, 0.6 + 0.4 * side, 0.1), 75.0),
    }[kind]  # fmt: skip
    end = np.array([hip[0] + outward * out * leg, hip[1] - ahead * leg, low])
    towards = place(outward * knee[0], knee[1], knee[2])
    toes = _toes(side, kind, foot_out)
    return posture.with_limb(side, end, towards, toes, True)


def _toes(side: int, kind: str, out_deg: float) -> Array:
    """R_world_from_foot [3, 3] of a foot on the floor: on its heel, or on its outer edge, toes outwards or ahead."""
    outward = 1.0 if side == 0 else -1.0
    on_heel = kind in ("straight", "apart")
    lying = pelvis_turned(-70.0) if on_heel else pelvis_turned(-20.0, sideways_deg=-outward * 50.0)
    return pelvis_turned(left_deg=outward * out_deg) @ pelvis_turned().T @ lying


def _floor_arm(posture: Posture, side: int, leaning: bool, rng: np.random.Generator) -> Posture:
    figure, outward = posture.figure, 1.0 if side == 0 else -1.0
    leg = figure.leg_length
    if leaning or rng.uniform() < 0.15:
        return posture.palm_on_floor(side, outward * rng.uniform(0.28, 0.4) * leg,
                                     -posture.root[1] - rng.uniform(0.28, 0.42) * leg, -140.0)  # fmt: skip
    return posture.arm(side, rng.uniform(-0.1, 0.6), rng.uniform(0.4, 1.0), rng.uniform(-0.8, 0.2),
                       rng.uniform(0.55, 0.95), roll_deg=rng.uniform(-90.0, 20.0))  # fmt: skip
