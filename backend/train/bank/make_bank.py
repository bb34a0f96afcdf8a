"""Makes the bank: people drawn, filmed and shown to the product's own detection loop, clip after clip.

May be stopped at any time and goes on where it stopped; one file a clip.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from backend.body.skinning import posed_vertices
from backend.detect.detections import Detections
from backend.detect.detector import Detector, DetectSettings
from backend.detect.find_people import look_with
from backend.detect.scores import calibrated
from backend.preview.write_film import written_film
from backend.progress import silent
from backend.train.bank.bank_clip import BankClip, write_bank_clip
from backend.train.bank.feature_tap import FeatureTap, open_tapped
from backend.train.bank.pick import person_found
from backend.train.bank.scenes import Scene, Scenes
from backend.train.render.renderer import Rendered, render
from backend.train.render.scene import random_scene
from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from motion.arrays import Array

SETTINGS = DetectSettings(hands=False, most_people=2)
CRFS = (18, 34)


def make_bank(scenes: Scenes, detections: int, folder: Path, report: Callable[[int, int], None],
              device: str = "cpu") -> None:  # fmt: skip
    """Write clips into `folder` until they hold so many pictures; those that lie there already count."""
    folder.mkdir(parents=True, exist_ok=True)
    made, index, opened = 0, 0, None
    while made < detections:
        path = folder / f"{index:06d}.npz"
        if path.exists():
            with np.load(path, allow_pickle=False) as archive:
                made += len(archive["seen"])
        else:
            clip, opened = bank_clip(scenes.scene(index), opened, device)
            write_bank_clip(path, clip)
            made += len(clip.seen)
        index += 1
        report(made, detections)


def bank_clip(scene: Scene, opened: tuple[Detector, FeatureTap] | None,
              device: str) -> tuple[BankClip, tuple[Detector, FeatureTap]]:  # fmt: skip
    """What is said of a scene, and the detector, to be used again."""
    landmarks_world, joints_world = scene.landmarks_and_joints()
    rendered = filmed(scene, landmarks_world, device)
    with tempfile.TemporaryDirectory() as temporary:
        film = written_film_of(rendered.pictures, scene, Path(temporary) / "clip.mp4")
        clip = open_clip(film, VideoSettings())
        detector, tap = opened or open_tapped(clip, SETTINGS, device)
        found = look_with(detector, clip, SETTINGS, silent)
    found = replace(found, scores=calibrated(found.scores, found.doubts_px, found.landmarks_px, found.landmarks_camera))
    features = tap.take(found.crops)
    return _beside_truth(scene, landmarks_world, joints_world, rendered.hidden, found, features), (detector, tap)


def filmed(scene: Scene, landmarks_world: Array, device: str) -> Rendered:
    vertices = posed_vertices(scene.body, scene.R_parent_from_joint, scene.root_world, device)
    R, t = scene.R_camera_from_world, scene.t_camera_from_world
    camera_world = -np.einsum("tji,tj->ti", R, t)
    stage = random_scene(scene.rng, scene.body.model, scene.root_world, camera_world)
    return render(stage, vertices, R, t, scene.K, scene.size_px, scene.rng, landmarks_world, device)


def written_film_of(pictures: Array, scene: Scene, path: Path) -> Path:
    width_px, height_px = scene.size_px
    rate = Fraction(scene.origin.rate_hz).limit_denominator(1001)
    with written_film(path, rate, width_px, height_px, int(scene.rng.integers(*CRFS))) as append:
        for picture in pictures:
            append(picture)
    return path


def _beside_truth(scene: Scene, landmarks_world: Array, joints_world: Array, hidden: Array, found: Detections,
                  features: Array) -> BankClip:  # fmt: skip
    landmarks_camera = scene.in_camera(landmarks_world)
    flat = landmarks_camera[..., :2] / landmarks_camera[..., 2:].clip(0.1)
    chosen = person_found(found, flat * np.diag(scene.K)[:2] + scene.K[:2, 2])
    seen = chosen >= 0

    def of_person(values: Array) -> Array:
        return np.where(seen.reshape(-1, *[1] * (values.ndim - 1)), values[chosen], 0) if len(values) else np.zeros(
            (len(seen), *values.shape[1:]))  # fmt: skip

    return BankClip(
        scene.origin, landmarks_camera.astype(np.float32), scene.in_camera(joints_world).astype(np.float32),
        hidden.astype(bool), scene.K.astype(np.float32), np.array(scene.size_px),
        scene.R_camera_from_world.astype(np.float32), seen,
        *(of_person(values).astype(np.float32) for values in (
            found.landmarks_px, found.landmarks_camera, found.scores, np.nan_to_num(found.doubts_px))),
        np.nan_to_num(of_person(features)).astype(np.float16), scene.motion_in_camera(),
    )  # fmt: skip
