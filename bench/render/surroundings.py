"""Where a clip plays: a room, a hall, a street or a park, laid out around the person's way and the camera's."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass, replace

import numpy as np

from bench.render import furniture
from bench.render.plan import Plan
from bench.render.solids import Solid, ball, box, plane, wall
from bench.render.textures import PAINTERS
from motion.arrays import Array

CLEAR_OF_PEOPLE_M, CLEAR_OF_CAMERA_M = 0.75, 0.6
ROOM_MARGIN_M = {"room": (1.1, 2.0), "hall": (2.5, 4.5)}   # from the person's way to the walls
CEILING_M = {"room": 2.75, "hall": 4.6}
OPEN_AIR_M = 60.0
INDOOR_FLOORS, WALLS = ("planks", "tiles", "carpet"), ("plaster", "wallpaper", "bricks", "plaster")
HALL_FLOORS = ("planks", "planks", "tiles")


@dataclass(frozen=True, eq=False)
class Ways:
    """Places [N, 2] m on the floor where people and the camera come by, and how high each gets."""

    people: Array
    camera: Array
    camera_height_m: float
    people_height_m: float

    def free(self, place: Array, radius_m: float) -> bool:
        """Whether something of that radius neither touches people nor stands between them and the camera."""
        if np.linalg.norm(self.people - place, axis=-1).min() < CLEAR_OF_PEOPLE_M + radius_m:
            return False
        share = np.linspace(0.0, 1.0, 24)[:, None, None]
        sight = share * self.people[None, ::6] + (1.0 - share) * _as_many(self.camera, self.people)[None, ::6]
        return bool(np.linalg.norm(sight - place, axis=-1).min() > CLEAR_OF_CAMERA_M + radius_m)


def surroundings(plan: Plan, ways: Ways) -> list[Solid]:
    random = np.random.default_rng([plan.seed, 3])
    if plan.place in CEILING_M:
        solids = _indoors(plan, ways, random)
    else:
        solids = _outdoors(plan, ways, random)
    if plan.extra == "occluder":
        solids += _before_the_person(ways, random)
    return solids


def drawn_colour(random: np.random.Generator, saturation: tuple[float, float], value: tuple[float, float]) -> Array:
    return np.array(colorsys.hsv_to_rgb(random.uniform(), random.uniform(*saturation), random.uniform(*value)))


def _painted(kind: str, colour: Array, random: np.random.Generator) -> Array:
    return PAINTERS[kind](colour, random)


def _indoors(plan: Plan, ways: Ways, random: np.random.Generator) -> list[Solid]:
    turn = random.uniform(0.0, np.pi / 2)
    axes = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    people, camera = ways.people @ axes.T, ways.camera @ axes.T
    low_margin, high_margin = random.uniform(*ROOM_MARGIN_M[plan.place], (2, 2))
    low = np.minimum(people.min(axis=0) - low_margin, camera.min(axis=0) - CLEAR_OF_CAMERA_M)
    high = np.maximum(people.max(axis=0) + high_margin, camera.max(axis=0) + CLEAR_OF_CAMERA_M)
    height = max(CEILING_M[plan.place], ways.camera_height_m + 0.4, ways.people_height_m + 0.3)
    corners = np.array([low, [high[0], low[1]], high, [low[0], high[1]]]) @ axes
    floors = INDOOR_FLOORS if plan.place == "room" else HALL_FLOORS
    floor_colour = drawn_colour(random, (0.1, 0.45), (0.4, 0.75))
    solids = [plane(30.0, _painted(str(random.choice(floors)), floor_colour, random), random.uniform(1.2, 2.4))]
    picture = _painted(str(random.choice(WALLS)), drawn_colour(random, (0.03, 0.4), (0.5, 0.9)), random)
    skirting = np.full((4, 4, 3), random.uniform(0.25, 0.95))
    for start, end in zip(corners, np.roll(corners, -1, axis=0)):
        solids.append(wall(start, end, height, picture, random.uniform(1.3, 2.5)))
        solids += furniture.on_wall(start, end, random, skirting)
    middle = corners.mean(axis=0)
    ceiling = box((2 * 15.0, 2 * 15.0, 0.1), np.full((4, 4, 3), 0.9), (*middle, height))
    return [*solids, replace(ceiling, casts_shadow=False), *_furnished(corners, ways, random)]


def _furnished(corners: Array, ways: Ways, random: np.random.Generator) -> list[Solid]:
    """Furniture along the walls, where there is room."""
    solids: list[Solid] = []
    taken: list[tuple[Array, float]] = []
    for start, end in zip(corners, np.roll(corners, -1, axis=0)):
        inward = np.array([start[1] - end[1], end[0] - start[0]]) / np.linalg.norm(end - start)
        for share in random.uniform(0.08, 0.92, 3):
            make, radius = furniture.PIECES[int(random.integers(len(furniture.PIECES)))]
            place = start + share * (end - start) + (0.08 + 0.55 * radius) * inward
            apart = all(np.linalg.norm(place - other) > radius + reach for other, reach in taken)
            if apart and ways.free(place, 0.6 * radius):
                taken.append((place, radius))
                turn = float(np.arctan2(inward[1], inward[0]) + np.pi / 2)
                solids += [solid.moved(np.array([*place, 0.0]), turn) for solid in make(random)]
    return solids


def _outdoors(plan: Plan, ways: Ways, random: np.random.Generator) -> list[Solid]:
    park = plan.place == "park"
    green = np.array([0.32, 0.42, 0.18]) + random.normal(0.0, 0.04, 3)
    grey = np.full(3, random.uniform(0.35, 0.6)) + random.normal(0.0, 0.02, 3)
    kind = "ground" if park or random.uniform() < 0.5 else "tiles"
    floor = plane(OPEN_AIR_M, _painted(kind, green if park else grey, random), random.uniform(1.8, 3.0))
    blue = np.array([0.35, 0.55, 0.85]) + random.normal(0.0, 0.05, 3)
    dome = ball((OPEN_AIR_M,) * 3, _painted("sky", blue, random), 1.0, 12, top_share=0.53)
    solids = [floor, replace(dome, casts_shadow=False)]
    middle = ways.people.mean(axis=0)
    for angle in np.linspace(0.0, 2 * np.pi, 15, endpoint=False) + random.uniform(0.0, 0.4):
        make, radius = furniture.OUTDOORS["park" if park else "street"][int(random.integers(3))]
        away = random.uniform(5.0, 10.0) if park else random.uniform(9.0, 13.0)
        place = middle + away * np.array([np.cos(angle), np.sin(angle)])
        if ways.free(place, radius):
            solids += [solid.moved(np.array([*place, 0.0]), float(angle) + np.pi / 2) for solid in make(random)]
    return solids


def _before_the_person(ways: Ways, random: np.random.Generator) -> list[Solid]:
    """A low piece between the camera and the person, as near to them as they let it."""
    target = ways.people.mean(axis=0)
    make, radius = furniture.LOW_PIECES[int(random.integers(len(furniture.LOW_PIECES)))]
    camera = ways.camera.mean(axis=0)
    for share in np.linspace(0.85, 0.3, 40):
        place = camera + share * (target - camera)
        if np.linalg.norm(ways.people - place, axis=-1).min() > 0.45 + 0.5 * radius:
            break
    ahead = (target - camera) / np.linalg.norm(target - camera)
    place = place + 0.25 * random.uniform(-1.0, 1.0) * np.array([-ahead[1], ahead[0]])
    turn = float(np.arctan2(ahead[1], ahead[0]) + np.pi / 2 + random.uniform(-0.4, 0.4))
    return [solid.moved(np.array([*place, 0.0]), turn) for solid in make(random)]


def _as_many(camera: Array, people: Array) -> Array:
    """The camera's places spread over as many as there are of people."""
    return camera[np.linspace(0, len(camera) - 1, len(people)).round().astype(int)]
