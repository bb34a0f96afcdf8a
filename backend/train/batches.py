"""What a lifter trains on: windows of motion before virtual cameras, as a detector would see them, with the truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from backend.train.bodies import Bodies, BodyFamily
from backend.train.cameras.cameras import Cameras
from backend.train.cameras.draw import draw_cameras
from backend.train.chance import Chance
from backend.train.endless import EndlessBatches, mixed_seed
from backend.train.hidden import hidden_by_body
from backend.train.kinematics import (
    attached_points,
    forward_kinematics,
    gravity_view,
    matrix_from_quaternion,
    steps_between,
)
from backend.train.motions.training_clip import RATE_HZ, TrainingClip
from backend.train.packed import PackedMotions, Windows
from backend.train.part import Part
from backend.train.people import BatchSettings, People, draw_people
from backend.train.resting import resting
from backend.train.views import DetectorErrors, SimulatedDetections, Views
from motion.contacts.believe import STILL_POINTS
from motion.landmarks import LANDMARK
from motion.skeleton import BODY_JOINT_COUNT

DrawCameras = Callable[[Tensor, Tensor, float, Chance], Cameras]   # of joints_world, heights and the rate
_HIPS = [LANDMARK["left_hip"], LANDMARK["right_hip"]]
_KNUCKLES = [[LANDMARK[f"{side}_{finger}"] for finger in ("index", "pinky")] for side in ("left", "right")]
_PALMS = [STILL_POINTS.index(f"{side}_palm") for side in ("left", "right")]
_HIDDEN_SCORE = 0.7   # by how much a hidden landmark's score falls when there is no model of errors


@dataclass(frozen=True, eq=False)
class Teaching:
    """Which targets of a window are true to life."""

    inside: Tensor     # [B, T] False beyond a clip's end
    joints: Tensor     # [B, 22]
    path: Tensor       # [B]
    speed: Tensor      # [B]
    contacts: Tensor   # [B]


@dataclass(frozen=True, eq=False)
class Batch:
    """B windows of T frames; all camera frames as in OpenCV, lengths in m."""

    clip: Tensor                         # [B] index into the clips given
    views: Views
    detections: SimulatedDetections
    cameras: Cameras
    bodies: Bodies
    teaching: Teaching
    R_parent_from_joint: Tensor          # [B, T, 22, 3, 3] entry 0: camera from pelvis
    R_gravity_view_from_pelvis: Tensor   # [B, T, 3, 3]
    root_camera: Tensor                  # [B, T, 3]
    root_velocity: Tensor                # [B, T, 3] m/s in the pelvis' frame, to the next frame; the last is repeated
    joints_camera: Tensor                # [B, T, 22, 3]
    still: Tensor                        # [B, T, 6] STILL_POINTS
    R_camera_from_previous: Tensor       # [B, T, 3, 3]
    part: Part                           # which rows of the whole batch these are
    features: Tensor | None = None       # [B, T, F] of the landmark network, where a real detector looked

    @property
    def rest_joints(self) -> Tensor:
        """[B, 55, 3]."""
        return self.bodies.rest_joints


class Batches(EndlessBatches[Batch]):
    """Batches of motion before virtual cameras, seen through a model of the detector's errors."""

    def __init__(
        self, clips: Sequence[TrainingClip], errors: DetectorErrors | None, settings: BatchSettings | None = None,
        device: torch.device | str = "cpu", seed: int = 0, part: Part | None = None,
    ) -> None:  # fmt: skip
        """`settings` are those of whole batches; with a `part`, only its rows are made."""
        super().__init__(seed)
        settings = settings or BatchSettings()
        self.part, self.device = part or Part.of(settings.batch_size), torch.device(device)
        self.settings = replace(settings, batch_size=self.part.rows)
        self._errors = errors
        self._family = BodyFamily(device)
        self._motions = PackedMotions(clips, self._family, device)

    @property
    def lengths(self) -> Tensor:
        """[C] frames of the clips."""
        return self._motions.lengths

    @torch.no_grad()
    def batch(self, number: int) -> Batch:
        chance = Chance.seeded(mixed_seed(self.seed, number), self.device, self.part)
        people = draw_people(self._motions, self._family, self.settings, chance)
        return self._before(people, draw_cameras, number, chance)

    def _before(
        self, people: People, draw: DrawCameras, number: int, chance: Chance, covered: Tensor | None = None
    ) -> Batch:  # fmt: skip
        """People before cameras that are drawn for them, one for each; landmarks covered [B, T, 33] are hidden too."""
        clip, windows, bodies = people.clip, people.windows, people.bodies
        part = chance.part or Part.of(len(clip))
        R_parent_from_joint = matrix_from_quaternion(windows.quat_wxyz)
        R_world_from_joint, joints_world = forward_kinematics(
            R_parent_from_joint, windows.root_world, bodies.rest_joints
        )
        landmarks_world = attached_points(
            R_world_from_joint, joints_world, self._family.landmark_offsets(bodies), self._family.landmark_joints
        )
        cameras = draw(joints_world, bodies.height_m, RATE_HZ, chance)
        joints, landmarks = cameras.in_camera(torch.cat([joints_world, landmarks_world], 2)).split(
            [BODY_JOINT_COUNT, len(LANDMARK)], 2
        )
        rate_hz = torch.full((len(clip),), RATE_HZ, device=self.device)
        hidden = hidden_by_body(joints, landmarks, bodies.height_m)
        hidden = hidden if covered is None else torch.maximum(hidden, covered.to(hidden))
        views = Views(landmarks, cameras.K, cameras.size_px, hidden, rate_hz)
        R_world_from_pelvis = R_parent_from_joint[:, :, 0]
        R_camera_from_pelvis = cameras.R_camera_from_world @ R_world_from_pelvis
        return Batch(
            clip=clip,
            views=views,
            detections=self._detections(views, windows.inside, number, part),
            cameras=cameras,
            bodies=bodies,
            teaching=self._teaching(clip, windows),
            R_parent_from_joint=torch.cat([R_camera_from_pelvis[:, :, None], R_parent_from_joint[:, :, 1:]], 2),
            R_gravity_view_from_pelvis=gravity_view(cameras.down_camera) @ R_camera_from_pelvis,
            root_camera=joints[:, :, 0],
            root_velocity=_velocity(R_world_from_pelvis, windows.root_world),
            joints_camera=joints,
            still=_with_palms(windows.still, landmarks_world, people.exchanged),
            R_camera_from_previous=steps_between(cameras.R_camera_from_world),
            part=part,
        )

    def _detections(self, views: Views, inside: Tensor, number: int, part: Part) -> SimulatedDetections:
        if self._errors is None:
            return seen_only(perfect_detections(views), inside)
        chance = Chance.seeded(mixed_seed(self.seed + 1, number), self.device, part)
        return seen_only(self._errors.detections(views, chance), inside)

    def _teaching(self, clip: Tensor, windows: Windows) -> Teaching:
        of = self._motions
        return Teaching(windows.inside, windows.joints, of.path[clip], windows.speed, of.contacts[clip])


