"""Where the person is: a room or a meadow, with furniture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from backend.train.render.furniture import Boxes, random_boxes
from backend.train.render.textures import random_floor, random_furniture, random_horizon, random_natural, random_wall
from motion.arrays import Array

OUTDOORS = 0.3           # share of scenes
FLOOR = 4                # the number of the room's side that is the floor


@dataclass(frozen=True, eq=False)
class Room:
    """One large box seen from inside and small ones seen from outside; world with Z up, floor at 0.

    Sides are numbered x low, x high, y low, y high, floor, ceiling; then each small box has one texture for all its
    sides, repeated every metre.
    """

    low_m: Tensor            # [3]
    high_m: Tensor           # [3]
    boxes_low_m: Tensor      # [B, 3]
    boxes_high_m: Tensor     # [B, 3]
    texels: Tensor           # [C, 3] sRGB 0..1 of all textures
    first: Tensor            # [6 + B] of each texture in texels
    shape: Tensor            # [6 + B, 2] rows, columns
    span_m: Tensor           # [6 + B, 2] height, width after which a texture repeats
    light: Tensor            # [6] brightness of surfaces that face down each axis: -x, +x, -y, +y, -z, +z

    def to(self, device: str | torch.device) -> Room:
        """The same room on another device."""
        return Room(**{name: value.to(device) for name, value in vars(self).items()})


def random_background(rng: np.random.Generator, pelvis_world_m: Array, camera_world_m: Array,
                      occluded: float = 0.15) -> Room:  # fmt: skip
    """A room about the person's path [T, 3] and the camera's; with chance `occluded` something stands between."""
    outdoors = rng.random() < OUTDOORS
    low, high = _extent(rng, pelvis_world_m, camera_world_m, outdoors)
    boxes = random_boxes(rng, pelvis_world_m, camera_world_m, low, high, occluded)
    size = high - low
    walls = _walls(rng, [(size[1 - axis], size[2]) for axis in (0, 0, 1, 1)], outdoors)
    ceiling = np.full((1, 1, 3), rng.uniform(0.6, 1.0))
    textures = [*walls, random_floor(rng, size[0], size[1], outdoors), ceiling]
    textures += [random_furniture(rng) for _ in range(boxes.kinds)]
    spans = [*(size[[2, 1 - axis]] for axis in (0, 0, 1, 1)), size[[1, 0]], size[[1, 0]], *[np.ones(2)] * boxes.kinds]
    return _room(low, high, boxes, textures, spans, _light(rng, outdoors))


def _walls(rng: np.random.Generator, sizes_m: list[tuple[float, float]], outdoors: bool) -> list[Array]:
    """Four walls of (width, height), often of one colour; outdoors the sky."""
    if outdoors:
        return random_horizon(rng, sizes_m)
    bases = [random_natural(rng, (0.35, 0.95)) for _ in sizes_m]
    if rng.random() < 0.6:
        bases = bases[:1] * len(sizes_m)
    return [random_wall(rng, *size, base) for size, base in zip(sizes_m, bases)]


def _room(low: Array, high: Array, boxes: Boxes, textures: list[Array], spans: list[Array], light: Array) -> Room:
    counts = np.cumsum([0] + [texture.shape[0] * texture.shape[1] for texture in textures])
    which = np.concatenate([np.arange(6), 6 + boxes.kind])
    shapes = np.array([texture.shape[:2] for texture in textures])

    def real(values: Array) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32))

    return Room(
        real(low), real(high), real(boxes.low_m), real(boxes.high_m),
        texels=real(np.concatenate([texture.reshape(-1, 3) for texture in textures])),
        first=torch.from_numpy(counts[which]), shape=torch.from_numpy(shapes[which]),
        span_m=real(np.stack(spans)[which]), light=real(light),
    )  # fmt: skip


def _extent(rng: np.random.Generator, pelvis_m: Array, camera_m: Array, outdoors: bool) -> tuple[Array, Array]:
    both = np.concatenate([pelvis_m, camera_m])
    margin = rng.uniform(12.0, 25.0, (2, 2)) if outdoors else rng.uniform(0.9, 5.0, (2, 2))
    ceiling = 20.0 if outdoors else max(rng.uniform(2.5, 4.5), both[:, 2].max() + 0.5)
    low = np.append(both[:, :2].min(axis=0) - margin[0], 0.0)
    return low, np.append(both[:, :2].max(axis=0) + margin[1], ceiling)


def _light(rng: np.random.Generator, outdoors: bool) -> Array:
    light = rng.uniform(0.65, 1.05, 6)
    light[FLOOR:] = rng.uniform(0.5, 0.9), rng.uniform(0.8, 1.1)
    return np.where(np.arange(6) < FLOOR, 1.0, light) if outdoors else light
