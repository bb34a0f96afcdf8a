"""How a camera moves from its standpoint: it follows, pans, pushes in, orbits and shakes, or stands still."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from backend.train.cameras.cameras import KINDS
from backend.train.cameras.shake import Waves, draw_waves
from backend.train.chance import Chance
from backend.train.rows import Rows

KIND_WEIGHTS = (0.36, 0.18, 0.14, 0.12, 0.05, 0.05, 0.10)   # of KINDS; most footage does not travel
# Per kind: how much of the person's path the aim and the place follow (low, high), and how often hands hold it.
_AIM_FOLLOWS = ((0.0, 0.0), (0.0, 0.3), (0.6, 1.0), (0.75, 1.0), (0.7, 1.0), (0.7, 1.0), (0.8, 1.0))
_PLACE_FOLLOWS = ((0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (0.5, 1.0), (0.0, 0.6), (0.0, 0.6), (0.5, 1.0))
_HELD_SHARE = (0.0, 1.0, 0.5, 0.7, 0.5, 0.5, 0.6)
_FOLLOWING_S = (0.15, 0.7)          # how smoothly it follows
_LAG_S = (0.0, 0.25)                # how late
_FREE_PAN_SHARE, _FREE_PAN_DEG_S = 0.25, (3.0, 15.0)   # pans that do not care for the person
_PUSH_PER_S = (0.08, 0.35)          # change of the distance's logarithm
_ORBIT_DEG_S = (6.0, 45.0)
_LARGEST_PUSH, _LARGEST_ORBIT_DEG = 0.8, 150.0
_SHAKE_DEG, _SHAKE_M = (0.08, 2.0), (0.002, 0.04)   # root mean square in rotation and in place
_DRIFT_M, _DRIFT_SLOWER = (0.02, 0.4), 5.0          # wander of the place of a camera that walks


@dataclass(frozen=True, eq=False)
class Path(Rows):
    """Where people's roots are over time, for cameras that follow them."""

    root_world: Tensor   # [B, N, 3] m
    times_s: Tensor      # [B, N]

    def followed(self, smooth_s: Tensor, late_s: Tensor, times_s: Tensor) -> Tensor:
        """[B, T, 3] m: the paths as somebody follows them, smoothly and late (both [B]), at times_s [B or 1, T]."""
        apart = times_s[..., None] - late_s[:, None, None] - self.times_s[:, None]
        weights = torch.exp(-0.5 * (apart / smooth_s[:, None, None]) ** 2)
        return (weights / weights.sum(-1, keepdim=True).clamp(min=1e-20)) @ self.root_world


@dataclass(frozen=True, eq=False)
class Course:
    """What a camera has done since the chosen moment."""

    aim_follows: Tensor     # [B, T, 3] m
    place_follows: Tensor   # [B, T, 3] m
    orbit: Tensor           # [B, T] rad about the person
    push: Tensor            # [B, T] change of the logarithm of the distance
    turn: Tensor            # [B, T, 3] rad added to yaw, pitch and roll
    shift: Tensor           # [B, T, 3] m added to the place


