"""A bank of people who walk, of whom a made-up detector said what there was to see, a little off."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from backend.train.bank.bank_clip import BankClip
from backend.train.bank.scenes import Scenes
from backend.train.motions.training_clip import Teaches
from motion.body import read_open_body
from tests.backend.train.made_up_clips import walking

TEACHES = Teaches(joints=(True,) * 20 + (False, True), contacts=False)     # not the left wrist
NOT_SEEN = slice(20, 25)


@cache
def made_up_bank(count: int, rate_hz: float = 30.0) -> tuple[BankClip, ...]:
    """`count` clips of 60 frames; in NOT_SEEN they were not seen."""
    clips = [walking(f"walk {seed}", 90, 0.3 * seed, seed, TEACHES) for seed in range(8)]
    scenes = Scenes(clips, read_open_body(), seed=2)
    return tuple(_clip(scenes, index, rate_hz) for index in range(count))


def _clip(scenes: Scenes, index: int, rate_hz: float) -> BankClip:
    scene = scenes.scene(index)
    landmarks, joints = (scene.in_camera(points).astype(np.float32) for points in scene.landmarks_and_joints())
    frames = len(joints)
    seen = np.ones(frames, bool)
    seen[NOT_SEEN] = False
    pixels = landmarks @ scene.K.T.astype(np.float32)
    said_px = pixels[..., :2] / pixels[..., 2:] + scene.rng.normal(0, 2, (frames, 33, 2))
    said_camera = landmarks - landmarks[:, [23, 24]].mean(axis=1, keepdims=True)
    scores = scene.rng.uniform(0.2, 1.0, (frames, 33))
    features = scene.rng.normal(size=(frames, 8))
    said = [(seen.reshape(-1, *[1] * (values.ndim - 1)) * values).astype(np.float32)
            for values in (said_px, said_camera, scores, np.zeros((frames, 33)), features)]  # fmt: skip
    return BankClip(
        replace(scene.origin, rate_hz=rate_hz), landmarks, joints, scene.rng.random((frames, 33)) < 0.2,
        scene.K.astype(np.float32), np.array(scene.size_px), scene.R_camera_from_world.astype(np.float32), seen,
        *said[:4], said[4].astype(np.float16), scene.motion_in_camera(),
    )  # fmt: skip
