"""How a camera moves from its standpoint: it follows, pans, pushes in, orbits and shakes, or stands still."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from backend.train.cameras.cameras import KINDS
from backend.train.cameras.shake import band_limited
from backend.train.chance import Chance

KIND_WEIGHTS = (0.36, 0.18, 0.14, 0.12, 0.05, 0.05, 0.10)   # of KINDS; half of all footage does not travel
# Per kind: how much of the person's path the aim and the place follow (low, high), and how often hands hold it.
_AIM_FOLLOWS = ((0.0, 0.0), (0.0, 0.3), (0.6, 1.0), (0.75, 1.0), (0.7, 1.0), (0.7, 1.0), (0.8, 1.0))
_PLACE_FOLLOWS = ((0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (0.5, 1.0), (0.0, 0.6), (0.0, 0.6), (0.5, 1.0))
_HELD_SHARE = (0.0, 1.0, 0.5, 0.7, 0.5, 0.5, 0.6)
_FOLLOWING_S = (0.15, 0.7)          # how smoothly it follows
_LAG_S = (0.0, 0.25)                # how late
_KNOT_FRAMES = 3                    # apart; a tenth of a second is less than the least smoothing
_FREE_PAN_SHARE, _FREE_PAN_DEG_S = 0.25, (3.0, 15.0)   # pans that do not care for the person
_PUSH_PER_S = (0.08, 0.35)          # change of the distance's logarithm
_ORBIT_DEG_S = (6.0, 45.0)
_LARGEST_PUSH, _LARGEST_ORBIT_DEG = 0.8, 150.0
_SHAKE_DEG, _SHAKE_M = (0.08, 2.0), (0.002, 0.04)   # root mean square in rotation and in place
_DRIFT_M = (0.02, 0.4)              # slow wander of the place of a camera that walks


@dataclass(frozen=True, eq=False)
class Moves:
    """Changes over time from the chosen moment on, where all but shake is zero."""

    aim_follows: Tensor     # [B, T, 3] m
    place_follows: Tensor   # [B, T, 3] m
    orbit: Tensor           # [B, T] rad about the person
    push: Tensor            # [B, T] change of the logarithm of the distance
    turn: Tensor            # [B, T, 3] rad added to yaw, pitch and roll
    shift: Tensor           # [B, T, 3] m added to the place


def draw_kinds(count: int, chance: Chance) -> Tensor:
    return chance.one_of(KIND_WEIGHTS, count)


def draw_moves(kind: Tensor, root_world: Tensor, chosen: Tensor, times_s: Tensor, chance: Chance) -> Moves:
    """Moves of cameras of kinds [B] about people on paths root_world [B, T, 3], from frames chosen [B] on."""
    progress = _progress(chosen, times_s, chance)
    path = _followed(root_world, chosen, times_s, chance)
    held = chance.yes(1.0, len(kind)) & (chance.uniform(0.0, 1.0, len(kind)) < _by_kind(_HELD_SHARE, kind))
    walks = (kind >= KINDS.index("tracking")) & held
    turn, shift = _shake(held, walks, times_s, chance)
    turn[..., 0] += _free_pan(kind, progress, chance)
    return Moves(
        aim_follows=_share(_AIM_FOLLOWS, kind, chance) * path,
        place_follows=_share(_PLACE_FOLLOWS, kind, chance) * path,
        orbit=_orbit(kind, progress, chance),
        push=_push(kind, progress, chance),
        turn=turn,
        shift=shift,
    )


def _by_kind(values: tuple[float, ...], kind: Tensor) -> Tensor:
    return torch.tensor(values, device=kind.device)[kind]


def _share(ranges: tuple[tuple[float, float], ...], kind: Tensor, chance: Chance) -> Tensor:
    """[B, 1, 1] uniform within the range of each kind."""
    low, high = (_by_kind(ends, kind) for ends in zip(*ranges))
    return (low + (high - low) * chance.uniform(0.0, 1.0, len(kind)))[:, None, None]


def _progress(chosen: Tensor, times_s: Tensor, chance: Chance) -> Tensor:
    """[B, T] s of a move since the chosen frame; it runs between two moments only, easing in and out."""
    ends = chance.uniform(-0.3, 1.3, 2, len(chosen)).sort(0).values * times_s[-1]
    start, end = ends[0][:, None], torch.maximum(ends[1], ends[0] + 0.3)[:, None]
    share = ((times_s - start) / (end - start)).clamp(0.0, 1.0)
    eased = share * share * (3.0 - 2.0 * share) * (end - start)
    return eased - eased.gather(1, chosen[:, None])


def _followed(root_world: Tensor, chosen: Tensor, times_s: Tensor, chance: Chance) -> Tensor:
    """[B, T, 3] m: the paths as somebody follows them, smoothly and late, from the chosen frame on; half in height."""
    smooth = chance.log_uniform(*_FOLLOWING_S, len(chosen), 1, 1)
    lag = chance.uniform(*_LAG_S, len(chosen), 1, 1)
    weights = torch.exp(-0.5 * ((times_s[:, None] - lag - times_s[::_KNOT_FRAMES]) / smooth) ** 2)
    path = (weights / weights.sum(-1, keepdim=True)) @ root_world[:, ::_KNOT_FRAMES]
    path = path - path.gather(1, chosen[:, None, None].expand(-1, 1, 3))
    return path * torch.tensor([1.0, 1.0, 0.5], device=path.device)


def _free_pan(kind: Tensor, progress: Tensor, chance: Chance) -> Tensor:
    free = (kind == KINDS.index("panning")) & chance.yes(_FREE_PAN_SHARE, len(kind))
    rate = chance.sign(len(kind)) * torch.deg2rad(chance.log_uniform(*_FREE_PAN_DEG_S, len(kind)))
    return (free * rate)[:, None] * progress


def _orbit(kind: Tensor, progress: Tensor, chance: Chance) -> Tensor:
    rate = chance.sign(len(kind)) * torch.deg2rad(chance.log_uniform(*_ORBIT_DEG_S, len(kind)))
    largest = torch.deg2rad(torch.tensor(_LARGEST_ORBIT_DEG)).item()
    return ((kind == KINDS.index("orbiting")) * rate)[:, None].mul(progress).clamp(-largest, largest)


def _push(kind: Tensor, progress: Tensor, chance: Chance) -> Tensor:
    rate = chance.log_uniform(*_PUSH_PER_S, len(kind))
    sign = (kind == KINDS.index("pulling")).float() - (kind == KINDS.index("pushing")).float()
    return ((sign * rate)[:, None] * progress).clamp(-_LARGEST_PUSH, _LARGEST_PUSH)


def _shake(held: Tensor, walks: Tensor, times_s: Tensor, chance: Chance) -> tuple[Tensor, Tensor]:
    """Turns [B, T, 3] rad and shifts [B, T, 3] m of hands; a tripod has none."""
    count = len(held)
    noise = band_limited(times_s, count, 6, chance) * held[:, None, None]
    degrees = chance.log_uniform(*_SHAKE_DEG, count, 1, 1)
    per_axis = chance.uniform(0.4, 1.0, count, 1, 3)
    metres = chance.log_uniform(*_SHAKE_M, count, 1, 1)
    drift = band_limited(0.2 * times_s, count, 3, chance) * chance.log_uniform(*_DRIFT_M, count, 1, 1)
    shift = metres * noise[..., 3:] + walks[:, None, None] * drift
    return torch.deg2rad(degrees * per_axis) * noise[..., :3], shift
