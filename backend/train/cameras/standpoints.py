"""Where a camera stands at one moment: how large the person is in the picture, from where and how high it is seen."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from backend.train.chance import Chance
from backend.train.rows import Rows

# The person's height over the picture's: (low, high, how often), log-uniform within.
_LARGENESS = ((0.06, 0.35, 0.17), (0.35, 0.95, 0.60), (0.95, 2.2, 0.23))
_NEAREST_M, _FARTHEST_M, _SMALLEST_PX = 1.3, 20.0, 60.0
# Camera heights in m: (mean, sigma, how often) of eye and chest level, low ones, high ones.
_HEIGHTS = ((1.4, 0.25, 0.66), (0.6, 0.25, 0.16), (2.5, 0.4, 0.18))
_LOWEST_M, _HIGHEST_M = 0.3, 3.0
_PITCH_FIRST_SHARE, _PITCH_MEAN_DEG, _PITCH_SIGMA_DEG = 0.35, 14.0, 13.0   # where the pitch is chosen, not the height
_PITCH_FROM_DEG, _PITCH_TO_DEG = -12.0, 45.0
# Roll in degrees: (sigma, how often); the last is of phones held askew.
_ROLLS = ((1.3, 0.78), (3.0, 0.14))
_ASKEW_DEG = (10.0, 25.0)


@dataclass(frozen=True, eq=False)
class Standpoints(Rows):
    """Cameras of B people at one moment each."""

    azimuth: Tensor      # [B] rad from the person to the camera, about Z
    distance_m: Tensor   # [B] to the person
    height_m: Tensor     # [B] above the floor
    aim_share: Tensor    # [B] 0..1 which height of the posed body is aimed at, from its lowest to its highest joint
    beside: Tensor       # [B, 2] where that falls: share of the picture's width and height from the middle
    roll: Tensor         # [B] rad


def draw_standpoints(body_height_m: Tensor, K: Tensor, size_px: Tensor, chance: Chance) -> Standpoints:
    """Standpoints for people of body_height_m [B] before lenses K [B, 3, 3] with pictures of size_px [B, 2]."""
    count = len(K)
    largeness = _largeness(size_px, chance)
    distance_m = (K[:, 1, 1] * body_height_m / (largeness * size_px[:, 1])).clamp(_NEAREST_M, _FARTHEST_M)
    return Standpoints(
        azimuth=chance.uniform(-math.pi, math.pi, count),
        distance_m=distance_m,
        height_m=_height(distance_m, body_height_m, chance),
        aim_share=_aim_share(largeness, chance),
        beside=_beside(largeness, chance),
        roll=_roll(count, chance),
    )


def _largeness(size_px: Tensor, chance: Chance) -> Tensor:
    lows, highs, weights = (torch.tensor(column, device=chance.device) for column in zip(*_LARGENESS))
    band = chance.one_of(weights, len(size_px))
    low, high = lows[band].log(), highs[band].log()
    # People fill a picture taken upright less often beyond its height: it is that way for being tall.
    large = torch.exp(low + (high - low) * chance.uniform(0.0, 1.0, len(size_px)))
    upright = size_px[:, 1] > size_px[:, 0]
    large = torch.where(upright, 0.85 * large, large)
    return torch.maximum(large, _SMALLEST_PX / size_px[:, 1])


def _height(distance_m: Tensor, body_height_m: Tensor, chance: Chance) -> Tensor:
    means, sigmas, weights = (torch.tensor(column, device=chance.device) for column in zip(*_HEIGHTS))
    band = chance.one_of(weights, len(distance_m))
    usual = means[band] + sigmas[band] * chance.normal(1.0, len(distance_m))
    pitch_deg = (_PITCH_MEAN_DEG + chance.normal(_PITCH_SIGMA_DEG, len(distance_m)))
    pitch = torch.deg2rad(pitch_deg.clamp(_PITCH_FROM_DEG, _PITCH_TO_DEG))
    pitched = 0.55 * body_height_m + distance_m * pitch.sin()
    chosen = torch.where(chance.yes(_PITCH_FIRST_SHARE, len(distance_m)), pitched, usual)
    return chosen.clamp(_LOWEST_M, _HIGHEST_M)


def _aim_share(largeness: Tensor, chance: Chance) -> Tensor:
    """The middle of who fits in; of who does not, mostly the upper half."""
    middle, upper, lower = chance.uniform(0.4, 0.6, len(largeness)), *(
        chance.uniform(low, high, len(largeness)) for low, high in ((0.5, 0.95), (0.1, 0.45))
    )
    cut = torch.where(chance.yes(0.8, len(largeness)), upper, lower)
    return torch.where(largeness < 0.9, middle, cut)


def _beside(largeness: Tensor, chance: Chance) -> Tensor:
    across = chance.normal(0.15, len(largeness))
    at_the_edge = chance.sign(len(largeness)) * chance.uniform(0.3, 0.48, len(largeness))
    across = torch.where(chance.yes(0.1, len(largeness)), at_the_edge, across).clamp(-0.48, 0.48)
    room = (0.5 - 0.5 * largeness).clamp(0.04, 0.4) + 0.04
    return torch.stack([across, room * chance.uniform(-1.0, 1.0, len(largeness))], -1)


def _roll(count: int, chance: Chance) -> Tensor:
    sigmas, weights = zip(*_ROLLS)
    band = chance.one_of((*weights, 1.0 - sum(weights)), count)
    level = torch.tensor((*sigmas, 0.0), device=chance.device)[band] * chance.normal(1.0, count)
    askew = chance.sign(count) * chance.uniform(*_ASKEW_DEG, count)
    return torch.deg2rad(torch.where(band == len(_ROLLS), askew, level))
