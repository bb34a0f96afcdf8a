"""Things that stand about, each about the origin with its back towards -y."""

from __future__ import annotations

import numpy as np

from bench.render.solids import Solid, ball, box
from bench.render.textures import PAINTERS
from motion.arrays import Array


def _wood(random: np.random.Generator) -> Array:
    return PAINTERS["planks"](np.array([0.5, 0.36, 0.22]) * random.uniform(0.6, 1.5), random)


def _cloth(random: np.random.Generator) -> Array:
    return PAINTERS["cloth"](random.uniform(0.1, 0.8, 3), random)


def _legs(width: float, depth: float, height: float, picture: Array) -> list[Solid]:
    return [box((0.05, 0.05, height), picture, (x * (width / 2 - 0.04), y * (depth / 2 - 0.04), 0.0))
            for x in (-1, 1) for y in (-1, 1)]  # fmt: skip


def table(random: np.random.Generator) -> list[Solid]:
    wood, width, depth, height = _wood(random), random.uniform(0.8, 1.4), random.uniform(0.6, 0.8), 0.73
    return [box((width, depth, 0.04), wood, (0, 0, height)), *_legs(width, depth, height, wood)]


def chair(random: np.random.Generator) -> list[Solid]:
    wood = _wood(random)
    return [box((0.44, 0.42, 0.04), _cloth(random), (0, 0, 0.44)), *_legs(0.44, 0.42, 0.44, wood),
            box((0.42, 0.04, 0.42), wood, (0, -0.2, 0.5))]  # fmt: skip


def sofa(random: np.random.Generator) -> list[Solid]:
    cloth, width = _cloth(random), random.uniform(1.4, 2.0)
    arms = [box((0.2, 0.8, 0.6), cloth, (side * (width / 2 + 0.1), 0, 0)) for side in (-1, 1)]
    return [box((width, 0.8, 0.42), cloth), box((width, 0.22, 0.85), cloth, (0, -0.3, 0)), *arms]


def shelf(random: np.random.Generator) -> list[Solid]:
    width, height = random.uniform(0.8, 1.3), random.uniform(1.2, 2.1)
    wood = _wood(random)
    books = PAINTERS["books"](wood.mean(axis=(0, 1)), random)
    return [box((width, 0.3, height), wood), box((width - 0.06, 0.02, height - 0.1), books, (0, 0.15, 0.05), 1.0)]


def plant(random: np.random.Generator) -> list[Solid]:
    pot = PAINTERS["plaster"](random.uniform(0.3, 0.8, 3), random)
    green = PAINTERS["leaves"](np.array([0.2, 0.36, 0.14]) * random.uniform(0.8, 1.4), random)
    wide, high = random.uniform(0.25, 0.4), random.uniform(0.35, 0.6)
    leaves = ball((wide, wide, high), green, 3.0).moved(np.array([0.0, 0.0, 0.35 + 0.8 * high]))
    return [box((0.32, 0.32, 0.35), pot), leaves]


def cupboard(random: np.random.Generator) -> list[Solid]:
    width, height = random.uniform(0.6, 1.6), random.uniform(0.6, 1.0)
    wood = _wood(random)
    return [box((width, 0.45, height), wood, picture_m=1.7), *_vase(random, height)]


def lamp(random: np.random.Generator) -> list[Solid]:
    dark, shade = np.full((4, 4, 3), 0.15), PAINTERS["cloth"](random.uniform(0.6, 0.95, 3), random)
    return [box((0.3, 0.3, 0.03), dark), box((0.03, 0.03, 1.4), dark), box((0.34, 0.34, 0.3), shade, (0, 0, 1.35))]


def crate(random: np.random.Generator) -> list[Solid]:
    size = random.uniform(0.4, 0.75)
    return [box((size, size, size), _wood(random))]


def _vase(random: np.random.Generator, height: float) -> list[Solid]:
    glaze = PAINTERS["plaster"](random.uniform(0.2, 0.9, 3), random)
    return [ball((0.1, 0.1, 0.16), glaze).moved(np.array([random.uniform(-0.2, 0.2), 0.0, height + 0.14]))]


def on_wall(start: Array, end: Array, random: np.random.Generator, skirting: Array) -> list[Solid]:
    """A skirting board, pictures, and sometimes a window or a door along one wall, [2] m each end."""
    along = (end - start) / np.linalg.norm(end - start)
    length, turn = float(np.linalg.norm(end - start)), float(np.arctan2(along[1], along[0]))
    hung = [box((length, 0.03, 0.1), skirting, (length / 2, 0, 0))]
    for x in np.arange(0.8, length - 0.6, random.uniform(1.5, 2.4)):
        hung += _hung(float(x), random)
    return [solid.moved(np.array([*start, 0.0]), turn) for solid in hung]


