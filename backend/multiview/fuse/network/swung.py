"""Orientations swung such that bones point where triangulated landmarks say, as far as these are to be trusted."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import normalize

from motion.landmarks import LANDMARK
from motion.skeleton import JOINT, PARENTS

_SIDES = ("left", "right")
# A joint, and the landmarks at both ends of the bone that it turns.
_BONES = tuple((JOINT[f"{side}_{joint}"], JOINT[f"{side}_{child}"], LANDMARK[f"{side}_{joint}"],
                LANDMARK[f"{side}_{child}"]) for side in _SIDES
               for joint, child in (("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle")))
# A joint across whose left and right two landmarks lie.
_BARS = ((JOINT["pelvis"], LANDMARK["right_hip"], LANDMARK["left_hip"]),
         (JOINT["head"], LANDMARK["right_ear"], LANDMARK["left_ear"]))
_TRUNK = tuple(JOINT[name] for name in ("pelvis", "spine1", "spine2", "spine3"))
_SHOULDERS, _HIPS = ([LANDMARK[f"{side}_{name}"] for side in _SIDES] for name in ("shoulder", "hip"))
_LENGTH_SPREAD = 0.25      # of the logarithm of a bone's length, beyond which it is not believed
_NEARLY_OPPOSITE = 1e-3


def swung(R: Tensor, points: Tensor, sure: Tensor, rest_joints: Tensor) -> Tensor:
    """Orientations [..., 22, 3, 3], points [..., 33, 3] m in the same frame, sure [..., 33] 0..1, to orientations.

    rest_joints [..., 55, 3] m. A direction leaves a joint's turn about it as it was; what no landmarks tell stays.
    """
    turned = {}
    trunk = _swing(_trunk(R, rest_joints), points[..., _SHOULDERS, :].mean(-2) - points[..., _HIPS, :].mean(-2),
                   sure[..., [*_SHOULDERS, *_HIPS]].amin(-1))  # fmt: skip
    for joint in _TRUNK:
        turned[joint] = trunk @ R[..., joint, :, :]
    for joint, start, end in _BARS:
        own = turned.get(joint, R[..., joint, :, :])
        across = points[..., end, :] - points[..., start, :]
        turned[joint] = _swing(own[..., 0], across, torch.minimum(sure[..., start], sure[..., end]), False) @ own
    for joint, child, start, end in _BONES:
        own = R[..., joint, :, :]
        bone = (own @ (rest_joints[..., child, :] - rest_joints[..., joint, :])[..., None])[..., 0]
        measured = points[..., end, :] - points[..., start, :]
        turned[joint] = _swing(bone, measured, torch.minimum(sure[..., start], sure[..., end])) @ own
    return torch.stack([turned.get(joint, R[..., joint, :, :]) for joint in range(R.shape[-3])], -3)


def _trunk(R: Tensor, rest_joints: Tensor) -> Tensor:
    """From the middle of the hips to the middle of the shoulders [..., 3]."""
    ends = {name: sum(_from_pelvis(R, rest_joints, JOINT[f"{side}_{name}"]) for side in _SIDES)
            for name in ("shoulder", "hip")}  # fmt: skip
    return 0.5 * (ends["shoulder"] - ends["hip"])


def _from_pelvis(R: Tensor, rest_joints: Tensor, joint: int) -> Tensor:
    place = torch.zeros_like(R[..., 0, :, 0])
    while joint != 0:
        above = PARENTS[joint]
        bone = rest_joints[..., joint, :] - rest_joints[..., above, :]
        place = place + (R[..., above, :, :] @ bone[..., None])[..., 0]
        joint = above
    return place


def _swing(told: Tensor, measured: Tensor, sure: Tensor, of_length: bool = True) -> Tensor:
    """The smallest rotations [..., 3, 3] of directions told [..., 3] towards measured ones, as far as sure [...]."""
    lengths = [vector.norm(dim=-1).clamp(min=1e-4) for vector in (told, measured)]
    if of_length:
        sure = sure * torch.exp(-0.5 * ((lengths[0] / lengths[1]).log() / _LENGTH_SPREAD).square())
    a, b = (vector / length[..., None] for vector, length in zip((told, measured), lengths, strict=True))
    b = normalize(a + sure[..., None] * (b - a), dim=-1)
    cosine = (a * b).sum(-1)[..., None, None]
    x, y, z = torch.linalg.cross(a, b).unbind(-1)
    zero = torch.zeros_like(x)
    across = torch.stack([zero, -z, y, z, zero, -x, -y, x, zero], -1).unflatten(-1, (3, 3))
    eye = torch.eye(3, device=a.device)
    turn = eye + across + across @ across / (1.0 + cosine).clamp(min=_NEARLY_OPPOSITE)
    return torch.where(cosine > _NEARLY_OPPOSITE - 1.0, turn, eye)
