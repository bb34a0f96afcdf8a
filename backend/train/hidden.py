"""Which landmarks the body itself hides: limbs, trunk and head are capsules on the line of sight."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

from motion.landmarks import LANDMARK
from motion.skeleton import BODY_JOINT_COUNT, JOINT

Mix = dict[str, float]   # a place as a weighted sum of joints and of landmarks ("@nose"), weights sum to 1

_EARS = {"@left_ear": 0.5, "@right_ear": 0.5}
_FACE_UP = {"@left_eye": 0.5, "@right_eye": 0.5, "@mouth_left": -0.5, "@mouth_right": -0.5}
_DEPTH_SOFT_M = 0.02      # over which "behind" grows from no to yes
_WIDTH_SOFT = 0.2         # of the radius, over which "beside" does

_FACE = tuple(range(11))
_FOOT = ("ankle", "heel", "foot_index")
# How much of the body may lie before a landmark of this part that is still called seen, m: hips and shoulders are
# points within, others lie on the skin. Two numbers: for the parts it belongs to and for all others.
_OWN_M = {"face": 0.05, "shoulder": 0.14, "elbow": 0.08, "wrist": 0.06, "hand": 0.06, "hip": 0.17, "knee": 0.09,
          "ankle": 0.08, "heel": 0.08, "foot_index": 0.08}  # fmt: skip
_OTHER_M = 0.05


def _mixed(*parts: tuple[float, Mix]) -> Mix:
    total: Mix = {}
    for share, mix in parts:
        for name, weight in mix.items():
            total[name] = total.get(name, 0.0) + share * weight
    return total


def _capsules() -> list[tuple[str, Mix, Mix, float, tuple[str, ...]]]:
    """Part, its two ends, its radius in m for a body of 1.71 m, its landmarks; sizes fitted to rays on the skin."""
    rows = [("head", _mixed((1.0, _EARS), (-0.8, _FACE_UP)), _mixed((1.0, _EARS), (0.7, _FACE_UP)), 0.082, ("face",))]
    for side, other in (("left", "right"), ("right", "left")):
        rows += [
            (f"{side}_trunk", _trunk_end(side, other, 0.0), _trunk_end(side, other, 0.93), 0.116, ("shoulder", "hip")),
            *((f"{side}_{name}", {f"{side}_{start}": 1.0}, {f"{side}_{end}": 1.0}, radius, own)
              for name, start, end, radius, own in _LIMBS),
            (f"{side}_hand", {f"{side}_wrist": 1.0}, _hand_end(side), 0.022, ("wrist", "hand")),
            (f"{side}_foot", {f"{side}_ankle": 1.0}, {f"@{side}_foot_index": 1.0}, 0.032, _FOOT),
        ]  # fmt: skip
    return rows


_LIMBS = (
    ("upper_arm", "shoulder", "elbow", 0.048, ("shoulder", "elbow")),
    ("forearm", "elbow", "wrist", 0.027, ("elbow", "wrist", "hand")),
    ("thigh", "hip", "knee", 0.074, ("hip", "knee")),
    ("shank", "knee", "ankle", 0.046, ("knee", "ankle", "heel")),
)


def _trunk_end(side: str, other: str, up: float) -> Mix:
    """A point of the trunk's half, `up` of the way from hips to shoulders; the spine's joints lie behind its middle."""
    low = {f"{side}_hip": 0.6, f"{other}_hip": 0.4}
    high = {f"{side}_shoulder": 0.61, f"{other}_shoulder": 0.39}
    middle = {f"{a}_{b}": 0.25 for a in ("left", "right") for b in ("hip", "shoulder")}
    forward = _mixed((0.4, middle), (-0.2, {"spine1": 1.0}), (-0.2, {"spine2": 1.0}))
    return _mixed((1.0 - up, low), (up, high), (1.0, forward))


def _hand_end(side: str) -> Mix:
    knuckles = {f"@{side}_index": 0.5, f"@{side}_pinky": 0.5}
    return _mixed((1.15, knuckles), (-0.15, {f"{side}_wrist": 1.0}))


CAPSULES = _capsules()
_RADIUS_HEIGHT_M = 1.71


def hidden_by_body(joints_camera: Tensor, landmarks_camera: Tensor, body_height_m: Tensor) -> Tensor:
    """[B, T, 33] in 0..1: how surely a landmark is behind another part of the same body.

    joints_camera [B, T, 22, 3] and landmarks_camera [B, T, 33, 3] m, body_height_m [B].
    """
    points = torch.cat([joints_camera[:, ::2], landmarks_camera[:, ::2]], -2)
    # At half the rate; frames between get the mean of their neighbours.
    return _between(_hidden(points, landmarks_camera[:, ::2], body_height_m), landmarks_camera.shape[1])


def _between(every_second: Tensor, frames: int) -> Tensor:
    """[B, frames, 33] of values at every second frame."""
    following = torch.cat([every_second[:, 1:], every_second[:, -1:]], 1)
    return torch.stack([every_second, 0.5 * (every_second + following)], 2).flatten(1, 2)[:, :frames]


def _hidden(points: Tensor, landmarks: Tensor, body_height_m: Tensor) -> Tensor:
    distance = landmarks.norm(dim=-1)
    sight = landmarks / distance.clamp(min=1e-6)[..., None]
    ends = _ends(points.device) @ points                                                      # [B, T, 2 C, 3]
    along = (sight @ ends.transpose(-1, -2)).permute(3, 0, 1, 2).contiguous()                 # [2 C, B, T, 33]
    squares = (ends * ends).sum(-1)
    products = (ends[..., 0::2, :] * ends[..., 1::2, :]).sum(-1)
    radii, margins = _radii(body_height_m), _margins(points.device)
    hidden = torch.zeros_like(distance)
    for part in range(len(CAPSULES)):    # few, and so that what is worked on fits into the cache
        a, b = 2 * part, 2 * part + 1
        enters, beside = _entry(along[a], along[b], squares[..., a, None], squares[..., b, None],
                                products[..., part, None], radii[:, part, None, None])  # fmt: skip
        deep = (distance - margins[part]).sub_(enters).mul_(1.0 / _DEPTH_SOFT_M).add_(0.5).clamp_(0.0, 1.0)
        hidden = torch.maximum(hidden, deep.mul_(beside))
    return hidden


def _entry(
    along_a: Tensor, along_b: Tensor, square_a: Tensor, square_b: Tensor, product: Tensor, radius: Tensor
) -> tuple[Tensor, Tensor]:
    """Where lines of sight enter a capsule, m from the lens, and 0..1 how surely they meet it.

    Ends a and b by their dot products with the lines' directions and with each other; all broadcast to [B, T, 33].
    """
    aa = torch.addcmul(square_a, along_a, along_a, value=-1.0)   # of the parts of a and b square to the line
    ab = torch.addcmul(product, along_a, along_b, value=-1.0)
    bb = torch.addcmul(square_b, along_b, along_b, value=-1.0)
    length = bb.add_(aa).sub_(ab, alpha=2.0).clamp_(min=1e-8)
    toward = aa - ab
    share = (toward / length).clamp_(0.0, 1.0)
    apart = aa.addcmul_(share, torch.addcmul(-2.0 * toward, share, length)).clamp_(min=0.0)
    beside = apart.sqrt().div_(radius).mul_(-1.0 / _WIDTH_SOFT).add_(1.0 / _WIDTH_SOFT + 0.5).clamp_(0.0, 1.0)
    # A limb that points at the camera is met long before its axis is: 1 / sine of its angle to the line of sight.
    whole = square_a - 2.0 * product + square_b
    before = (radius * radius - apart).clamp_(min=0.0).mul_(whole).div_(length).sqrt_()
    enters = torch.lerp(along_a, along_b, share).sub_(before)
    return torch.maximum(enters, torch.minimum(along_a, along_b) - radius), beside


@cache
def _ends(device: torch.device) -> Tensor:
    """[2 C, 55] the capsules' ends as sums of 22 joints and 33 landmarks."""
    weights = torch.zeros(2 * len(CAPSULES), BODY_JOINT_COUNT + len(LANDMARK))
    for row, mix in enumerate(mix for capsule in CAPSULES for mix in capsule[1:3]):
        for name, weight in mix.items():
            place = BODY_JOINT_COUNT + LANDMARK[name[1:]] if name.startswith("@") else JOINT[name]
            weights[row, place] += weight
    return weights.to(device)


def _radii(body_height_m: Tensor) -> Tensor:
    radii = torch.tensor([capsule[3] for capsule in CAPSULES], device=body_height_m.device)
    return body_height_m[:, None] / _RADIUS_HEIGHT_M * radii


@cache
def _margins(device: torch.device) -> Tensor:
    """[C, 33] m by which a capsule's front may lie before a landmark that is still seen."""
    return torch.tensor([[margin_m(capsule[0], name) for name in LANDMARK] for capsule in CAPSULES], device=device)


def margin_m(part: str, landmark: str) -> float:
    """How far the skin of a part (a name of CAPSULES) may lie before a landmark that is still called seen."""
    kind = _kind(landmark)
    own = next(capsule[4] for capsule in CAPSULES if capsule[0] == part)
    of_this_side = part.split("_")[0] in (landmark.split("_")[0], "head") or part.endswith("trunk")
    return _OWN_M[kind] if kind in own and of_this_side else _OTHER_M


def _kind(landmark: str) -> str:
    if LANDMARK[landmark] in _FACE:
        return "face"
    name = landmark.split("_", 1)[1]
    return "hand" if name in ("pinky", "index", "thumb") else name
