"""One made-up film set: who plays, where, in what light and through which camera."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.train.render.appearance import Appearance, random_appearance
from backend.train.render.background import Room, random_background
from backend.train.render.photograph import Look, random_look
from motion.arrays import Array
from motion.body import BodyModel


@dataclass(frozen=True, eq=False)
class Light:
    """Lambert's shading by two far lamps and the light of the surroundings."""

    towards: Array           # [2, 3] unit, world, key and fill
    strengths: Array         # [2]
    ambient: float
    sky: float               # added where the surface faces up, taken where it faces down
    shadow: float            # how much darker the floor is in the key's shadow, 0..1


@dataclass(frozen=True, eq=False)
class Scene:
    """All that chance has decided before the first picture but the sensor's noise."""

    appearance: Appearance
    room: Room
    light: Light
    look: Look


def random_scene(rng: np.random.Generator, body_model: BodyModel, pelvis_world_m: Array, camera_world_m: Array,
                 occluded: float = 0.15) -> Scene:  # fmt: skip
    """A set for a person whose pelvis goes along [T, 3] and a camera along [T, 3], world with Z up and floor at 0.

    `occluded` is the chance that something stands between the two.
    """
    return Scene(
        appearance=random_appearance(rng, body_model),
        room=random_background(rng, pelvis_world_m, camera_world_m, occluded),
        light=random_light(rng), look=random_look(rng),
    )  # fmt: skip


def random_light(rng: np.random.Generator) -> Light:
    """From flat to harsh, the key from above."""
    harsh = rng.uniform(0.1, 0.75)
    towards = np.stack([_direction(rng, 0.35, 1.0), _direction(rng, -0.2, 0.8)])
    return Light(towards, np.array([harsh, rng.uniform(0.0, 0.3)]), ambient=0.85 - rng.uniform(0.4, 0.75) * harsh,
                 sky=rng.uniform(0.0, 0.18), shadow=rng.uniform(0.15, 0.75))  # fmt: skip


def _direction(rng: np.random.Generator, lowest: float, highest: float) -> Array:
    """A unit vector whose height lies between the two."""
    z, turn = rng.uniform(lowest, highest), rng.uniform(0, 2 * np.pi)
    flat = np.sqrt(max(0.0, 1.0 - z * z))
    return np.array([flat * np.cos(turn), flat * np.sin(turn), z])