def _hung(x: float, random: np.random.Generator) -> list[Solid]:
    """A picture, a window or a door at `x` m along the wall."""
    kind = random.choice(["picture", "picture", "window", "door", "nothing"])
    frame = np.full((4, 4, 3), random.uniform(0.1, 0.95))
    if kind == "nothing":
        return []
    if kind == "door":
        return [box((0.98, 0.05, 2.1), frame, (x, 0, 0)), box((0.86, 0.07, 2.04), _wood(random), (x, 0, 0))]
    width, height = random.uniform(0.5, 1.2, 2)
    inside = PAINTERS["sky" if kind == "window" else "painting"](random.uniform(0.2, 0.8, 3), random)
    low = 1.65 - height / 2
    return [box((width + 0.1, 0.05, height + 0.1), frame, (x, 0, low - 0.05)),
            box((width, 0.07, height), inside, (x, 0, low), max(width, height))]  # fmt: skip


def tree(random: np.random.Generator) -> list[Solid]:
    bark = PAINTERS["strands"](np.array([0.3, 0.24, 0.18]), random)
    green = PAINTERS["leaves"](np.array([0.2, 0.34, 0.12]) * random.uniform(0.7, 1.5), random)
    high, wide = random.uniform(1.6, 2.6), random.uniform(1.0, 1.9)
    crown = ball((wide, wide, 1.2 * wide), green, 4.0).moved(np.array([0.0, 0.0, high + 0.9 * wide]))
    return [box((0.26, 0.26, high + 0.5), bark), crown]


def bush(random: np.random.Generator) -> list[Solid]:
    green = PAINTERS["leaves"](np.array([0.22, 0.36, 0.14]) * random.uniform(0.7, 1.4), random)
    wide = random.uniform(0.6, 1.4)
    return [ball((wide, wide, 0.8 * wide), green, 4.0).moved(np.array([0.0, 0.0, 0.4 * wide]))]


def hedge(random: np.random.Generator) -> list[Solid]:
    green = PAINTERS["leaves"](np.array([0.2, 0.32, 0.13]) * random.uniform(0.8, 1.3), random)
    return [box((3.5, 0.6, random.uniform(0.9, 1.6)), green)]


def house(random: np.random.Generator) -> list[Solid]:
    wall = PAINTERS["facade"](random.uniform(0.4, 0.85, 3), random)
    return [box((random.uniform(5.0, 8.0), 3.0, random.uniform(5.0, 9.0)), wall, (0, -1.5, 0), 8.0)]


def brick_house(random: np.random.Generator) -> list[Solid]:
    wall = PAINTERS["bricks"](np.array([0.55, 0.3, 0.22]) * random.uniform(0.8, 1.3), random)
    glass = np.full((4, 4, 3), random.uniform(0.15, 0.4)) * np.array([0.9, 1.0, 1.1])
    front = [box((1.1, 0.1, 1.4), glass, (x, 1.5, z)) for x in (-1.8, 0.0, 1.8) for z in (0.9, 3.4)]
    return [box((6.0, 3.0, random.uniform(5.0, 7.0)), wall), *front]


def car(random: np.random.Generator) -> list[Solid]:
    paint = PAINTERS["plaster"](random.uniform(0.1, 0.8, 3), random)
    glass, tyre = np.full((4, 4, 3), 0.2), np.full((4, 4, 3), 0.08)
    wheels = [box((0.6, 1.75, 0.6), tyre, (x, 0, 0)) for x in (-1.3, 1.3)]
    return [box((4.2, 1.7, 0.6), paint, (0, 0, 0.3)), box((2.2, 1.5, 0.55), glass, (-0.2, 0, 0.9)), *wheels]


# How to make it, and the radius of the circle it stands in, m.
PIECES = ((table, 0.8), (chair, 0.35), (sofa, 1.0), (shelf, 0.65), (plant, 0.4), (cupboard, 0.8), (lamp, 0.2))
LOW_PIECES = ((table, 0.6), (chair, 0.35), (plant, 0.4), (crate, 0.5))
OUTDOORS = {"park": ((tree, 1.9), (bush, 1.4), (hedge, 1.8)), "street": ((house, 4.5), (brick_house, 3.5), (car, 2.3))}
