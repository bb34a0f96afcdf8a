"""A motion made up so that its truth is known: walk, turn on the spot, forearms all the way round, clap, handstand.

Curves through a few knots drive trunk and arms; feet stand exactly where, and as long as, the table of swings says.
"""

from __future__ import annotations

import numpy as np

from motion.arrays import Array, Mask
from motion.body import read_open_body
from motion.contacts.body_points import figure_of
from motion.contacts.contacts import Contacts
from motion.contacts.on_body import body_holds
from motion.figure import Figure
from motion.limb_ik import limb_posed
from motion.retarget.slots import SIDES
from motion.retarget.source.source_pose import R_WORLD_FROM_REST, SourcePose
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle
from motion.skeleton import JOINT

RATE, FRAMES = 30.0, 400
TURN, ROLL, CLAP, FLIP, HANDSTAND = (95, 175), (180, 236), (236, 289), (292, 396), (330, 356)
CLAPS = ((254, 260), (269, 274))
_WAY_M, _LOWER_M, _LIFT_M = 1.2, 0.05, 0.07
_SWINGS = {
    "left": [(3, 13), (33, 43), (63, 73), *((96 + 16 * i, 104 + 16 * i) for i in range(5))],
    "right": [(18, 28), (48, 58), (78, 88), *((104 + 16 * i, 112 + 16 * i) for i in range(5))],
}   # frames in which a foot is in the air, but for the handstand
_LEFT, _UP, _AHEAD = np.eye(3)      # of the rest frame: T-pose, Y up, facing +Z
_OUTWARD = {"left": 1.0, "right": -1.0}
_Knot = tuple[int, int, float]      # from this frame to that one, to this value


def performance() -> SourcePose:
    """400 frames at 30 a second of our open body, with contacts as they truly are."""
    figure = figure_of(read_open_body().shaped(np.zeros(0)))
    yaw = _curve(0.0, (*TURN, 2 * np.pi))
    R_local, root = _with_arms(_trunk(yaw)), np.zeros((FRAMES, 3))
    root[:, 1] = -_curve(0.0, (0, 90, _WAY_M))
    root[:, 2] = _height(figure, R_local)
    R, joints = figure.kinematics(R_local, root)
    R, _ = _with_limbs(figure, R_local, root, _feet(figure, R, joints, yaw))
    R, joints = _with_limbs(figure, figure.local(R), root, _clapping_hands(figure, R, joints))
    return SourcePose(figure, RATE, R, joints, _contacts(figure))


def _curve(start: float, *knots: _Knot) -> Array:
    """[T] from value to value, smoothly, still in between."""
    frames, result = np.arange(FRAMES), np.full(FRAMES, start)
    for first, last, value in knots:
        share = np.clip((frames - first) / (last - first), 0.0, 1.0)
        result += (value - start) * share * share * (3.0 - 2.0 * share)
        start = value
    return result


def _about(axis: Array, angle_rad: Array) -> Array:
    return matrix_from_axis_angle(np.asarray(angle_rad)[..., None] * axis)


def _mixed(R: Array, R_other: Array, share: Array) -> Array:
    """Rotations [T, 3, 3] with shares [T] of the others."""
    return R @ matrix_from_axis_angle(share[:, None] * axis_angle_from_matrix(np.swapaxes(R, -1, -2) @ R_other))


def _upside_down() -> Array:
    """[T] 0 on the feet, 1 on the hands."""
    return _curve(0.0, (FLIP[0], HANDSTAND[0], 1.0), (HANDSTAND[1], FLIP[1], 0.0))


def _trunk(yaw: Array) -> Array:
    """R_parent_from_joint [T, 55, 3, 3]: the body's turn in the world, and a spine that rests only upside down."""
    R = np.tile(np.eye(3), (FRAMES, 55, 1, 1))
    over = _curve(0.0, (FLIP[0], HANDSTAND[0], np.pi), (HANDSTAND[1], FLIP[1], 2 * np.pi))
    R[:, 0] = R_WORLD_FROM_REST @ _about(_UP, yaw) @ _about(_LEFT, over)
    sway = (1.0 - _upside_down()) * np.sin(2 * np.pi * np.arange(FRAMES) / 30.0)
    for name, share in (("spine1", 0.08), ("spine2", 0.10), ("spine3", -0.06), ("neck", 0.10), ("head", 0.15)):
        R[:, JOINT[name]] = _about(_UP, share * sway) @ _about(_LEFT, 0.5 * share * sway)
    return R


