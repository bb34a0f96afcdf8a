"""Scenes without pictures: motion that training never saw, before virtual cameras, as the model of errors sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import torch

from backend.cameras.camera_path import CameraKind, CameraPath, standing_camera
from backend.train.chance import Chance
from backend.train.errors.learned import read_learned
from backend.train.motions.prepared import read_prepared
from backend.train.motions.training_clip import TrainingClip
from backend.video.clip import Clip, VideoSettings
from bench.camera_paths import measured_turn_errors
from bench.render.plan import Plan, read_plans
from bench.rendered import RenderedClip
from bench.simulated import acted, simulated_track, views_of
from bench.world_motion import of_rendered
from bench.world_scenes import Scene
from motion.arrays import Array
from motion.refusal import Refusal
from motion.rotations import matrix_from_axis_angle

TABLE = Path(__file__).with_name("world_plans.csv")     # as clips.csv of bench/render; "static" leaves the camera alone
SEED = 14
KINDS: dict[str, CameraKind] = {"static": "static", "pan": "turning", "handheld": "turning", "track": "travelling",
                                "push": "travelling"}  # fmt: skip


def simulated_scenes(prepared: Path, moving: bool) -> Iterator[Scene]:
    """The plans of TABLE. Raises Refusal for a file that does not hold their motion.

    A moving camera's turns carry the errors of those solved from the pictures of `rendered`; its places are not known.
    """
    motions, errors = {clip.origin.name: clip for clip in read_prepared(prepared)}, read_learned(wider=0.0)
    generator, chance = torch.Generator().manual_seed(SEED), np.random.default_rng(SEED)
    turn_errors_rad = measured_turn_errors("rendered") if moving else np.zeros((1, 3))
    for plan in read_plans(TABLE):
        shown = acted(plan if moving else replace(plan, camera="static"), _motions(plan, motions, prepared))
        track = simulated_track(shown, errors.detections(views_of(shown), Chance(generator)))
        errors_rad = stretch_of(turn_errors_rad, len(shown.times_s), chance)
        camera = solved_camera(shown, KINDS[plan.camera], errors_rad) if moving else standing_camera(shown.times_s)
        yield Scene(plan.name, _clip(shown), shown.K, (track,), camera, of_rendered(shown), shown.teaches.path,
                    shown.body.height, _with_places(camera, shown) if moving else None)  # fmt: skip


def stretch_of(errors_rad: Array, frames: int, chance: np.random.Generator) -> Array:
    """So many of errors [N, 3] in their order, from anywhere on, and again from the first after the last."""
    start = int(chance.integers(len(errors_rad)))
    return errors_rad[(start + np.arange(frames)) % len(errors_rad)]


def solved_camera(clip: RenderedClip, kind: CameraKind, errors_rad: Array) -> CameraPath:
    """The clip's camera as pictures would tell it: turns with errors [T, 3] rad of each step, no places."""
    frames = len(clip.times_s)
    R_world_from_camera = np.swapaxes(clip.R_camera_from_world, -1, -2)
    R_first_from_camera = _with_errors(clip.R_camera_from_world[0] @ R_world_from_camera, errors_rad)
    sigma_rad = np.full(frames, np.sqrt(np.mean(errors_rad**2)))
    return CameraPath(clip.times_s, R_first_from_camera, np.zeros((frames, 3)), kind, 1.0,
                      places_known=kind != "travelling", turn_sigma_rad=sigma_rad)  # fmt: skip


def _with_places(camera: CameraPath, clip: RenderedClip) -> CameraPath:
    """The true places, in lengths of the farthest from the first; cameras that do not travel stay as they are."""
    places_world = -np.einsum("tji,tj->ti", clip.R_camera_from_world, clip.t_camera_from_world)
    places = (places_world - places_world[0]) @ clip.R_camera_from_world[0].T
    farthest = np.linalg.norm(places, axis=-1).max()
    known = replace(camera, places_first=places / max(farthest, 1e-9), places_known=True)
    return known if camera.kind == "travelling" else camera


def _with_errors(R_first_from_camera: Array, errors_rad: Array) -> Array:
    """R_first_from_camera [T, 3, 3] with a turn [T, 3] rad added to each step since the frame before."""
    R, wrong = R_first_from_camera, [R_first_from_camera[0]]
    for step in np.swapaxes(R[:-1], -1, -2) @ R[1:] @ matrix_from_axis_angle(errors_rad[1:]):
        wrong.append(wrong[-1] @ step)
    return np.stack(wrong)


def _motions(plan: Plan, motions: dict[str, TrainingClip], source: Path) -> list[TrainingClip]:
    names = plan.motion.split("+")
    if missing := [name for name in names if name not in motions]:
        raise Refusal("no-test-motion", f"{source} does not hold {missing[0]}, which is to be simulated.",
                      "Make it with python -m backend train prepare, of all recordings.")  # fmt: skip
    return [motions[name] for name in names]


def _clip(shown: RenderedClip) -> Clip:
    """As if it had been filmed."""
    width, height = shown.size_px
    return Clip(shown.film, (), width, height, 0, shown.times_s, Fraction(round(shown.rate_hz)), True, 0, None, "", 0,
                VideoSettings())  # fmt: skip
