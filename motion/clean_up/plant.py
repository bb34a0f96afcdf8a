"""Clean-up of contacts: what rests on something stays there, and no foot is under the floor.

Translation first, then inverse kinematics of legs and arms. Knows nothing of any particular skeleton.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from ..arrays import Array, Mask
from ..contacts.contacts import Contacts
from ..figure import SOLE_PARTS, Figure
from ..limb_ik import Limb
from ..rotations import axis_angle_from_matrix, matrix_from_axis_angle
from .feet import ball_on_toes, foot_holds, foot_path
from .foot import Foot, feet_of
from .hands import HandHold, arm_moves
from .limb_turns import with_foot, with_limb
from .reach import bent_limb, lowering
from .root_path import Resting, followed, root_displacement
from .settings import CleanUpSettings
from .spans import places_over_time, resting_spans

_UP = np.array([0.0, 0.0, 1.0])
_LEAST_CERTAIN = 0.02   # what nobody saw still has some say


def plant(
    figure: Figure, R_parent_from_joint: Array, root: Array, contacts: Contacts, rate: float, settings: CleanUpSettings,
    sight: Array | None = None, certainty: Array | None = None,
) -> tuple[Array, Array]:  # fmt: skip
    """R_parent_from_joint [T, J, 3, 3] and root [T, 3] m with everything that rests kept in its place.

    World: Z up, floor at z = 0. sight [T, 3, 3] m^-2, symmetric, says how well the footage shows where the body is
    (its errors lasting about a second): tight across the viewing ray, loose along it; the same every way if None.
    certainty [T, P] 0..1 says how surely the figure's points were seen; all were if None.
    """
    if settings.strength == 0.0 or len(root) == 0:
        return R_parent_from_joint.copy(), root.copy()
    size = figure.size
    small = figure.scaled(1.0 / size)
    contacts = _chosen(contacts, figure, settings)
    contacts = replace(contacts, height_m=contacts.height_m / size)
    sight = None if sight is None else sight * size**2
    certainty = np.ones((len(root), len(figure.point_names))) if certainty is None else certainty
    footage = _Footage(sight, np.maximum(certainty, _LEAST_CERTAIN))
    R, place = _planted(small, R_parent_from_joint, root / size, contacts, rate, settings, footage)
    return _blended(R_parent_from_joint, root, R, place * size, settings.strength)


@dataclass(frozen=True, eq=False)
class _Footage:
    """How well it shows the body, and its points."""

    sight: Array | None    # [T, 3, 3]
    certainty: Array       # [T, P]


def _planted(
    figure: Figure, R_local: Array, root: Array, contacts: Contacts, rate: float, settings: CleanUpSettings,
    footage: _Footage,
) -> tuple[Array, Array]:  # fmt: skip
    R, joints = figure.kinematics(R_local, root)
    feet = feet_of(figure)
    moved = _translation(figure, _on_flat_toes(figure, feet, R, joints), contacts, rate, footage)
    root, joints = root + moved, joints + moved[:, None]
    feet = feet if settings.feet != "never" else []
    paths = [foot_path(foot_holds(foot, R, joints, partial(_channel, contacts), rate), rate) for foot in feet]
    hands = _hand_holds(figure, contacts)
    limbs = [(foot.limb, path.ankle, path.pinned * _seen(figure, foot, footage))
             for foot, path in zip(feet, paths, strict=True)]  # fmt: skip
    along = _going_along(limbs, joints, contacts, rate, footage.sight)
    root, joints = root + along, joints + along[:, None]
    lower = lowering(figure, limbs, joints, rate)[:, None] * _UP
    root, joints = root - lower, joints - lower[:, None]
    for foot, path in zip(feet, paths, strict=True):
        R_local = with_foot(figure, foot, path, R_local, R, joints)
    if hands:
        R_local = _with_hands(figure, hands, R_local, root, rate)
    return R_local, root


def _seen(figure: Figure, foot: Foot, footage: _Footage) -> Array:
    """[T] 0..1 how surely a foot was."""
    of_foot = [p for p, name in enumerate(figure.point_names) if name.startswith(foot.side) and _is_sole(name)]
    return footage.certainty[:, of_foot].max(axis=1, initial=_LEAST_CERTAIN)


def _translation(figure: Figure, points: Array, contacts: Contacts, rate: float, footage: _Footage) -> Array:
    """The displacement [T, 3] m of the root, once for what rests at all and once for where the trunk rests."""
    world = np.flatnonzero(contacts.holds_to < 0)
    index = np.array([figure.point(contacts.names[c]) for c in world], dtype=np.int64)
    of_trunk = np.array([not _of_limb(figure.point_names[i]) for i in index], dtype=bool)
    resting = Resting(points[:, index], contacts.held[:, world], contacts.height_m[:, world], of_trunk,
                      footage.certainty[:, index])  # fmt: skip
    others = points[:, [not _is_sole(name) for name in figure.point_names]]
    d = root_displacement(resting, others, rate, None, footage.sight)
    if not np.any(resting.held[:, of_trunk]):
        return d
    places = np.full_like(resting.points, np.nan)
    for c in np.flatnonzero(of_trunk):
        spans = resting_spans(resting.held[:, c], resting.points[:, c] + d, resting.height_m[:, c], rate)
        places[:, c] = places_over_time(spans, len(d))
    return root_displacement(resting, others, rate, places, footage.sight)


def _going_along(
    limbs: list[tuple[Limb, Array, Array]], joints: Array, contacts: Contacts, rate: float, sight: Array | None
) -> Array:
    """By how much [T, 3] m the body follows the feet on which it stands."""
    if not limbs:
        return np.zeros((len(joints), 3))
    wishes = np.stack([target - joints[:, limb.end] for limb, target, _ in limbs], axis=1)
    pinned = np.stack([share for _, _, share in limbs], axis=1)
    trunk = [not _of_limb(name) and to < 0 for name, to in zip(contacts.names, contacts.holds_to, strict=True)]
    return followed(wishes, pinned, contacts.held[:, trunk].any(axis=1), rate, sight)


def _on_flat_toes(figure: Figure, feet: list[Foot], R: Array, joints: Array) -> Array:
    """The figure's points [T, P, 3] m, balls and tips where they would be on toes that lie flat."""
    points = figure.points(R, joints)
    for foot in feet:
        ball = ball_on_toes(foot, R[:, foot.limb.end], joints[:, foot.limb.end])
        for part in ("ball", "toe"):
            if f"{foot.side}_{part}" in figure.point_names:
                points[:, figure.point(f"{foot.side}_{part}")] = ball
    return points