@dataclass(frozen=True, eq=False)
class Moves(Rows):
    """Drawn moves of B cameras; [B] unless said."""

    chosen_s: Tensor        # when the picture is as the standpoint has it
    start_s: Tensor         # a move runs between these two only, easing in and out
    end_s: Tensor
    smooth_s: Tensor        # of following
    late_s: Tensor
    aim_follows: Tensor     # 0..1
    place_follows: Tensor   # 0..1
    pan: Tensor             # rad/s that have nothing to do with the person
    orbit: Tensor           # rad/s
    push: Tensor            # 1/s
    hand: Waves             # 6 channels
    hand_turn: Tensor       # [B, 3] rad
    hand_shift: Tensor      # m
    drift: Waves            # 3 channels
    drift_shift: Tensor     # m

    def course(self, path: Path, times_s: Tensor) -> Course:
        """The moves at times_s [T]."""
        progress = self._progress(times_s[None]) - self._progress(self.chosen_s[:, None])
        followed = path.followed(self.smooth_s, self.late_s, times_s[None])
        followed = followed - path.followed(self.smooth_s, self.late_s, self.chosen_s[:, None])
        followed = followed * torch.tensor([1.0, 1.0, 0.5], device=followed.device)   # up and down by half
        hand, drift = self.hand.at(times_s), self.drift.at(times_s)
        turn = hand[..., :3] * self.hand_turn[:, None]
        turn[..., 0] += self.pan[:, None] * progress
        largest = math.radians(_LARGEST_ORBIT_DEG)
        return Course(
            aim_follows=self.aim_follows[:, None, None] * followed,
            place_follows=self.place_follows[:, None, None] * followed,
            orbit=(self.orbit[:, None] * progress).clamp(-largest, largest),
            push=(self.push[:, None] * progress).clamp(-_LARGEST_PUSH, _LARGEST_PUSH),
            turn=turn,
            shift=hand[..., 3:] * self.hand_shift[:, None, None] + drift * self.drift_shift[:, None, None],
        )

    def _progress(self, times_s: Tensor) -> Tensor:
        """[B, T] s that a move has run at times_s [B or 1, T]."""
        start, lasts = self.start_s[:, None], (self.end_s - self.start_s)[:, None]
        share = ((times_s - start) / lasts).clamp(0.0, 1.0)
        return share * share * (3.0 - 2.0 * share) * lasts


def draw_moves(kind: Tensor, chosen_s: Tensor, whole_s: float, chance: Chance) -> Moves:
    """Moves of cameras of kinds [B] in clips that last whole_s."""
    count = len(kind)
    ends = chance.uniform(-0.3, 1.3, 2, count, axis=1).sort(0).values * whole_s
    held = chance.uniform(0.0, 1.0, count) < _by_kind(_HELD_SHARE, kind)
    walks = held & (kind >= KINDS.index("tracking"))
    free = _is(kind, "panning") * chance.yes(_FREE_PAN_SHARE, count)
    return Moves(
        chosen_s=chosen_s, start_s=ends[0], end_s=torch.maximum(ends[1], ends[0] + 0.3),
        smooth_s=chance.log_uniform(*_FOLLOWING_S, count), late_s=chance.uniform(*_LAG_S, count),
        aim_follows=_share(_AIM_FOLLOWS, kind, chance), place_follows=_share(_PLACE_FOLLOWS, kind, chance),
        pan=free * _either_way_rad(_FREE_PAN_DEG_S, count, chance),
        orbit=_is(kind, "orbiting") * _either_way_rad(_ORBIT_DEG_S, count, chance),
        push=(_is(kind, "pulling") - _is(kind, "pushing")) * chance.log_uniform(*_PUSH_PER_S, count),
        hand=draw_waves(count, 6, chance), hand_turn=_hand_turn(held, chance),
        hand_shift=held * chance.log_uniform(*_SHAKE_M, count),
        drift=draw_waves(count, 3, chance, _DRIFT_SLOWER), drift_shift=walks * chance.log_uniform(*_DRIFT_M, count),
    )  # fmt: skip


def draw_kinds(count: int, chance: Chance) -> Tensor:
    return chance.one_of(KIND_WEIGHTS, count)


def _is(kind: Tensor, name: str) -> Tensor:
    return (kind == KINDS.index(name)).float()


def _by_kind(values: tuple[float, ...], kind: Tensor) -> Tensor:
    return torch.tensor(values, device=kind.device)[kind]


def _share(ranges: tuple[tuple[float, float], ...], kind: Tensor, chance: Chance) -> Tensor:
    low, high = (_by_kind(ends, kind) for ends in zip(*ranges))
    return low + (high - low) * chance.uniform(0.0, 1.0, len(kind))


def _either_way_rad(range_deg: tuple[float, float], count: int, chance: Chance) -> Tensor:
    return chance.sign(count) * torch.deg2rad(chance.log_uniform(*range_deg, count))


def _hand_turn(held: Tensor, chance: Chance) -> Tensor:
    degrees = chance.log_uniform(*_SHAKE_DEG, len(held), 1) * chance.uniform(0.4, 1.0, len(held), 3)
    return held[:, None] * torch.deg2rad(degrees)
