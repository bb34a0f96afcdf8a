"""What single views lose: the person for a while, a limb behind something that other views look past, their clocks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from backend.train.chance import Chance
from backend.train.views import SimulatedDetections
from motion.landmarks import LANDMARK, LANDMARK_COUNT

_ARM, _LEG = ("elbow", "wrist", "index", "pinky", "thumb"), ("knee", "ankle", "heel", "foot_index")
_HIDEABLE = (*(tuple(LANDMARK[f"{side}_{name}"] for name in names) for side in ("left", "right")
               for names in (_ARM, _LEG)),
             tuple(LANDMARK[f"{side}_{name}"] for side in ("left", "right") for name in _LEG),
             tuple(LANDMARK[f"{side}_{name}"] for side in ("left", "right") for name in _ARM))  # fmt: skip


@dataclass(frozen=True)
class Losses:
    """How often, and how much."""

    view_share: float = 0.12           # of views lose the person for a while
    limb_share: float = 0.35           # of takes have limbs that all views but one lose
    beside_share: float = 0.4          # of these, where a view sees something else for them
    limb_off_m: float = 0.15           # each way, by which a lost limb is seen elsewhere
    landmark_off_m: float = 0.05       # and its landmarks beside each other
    late_frames: float = 0.3           # at most, by which clocks differ


@dataclass(frozen=True, eq=False)
class Covers:
    """Limbs that all views but one of a take lose for a while, [B, T, 33] bool; rows are take after take."""

    only_one: Tensor     # in the rows of all views
    behind: Tensor       # behind something, where a view does not see them: the model of errors says what it says then
    beside: Tensor       # on something else that looks like them


def draw_covers(takes: int, views: int, frames: int, losses: Losses, chance: Chance) -> Covers:
    """Of so many takes."""
    limbs = torch.zeros(len(_HIDEABLE), LANDMARK_COUNT, dtype=torch.bool, device=chance.device)
    for number, landmarks in enumerate(_HIDEABLE):
        limbs[number, list(landmarks)] = True
    limb = limbs[chance.one_of((1.0,) * len(limbs), takes)]
    during = _whiles(takes, frames, chance) & chance.yes(losses.limb_share, takes)[:, None]
    of_take = (limb[:, None] & during[..., None])[:, None].expand(takes, views, frames, LANDMARK_COUNT)
    sees = chance.one_of((1.0,) * views, takes)
    blind = of_take & (torch.arange(views, device=chance.device) != sees[:, None])[..., None, None]
    beside = chance.yes(losses.beside_share, takes)[:, None, None, None]
    return Covers(of_take.flatten(0, 1), (blind & ~beside).flatten(0, 1), (blind & beside).flatten(0, 1))


def lose(said: SimulatedDetections, px_per_m: Tensor, views: int, beside: Tensor, losses: Losses, chance: Chance
         ) -> SimulatedDetections:  # fmt: skip
    """Detections [B] of takes of `views` rows; px_per_m [B, T] at the person; landmarks `beside` [B, T, 33]."""
    said = _late(said, views, losses, chance)
    count, frames = said.seen.shape
    off = chance.normal(losses.limb_off_m, count, 1, 1, 3)
    off = (off + chance.normal(losses.landmark_off_m, count, 1, LANDMARK_COUNT, 3)) * beside[..., None]
    unsure = torch.where(beside, chance.uniform(0.05, 0.5, count, 1, 1), 1.0)
    said = SimulatedDetections(said.landmarks_px + off[..., :2] * px_per_m[..., None, None], said.scores * unsure,
                               said.landmarks_camera + off, said.seen)  # fmt: skip
    return _without(said, chance.yes(losses.view_share, count)[:, None] & _whiles(count, frames, chance))


def _late(said: SimulatedDetections, views: int, losses: Losses, chance: Chance) -> SimulatedDetections:
    """As seen a part of a frame earlier or later; the first view's clock is right."""
    late = chance.uniform(-losses.late_frames, losses.late_frames, len(said.seen))
    late = torch.where(torch.arange(len(late), device=late.device) % views == 0, 0.0, late)

    def beside(values: Tensor) -> Tensor:
        after = torch.cat([values[:, 1:], values[:, -1:]], 1)
        before = torch.cat([values[:, :1], values[:, :-1]], 1)
        return torch.where(late.reshape(-1, *[1] * (values.ndim - 1)) > 0, after, before)

    share = late.abs()[:, None] * (said.seen & beside(said.seen))

    def between(values: Tensor) -> Tensor:
        return torch.lerp(values, beside(values), share.reshape(*share.shape, *[1] * (values.ndim - 2)))

    return replace(said, landmarks_px=between(said.landmarks_px), landmarks_camera=between(said.landmarks_camera))


def _whiles(count: int, frames: int, chance: Chance) -> Tensor:
    """[B, T] bool: a stretch of each row, between a tenth and all of it."""
    length = frames * chance.uniform(0.1, 1.0, count)
    start = chance.uniform(-0.3, 1.0, count) * frames
    frame = torch.arange(frames, device=chance.device)
    return (frame >= start[:, None]) & (frame < (start + length)[:, None])


def _without(said: SimulatedDetections, gone: Tensor) -> SimulatedDetections:
    seen = said.seen & ~gone
    shown = seen[..., None]
    return SimulatedDetections(said.landmarks_px * shown[..., None], said.scores * shown,
                               said.landmarks_camera * shown[..., None], seen)  # fmt: skip
