"""Films rendered by Blender with their exact truth: `rendered_dev`, on which choices are made, and `rendered`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from backend.train.motions.training_clip import Teaches
from motion.arrays import Array, Mask
from motion.body import Body, read_open_body
from motion.kinematics import attached_points, forward_kinematics
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import Skeleton

FOLDER = Path(__file__).resolve().parent / "clips"
_WORDS = ("motion", "source", "subject", "action", "licence", "category", "camera", "side", "framing", "place", "extra")


@dataclass(frozen=True, eq=False)
class RenderedClip:
    """One film of one person over T frames, and what is true of it; Z up, floor at z = 0; cameras as in OpenCV."""

    film: Path
    words: dict[str, str]            # motion, source, subject, action, licence, category, camera, side, framing, ...
    teaches: Teaches                 # what of the truth may be judged
    rate_hz: float
    size_px: tuple[int, int]
    body: Body                       # of the open model, on the person's own bones
    R_parent_from_joint: Array       # [T, 55, 3, 3]; entry 0 R_world_from_pelvis
    root_world: Array                # [T, 3] m
    still: Mask                      # [T, 6] which of STILL_POINTS rest
    K: Array                         # [3, 3] px
    R_camera_from_world: Array       # [T, 3, 3]
    t_camera_from_world: Array       # [T, 3] m

    @property
    def name(self) -> str:
        return self.film.stem

    @property
    def times_s(self) -> Array:
        return np.arange(len(self.root_world)) / self.rate_hz

    @cached_property
    def world(self) -> tuple[Array, Array]:
        """R_world_from_joint [T, 55, 3, 3] and joints_world [T, 55, 3] m."""
        return forward_kinematics(self.body.skeleton, self.R_parent_from_joint, self.root_world)

    @cached_property
    def points_world(self) -> Array:
        """The 33 landmarks and the soles, named by body.model.point_names, [T, P, 3] m."""
        return attached_points(*self.world, self.body.skeleton, self.body.points, self.body.model.point_joints)

    def in_camera(self, points_world: Array) -> Array:
        """Points [T, P, 3] m of the world in the camera's axes."""
        turned = np.einsum("tij,tpj->tpi", self.R_camera_from_world, points_world)
        return turned + self.t_camera_from_world[:, None]


def rendered_clips(which: str, folder: Path = FOLDER) -> list[RenderedClip]:
    """The clips of "rendered_dev" or "rendered", by name."""
    return [read_clip(film) for film in sorted((folder / which).glob("*.mp4")) if not film.name.startswith(".")]


def read_clip(film: Path) -> RenderedClip:
    """The clip of a film and the truth that lies beside it (.npz)."""
    with np.load(film.with_suffix(".npz"), allow_pickle=False) as truth:
        words = {name: str(truth[name]) for name in _WORDS}
        turns = truth["body_turns"].astype(float)
        hands = np.broadcast_to(truth["hand_turns"].astype(float), (len(turns), *truth["hand_turns"].shape))
        body = read_open_body().shaped(truth["body_shape"], float(truth["body_scale"]))
        joints, (path, speed, contacts) = truth["teaches_joints"], (
            bool(truth[f"teaches_{name}"][0]) for name in ("path", "speed", "contacts"))  # fmt: skip
        return RenderedClip(
            film=film,
            words=words,
            teaches=Teaches(tuple(map(bool, joints)), path, speed, contacts),
            rate_hz=float(truth["rate_hz"]),
            size_px=(int(truth["size_px"][0]), int(truth["size_px"][1])),
            body=body.fitted_to(Skeleton(truth["rest_joints"].astype(float))),
            R_parent_from_joint=matrix_from_axis_angle(np.concatenate([turns, hands], axis=1)),
            root_world=truth["root_world"].astype(float),
            still=truth["still"],
            K=truth["K"].astype(float),
            R_camera_from_world=matrix_from_axis_angle(truth["camera_turns"].astype(float)),
            t_camera_from_world=truth["t_camera_from_world"].astype(float),
        )
