"""A limb, or the whole body, taken over from another pose that fits the footage."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..arrays import Array
from ..corrections.fading import plateau
from ..kinematics import forward_kinematics
from ..limb_ik import LIMBS as REACHING
from ..limb_ik import Limb, limb_in_parents, limb_reaching
from ..motion import Motion
from ..rotations import matrix_from_axis_angle, quaternion_from_matrix, same_half_sphere
from ..runs import runs
from ..skeleton import JOINT, PARENTS, Skeleton
from .limbs import LIMBS, WHOLE_BODY

FADE_FRAMES = 10   # a third of a second of most footage: 20 cm of a wrist are made up for at little over 1 m/s
# A leg is stretched no further than this share of its length, nor than it was: nearer to full stretch a millimetre of
# way turns the knee by a degree and more.
_STRETCHED = 0.99
_SOFT_SHARE = 1e-6   # what a leg has reached it reaches again


@dataclass(frozen=True, eq=False)
class _Pose:
    """F frames of a body."""

    skeleton: Skeleton
    R: Array      # [F, 55, 3, 3] parent from joint
    root: Array   # [F, 3] m in the world

    def world(self) -> tuple[Array, Array]:
        return forward_kinematics(self.skeleton, self.R, self.root)

    def at(self, frames: slice) -> _Pose:
        return replace(self, R=self.R[frames], root=self.root[frames])


def taken_over(main: Motion, number: int, limb: str, first: int, last: int, fade: int = FADE_FRAMES) -> Motion:
    """`main` with a limb of its hypothesis `number` (from 0) in frames first to last, both included.

    The limb is oriented in the world as in the hypothesis; a leg alone also stands where it stands there, as far as it
    reaches, the knee giving way. The whole body brings its path. Before and behind lie up to `fade` frames in which
    both are mixed; all others stay as they are, and so does what the motion holds beside its poses. Raises ValueError
    for a limb, hypothesis or range that is not there.
    """
    _check(main, number, limb, first, last, fade)
    weight = plateau(np.arange(main.frame_count, dtype=np.float64), first, last, fade + 1)
    touched = slice(max(first - fade, 0), min(last + fade + 1, main.frame_count))
    before = _Pose(main.skeleton, main.R_parent_from_joint, main.root_world).at(touched)
    other = _Pose(main.skeleton, matrix_from_axis_angle(main.hypotheses[number, touched]),
                  main.hypotheses_root[number, touched])  # fmt: skip
    wanted = other if limb == WHOLE_BODY else _with_limb(before, other, limb)
    R, root = np.array(main.R_parent_from_joint), np.array(main.root_world)
    R[touched], root[touched] = _mixed(before, wanted, weight[touched], limb)
    return replace(main, R_parent_from_joint=R, root_world=root)


def _check(main: Motion, number: int, limb: str, first: int, last: int, fade: int) -> None:
    if limb not in LIMBS:
        raise ValueError(f"There is no limb {limb!r}.")
    if not 0 <= number < len(main.hypotheses):
        raise ValueError(f"There is no hypothesis {number} among {len(main.hypotheses)}.")
    if not 0 <= first <= last < main.frame_count or fade < 0:
        raise ValueError(f"Frames {first} to {last} faded over {fade} are no part of {main.frame_count}.")


def _with_limb(before: _Pose, other: _Pose, limb: str) -> _Pose:
    """`before` with a limb as it is in `other`.

    With its orientations alone a leg whose hip is elsewhere would slide with the hip's difference: by 9 cm where two
    made-up bodies swayed over the same footprints.
    """
    joints = list(LIMBS[limb])
    R_world, _ = before.world()
    R_world_other, joints_other = other.world()
    R = np.array(before.R)
    R[:, joints] = other.R[:, joints]
    R[:, joints[0]] = np.swapaxes(R_world[:, PARENTS[joints[0]]], -1, -2) @ R_world_other[:, joints[0]]
    wanted = replace(before, R=R)
    if not _legs_of(limb):
        return wanted
    end = REACHING[limb].end
    return _standing(wanted, REACHING[limb], R_world_other[:, end], joints_other[:, end])


def _legs_of(limb: str) -> list[str]:
    return [leg for leg in ("left_leg", "right_leg") if limb in (leg, WHOLE_BODY)]


def _mixed(before: _Pose, wanted: _Pose, weight: Array, limb: str) -> tuple[Array, Array]:
    """R_parent_from_joint [F, 55, 3, 3] and root [F, 3] by the weight [F] of what is wanted."""
    R, root = np.array(wanted.R), np.array(wanted.root)
    joints = list(LIMBS[limb])
    for start, stop in runs((weight > 0.0) & (weight < 1.0)):
        frames = slice(start, stop)
        mixed = _halfway(before.at(frames), wanted.at(frames), weight[frames], joints)
        for leg in _legs_of(limb):
            mixed = _stepping(mixed, before.at(frames), wanted.at(frames), weight[frames], leg)
        R[frames], root[frames] = mixed.R, mixed.root
    return R, root


def _halfway(before: _Pose, wanted: _Pose, weight: Array, joints: list[int]) -> _Pose:
    R = np.array(before.R)
    R[:, joints] = _between(before.R[:, joints], wanted.R[:, joints], weight)
    return replace(before, R=R, root=before.root + weight[:, None] * (wanted.root - before.root))


def _stepping(mixed: _Pose, before: _Pose, wanted: _Pose, weight: Array, leg: str) -> _Pose:
    """The ball of the foot goes straight from one place to the other: angles in between would sink it or lift it."""
    end, ball = REACHING[leg].end, JOINT[leg.replace("leg", "foot")]
    (R_start, start), (R_goal, goal) = before.world(), wanted.world()
    R_foot = _between(R_start[:, [end]], R_goal[:, [end]], weight)[:, 0]
    place = start[:, ball] + weight[:, None] * (goal[:, ball] - start[:, ball])
    return _standing(mixed, REACHING[leg], R_foot, place - R_foot @ mixed.skeleton.offsets[ball])


def _between(start: Array, end: Array, weight: Array) -> Array:
    """From rotations [F, J, 3, 3] to others by weight [F].

    Along the shortest arc in the middle of the frames; those beside it go on the same way round, since arcs that pass
    half a turn would change their side from one frame to the next.
    """
    wxyz = same_half_sphere(quaternion_from_matrix(np.swapaxes(start, -1, -2) @ end))
    middle = int(np.argmin(np.abs(weight - 0.5)))
    wxyz *= np.where(wxyz[middle, :, :1] < 0.0, -1.0, 1.0)
    sine = np.linalg.norm(wxyz[..., 1:], axis=-1, keepdims=True)
    angle_rad = 2.0 * np.arctan2(sine, wxyz[..., :1])
    axis = wxyz[..., 1:] / np.maximum(sine, 1e-12)
    return start @ matrix_from_axis_angle(weight[:, None, None] * angle_rad * axis)


def _standing(pose: _Pose, limb: Limb, R_world_from_foot: Array, ankle_world: Array) -> _Pose:
    """The pose with a leg that brings its ankle to a place [F, 3] m, or near it, its foot turned as wanted."""
    R_world, joints = pose.world()
    rest = pose.skeleton.rest_joints
    target = _within_reach(limb, rest, joints, ankle_world)
    at_start = limb_reaching(limb, rest, R_world, joints, joints[:, limb.end], _SOFT_SHARE)
    at_target = limb_reaching(limb, rest, R_world, joints, target, _SOFT_SHARE)
    # Reaching straightens a knee that is bent backwards even where nothing has to move: only the way from there counts.
    R_upper, R_lower = (after @ np.swapaxes(start, -1, -2) @ R_world[:, joint] for after, start, joint in
                        zip(at_target, at_start, (limb.upper, limb.lower)))  # fmt: skip
    R = np.array(pose.R)
    R[:, limb.joints] = limb_in_parents(limb, R_world, R_upper, R_lower, R_world_from_foot)
    return replace(pose, R=R)


def _within_reach(limb: Limb, rest_joints: Array, joints: Array, target: Array) -> Array:
    """The target [F, 3] m drawn towards the hip as far as the leg is too short."""
    upper, lower, end = rest_joints[limb.joints]
    length = np.linalg.norm(lower - upper) + np.linalg.norm(end - lower)
    hip = joints[:, limb.upper]
    longest = np.maximum(np.linalg.norm(joints[:, limb.end] - hip, axis=-1), _STRETCHED * length)
    way = target - hip
    distance = np.maximum(np.linalg.norm(way, axis=-1), 1e-9)
    return hip + way * np.minimum(1.0, longest / distance)[:, None]
