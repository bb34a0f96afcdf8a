"""Arms, or all above the pelvis, of one window on the legs of another: many at once, in torch."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import torch
from torch import Tensor
from torch.nn.functional import normalize

from backend.train.kinematics import forward_kinematics, matrix_from_quaternion
from backend.train.packed import Windows
from backend.train.variety.limbs import ARMS, LEANS_ALIKE_DEG, TRUNK
from backend.train.variety.piercing import CAPSULES, PAIRS
from motion.skeleton import BODY_JOINT_COUNT, JOINT

_FRAME_STEP = 10          # every third of a second is looked at
_DEEPER = 0.02            # of the leg's length, by which an exchange may go deeper into the body than both recordings
_BELOW_FLOOR_M = 0.03     # deeper than the recordings' own lowest joint
_HANDS = [JOINT[name] for name in ("left_elbow", "right_elbow", "left_wrist", "right_wrist", "head")]


def exchanged(legs: Windows, above: Windows, trunk_too: Tensor, rest_joints: Tensor) -> tuple[Windows, Tensor]:
    """The windows `legs` with arms of `above` wherever these fit [B]; with trunk and head where trunk_too [B] says so.

    Trunks go only where both pelves lean alike. Arms fit where the other window is as long, and they go no deeper into
    body and floor than recorded ones do, here those of both windows on the body of rest_joints [B, 55, 3] m. Others
    stay as they are, and so do all paths, legs and soles; whether palms rest must be found out anew.
    """
    takes = _taken(trunk_too & _lean_alike(legs, above))
    mixed = replace(
        legs,
        quat_wxyz=torch.where(takes[:, None, :, None], above.quat_wxyz, legs.quat_wxyz),
        joints=torch.where(takes, above.joints, legs.joints),
        speed=legs.speed & above.speed,
    )
    lasts = (above.inside | ~legs.inside).all(1)
    fits = lasts & _bodies_allow(mixed, legs, above, rest_joints)
    return mixed.where(fits, legs), fits


def _lean_alike(one: Windows, other: Windows) -> Tensor:
    """[B] whether both pelves lean to the same side, over the window, by about as much."""
    ups = (matrix_from_quaternion(windows.quat_wxyz[:, ::_FRAME_STEP, 0])[..., 2, :] for windows in (one, other))
    one_up, other_up = (normalize(up.mean(1), dim=-1) for up in ups)
    return (one_up * other_up).sum(-1) > math.cos(math.radians(LEANS_ALIKE_DEG))


def _taken(trunk_too: Tensor) -> Tensor:
    """[B, 22] which joints' rotations come from above."""
    arms, trunk = (torch.zeros(BODY_JOINT_COUNT, dtype=torch.bool, device=trunk_too.device) for _ in range(2))
    arms[list(ARMS)] = True
    trunk[list(TRUNK)] = True
    return arms | (trunk & trunk_too[:, None])


def _bodies_allow(mixed: Windows, legs: Windows, above: Windows, rest_joints: Tensor) -> Tensor:
    """[B] whether arms pierce neither body nor floor more than in either recording."""
    quats = torch.cat([windows.quat_wxyz[:, ::_FRAME_STEP] for windows in (mixed, legs, above)])
    roots = legs.root_world[:, ::_FRAME_STEP].repeat(3, 1, 1)
    _, joints = forward_kinematics(matrix_from_quaternion(quats), roots, rest_joints.repeat(3, 1, 1))
    deep, own, lent = arm_overlaps(joints).amax(1).chunk(3)
    leg = (rest_joints[:, JOINT["left_hip"]] - rest_joints[:, JOINT["left_ankle"]]).norm(dim=-1, keepdim=True)
    free = (deep <= torch.maximum(own, lent).clamp(min=0.0) + _DEEPER * leg).all(1)
    heights, before, _ = joints[..., 2].amin(1).chunk(3)
    floor = before.amin(1, keepdim=True).clamp(max=0.0) - _BELOW_FLOOR_M
    return free & (heights[:, _HANDS] >= floor).all(1)


def arm_overlaps(joints: Tensor) -> Tensor:
    """How deep arms overlap the body's other parts, [B, T, pairs] m, of joints [B, T, 22, 3] m; below 0 apart."""
    ends, radii, first, second = _arm_pairs(joints.device)
    start, end = joints[:, :, ends].unbind(-2)
    leg = (joints[:, :, JOINT["left_hip"]] - joints[:, :, JOINT["left_knee"]]).norm(dim=-1)
    leg = leg + (joints[:, :, JOINT["left_knee"]] - joints[:, :, JOINT["left_ankle"]]).norm(dim=-1)
    gaps = segment_distances(start[:, :, first], end[:, :, first], start[:, :, second], end[:, :, second])
    return leg[..., None] * (radii[first] + radii[second]) - gaps


@cache
def _arm_pairs(device: torch.device) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The capsules' two joints [C, 2] and radii [C] in shares of the leg, and pairs [P] of them with an arm in it."""
    names = list(CAPSULES)
    ends = [[JOINT[joint] for joint in capsule[:2]] for capsule in CAPSULES.values()]
    pairs = [[names.index(part) for part in pair] for pair in PAIRS if "arm" in pair[0]]
    first, second = torch.tensor(pairs, device=device).T
    return (torch.tensor(ends, device=device), torch.tensor([c[2] for c in CAPSULES.values()], device=device),
            first, second)  # fmt: skip


def segment_distances(start_a: Tensor, end_a: Tensor, start_b: Tensor, end_b: Tensor) -> Tensor:
    """Least distances [...] between segments of ends [..., 3] (Ericson 2005, Real-Time Collision Detection, 5.1.9)."""
    a, b, between = end_a - start_a, end_b - start_b, start_a - start_b
    aa, bb, ab = ((x * y).sum(-1) for x, y in ((a, a), (b, b), (a, b)))
    a_between, b_between = (a * between).sum(-1), (b * between).sum(-1)
    divisor = (aa * bb - ab * ab).clamp(min=1e-9)
    s = ((ab * b_between - a_between * bb) / divisor).clamp(0.0, 1.0)
    t = ((ab * s + b_between) / bb.clamp(min=1e-9)).clamp(0.0, 1.0)
    s = ((ab * t - a_between) / aa.clamp(min=1e-9)).clamp(0.0, 1.0)
    return (between + s[..., None] * a - t[..., None] * b).norm(dim=-1)
