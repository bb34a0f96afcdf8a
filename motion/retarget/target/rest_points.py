"""The points of a character that may rest on something: soles, palms, seat, knees, elbows and back.

A rig has no skin that could be asked, so that they lie as they do on the source, scaled by the bones beside them.
Everything here is in the rest frame: T-pose, Y up, facing +Z, m.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...arrays import Array, Indices
from ...figure import Figure
from ...rotations import normalised
from ..slots import LIMB_PARTS, SIDES

Slots = Mapping[str, "int | Sequence[int]"]

_LEVEL = np.array([1.0, 0.0, 1.0])
_UP = np.array([0.0, 1.0, 0.0])
# A bone's tail is where the artist, or an importer that knew no better, put it: believed where a foot or a hand could
# end, measured by what the rest of the limb lets expect.
_TAIL_BELIEVED = (0.4, 2.5)
_TIP_SHARE = 0.85              # of the way to the tip: the foot of a rig without toes ends at the ball if shorter
_KNUCKLES_BELIEVED = (0.6, 2.5)   # a chain of a finger may begin with the bone in the palm
_KNUCKLES = ("index", "pinky")
_FINGERS = ("index", "middle", "ring", "pinky")


def rest_points(
    joints: Slots, rest_joints: Array, foot_tails: Mapping[str, Array], hand_tails: Mapping[str, Array],
    floor_height_m: float, source_figure: Figure,
) -> tuple[tuple[str, ...], Indices, Array]:  # fmt: skip
    """Names, joints [P] and places [P, 3] m of a character's points, those of the source's figure that it can have.

    joints: by slot, one or a chain's from the hips outwards; rest_joints [J, 3] m. foot_tails and hand_tails [3] m by
    side: where the last bone of the foot and the hand's bone end; may lack. floor_height_m: of what the feet stand on.
    """
    rest = _Rest(joints, rest_joints, source_figure)
    found: dict[str, tuple[int, Array]] = {}
    for side in SIDES:
        found |= _soles(rest, side, foot_tails.get(side), floor_height_m)
        found |= _palm(rest, side, hand_tails.get(side))
        found |= _bends(rest, side)
        found |= _seat(rest, side)
    found |= _back(rest)
    names = tuple(name for name in source_figure.point_names if name in found)
    places = np.array([found[name][1] for name in names], dtype=np.float64).reshape(-1, 3)
    return names, np.array([found[name][0] for name in names], dtype=np.int64), places


@dataclass(frozen=True, eq=False)
class _Rest:
    """Target and source side by side."""

    joints: Slots
    rest_joints: Array
    source: Figure

    def chain(self, slot: str) -> list[int]:
        return [int(joint) for joint in np.atleast_1d(self.joints.get(slot, [])) if joint >= 0]

    def at(self, slot: str) -> Array | None:
        """[3] m, None where there is no such joint."""
        chain = self.chain(slot)
        return self.rest_joints[chain[0]] if chain else None

    def limb(self, side: str, kind: str) -> tuple[list[Array], Array] | None:
        """Three joints [3] of a leg or an arm, and [3, 3] those of the source; None where one lacks."""
        own, limb = [self.at(f"{side}_{slot}") for slot in LIMB_PARTS[kind]], self.source.limbs.get(f"{side}_{kind}")
        if limb is None or any(place is None for place in own):
            return None
        return own, self.source.rest_joints[limb.joints]

    def scale(self, side: str, kind: str) -> float:
        """How long a limb is beside the source's; 1 where there is none."""
        limb = self.limb(side, kind)
        return 1.0 if limb is None else _length(limb[0]) / _length(limb[1])

    def source_point(self, name: str) -> Array:
        return self.source.points_rest[self.source.point(name)]


def _length(places: Sequence[Array] | Array) -> float:
    return float(np.linalg.norm(np.diff(np.stack(list(places)), axis=0), axis=-1).sum())


def _soles(rest: _Rest, side: str, tail: Array | None, floor_m: float) -> dict[str, tuple[int, Array]]:
    leg = rest.limb(side, "leg")
    if leg is None or f"{side}_ball" not in rest.source.point_names:
        return {}
    foot, toe = rest.chain(f"{side}_foot")[0], rest.chain(f"{side}_toe")[:1]
    ankle, source_ankle = leg[0][2], leg[1][2]
    source = _SourceFoot.of(rest.source, side, source_ankle)
    if toe:
        heading, scale, ball, tip = _with_toe(source, ankle, rest.rest_joints[toe[0]], tail)
    else:
        heading, scale, ball, tip = _without_toe(source, ankle, tail, rest.scale(side, "leg"))
    across = np.cross(_UP, heading)
    places = {"heel": ankle + scale * (source.heel[0] * heading + source.heel[1] * across), "ball": ball, "toe": tip}
    on_floor = {part: place * _LEVEL + floor_m * _UP for part, place in places.items()}
    rides = {"heel": foot, "ball": foot, "toe": (toe or [foot])[0]}
    return {f"{side}_{part}": (rides[part], place) for part, place in on_floor.items()}


@dataclass(frozen=True, eq=False)
class _SourceFoot:
    """Places on the source's sole from its ankle: forward and to the left of that [2] m."""

    heading: Array    # [3]
    heel: Array
    ball: Array
    tip: Array
    hinge: Array      # the joint of the toes
    hinge_m: float    # and how far that is from the ankle

    @classmethod
    def of(cls, figure: Figure, side: str, ankle: Array) -> _SourceFoot:
        hinge = figure.rest_joints[figure.toe_joints[f"{side}_leg"]]
        heading = normalised((hinge - ankle) * _LEVEL)
        axes = np.stack([heading, np.cross(_UP, heading)])
        heel, ball, tip = (axes @ (figure.points_rest[figure.point(f"{side}_{part}")] - ankle)
                           for part in ("heel", "ball", "toe"))  # fmt: skip
        return cls(heading, heel, ball, tip, axes @ (hinge - ankle), float(np.linalg.norm(hinge - ankle)))