def perfect_detections(views: Views) -> SimulatedDetections:
    """What a detector without errors would say: hidden landmarks are in the right place, though less surely."""
    pixels = views.landmarks_px
    in_picture = ((pixels >= 0) & (pixels <= views.size_px[:, None, None])).all(-1)
    middle = views.landmarks_camera[:, :, _HIPS].mean(2, keepdim=True)
    scores = (1.0 - _HIDDEN_SCORE * views.hidden) * in_picture
    return SimulatedDetections(pixels, scores, views.landmarks_camera - middle, in_picture.any(-1))


def seen_only(detections: SimulatedDetections, inside: Tensor) -> SimulatedDetections:
    """Nobody is seen beyond a clip's end, and where nobody is seen all is zero."""
    seen = detections.seen & inside
    shown = seen[:, :, None]
    return SimulatedDetections(
        detections.landmarks_px * shown[..., None], detections.scores * shown,
        detections.landmarks_camera * shown[..., None], seen,
    )  # fmt: skip


def _with_palms(still: Tensor, landmarks_world: Tensor, exchanged: Tensor) -> Tensor:
    """Labels [B, T, 6] of STILL_POINTS, where arms were exchanged [B] with new ones of the palms."""
    palms = landmarks_world[:, :, _KNUCKLES].mean(-2)
    new = torch.where(exchanged[:, None, None], resting(palms, RATE_HZ), still[:, :, _PALMS])
    labels = still.clone()
    labels[:, :, _PALMS] = new
    return labels


def _velocity(R_world_from_pelvis: Tensor, root_world: Tensor) -> Tensor:
    """[B, T, 3] m/s: R_world_from_pelvis times it, a frame long, leads to the next root (GVHMR's roll-out)."""
    steps = RATE_HZ * (root_world[:, 1:] - root_world[:, :-1])
    turned = (R_world_from_pelvis[:, :-1].transpose(-1, -2) @ steps[..., None])[..., 0]
    return torch.cat([turned, turned[:, -1:]], 1)
