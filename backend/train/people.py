"""Who moves how in a batch: windows of clips at other speeds, in the mirror, on other bodies, with other arms."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from backend.train.bodies import Bodies, BodyFamily
from backend.train.chance import Chance
from backend.train.exchange import exchanged
from backend.train.packed import PackedMotions, Windows


@dataclass(frozen=True)
class BatchSettings:
    """How windows are drawn."""

    batch_size: int = 32
    frames: int = 120
    slowest: float = 0.67          # speed against the recorded one, as GVHMR draws it
    fastest: float = 1.5
    other_speed_share: float = 0.5
    mirrored_share: float = 0.5
    other_body_share: float = 0.6
    exchanged_share: float = 0.45  # get arms, or all above the pelvis, of another window; of them 4 in 7 fit
    definition: float = 1.0        # how far landmarks lie from where the body has them; 1 is about a centimetre


@dataclass(frozen=True, eq=False)
class People:
    """B people and how they move."""

    clip: Tensor        # [B] index into the clips given; of the legs
    windows: Windows
    bodies: Bodies
    exchanged: Tensor   # [B] whose arms are another's

    def repeated(self, times: int) -> People:
        """Each so many times, one after the other."""
        rows = torch.arange(len(self.clip), device=self.clip.device).repeat_interleave(times)
        return People(self.clip[rows], self.windows[rows], self.bodies[rows], self.exchanged[rows])


def draw_people(motions: PackedMotions, family: BodyFamily, wanted: BatchSettings, chance: Chance) -> People:
    """Draw `wanted.batch_size` people; the same chance draws the same ones."""
    clip, mirrored, windows = _draw_windows(motions, wanted, wanted.batch_size, chance)
    own = motions.bodies[clip]
    own = own.mirrored().where(mirrored, own)
    other = family.drawn(wanted.batch_size, chance)
    bodies = other.where(chance.yes(wanted.other_body_share, wanted.batch_size), own)
    # A path goes with the legs: longer ones step farther, and the soles keep to the floor.
    path = (bodies.pelvis_height_m / own.pelvis_height_m)[:, None, None] * windows.root_world
    windows, changed = _with_others_arms(replace(windows, root_world=path), bodies, motions, wanted, chance)
    return People(clip, windows, family.redefined(bodies, chance, wanted.definition), changed)


def _draw_windows(
    motions: PackedMotions, wanted: BatchSettings, count: int, chance: Chance
) -> tuple[Tensor, Tensor, Windows]:
    """`count` clips [B], whether they are mirrored [B], and their windows."""
    clip = chance.one_of(motions.weights, count)
    other_speed = chance.yes(wanted.other_speed_share, count)
    speed = torch.where(other_speed, chance.log_uniform(wanted.slowest, wanted.fastest, count), 1.0)
    room = (motions.lengths[clip] - 1 - (wanted.frames - 1) * speed).clamp(min=0.0)
    start = room * chance.uniform(0.0, 1.0, count)
    mirrored = chance.yes(wanted.mirrored_share, count)
    return clip, mirrored, motions.windows(clip, start, speed, wanted.frames).mirrored(mirrored)


def _with_others_arms(
    windows: Windows, bodies: Bodies, motions: PackedMotions, wanted: BatchSettings, chance: Chance
) -> tuple[Windows, Tensor]:
    """A share of the windows with arms, or all above the pelvis, of others; and which [B] they are."""
    chosen, of_them = chance.some(wanted.exchanged_share, wanted.batch_size)
    changed = torch.zeros(wanted.batch_size, dtype=torch.bool, device=chosen.device)
    _, _, donors = _draw_windows(motions, wanted, len(chosen), of_them)
    trunk_too = of_them.yes(0.5, len(chosen))
    if len(chosen) == 0:   # here, though perhaps not in the batch's other parts
        return windows, changed
    mixed, fits = exchanged(windows[chosen], donors, trunk_too, bodies.rest_joints[chosen])
    changed[chosen] = fits
    return windows.with_rows(chosen, mixed), changed
