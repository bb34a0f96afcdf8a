"""Procedural patterns: what colour lies where on a cloth, a wall or a floor."""

from __future__ import annotations

import colorsys
from collections.abc import Callable

import numpy as np

from motion.arrays import Array

Pattern = Callable[[Array], Array]     # places [N, 2] m -> amount of the second colour [N], 0..1

NOISE_CELLS = 64
EDGE_SHARPNESS = 12.0


def smooth_noise(table: Array, places: Array) -> Array:
    """Value noise in 0..1 at `places` [N, 2] in cells; `table` [C, C] of random numbers repeats."""
    count, flat = len(table), table.ravel()
    cells = np.floor(places.T)
    across, down = places.T - cells
    across, down = across * across * (3.0 - 2.0 * across), down * down * (3.0 - 2.0 * down)
    x, y = cells.astype(np.int32) % count
    next_x, next_row, row = (x + 1) % count, (y + 1) % count * count, y * count
    near, far = ((1.0 - across) * flat.take(start + x) + across * flat.take(start + next_x)
                 for start in (row, next_row))  # fmt: skip
    return near + down * (far - near)


def clouds(rng: np.random.Generator, cell_m: float, octaves: int = 3) -> Pattern:
    """Noise of several sizes, the largest `cell_m` wide; 0..1 about 0.5."""
    tables = rng.random((octaves, NOISE_CELLS, NOISE_CELLS))
    shares = 0.55 ** np.arange(octaves)

    def at(places: Array) -> Array:
        layers = [share * smooth_noise(table, places * 2.0**n / cell_m)
                  for n, (table, share) in enumerate(zip(tables, shares, strict=True))]  # fmt: skip
        return sum(layers) / shares.sum()

    return at


def stripes(period_m: float, share: float) -> Pattern:
    """Bands across the second coordinate."""
    return lambda places: ((places[:, 1] / period_m) % 1.0 < share).astype(float)


def plaid(period_m: float, share: float) -> Pattern:
    """Bands both ways; half of the second colour where only one lies."""
    return lambda places: ((places / period_m) % 1.0 < share).mean(axis=1)


def checks(period_m: float) -> Pattern:
    """A chessboard."""
    return lambda places: (np.floor(places / period_m).sum(axis=1) % 2.0).astype(float)


def dots(period_m: float, radius_m: float) -> Pattern:
    """Dots on a square grid."""
    return lambda places: (np.hypot(*(((places / period_m) % 1.0 - 0.5) * period_m).T) < radius_m).astype(float)


def patches(rng: np.random.Generator, cell_m: float) -> Pattern:
    """Blots with sharp edges, as of camouflage or flowers."""
    noise = clouds(rng, cell_m, 2)
    return lambda places: np.clip(EDGE_SHARPNESS * (noise(places) - 0.5), 0.0, 1.0)


def joints(width_m: float, height_m: float, joint_m: float, offset: float) -> Pattern:
    """Joints between bricks, tiles or boards; every second row moved by `offset` of a width."""

    def at(places: Array) -> Array:
        row = np.floor(places[:, 1] / height_m)
        along = (places[:, 0] + offset * width_m * (row % 2)) % width_m
        return ((along < joint_m) | (places[:, 1] % height_m < joint_m)).astype(float)

    return at


def board_shades(rng: np.random.Generator, width_m: float, height_m: float, offset: float) -> Pattern:
    """One random shade, 0..1, for each brick, tile or board."""
    table = rng.random((NOISE_CELLS, NOISE_CELLS))

    def at(places: Array) -> Array:
        row = np.floor(places[:, 1] / height_m).astype(np.int64)
        column = np.floor((places[:, 0] + offset * width_m * (row % 2)) / width_m).astype(np.int64)
        return table[row % NOISE_CELLS, column % NOISE_CELLS]

    return at


def random_cloth_pattern(rng: np.random.Generator) -> Pattern:
    """Plain in two of five cases."""
    period_m = rng.uniform(0.03, 0.14)
    kinds: list[Callable[[], Pattern]] = [
        lambda: stripes(period_m, rng.uniform(0.2, 0.6)),
        lambda: plaid(period_m, rng.uniform(0.2, 0.5)),
        lambda: checks(0.7 * period_m),
        lambda: dots(period_m, rng.uniform(0.15, 0.35) * period_m),
        lambda: patches(rng, rng.uniform(0.06, 0.2)),
        lambda: clouds(rng, rng.uniform(0.05, 0.4)),
    ]
    if rng.random() < 0.4:
        return lambda places: np.zeros(len(places))
    return kinds[rng.integers(len(kinds))]()


def random_colour(rng: np.random.Generator, saturation: tuple[float, float] = (0.0, 0.9),
                  value: tuple[float, float] = (0.08, 0.95)) -> Array:  # fmt: skip
    """sRGB 0..1, [3]; pale colours are as frequent as strong ones."""
    return np.array(colorsys.hsv_to_rgb(rng.random(), rng.uniform(*saturation), rng.uniform(*value)))


def mixed(first: Array, second: Array, amount: Array) -> Array:
    """Colours [N, 3] between two colours [3] or [N, 3]."""
    return first + amount[:, None] * (second - first)