def _with_arms(R: Array) -> Array:
    """Hanging and swinging, held out and rolled all the way round, above the head upside down; fingers closing."""
    down = _curve(1.25, (ROLL[0], ROLL[0] + 12, 0.0), (ROLL[1] - 10, ROLL[1], 1.25),
                  (FLIP[0] + 2, HANDSTAND[0] - 4, -1.45), (HANDSTAND[1] + 4, FLIP[1], 1.25))  # fmt: skip
    swing = 0.4 * _curve(1.0, (80, 95, 0.0)) * np.sin(2 * np.pi * np.arange(FRAMES) / 30.0)
    bend = 0.1 + 0.3 * np.clip(down, 0.0, None)
    roll = _curve(0.0, (ROLL[0] + 6, ROLL[1] - 6, 2 * np.pi))
    close = 0.25 + 0.2 * (1.0 - _upside_down()) * np.sin(2 * np.pi * np.arange(FRAMES) / 45.0)
    for side, outward in _OUTWARD.items():
        R[:, JOINT[f"{side}_shoulder"]] = _about(_LEFT, outward * swing) @ _about(_AHEAD, -outward * down)
        R[:, JOINT[f"{side}_elbow"]] = _about(_UP, -outward * bend) @ _about(_LEFT, roll)
        R[:, JOINT[f"{side}_wrist"]] = _about(_LEFT, np.sin(roll))
        for finger in ("index", "middle", "ring", "pinky"):
            for i in (1, 2, 3):
                R[:, JOINT[f"{side}_{finger}{i}"]] = _about(_AHEAD, -outward * close)
    return R


def _height(figure: Figure, R_local: Array) -> Array:
    """[T] m of the pelvis: knees a little bent on the feet, palms on the ground upside down."""
    heels, palms = ([figure.point(f"{side}_{part}") for side in SIDES] for part in ("heel", "palm"))
    on_feet = figure.rest_joints[0, 1] - figure.points_rest[heels, 1].min() - _LOWER_M
    R, joints = figure.kinematics(R_local, np.zeros((FRAMES, 3)))
    on_hands = -figure.points(R, joints)[HANDSTAND[0], palms, 2].min()
    jump_m = _curve(0.0, (FLIP[0] + 2, FLIP[0] + 16, 0.3), (FLIP[0] + 16, HANDSTAND[0], 0.0),
                    (HANDSTAND[1], FLIP[1] - 16, 0.3), (FLIP[1] - 16, FLIP[1] - 2, 0.0))  # fmt: skip
    return on_feet + (on_hands - on_feet) * _upside_down() + jump_m


_Orientations = dict[str, Array]    # by joint, R_world_from_joint [T, 3, 3]


def _with_limbs(figure: Figure, R_local: Array, root: Array, wanted: _Orientations) -> tuple[Array, Array]:
    """The body posed with some joints as wanted; what hangs on them goes along."""
    R, _ = figure.kinematics(R_local, root)
    changed = [JOINT[name] for name in wanted]
    R[:, changed] = np.stack(list(wanted.values()), axis=1)
    R_local = R_local.copy()
    R_local[:, changed] = figure.local(R)[:, changed]
    return figure.kinematics(R_local, root)


def standing(side: str) -> Mask:
    """[T] whether a foot stands."""
    stands = np.ones(FRAMES, dtype=bool)
    for first, last in (*_SWINGS[side], (FLIP[0], FLIP[1])):
        stands[first + 1 : last] = False
    return stands


def _feet(figure: Figure, R: Array, joints: Array, yaw: Array) -> _Orientations:
    """Legs that reach for where the feet stand; straight upside down."""
    on_ground = 1.0 - _curve(0.0, (FLIP[0], FLIP[0] + 14, 1.0), (FLIP[1] - 14, FLIP[1], 0.0))
    wanted = {}
    for side in SIDES:
        hip, knee, ankle = (JOINT[f"{side}_{name}"] for name in ("hip", "knee", "ankle"))
        place, foot_yaw = _foot_path(figure, side, joints[:, 0], yaw)
        upper, lower = limb_posed(figure.limbs[f"{side}_leg"], figure.rest_joints, joints[:, hip], place,
                                  R[:, 0] @ _AHEAD)  # fmt: skip
        flat = R_WORLD_FROM_REST @ _about(_UP, foot_yaw)
        for joint, reached in ((hip, upper), (knee, lower), (ankle, flat)):
            wanted[f"{side}_{_NAMES[joint]}"] = _mixed(R[:, joint], reached, on_ground)
    return wanted


