"""Motions made up for tests."""

from fractions import Fraction

import numpy as np

from motion.hypotheses.choice import Choice
from motion.motion import Camera, Motion
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import Skeleton


def made_up_motion(rng: np.random.Generator, frames: int = 7, rate: Fraction = Fraction(30000, 1001)) -> Motion:
    """A motion that fills every field with something that is neither 0, 1 nor the identity."""
    landmarks_px = rng.uniform(0, 640, (frames, 33, 2))
    camera = Camera(
        K=np.tile([[900.0, 0, 320], [0, 910, 240], [0, 0, 1]], (frames, 1, 1)),
        R_camera_from_world=matrix_from_axis_angle(rng.normal(size=(frames, 3))),
        t_camera_from_world=rng.normal(size=(frames, 3)),
        width_px=640,
        height_px=481,
        landmarks_px=np.where(rng.random((frames, 33, 1)) < 0.2, np.nan, landmarks_px.astype(np.float32)),
        scores=rng.random((frames, 33)).astype(np.float32),
        time_offset_s=-0.25,
        video_path="footage/kinder spielen/日本.mp4",
        video_sha256="ab" * 32,
        video_bytes=12345,
        source_times_s=np.cumsum(rng.uniform(0.01, 0.05, frames + 3)),
    )
    smooth_turns = np.cumsum(rng.normal(size=(frames, 55, 3)) * 0.1, axis=0)
    motion = Motion(
        skeleton=Skeleton(rng.normal(size=(55, 3))),
        rate=rate,
        R_parent_from_joint=matrix_from_axis_angle(smooth_turns),
        root_world=rng.normal(size=(frames, 3)),
        start_s=1.5,
        seen=rng.random(frames) < 0.7,
        confidence=rng.random((frames, 55)).astype(np.float32),
        contact_names=("left_heel", "right_ball"),
        contacts=rng.random((frames, 2)).astype(np.float32),
        body_shape=rng.normal(size=8),
        betas=rng.normal(size=10),
        gender="female",
        cameras=(camera,),
        actor="Ünal",
        settings={"lift": {"smoothing": 0.3}},
        versions={"python": "3.11"},
        hypotheses=(rng.normal(size=(2, frames, 55, 3)) * 0.3).astype(np.float32),
        hypotheses_root=rng.normal(size=(2, frames, 3)),
        hypotheses_weights=np.array([0.7, 0.3]),
        choices=(Choice("left_arm", 1, 4, 0.7, "left wrist 18 cm nearer"), Choice("body", 0, 6, 0.3, "turned 20°")),
        spread_m=rng.random((frames, 22)).astype(np.float32),
    )
    return motion.with_raw(motion)