def _with_hands(figure: Figure, holds: list[HandHold], R_local: Array, root: Array, rate: float) -> Array:
    R, joints = figure.kinematics(R_local, root)
    for arm, move in arm_moves(figure, holds, R, joints, figure.points(R, joints), rate).items():
        limb = figure.limbs[arm]
        R_upper, R_lower = bent_limb(figure, limb, R, joints, joints[:, limb.end] + move.offset, move.pinned)
        R_local = with_limb(figure, limb, R_local, R, R_upper, R_lower, R[:, limb.end])
    return R_local


def _chosen(contacts: Contacts, figure: Figure, settings: CleanUpSettings) -> Contacts:
    """Only what is to be planted, and what the figure has."""
    held = contacts.held.copy()
    for c, name in enumerate(contacts.names):
        planted = not (_is_sole(name) and settings.feet in ("never", "ground"))
        planted &= not (_is_palm(name) and not settings.plant_hands) and settings.feet != "ground"
        held[:, c] &= planted and name in figure.point_names
    known = [c for c, name in enumerate(contacts.names) if name in figure.point_names]
    return Contacts(
        names=tuple(contacts.names[c] for c in known), held=held[:, known], probability=contacts.probability[:, known],
        height_m=contacts.height_m[:, known], holds_to=contacts.holds_to[known],
    )  # fmt: skip


def _hand_holds(figure: Figure, contacts: Contacts) -> list[HandHold]:
    holds = []
    for c, name in enumerate(contacts.names):
        arm = name.replace("_palm", "_arm")
        if _is_palm(name) and arm in figure.limbs and contacts.held[:, c].any():
            holds.append(HandHold(arm, figure.point(name), contacts.held[:, c], contacts.height_m[:, c],
                                  int(contacts.holds_to[c])))  # fmt: skip
    return holds


def _channel(contacts: Contacts, name: str) -> tuple[Mask, Array]:
    """Where a point holds to the world [T], and the height of what is under it [T] m."""
    for c, each in enumerate(contacts.names):
        if each == name and contacts.holds_to[c] < 0:
            return contacts.held[:, c], contacts.height_m[:, c]
    frames = len(contacts.held)
    return np.zeros(frames, dtype=bool), np.zeros(frames)


def _is_sole(name: str) -> bool:
    return name.rpartition("_")[2] in SOLE_PARTS


def _is_palm(name: str) -> bool:
    return name.endswith("_palm")


def _of_limb(name: str) -> bool:
    """Whether a limb can be bent to keep the point where it is."""
    return _is_sole(name) or _is_palm(name)


def _blended(R: Array, root: Array, R_planted: Array, root_planted: Array, share: float) -> tuple[Array, Array]:
    if share == 1.0:
        return R_planted, root_planted
    turn = axis_angle_from_matrix(np.swapaxes(R, -1, -2) @ R_planted)
    return R @ matrix_from_axis_angle(share * turn), root + share * (root_planted - root)
