"""Takes that were drawn by our own renderer and looked at by the product; made once and kept."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from backend.body.skinning import posed_vertices
from backend.cameras.projection import projected
from backend.preview.write_film import written_film
from backend.train.render.photograph import Look, random_look
from backend.train.render.renderer import render
from backend.train.render.scene import Scene, random_scene
from bench.multiview_plans import TakePlan, TakePlans
from bench.multiview_takes import StandingCamera, Take, TakeView, guessed_intrinsics
from bench.tracked import kept_people
from bench.world_scenes import judged_first
from motion.landmarks import LIMB_LANDMARKS
from motion.places import home

SIZES_PX = ((640, 360), (360, 640))
OCCLUDED = 0.3          # chance that something stands before the person in one of the views
CRF = 23
SECONDS_EACH = 0.2      # to draw a picture and to look at it, on one core


@dataclass(frozen=True)
class RenderedSet:
    """Which takes there are: how many cameras each of them has, how long clips are, and at which rates."""

    split: str
    seed: int
    views: tuple[int, ...]
    seconds: tuple[float, float]
    rates_hz: tuple[float, ...]

    def plans(self, prepared: Path) -> TakePlans:
        return TakePlans(prepared, self.split, self.seed, self.seconds, SIZES_PX, self.rates_hz)


SETS = {
    "rendered_dev": RenderedSet("dev", 171, (4, 3, 2), (6.0, 10.0), (24.0, 25.0, 30000 / 1001, 30.0, 50.0)),
    "rendered": RenderedSet("test", 172, (3, 2, 4, 2, 3, 2, 3, 2), (6.0, 8.0), (24.0, 25.0, 30000 / 1001, 30.0)),
}  # fmt: skip


def rendered_takes(name: str, prepared: Path, only: Sequence[int] | None = None) -> Iterator[Take]:
    """Those of a set; films that are not there are drawn first. Clips in which nobody is found are left out."""
    which = SETS[name]
    plans = which.plans(prepared)
    for number, views in enumerate(which.views):
        if only is None or number in only:
            yield _take(plans.plan(number, views), [which.seed, number])


def _take(plan: TakePlan, seed: list[int]) -> Take:
    views = []
    for number, film in enumerate(_films(plan, seed)):
        camera, size_px = _as_exposed(plan.cameras[number], _look([*seed, number])), plan.cameras[number].size_px
        limbs = camera.in_camera(plan.shown(number).points_world()[:, LIMB_LANDMARKS])
        tracks = judged_first(kept_people(f"multiview/{film.parent.name}", film)[2], projected(limbs, camera.K))
        if tracks:
            views.append(TakeView(camera, tracks[0], guessed_intrinsics(size_px), film))
    times_s = np.arange(len(plan.performance.root_world)) / plan.performance.rate_hz
    return Take(plan.name, times_s, plan.limbs_world, tuple(views), plan.performance.body.height, plan.performance)


def _as_exposed(camera: StandingCamera, look: Look) -> StandingCamera:
    """Pictures show what is in the middle of the time in which the shutter is open; it opens at their times."""
    return replace(camera, start_s=camera.start_s + 0.5 * look.shutter / camera.rate_hz)


def _look(seed: list[int]) -> Look:
    """Every camera has its own."""
    return random_look(np.random.default_rng(seed))


def _films(plan: TakePlan, seed: list[int]) -> list[Path]:
    folder = home() / "bench" / "multiview" / _digest(plan)
    folder.mkdir(parents=True, exist_ok=True)
    films = [folder / f"{camera.name}.mp4" for camera in plan.cameras]
    for number, film in enumerate(films):
        if not film.exists():
            frames = len(plan.own_times_s(number))
            print(f"{plan.name}, camera {number + 1}: {frames} pictures are drawn and looked at, "
                  f"about {SECONDS_EACH * frames:.0f} s", file=sys.stderr, flush=True)  # fmt: skip
            _draw(plan, number, _stage(plan, np.random.default_rng(seed)), [*seed, number], film)
    return films


def _stage(plan: TakePlan, chance: np.random.Generator) -> Scene:
    """One place for all cameras, its furniture out of their way but for one thing at the most."""
    pelvis = plan.performance.root_world
    places = np.repeat([camera.place_world for camera in plan.cameras], len(pelvis), axis=0)
    model = plan.performance.body.model
    return random_scene(chance, model, np.tile(pelvis, (len(plan.cameras), 1)), places, OCCLUDED)


def _draw(plan: TakePlan, number: int, stage: Scene, seed: list[int], film: Path) -> None:
    chance = np.random.default_rng(seed)
    stage = replace(stage, look=random_look(chance))        # as _look
    camera, shown = plan.cameras[number], plan.shown(number)
    frames = len(shown.root_world)
    vertices = posed_vertices(shown.body, shown.R_parent_from_joint, shown.root_world, "cpu")
    R, t = (np.repeat(each[None], frames, axis=0) for each in (camera.R_camera_from_world, camera.t_camera_from_world))
    pictures = render(stage, vertices, R, t, camera.K, camera.size_px, chance).pictures
    rate = Fraction(camera.rate_hz).limit_denominator(1001)
    with written_film(film, rate, *camera.size_px, CRF) as append:
        for picture in pictures:
            append(picture)


def _digest(plan: TakePlan) -> str:
    """Other truths, other films."""
    parts = [np.round(plan.performance.root_world, 3), plan.performance.body.shape.round(3)]
    for camera in plan.cameras:
        parts += [camera.K.round(2), camera.R_camera_from_world.round(4), camera.t_camera_from_world.round(3),
                  np.array([camera.rate_hz, camera.start_s]).round(3)]  # fmt: skip
    return hashlib.sha256(b"".join(np.ascontiguousarray(part + 0.0).tobytes() for part in parts)).hexdigest()[:16]
