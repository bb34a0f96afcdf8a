"""Clothes: which cloth lies where on the resting body, and how far it stands off the skin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from backend.train.render.hung import Piece
from backend.train.render.patterns import clouds, mixed, random_cloth_pattern, random_colour
from motion.arrays import Array, Mask
from motion.body import BodyModel
from motion.skeleton import JOINT

Painter = Callable[[Array], Array]      # places at rest [N, 3] -> sRGB 0..1 [N, 3]

# Skin from light to dark, sRGB: between neighbours of a row that follows the Monk Skin Tone Scale (Monk 2019, open).
SKIN_TONES = np.array([[246, 237, 228], [243, 231, 219], [247, 234, 208], [234, 218, 186], [215, 189, 150],
                       [160, 126, 86], [130, 92, 67], [96, 65, 52], [58, 49, 42], [41, 36, 32]]) / 255.0  # fmt: skip
SKIRT_COLUMNS, SKIRT_ROWS = 40, 14


@dataclass(frozen=True, eq=False)
class Outfit:
    """All clothes and the skin under them."""

    painted: Painter
    away_m: Array            # [V] how far the clothes stand off the body's surface
    skirt: Piece | None


@dataclass(frozen=True)
class _Cut:
    """Where clothes end on the body at rest, m."""

    waist_y: float
    hem_y: float             # of the trousers
    sleeve_x: float
    neck_y: float
    neck_depth_m: float      # how far the neckline dips in front
    shoe_y: float
    sock_y: float
    opening_m: float         # half width of an open jacket's front; 0: closed
    skirt_y: float           # 0: no skirt


def random_skin(rng: np.random.Generator) -> Array:
    """sRGB [3]."""
    place = rng.uniform(1.5, len(SKIN_TONES) - 1.5)
    tone = np.array([np.interp(place, np.arange(len(SKIN_TONES)), channel) for channel in SKIN_TONES.T])
    return np.clip(tone * rng.uniform(0.85, 1.0) * [1.0, rng.uniform(0.9, 0.98), rng.uniform(0.84, 0.98)], 0, 1)


def random_outfit(rng: np.random.Generator, model: BodyModel) -> Outfit:
    """Shirts, jackets, trousers, shorts, skirts, socks, shoes; or a dress or overall of one cloth."""
    cut = _random_cut(rng, model)
    skin, top, bottom = _skin(rng), _cloth(rng), _cloth(rng)
    if rng.random() < 0.12:
        bottom = top
    inner, sock, shoe = _cloth(rng), _cloth(rng), _plain(rng)

    def painted(places: Array) -> Array:
        colours = skin(places)
        masks = _covered(cut, places, model)
        for name, painter in (("sock", sock), ("bottom", bottom), ("top", top), ("inner", inner), ("shoe", shoe)):
            if masks[name].any():
                colours[masks[name]] = painter(places[masks[name]])
        return colours

    return Outfit(painted, _away(rng, cut, model), _skirt(cut, model, bottom, rng) if cut.skirt_y else None)


def _random_cut(rng: np.random.Generator, model: BodyModel) -> _Cut:
    y, x = model.joints[:, 1], model.joints[:, 0]
    knee, ankle, hip = y[JOINT["left_knee"]], y[JOINT["left_ankle"]], y[JOINT["left_hip"]]
    shoulder, elbow, wrist = (x[JOINT[f"left_{name}"]] for name in ("shoulder", "elbow", "wrist"))
    hems = (ankle - rng.uniform(-0.04, 0.03), rng.uniform(knee - 0.25, knee), rng.uniform(knee, hip - 0.12))
    sleeves = (rng.uniform(shoulder - 0.02, shoulder + 0.03), rng.uniform(shoulder + 0.08, elbow - 0.03),
               rng.uniform(elbow, wrist - 0.08), wrist - rng.uniform(0.0, 0.03))  # fmt: skip
    long_sleeves = rng.choice(4, p=(0.1, 0.45, 0.1, 0.35))
    shod = rng.choice(3, p=(0.15, 0.7, 0.15))
    is_skirt = rng.random() < 0.12
    return _Cut(
        waist_y=y[JOINT["spine1"]] - rng.uniform(0.0, 0.2), hem_y=hems[2] if is_skirt else hems[_length(rng)],
        sleeve_x=sleeves[long_sleeves], neck_y=y[JOINT["neck"]] + rng.uniform(-0.05, 0.0),
        neck_depth_m=rng.choice([0.0, rng.uniform(0.03, 0.14)]),
        shoe_y=(-9.0, ankle + rng.uniform(-0.02, 0.03), ankle + rng.uniform(0.05, 0.2))[shod],
        sock_y=ankle + rng.uniform(0.02, 0.25) if shod and rng.random() < 0.5 else -9.0,
        opening_m=rng.uniform(0.02, 0.07) if long_sleeves == 3 and rng.random() < 0.4 else 0.0,
        skirt_y=rng.uniform(knee - 0.3, knee + 0.15) if is_skirt else 0.0,
    )  # fmt: skip


def _length(rng: np.random.Generator) -> int:
    return int(rng.choice(3, p=(0.65, 0.1, 0.25)))


def _covered(cut: _Cut, places: Array, model: BodyModel) -> dict[str, Mask]:
    """Which cloth lies at each place, [N] each."""
    x, y, z = np.abs(places[:, 0]), places[:, 1], places[:, 2]
    front = z > model.joints[JOINT["neck"], 2]
    neckline = cut.neck_y - cut.neck_depth_m * front * np.clip(1.0 - x / 0.09, 0.0, 1.0)
    top = (x < cut.sleeve_x) & (y < neckline) & (y >= cut.waist_y)
    legs = (y < cut.waist_y) & (x < 0.3)
    return {
        "top": top,
        "inner": top & front & (x < cut.opening_m),
        "bottom": legs & (y > cut.hem_y),
        "sock": legs & (y < cut.sock_y),
        "shoe": legs & (y < cut.shoe_y),
    }


def _away(rng: np.random.Generator, cut: _Cut, model: BodyModel) -> Array:
    """How far clothes stand off, [V] m: wider towards hems, with folds, nothing on bare skin."""
    places = model.vertices
    masks = _covered(cut, places, model)
    folds = clouds(rng, rng.uniform(0.06, 0.15), 2)
    fold = 0.4 + 1.2 * folds(places[:, :2] + 0.7 * places[:, 2:])
    top_m, leg_m = rng.choice([0.0, 0.006, 0.015, 0.028]), rng.choice([0.0, 0.006, 0.015, 0.03])
    sleeve = np.clip((np.abs(places[:, 0]) - 0.2) / 0.2, 0.0, 1.0)
    trunk = np.clip((0.35 - places[:, 1]) / 0.25, 0.2, 1.0)
    hip_y = model.joints[JOINT["left_hip"], 1]
    leg = np.clip((hip_y - 0.08 - places[:, 1]) / 0.3, 0.1, 1.0)
    long_sleeve_m = 0.008 if cut.sleeve_x > model.joints[JOINT["left_elbow"], 0] else 0.0
    away = masks["top"] * (top_m * np.maximum(sleeve, trunk) * fold + long_sleeve_m)
    return away + masks["bottom"] * leg_m * leg * fold + masks["shoe"] * rng.uniform(0.0, 0.012)


def _skin(rng: np.random.Generator) -> Painter:
    tone, noise = random_skin(rng), clouds(rng, 0.05)
    return lambda places: tone * (0.92 + 0.16 * noise(places[:, :2] + places[:, 2:])[:, None])


def _plain(rng: np.random.Generator) -> Painter:
    first, second = random_colour(rng, value=(0.05, 0.9)), random_colour(rng)
    noise = clouds(rng, 0.1)
    return lambda places: mixed(first, second, 0.25 * noise(places[:, ::2]))


def _cloth(rng: np.random.Generator) -> Painter:
    """A cloth of two colours in some pattern and direction, with darker folds."""
    first, second = random_colour(rng), random_colour(rng)
    turn_rad = rng.choice([0.0, 0.0, np.pi / 2, rng.uniform(0, np.pi)])
    pattern, folds = random_cloth_pattern(rng), clouds(rng, rng.uniform(0.05, 0.15))
    depth = rng.uniform(0.05, 0.35)

    def painted(places: Array) -> Array:
        across = places[:, 0] + 0.6 * places[:, 2]
        u = np.cos(turn_rad) * across - np.sin(turn_rad) * places[:, 1]
        v = np.sin(turn_rad) * across + np.cos(turn_rad) * places[:, 1]
        shade = 1.0 - depth * folds(places[:, :2] * [2.0, 0.8] + places[:, 2:])
        return mixed(first, second, pattern(np.stack([u, v], axis=1))) * shade[:, None]

    return painted


def _skirt(cut: _Cut, model: BodyModel, painted: Painter, rng: np.random.Generator) -> Piece:
    """A cone about both legs that follows the pelvis at the waist and the thighs at the hem."""
    middle_z = model.joints[JOINT["left_hip"], 2]
    turn, down = np.meshgrid(np.linspace(0, 2 * np.pi, SKIRT_COLUMNS, endpoint=False), np.linspace(0, 1, SKIRT_ROWS))
    turn, down = turn.ravel(), down.ravel()
    flare_m, pleats = rng.uniform(0.02, 0.16), rng.integers(8, 20)
    wide = 1.0 + 0.08 * down * np.cos(pleats * turn)
    top_y = cut.waist_y + 0.02
    hips = np.clip(down * 3, 0, 1)
    across = (0.155 + 0.045 * hips + flare_m * down) * wide
    ahead = (0.125 + 0.025 * hips + flare_m * down) * wide
    rest = np.stack([across * np.cos(turn), top_y + down * (cut.skirt_y - top_y), middle_z + ahead * np.sin(turn)], -1)
    thigh = np.clip((model.joints[JOINT["left_hip"], 1] + 0.1 - rest[:, 1]) / 0.3, 0.0, 0.9)
    left = np.clip(0.5 + rest[:, 0] / 0.2, 0.0, 1.0)
    weights = np.stack([1 - thigh, thigh * left, thigh * (1 - left)], axis=1)
    faces = tube_faces(SKIRT_ROWS, SKIRT_COLUMNS, True)
    return Piece(rest, faces, ("pelvis", "left_hip", "right_hip"), weights, painted)


def tube_faces(rows: int, columns: int, closed: bool) -> Array:
    """Triangles of a grid of vertices, row by row; the last column meets the first when closed, [G, 3]."""
    row, column = np.meshgrid(np.arange(rows - 1), np.arange(columns if closed else columns - 1), indexing="ij")
    row, column, following = row.ravel(), column.ravel(), (column.ravel() + 1) % columns
    a, b = row * columns + column, row * columns + following
    return np.concatenate([np.stack([a, b, b + columns], 1), np.stack([a, b + columns, a + columns], 1)])