Sole = tuple[Array, float, Array, Array]   # heading [3], scale beside the source's, places [3] of ball and tip


def _with_toe(source: _SourceFoot, ankle: Array, hinge: Array, tail: Array | None) -> Sole:
    """The ball lies at the joint of the toes, wherever shoes with heels put the ankle."""
    way = (hinge - ankle) * _LEVEL
    scale = float(np.linalg.norm(hinge - ankle)) / source.hinge_m
    heading = normalised(way) if np.linalg.norm(way) > 0.2 * scale * source.hinge_m else source.heading
    across = np.cross(_UP, heading)
    ball, tip = (hinge + scale * ((place - source.hinge)[0] * heading + (place - source.hinge)[1] * across)
                 for place in (source.ball, source.tip))  # fmt: skip
    if tail is not None and _believed((tail - hinge) @ heading / (scale * (source.tip - source.hinge)[0])):
        tip = tail
    return heading, scale, ball, tip


def _without_toe(source: _SourceFoot, ankle: Array, tail: Array | None, scale: float) -> Sole:
    """The tail of the foot's bone is the ball, the tip of the foot or nothing to go by."""
    heading = source.heading
    if tail is not None:
        ahead = float(np.linalg.norm((tail - ankle) * _LEVEL)) / source.tip[0]
        if _believed(ahead / scale):
            heading = normalised((tail - ankle) * _LEVEL)
            scale = ahead if ahead > _TIP_SHARE * scale else ahead * source.tip[0] / source.hinge[0]
    across = np.cross(_UP, heading)
    ball, tip = (ankle + scale * (place[0] * heading + place[1] * across) for place in (source.ball, source.tip))
    return heading, scale, ball, tip


def _believed(share: float) -> bool:
    return _TAIL_BELIEVED[0] < share < _TAIL_BELIEVED[1]


def _palm(rest: _Rest, side: str, tail: Array | None) -> dict[str, tuple[int, Array]]:
    """Between the outer knuckles; along the bone of the hand, or the forearm, as far as the source's is, without."""
    arm = rest.limb(side, "arm")
    if arm is None or f"{side}_palm" not in rest.source.point_names:
        return {}
    (_, elbow, wrist), (_, source_elbow, source_wrist) = arm
    expected = rest.source_point(f"{side}_palm") - source_wrist
    far = float(np.linalg.norm(expected)) * np.linalg.norm(wrist - elbow) / np.linalg.norm(source_wrist - source_elbow)
    way = _to_knuckles(rest, side, wrist)
    if way is None and tail is not None:
        way = tail - wrist
    if way is None or np.linalg.norm(way) < 1e-6:
        way = far * normalised(expected)
    if not _KNUCKLES_BELIEVED[0] < np.linalg.norm(way) / far < _KNUCKLES_BELIEVED[1]:
        way = far * normalised(way)
    return {f"{side}_palm": (rest.chain(f"{side}_hand")[0], wrist + way)}


def _to_knuckles(rest: _Rest, side: str, wrist: Array) -> Array | None:
    """From the wrist to the middle [3] of the outer fingers' knuckles, of all fingers where one of those lacks."""
    chains = {finger: rest.chain(f"{side}_{finger}") for finger in _FINGERS}
    outer = [chains[finger] for finger in _KNUCKLES if chains[finger]]
    chosen = outer if len(outer) == len(_KNUCKLES) else [chain for chain in chains.values() if chain]
    if not chosen:
        return None
    # A fourth bone is the one in the palm.
    return np.mean([rest.rest_joints[chain[-3] if len(chain) > 3 else chain[0]] for chain in chosen], axis=0) - wrist


def _bends(rest: _Rest, side: str) -> dict[str, tuple[int, Array]]:
    """Knee and elbow."""
    found = {}
    for name, slot, kind in ((f"{side}_knee", f"{side}_shin", "leg"), (f"{side}_elbow", f"{side}_forearm", "arm")):
        limb = rest.limb(side, kind)
        if limb is not None and name in rest.source.point_names:
            place = limb[0][1] + rest.scale(side, kind) * (rest.source_point(name) - limb[1][1])
            found[name] = (rest.chain(slot)[0], place)
    return found


def _seat(rest: _Rest, side: str) -> dict[str, tuple[int, Array]]:
    """Under the joint of the hip; it rides on what turns the pelvis."""
    leg, name = rest.limb(side, "leg"), f"seat_{side}"
    pelvis = rest.chain("pelvis") or rest.chain("hips")
    if leg is None or not pelvis or name not in rest.source.point_names:
        return {}
    return {name: (pelvis[0], leg[0][0] + rest.scale(side, "leg") * (rest.source_point(name) - leg[1][0]))}


def _back(rest: _Rest) -> dict[str, tuple[int, Array]]:
    """Behind the last joint of the spine, as deep as the trunk is long beside the source's."""
    spine = rest.chain("spine")
    hips, shoulders = ([rest.limb(side, kind) for side in SIDES] for kind in ("leg", "arm"))
    if not spine or None in hips or None in shoulders or "back" not in rest.source.point_names:
        return {}
    own, source = (
        np.linalg.norm(np.mean([arm[which][0] for arm in shoulders], axis=0)
                       - np.mean([leg[which][0] for leg in hips], axis=0)) for which in (0, 1)
    )  # fmt: skip
    rides_on = rest.source.rest_joints[rest.source.point_joints[rest.source.point("back")]]
    return {"back": (spine[-1], rest.rest_joints[spine[-1]] + own / source * (rest.source_point("back") - rides_on))}