def _foot_path(figure: Figure, side: str, pelvis: Array, yaw: Array) -> tuple[Array, Array]:
    """Where an ankle is [T, 3] m and how the foot is turned [T]: it stands where the body is in the middle of that."""
    rest = figure.rest_joints[JOINT[f"{side}_ankle"]] - figure.rest_joints[0]
    ground = figure.points_rest[figure.point(f"{side}_heel"), 1] - figure.rest_joints[0, 1]
    offset = np.array([rest[0], -rest[2], 0.0])
    swings = _SWINGS[side]
    place, turned = np.empty((FRAMES, 3)), np.empty(FRAMES)
    stands = list(zip([0, *(last for _, last in swings)], [*(first for first, _ in swings), FRAMES]))
    middles = [(first + last) // 2 for first, last in stands]
    for (first, last), middle in zip(stands, middles):
        turned[first:last + 1], place[first:last + 1] = yaw[middle], _beside(pelvis[middle], yaw[middle], offset)
    for (first, last), before, after in zip(swings, middles, middles[1:]):
        share = np.linspace(0.0, 1.0, last - first + 1)
        eased = share * share * (3.0 - 2.0 * share)
        ends = [_beside(pelvis[middle], yaw[middle], offset) for middle in (before, after)]
        place[first:last + 1] = ends[0] + eased[:, None] * (ends[1] - ends[0])
        turned[first:last + 1] = yaw[before] + eased * (yaw[after] - yaw[before])
    lift = np.zeros(FRAMES)
    for first, last in swings:
        lift[first:last + 1] = _LIFT_M * np.sin(np.pi * np.linspace(0.0, 1.0, last - first + 1)) ** 2
    place[:, 2] = rest[1] - ground + lift
    return place, turned


def _beside(pelvis: Array, yaw: float, offset: Array) -> Array:
    return pelvis + matrix_from_axis_angle([0.0, 0.0, yaw]) @ offset


def _clapping_hands(figure: Figure, R: Array, joints: Array) -> _Orientations:
    """Arms that bring the palms together in front of the chest, twice."""
    share = _curve(0.0, (CLAP[0], CLAP[0] + 16, 1.0), (CLAP[1] - 15, CLAP[1], 0.0))
    (a, b), (c, d) = CLAPS
    apart = _curve(0.15, (a - 4, a, 0.012), (b, b + 4, 0.15), (c - 4, c, 0.012), (d, d + 5, 0.15))
    R_chest, chest = R[:, JOINT["spine3"]], joints[:, JOINT["spine3"]]
    wanted = {}
    for side, outward in _OUTWARD.items():
        shoulder, elbow, wrist = (JOINT[f"{side}_{name}"] for name in ("shoulder", "elbow", "wrist"))
        # Fingers ahead and up, palms to the middle.
        R_hand = R_chest @ (_about(_LEFT, -0.7) @ _about(_UP, -outward * np.pi / 2) @ _about(_LEFT, np.pi / 2))
        palm_rest = figure.points_rest[figure.point(f"{side}_palm")] - figure.rest_joints[wrist]
        in_chest = np.stack([outward * apart, np.full(FRAMES, 0.0), np.full(FRAMES, 0.38)], axis=-1)
        target = chest + np.einsum("tij,tj->ti", R_chest, in_chest) - R_hand @ palm_rest
        towards = R_chest @ np.array([outward * 0.6, -1.0, 0.0])
        upper, lower = limb_posed(figure.limbs[f"{side}_arm"], figure.rest_joints, joints[:, shoulder], target, towards)
        for joint, reached in ((shoulder, upper), (elbow, lower), (wrist, R_hand)):
            wanted[f"{side}_{_NAMES[joint]}"] = _mixed(R[:, joint], reached, share)
    return wanted


_NAMES = {joint: name.partition("_")[2] for name, joint in JOINT.items()}


def _contacts(figure: Figure) -> Contacts:
    """Soles while the feet stand, palms on the ground upside down, the left palm on the right hand while clapping."""
    holds = body_holds(figure)
    names = (*figure.point_names, *(hold.palm for hold in holds))
    holds_to = np.array([-1] * len(figure.point_names) + [hold.joint for hold in holds])
    held = np.zeros((FRAMES, len(names)), dtype=bool)
    for side in SIDES:
        for part in ("heel", "ball", "toe"):
            held[:, names.index(f"{side}_{part}")] = standing(side)
        held[HANDSTAND[0] : HANDSTAND[1] + 1, names.index(f"{side}_palm")] = True
    clap = next(c for c, name in enumerate(names) if name == "left_palm" and holds_to[c] == JOINT["right_wrist"])
    for first, last in CLAPS:
        held[first : last + 1, clap] = True
    return Contacts(names, held, np.where(held, 0.98, 0.02), np.zeros(held.shape), holds_to)
