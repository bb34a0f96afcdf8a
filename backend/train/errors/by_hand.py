"""A model of the detector's errors made by hand, from what was measured on real footage with a reference.

What stays over a clip, what changes slowly, what jitters; a depth that is flattened and turned, limbs whose errors grow
outwards, errors in the picture that go with those in metres; hidden limbs, sides exchanged, limbs dropped, people lost.
The figures are those of one man of 650 px before four calibrated cameras, 60 pictures a second.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from backend.train.chance import Chance
from backend.train.errors.context import outside
from backend.train.errors.crop_frame import crop_frame
from backend.train.errors.learned import MOST_LOGIT, VALUES, assembled
from backend.train.errors.runs import runs
from backend.train.views import SimulatedDetections, Views
from motion.landmarks import LANDMARK_COUNT, LANDMARK_NAMES

# By part: constant and slow error across, m (px measured times 1.75 m / 650 px), and time constant of the slow one, s.
_PARTS = {
    "shoulder": (0.008, 0.011, 0.13), "elbow": (0.010, 0.022, 0.13), "wrist": (0.010, 0.040, 0.13),
    "hip": (0.016, 0.015, 0.16), "knee": (0.012, 0.034, 0.13), "ankle": (0.009, 0.028, 0.06),
    "heel": (0.020, 0.034, 0.06), "foot": (0.025, 0.037, 0.06), "hand": (0.015, 0.045, 0.13),
    "face": (0.012, 0.014, 0.13),
}  # fmt: skip
_DEPTH_CONSTANT_M, _DEPTH_SLOW_M = 0.055, 0.080
_DEPTH_GAIN = (0.6, 1.05)           # of depths about the hips, a number for each clip
_TURN_DEG = 8.0                     # of the whole body against the camera, constant over a clip
_STANDARD_SIZE = 0.5                # how far sizes go towards those of one body
_STANDARD_TRUNK_M = 0.50
_TIED = 0.7                         # share of an error across that picture and metres have in common
_JITTER_CROP_PX = 0.35              # white, of 256 px
_CROP_BODY_M = 2.1                  # height that a crop shows
_HIDDEN_FACTOR, _OUTSIDE_FACTOR = 2.5, 2.5
_SIDE_SHARE, _SIDE_RUN_S = (0.004, 0.03), 0.3     # sides exchanged: usually, and when seen from the side
_DROP_SHARE, _DROP_RUN_S, _DROP_FACTOR = 0.015, 0.3, 4.0
_LOST_SHARE, _LOST_RUN_S = 0.01, 0.2
_USUAL_LOGIT, _LOGIT_PER_ERROR, _LOGIT_HIDDEN, _LOGIT_WIDTH = 4.0, 1.2, 2.5, 0.8
_LIMBS = (("left_elbow", "left_wrist", "left_pinky", "left_index", "left_thumb"),
          ("right_elbow", "right_wrist", "right_pinky", "right_index", "right_thumb"),
          ("left_knee", "left_ankle", "left_heel", "left_foot_index"),
          ("right_knee", "right_ankle", "right_heel", "right_foot_index"))  # fmt: skip


def _part(name: str) -> str:
    words = name.split("_")
    if words[-1] in ("pinky", "index", "thumb") and words[1] != "foot":
        return "hand"
    return words[1] if len(words) > 1 and words[1] in _PARTS else "face"


_CONSTANT_M, _SLOW_M, _SLOW_S = torch.tensor([_PARTS[_part(name)] for name in LANDMARK_NAMES]).T


class ErrorsByHand:
    """DetectorErrors with the constants above."""

    def detections(self, views: Views, chance: Chance) -> SimulatedDetections:
        frame = crop_frame(views)
        dropped = _dropped(views, chance)
        doubt = (1 + (_HIDDEN_FACTOR - 1) * views.hidden) * (1 + (_OUTSIDE_FACTOR - 1) * outside(views, frame))
        doubt = doubt * torch.where(dropped, _DROP_FACTOR, 1.0)
        slow = _slow(views, chance) * doubt[..., None] + _constant(views, chance)
        across = slow[..., 2:4]
        in_picture = _TIED * across + math.sqrt(1 - _TIED**2) * slow[..., :2]
        in_picture = in_picture + chance.normal(1.0, *in_picture.shape) * _jitter_m(frame.px_per_m)
        in_metres = slow[..., 2:] + _structure(frame.pose, chance)
        logits = _logits(in_picture, doubt, chance.normal(1.0, *doubt.shape))
        errors = torch.cat([in_picture, in_metres, logits[..., None]], -1)
        return assembled(views, frame, errors, _exchanges(views, frame.pose, chance), _seen(views, chance))


def _widths(across_m: Tensor, depth_m: float, views: Views) -> Tensor:
    """[33, 5] for x, y in the picture and x, y, z in metres; depths vary with the part as the rest does."""
    across = across_m.to(views.hidden)[:, None]
    return torch.cat([across.expand(-1, 4), across * (depth_m / across_m.mean().item())], -1)


def _constant(views: Views, chance: Chance) -> Tensor:
    shape = (len(views.K), 1, LANDMARK_COUNT, VALUES - 1)
    return chance.normal(1.0, *shape) * _widths(_CONSTANT_M, _DEPTH_CONSTANT_M, views)


def _slow(views: Views, chance: Chance) -> Tensor:
    """First-order autoregressive errors [B, T, 33, 5], stationary."""
    batch, frames = views.hidden.shape[:2]
    noise = chance.normal(1.0, frames, batch, LANDMARK_COUNT, VALUES - 1, axis=1)
    keep = torch.exp(-1 / (views.rate_hz[:, None] * _SLOW_S.to(views.hidden)))[..., None]
    fresh = (1 - keep.square()).sqrt()
    values = [noise[0]]
    for frame in range(1, frames):
        values.append(keep * values[-1] + fresh * noise[frame])
    return torch.stack(values, 1) * _widths(_SLOW_M, _DEPTH_SLOW_M, views)


def _jitter_m(px_per_m: Tensor) -> Tensor:
    """[B, T, 1, 1] of landmarks in the picture: it is in the crop's pixels, or the picture's where they are larger."""
    body_px = px_per_m * _CROP_BODY_M
    return (_JITTER_CROP_PX * _CROP_BODY_M / body_px.clamp(max=256.0))[..., None, None]


def _structure(pose: Tensor, chance: Chance) -> Tensor:
    """What is wrong with the body as a whole [B, T, 33, 3]: flattened, turned, and of another size."""
    def uniform(low: float, high: float) -> Tensor:
        return chance.uniform(low, high, len(pose))[:, None, None]

    trunk = (pose[..., 11:13, :].mean(-2)).norm(dim=-1).median(1).values[:, None, None]
    size = 1 + _STANDARD_SIZE * (_STANDARD_TRUNK_M / trunk.clamp(min=0.2) - 1)
    gain = uniform(*_DEPTH_GAIN)
    flat = torch.cat([pose[..., :2] * size[..., None], pose[..., 2:] * (size * gain)[..., None]], -1)
    turn = chance.normal(1.0, len(pose), 3) * math.radians(_TURN_DEG) / math.sqrt(3)
    return flat + torch.linalg.cross(turn[:, None, None].expand_as(flat), flat) - pose


def _dropped(views: Views, chance: Chance) -> Tensor:
    """Limbs that the detector has lost [B, T, 33] bool."""
    share = torch.full((*views.hidden.shape[:2], len(_LIMBS)), _DROP_SHARE).to(views.hidden)
    limbs = runs(share, views.rate_hz[:, None].expand(-1, len(_LIMBS)) * _DROP_RUN_S, chance)
    belongs = torch.tensor([[name in limb for name in LANDMARK_NAMES] for limb in _LIMBS]).to(views.hidden)
    return limbs.to(views.hidden) @ belongs > 0


def _exchanges(views: Views, pose: Tensor, chance: Chance) -> Tensor:
    """Of body, arms and legs [B, T, 3]: more when hips and shoulders are seen from the side."""
    across = (pose[..., 11, :] - pose[..., 12, :] + pose[..., 23, :] - pose[..., 24, :])
    sideways = across[..., 2].abs() / across.norm(dim=-1).clamp(min=1e-6)
    usual, side = _SIDE_SHARE
    share = (usual + (side - usual) * sideways)[..., None] * torch.tensor([0.5, 0.25, 0.25]).to(pose)
    return runs(share, views.rate_hz[:, None].expand(-1, 3) * _SIDE_RUN_S, chance)


def _seen(views: Views, chance: Chance) -> Tensor:
    share = torch.full((*views.hidden.shape[:2], 1), _LOST_SHARE).to(views.hidden)
    return ~runs(share, views.rate_hz[:, None] * _LOST_RUN_S, chance)[..., 0]


def _logits(in_picture: Tensor, doubt: Tensor, noise: Tensor) -> Tensor:
    """Scores fall with the error, as if the detector half knew it, and where it cannot see."""
    error = in_picture.norm(dim=-1) / _SLOW_M.to(in_picture)
    guess = _USUAL_LOGIT - _LOGIT_PER_ERROR * error.log1p() - _LOGIT_HIDDEN * doubt.log()
    return (guess + _LOGIT_WIDTH * noise).clamp(-MOST_LOGIT, MOST_LOGIT)
