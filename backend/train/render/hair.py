"""Heads: hair short, bushy, in a bun or long, caps, beards, lips, eyes and brows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.train.render.garments import tube_faces
from backend.train.render.hung import Piece
from backend.train.render.patterns import clouds, mixed, random_colour, smooth_noise
from motion.arrays import Array, Indices, Mask
from motion.body import BodyModel
from motion.landmarks import LANDMARK
from motion.skeleton import JOINT

HAIR_COLOURS = np.array([[18, 15, 14], [40, 28, 22], [70, 46, 32], [110, 76, 46], [168, 128, 82], [205, 180, 140],
                         [140, 60, 34], [150, 148, 146], [225, 224, 220]]) / 255.0  # fmt: skip
HAIR_COLUMNS, HAIR_ROWS = 24, 12
CROWN_RADIUS_M = 0.1


@dataclass(frozen=True, eq=False)
class Head:
    """The colours of one head and the hair that stands off it."""

    parts: dict[str, Mask]             # [V] each: scalp, brow, beard, lips, white, iris
    colours: dict[str, Array]          # [3] or, for hair, what mixes with darker strands
    strands: Array                     # [C, C] noise of darker strands
    away_m: Array                      # [V]
    long_hair: Piece | None

    def painted(self, colours: Array, places: Array, owner: Indices, on_body: Mask) -> Array:
        """The head's parts over `colours` [N, 3] of texels at `places` on faces that start at vertex `owner`."""
        for name, colour in self.colours.items():
            chosen = on_body & self.parts[name][owner]
            colours[chosen] = colour if name in ("white", "iris") else _strands(colour, self.strands, places[chosen])
        return colours


def random_head(rng: np.random.Generator, model: BodyModel) -> Head:
    """A head by chance; its parts are known by the open body's colours and landmarks."""
    parts = _parts(rng, model)
    hair = np.clip(HAIR_COLOURS[rng.integers(len(HAIR_COLOURS))] * rng.uniform(0.7, 1.2), 0, 1)
    style = rng.choice(["bald", "short", "bushy", "bun", "cap", "long"], p=(0.06, 0.36, 0.14, 0.1, 0.12, 0.22))
    lips = np.array([0.62, 0.36, 0.34]) * rng.uniform(0.5, 1.1) + [rng.uniform(0, 0.15), 0, 0]
    colours = {"brow": 0.8 * hair, "lips": np.clip(lips, 0, 1), "white": np.full(3, rng.uniform(0.75, 0.95)),
               "iris": random_colour(rng, (0.2, 0.7), (0.08, 0.4))}  # fmt: skip
    if style != "bald":
        colours["scalp"] = random_colour(rng) if style == "cap" else hair
    if rng.random() < 0.2:
        colours["beard"] = hair
    strands = rng.random((64, 64))
    away = _standing_off(rng, str(style), parts["scalp"], model)
    return Head(parts, colours, strands, away, _long_hair(rng, model, hair, strands) if style == "long" else None)


def _parts(rng: np.random.Generator, model: BodyModel) -> dict[str, Mask]:
    point = {name: model.points[LANDMARK[name]] for name in ("nose", "left_eye", "left_ear", "mouth_left")}
    y, z = model.vertices[:, 1], model.vertices[:, 2]
    kinds, kind = np.unique(model.colours, axis=0, return_inverse=True)

    def of(colour: tuple[int, int, int]) -> Mask:
        return kind == np.abs(kinds - colour).sum(axis=1).argmin()

    hair = of((46, 34, 28))
    brow = hair & (z > point["left_eye"][2] - 0.035) & (y < point["left_eye"][1] + 0.028)
    jaw = (y < point["nose"][1] - 0.012 + rng.uniform(-0.02, 0.0)) & (z > point["left_ear"][2] - 0.005)
    face = (y > model.joints[JOINT["neck"], 1] + 0.01) & of((199, 148, 122)) & (np.abs(model.vertices[:, 0]) < 0.12)
    return {"scalp": hair & ~brow, "brow": brow, "beard": jaw & face, "lips": of((170, 102, 94)),
            "white": of((235, 232, 228)), "iris": of((58, 42, 34))}  # fmt: skip


def _standing_off(rng: np.random.Generator, style: str, scalp: Mask, model: BodyModel) -> Array:
    """How far the hair stands off the scalp, [V] m."""
    thickness = {"bald": 0.0, "short": rng.uniform(0.002, 0.02), "bushy": rng.uniform(0.02, 0.06),
                 "bun": 0.006, "cap": rng.uniform(0.008, 0.016), "long": 0.012}[style]  # fmt: skip
    noise = clouds(rng, 0.05)(model.vertices[:, :2] + model.vertices[:, 2:])
    away = scalp * thickness * (0.6 + 0.8 * noise if style != "cap" else 1.0)
    eye_y, top = model.points[LANDMARK["left_eye"], 1], model.vertices[:, 1].max()
    if style == "bun":
        middle = np.array([0.0, rng.uniform(eye_y, top), model.vertices[scalp, 2].min()])
        away += scalp * rng.uniform(0.04, 0.08) * _bump(model.vertices, middle, 0.05)
    if style == "cap":
        front = scalp & (model.vertices[:, 2] > model.joints[JOINT["head"], 2] + 0.06)
        brim_y = model.vertices[front, 1].min() if front.any() else top
        away += front * rng.uniform(0.0, 0.07) * (np.abs(model.vertices[:, 1] - brim_y - 0.01) < 0.012)
    return away


def _bump(vertices: Array, middle: Array, radius_m: float) -> Array:
    """A half ball over `middle`, 0..1."""
    return np.sqrt(np.maximum(0.0, 1.0 - (np.linalg.norm(vertices - middle, axis=1) / radius_m) ** 2))


def _long_hair(rng: np.random.Generator, model: BodyModel, hair: Array, table: Array) -> Piece:
    """A curtain from ear to ear behind the head, down to the shoulders or the shoulder blades."""
    ear, neck, crown = model.points[LANDMARK["left_ear"]], model.joints[JOINT["neck"]], model.vertices[:, 1].max()
    spread_rad = rng.uniform(0.45, 0.62) * np.pi
    turn, down = np.meshgrid(np.linspace(-spread_rad, spread_rad, HAIR_COLUMNS), np.linspace(0, 1, HAIR_ROWS))
    turn, down = turn.ravel(), down.ravel()
    bottom_y = neck[1] - rng.uniform(-0.04, 0.25)
    top_y = crown - 0.06
    out = CROWN_RADIUS_M + 0.02 * np.sin(np.pi * down) + rng.uniform(0.0, 0.03) * down
    back = np.where(down > 0.6, (down - 0.6) * 0.05, 0.0)
    rest = np.stack([0.88 * out * np.sin(turn), top_y + down * (bottom_y - top_y),
                     ear[2] - 0.005 - 1.15 * out * np.cos(turn) - back], -1)  # fmt: skip
    chest = np.clip((neck[1] + 0.05 - rest[:, 1]) / 0.2, 0.0, 1.0)
    return Piece(rest, tube_faces(HAIR_ROWS, HAIR_COLUMNS, False), ("head", "spine3"),
                 np.stack([1 - chest, chest], axis=1), lambda places: _strands(hair, table, places))  # fmt: skip


def _strands(colour: Array, table: Array, places: Array) -> Array:
    along = np.stack([60.0 * (places[:, 0] + places[:, 2]), 8.0 * places[:, 1]], axis=1)
    return mixed(colour, 0.55 * colour, smooth_noise(table, along))
