"""Floors, walls, skies and furniture as small pictures."""

from __future__ import annotations

import numpy as np

from backend.train.render.patterns import (
    Pattern,
    board_shades,
    clouds,
    joints,
    mixed,
    plaid,
    random_colour,
    stripes,
)
from motion.arrays import Array

MOST_TEXELS = 320


def grid(width_m: float, height_m: float, texel_m: float) -> tuple[Array, tuple[int, int]]:
    """Middles of the texels [N, 2] m, row by row, and the count of rows and columns."""
    columns, rows = max(1, round(width_m / texel_m)), max(1, round(height_m / texel_m))
    x, y = np.meshgrid((np.arange(columns) + 0.5) * width_m / columns, (np.arange(rows) + 0.5) * height_m / rows)
    return np.stack([x.ravel(), y.ravel()], axis=1), (rows, columns)


def texel_size_m(width_m: float, height_m: float) -> float:
    """So fine that no side has more than MOST_TEXELS, and not finer than a centimetre."""
    return max(0.01, max(width_m, height_m) / MOST_TEXELS)


def picture(colours: Array, shape: tuple[int, int]) -> Array:
    """[N, 3] sRGB 0..1 to [rows, columns, 3] in 0..1."""
    return np.clip(colours, 0.0, 1.0).reshape(*shape, 3)


def random_natural(rng: np.random.Generator, value: tuple[float, float]) -> Array:
    """sRGB [3] of walls, wood, stone: mostly near grey and brown, one in five of any colour."""
    if rng.random() < 0.2:
        return random_colour(rng, (0.1, 0.7), value)
    return random_colour(rng, (0.0, 0.12), value) * [1.0, rng.uniform(0.82, 1.0), rng.uniform(0.6, 1.0)]


def random_horizon(rng: np.random.Generator, sizes_m: list[tuple[float, float]]) -> list[Array]:
    """Sky over trees or hills on four walls of (width, height): [rows, columns, 3] each, going on around corners.

    The walls are x low, x high, y low, y high; noise is that of the place in the world, its height aslant.
    """
    zenith, haze, green = (random_colour(rng, *bounds) for bounds in (
        ((0.1, 0.5), (0.6, 0.95)), ((0.02, 0.3), (0.75, 1.0)), ((0.1, 0.6), (0.15, 0.6))))  # fmt: skip
    rise, width_m = rng.uniform(0.05, 0.4), rng.uniform(3, 10)
    skyline, cover, leaves = clouds(rng, width_m, 4), clouds(rng, 8.0, 3), clouds(rng, rng.uniform(0.3, 2.0), 3)
    pictures = []
    for size, axis, fixed_m in zip(sizes_m, (0, 0, 1, 1), (0.0, sizes_m[2][0], 0.0, sizes_m[0][0]), strict=True):
        places, shape = grid(*size, texel_size_m(*size))
        clear = mixed(haze, zenith * [0.8, 0.95, 1.0], places[:, 1] / size[1])
        ground = np.insert(places[:, :1], axis, fixed_m, axis=1)
        aslant = ground + places[:, 1:] * [0.6, 0.8]
        sky = mixed(clear, np.full(3, 0.95), 0.5 * cover(aslant))
        trees = green * [0.9, 1.0, 0.75] * (0.6 + 0.8 * leaves(aslant) * rng.uniform(0.8, 1.2, len(places)))[:, None]
        below = places[:, 1] < size[1] * rise * (0.5 + skyline(ground))
        pictures.append(picture(np.where(below[:, None], trees, sky), shape))
    return pictures


def random_floor(rng: np.random.Generator, width_m: float, height_m: float, outdoors: bool) -> Array:
    """[rows, columns, 3] sRGB: boards, tiles, carpet; outdoors grass, asphalt, sand, paving."""
    places, shape = grid(width_m, height_m, texel_size_m(width_m, height_m))
    shade = random_natural(rng, (0.25, 0.85))
    if outdoors and rng.random() < 0.7:
        shade = random_natural(rng, (0.3, 0.7)) * [0.95, 1.0, 0.8]
        return picture(_mottled(rng, shade, places, 0.45), shape)
    board = (rng.uniform(0.08, 0.9), rng.uniform(0.08, 0.9))
    turned = places[:, ::-1] if rng.random() < 0.5 else places
    colours = _mottled(rng, shade, places, 0.2)
    if rng.random() < 0.75:
        colours = _laid(rng, colours, turned, board, rng.uniform(0.01, 0.02))
    return picture(colours, shape)


def random_wall(rng: np.random.Generator, width_m: float, height_m: float, base: Array) -> Array:
    """[rows, columns, 3] sRGB, the lowest row first, of colour `base`: plain, papered or bricks, with posters."""
    places, shape = grid(width_m, height_m, texel_size_m(width_m, height_m))
    colours = _mottled(rng, base, places, 0.1)
    kind = rng.integers(4)
    if kind == 0:
        colours = _laid(rng, colours, places, (rng.uniform(0.15, 0.4), rng.uniform(0.06, 0.2)), 0.015)
    if kind == 1:
        paper: Pattern = rng.choice([stripes, plaid])(rng.uniform(0.1, 0.6), rng.uniform(0.3, 0.6))
        colours = mixed(colours, 0.85 * base + 0.1, paper(places[:, ::-1]))
    colours[places[:, 1] < rng.choice([0.0, 0.08, 0.12])] = random_natural(rng, (0.3, 0.95))
    for _ in range(rng.integers(0, 6)):
        _hang_poster(rng, colours, places, width_m, height_m)
    return picture(colours, shape)


def random_furniture(rng: np.random.Generator) -> Array:
    """[rows, columns, 3] sRGB of one square metre: wood, cloth, lacquer."""
    places, shape = grid(1.0, 1.0, 0.02)
    grain = places * ([1.0, 12.0] if rng.random() < 0.5 else [1.0, 1.0])
    return picture(_mottled(rng, random_natural(rng, (0.1, 0.85)), grain, 0.3), shape)


def _mottled(rng: np.random.Generator, colour: Array, places: Array, depth: float) -> Array:
    noise = 0.8 * clouds(rng, rng.uniform(0.3, 2.0), 3)(places) + 0.2 * rng.random(len(places))
    return colour * (1.0 - depth / 2 + depth * noise)[:, None]


def _laid(rng: np.random.Generator, colours: Array, places: Array, board: tuple[float, float], joint_m: float) -> Array:
    """Boards, bricks or tiles of varying shade with joints between them."""
    offset = rng.choice([0.0, 0.5])
    shade = 1.0 - rng.uniform(0.05, 0.35) * board_shades(rng, *board, offset)(places)
    joint = rng.uniform(0.4, 1.2)
    return mixed(colours * shade[:, None], colours * joint, joints(*board, joint_m, offset)(places))


def _hang_poster(rng: np.random.Generator, colours: Array, places: Array, width_m: float, height_m: float) -> None:
    """A frame or a window with blots of two colours in it; in place."""
    half = rng.uniform(0.15, 0.8, 2)
    middle = np.array([rng.uniform(0, width_m), rng.uniform(0.8, min(2.6, height_m))])
    off = np.abs(places.T - middle[:, None]) - half[:, None]
    beyond = np.maximum(off[0], off[1])
    inside = beyond < 0.0
    colours[beyond < 0.04] = random_colour(rng)
    blots = clouds(rng, rng.uniform(0.1, 0.6))(places[inside])
    colours[inside] = mixed(random_colour(rng), random_colour(rng), np.clip(4 * (blots - 0.5) + 0.5, 0, 1))
