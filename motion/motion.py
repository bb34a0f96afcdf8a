"""What a motion is: the one thing that clean-up, retargeting, export and Blender exchange."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Mapping

import numpy as np

from .arrays import Array, Mask, freeze
from .hypotheses.choice import Choice
from .kinematics import places_of_joints
from .skeleton import Skeleton


@dataclass(frozen=True, eq=False)
class Camera:
    """One camera over a take: where it stood and what it saw of this person."""

    K: Array                      # [T, 3, 3] px
    R_camera_from_world: Array    # [T, 3, 3] OpenCV axes: x right, y down, z forward
    t_camera_from_world: Array    # [T, 3] m
    width_px: int
    height_px: int
    landmarks_px: Array           # [T, 33, 2] px of the upright picture, NaN where unseen
    scores: Array                 # [T, 33] 0..1
    time_offset_s: float = 0.0    # the camera's clock less the take's
    video_path: str = ""
    video_sha256: str = ""
    video_bytes: int = 0
    source_times_s: Array = field(default_factory=lambda: np.zeros(0))  # [F] the footage's own times of its frames
    kind: str = "static"          # or "turning", "travelling"
    confidence: float = 1.0       # 0..1 that it moved so

    def __post_init__(self) -> None:
        shapes = {"K": "T 3 3", "R_camera_from_world": "T 3 3", "t_camera_from_world": "T 3",
                  "landmarks_px": "T 33 2", "scores": "T 33", "source_times_s": "F"}  # fmt: skip
        freeze(self, shapes, T=len(self.K))

    def during(self, frames: slice) -> Camera:
        """Over some frames that lie side by side."""
        names = ("K", "R_camera_from_world", "t_camera_from_world", "landmarks_px", "scores")
        return replace(self, **{name: getattr(self, name)[frames] for name in names})


@dataclass(frozen=True, eq=False)
class Motion:
    """What one person does in one take: metres, Z up, the floor at z = 0, evenly spaced in time."""

    skeleton: Skeleton
    rate: Fraction                 # frames a second
    R_parent_from_joint: Array     # [T, 55, 3, 3]; entry 0 is R_world_from_pelvis
    root_world: Array              # [T, 3] m, the pelvis joint
    start_s: float = 0.0           # time of the first frame in the footage
    seen: Mask = None              # [T] False where the person was not found, the pose there is held or interpolated
    confidence: Array = None       # [T, 55] 0..1, 0 where nothing was seen
    contact_names: tuple[str, ...] = ()
    contacts: Array = None         # [T, C] probability that the named point rests on something
    body_shape: Array = field(default_factory=lambda: np.zeros(0))   # [S] of the open body
    betas: Array = field(default_factory=lambda: np.zeros(10))       # [B] of SMPL-X, zeros unless its file was used
    gender: str = "neutral"
    cameras: tuple[Camera, ...] = ()
    actor: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    hypotheses: Array = None        # [H, T, 55, 3] rad, other poses that fit the footage, against the parents
    hypotheses_root: Array = None   # [H, T, 3] m
    hypotheses_weights: Array = None  # [H]
    choices: tuple[Choice, ...] = ()  # what sets each hypothesis apart; empty where nobody says
    spread_m: Array = None          # [T, 22] within which a joint lies in nine of ten cases, about the main motion's
    quality: Mapping[str, Any] = field(default_factory=dict)   # the quality card, see quality/
    raw: Motion | None = None     # the motion before clean-up, with contacts as they were believed then

    def __post_init__(self) -> None:
        frames = len(self.R_parent_from_joint)
        defaults = {
            "seen": np.ones(frames, dtype=bool),
            "confidence": np.ones((frames, 55)),
            "contacts": np.zeros((frames, len(self.contact_names))),
            "hypotheses": np.zeros((0, frames, 55, 3)),
            "hypotheses_root": np.zeros((0, frames, 3)),
            "hypotheses_weights": np.zeros(0),
            "spread_m": np.zeros((frames, 22)),
        }
        for name, default in defaults.items():
            if getattr(self, name) is None:
                object.__setattr__(self, name, default)
        shapes = {
            "R_parent_from_joint": "T 55 3 3", "root_world": "T 3", "seen": "T", "confidence": "T 55",
            "contacts": "T C", "body_shape": "S", "betas": "B",
            "hypotheses": "H T 55 3", "hypotheses_root": "H T 3", "hypotheses_weights": "H",
            "spread_m": "T 22",
        }  # fmt: skip
        freeze(self, shapes, {"seen": bool}, T=frames, C=len(self.contact_names), H=len(self.hypotheses))
        if self.choices and len(self.choices) != len(self.hypotheses):
            raise ValueError(f"There are {len(self.choices)} choices for {len(self.hypotheses)} hypotheses.")
        if self.rate <= 0:
            raise ValueError(f"rate must be positive, not {self.rate}.")

    @property
    def frame_count(self) -> int:
        return len(self.root_world)

    @property
    def times_s(self) -> Array:
        """Seconds of each frame in the footage, [T]."""
        return self.start_s + np.arange(self.frame_count) / float(self.rate)

    def world_joints(self) -> Array:
        """Places of the joints, [T, 55, 3] m in the world."""
        return places_of_joints(self.skeleton, self.R_parent_from_joint, self.root_world)

    def during(self, frames: slice) -> Motion:
        """Some frames that lie side by side, without what is uncertain of them."""
        names = ("R_parent_from_joint", "root_world", "seen", "confidence", "contacts")
        return replace(
            self, **{name: getattr(self, name)[frames] for name in names},
            start_s=float(self.times_s[frames][0]), cameras=tuple(camera.during(frames) for camera in self.cameras),
            hypotheses=None, hypotheses_root=None, hypotheses_weights=None, choices=(), spread_m=None,
            raw=None if self.raw is None else self.raw.during(frames),
        )  # fmt: skip

    def with_raw(self, cleaned: Motion) -> Motion:
        """`cleaned`, keeping this motion beside it as what it was made from."""
        return replace(cleaned, raw=replace(self, raw=None))
