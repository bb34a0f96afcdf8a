"""Renders the sample clip and its truth: the open body exercising in a room, from an open recording.

    python -m assets.make_sample FOLDER_OF_MOTION_ARCHIVES assets/sample

Run by developers from the repository's root with Blender's module `bpy` (4.2) installed.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assets.cmu_motion import Performance, read_recording, resampled, retarget
from assets.stage import Stage
from motion.body import Body, read_open_body
from motion.kinematics import attached_points, forward_kinematics
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class View:
    """A fixed camera that looks at the middle of where the person goes."""

    size_px: tuple[int, int]
    focal_share: float  # of the longer side
    distance_m: float
    height_m: float
    azimuth_deg: float  # 0: in front of a person who faces -Y
    pitch_deg: float  # downwards
    roll_deg: float = 0.0

    @property
    def camera_matrix(self) -> Floats:
        width, height = self.size_px
        focal = self.focal_share * max(self.size_px)
        return np.array([[focal, 0.0, width / 2], [0.0, focal, height / 2], [0.0, 0.0, 1.0]])

    def pose(self, middle: Floats) -> tuple[Floats, Floats]:
        """R_camera_from_world and t_camera_from_world for a person about `middle` [2] m on the floor."""
        azimuth, pitch, roll = np.radians([self.azimuth_deg, self.pitch_deg, self.roll_deg])
        back = np.array([np.sin(azimuth), -np.cos(azimuth), 0.0])
        centre = np.array([*middle, self.height_m]) + self.distance_m * back
        level = np.stack([np.cross(-back, [0.0, 0.0, 1.0]), [0.0, 0.0, -1.0], -back])
        tilt = matrix_from_axis_angle(np.array([pitch, 0.0, 0.0]))
        R = matrix_from_axis_angle(np.array([0.0, 0.0, roll])) @ tilt @ level
        return R, -R @ centre


@dataclass(frozen=True)
class Clip:
    skeleton_path: str
    motion_path: str
    start_s: float
    duration_s: float
    shape: dict[str, float]
    view: View
    finger_curl_rad: float = 0.3
    seed: int = 0
    rate_hz: int = 30


SAMPLE = Clip(
    "14/14.asf", "14/14_20.amc", 2.0, 7.2,
    {"height": 1.0, "gender": 1.5, "muscle": 0.5},
    View((640, 960), 0.85, 2.65, 1.75, azimuth_deg=22.0, pitch_deg=9.0),
)  # fmt: skip


def make_clip(clip: Clip, motion_folder: Path, out: Path, name: str) -> None:
    """Writes `name`.mp4 and truth.npz into the folder `out`."""
    model = read_open_body()
    shape = np.array([clip.shape.get(trait, 0.0) for trait in model.shape_names])
    body = model.shaped(shape)
    recording = read_recording(motion_folder, clip.skeleton_path, clip.motion_path)
    soles = [i for i, point in enumerate(model.point_names) if point.endswith("_sole")]
    whole = retarget(recording, body.skeleton, body.points[soles], model.point_joints[soles], clip.finger_curl_rad)
    performance = resampled(whole, clip.rate_hz, clip.start_s, clip.duration_s)
    root = performance.root_world
    R, t = clip.view.pose(0.5 * (root.min(axis=0) + root.max(axis=0))[:2])
    out.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(out / "truth.npz", **truth(body, performance, clip.view, R, t))
    stage = Stage(model.faces, model.colours, np.radians(clip.view.azimuth_deg), clip.seed)
    stage.set_camera(clip.view.camera_matrix, clip.view.size_px, R, t)
    stage.film(skinned(body, performance), clip.rate_hz, out / f"{name}.mp4")


def skinned(body: Body, performance: Performance) -> list[Floats]:
    """The body's vertices in the world, [V, 3] m for each frame."""
    R_world, joints = forward_kinematics(body.skeleton, performance.R_parent_from_joint, performance.root_world)
    moved = joints - np.einsum("tjab,jb->tja", R_world, body.skeleton.rest_joints)
    movers, weights = body.model.weight_joints, body.model.weights
    return [
        np.einsum("vk,vkab,vb->va", weights, R[movers], body.vertices) + np.einsum("vk,vka->va", weights, m[movers])
        for R, m in zip(R_world, moved, strict=True)
    ]


def truth(body: Body, performance: Performance, view: View, R: Floats, t: Floats) -> dict[str, NDArray]:
    """What a capture of the clip should find; rotation vectors in radians, lengths in metres, the floor at z = 0."""
    R_parent, root = performance.R_parent_from_joint, performance.root_world
    R_world, joints = forward_kinematics(body.skeleton, R_parent, root)
    points = attached_points(R_world, joints, body.skeleton, body.points, body.model.point_joints)
    return {
        "rate_hz": np.float64(performance.rate_hz),
        "R_parent_from_joint": axis_angle_from_matrix(R_parent).astype(np.float16),
        "root_world": root.astype(np.float32),
        "body_shape": body.shape,
        "K": view.camera_matrix,
        "R_camera_from_world": R,
        "t_camera_from_world": t,
        "points_world": points.astype(np.float32),
        "point_names": np.array(body.model.point_names),
    }


if __name__ == "__main__":
    make_clip(SAMPLE, Path(sys.argv[1]), Path(sys.argv[2]), "sample")
