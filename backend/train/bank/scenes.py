"""What is filmed for the bank: whose motion, on what body, before what camera. The same number, the same scene."""

from __future__ import annotations

import zlib
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from backend.train.bank.bank_clip import BankMotion, BankOrigin
from backend.train.cameras.draw import draw_camera
from backend.train.motions.training_clip import RATE_HZ, Teaches, TrainingClip
from motion.arrays import Array, Mask
from motion.body import Body, BodyModel
from motion.kinematics import attached_points, forward_kinematics
from motion.landmarks import LANDMARK_COUNT
from motion.refusal import Refusal
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import BODY_JOINT_COUNT, JOINT, JOINT_COUNT

FRAMES = 60
KEPT_OF_TRAINING = 4        # one recording in so many, and all of split "dev", is kept out of fits
LEAST_FRAMES = 40
LONG_SIDES_PX = (400, 1100)
PERSON_PX = (110, 520)      # their size in the picture, as far as the long side allows: in footage most are larger
HEIGHT_M, HEIGHT_SIGMA_M, HEIGHTS_M = 1.70, 0.12, (1.2, 2.02)
SHAPE_SIGMA = 0.8
CURL_RAD = (0.1, 0.7)


@dataclass(frozen=True, eq=False)
class Scene:
    """One clip to be filmed: T pictures."""

    origin: BankOrigin
    body: Body
    R_parent_from_joint: Array      # [T, 55, 3, 3]
    root_world: Array               # [T, 3] m, Z up, floor at z = 0
    R_camera_from_world: Array      # [T, 3, 3]
    t_camera_from_world: Array      # [T, 3] m
    K: Array                        # [3, 3] px
    size_px: tuple[int, int]
    still: Mask                     # [T, 6] STILL_POINTS, as recorded
    teaches: Teaches
    rng: np.random.Generator        # for looks, light and noise

    def landmarks_and_joints(self) -> tuple[Array, Array]:
        """MediaPipe's landmarks [T, 33, 3] and the body's joints [T, 22, 3] in the world, m."""
        R_world, joints = forward_kinematics(self.body.skeleton, self.R_parent_from_joint, self.root_world)
        landmarks = attached_points(
            R_world, joints, self.body.skeleton, self.body.points[:LANDMARK_COUNT],
            self.body.model.point_joints[:LANDMARK_COUNT],
        )  # fmt: skip
        return landmarks, joints[:, :BODY_JOINT_COUNT]

    def in_camera(self, points_world: Array) -> Array:
        """Points [T, P, 3] m in the camera's frame."""
        return points_world @ np.swapaxes(self.R_camera_from_world, 1, 2) + self.t_camera_from_world[:, None]

    def motion_in_camera(self) -> BankMotion:
        """What a lifter shall say of it."""
        R = self.R_parent_from_joint[:, :BODY_JOINT_COUNT].copy()
        R[:, 0] = self.R_camera_from_world @ R[:, 0]
        return BankMotion(
            R.astype(np.float32), self.body.skeleton.rest_joints.astype(np.float32), self.still,
            self.t_camera_from_world.astype(np.float32), self.teaches,
        )  # fmt: skip


class Scenes:
    """An endless row of scenes; even ones are for fits, odd ones are kept out of them."""

    def __init__(self, clips: list[TrainingClip], model: BodyModel, seed: int) -> None:
        """`clips` of the splits "train" and "dev". Raises Refusal where they are too few for both parts."""
        self._model, self._seed = model, seed
        self._pools = {part: _by_subject([clip for clip in clips if part_of(clip) == part]) for part in ("fit", "kept")}
        if not all(self._pools.values()):
            raise Refusal("too-few-clips", f"{len(clips)} clips are too few for a bank: some must be kept out of fits.",
                          "Prepare more recordings, of a second and more each.")  # fmt: skip

    def scene(self, index: int) -> Scene:
        rng = np.random.default_rng([self._seed, index])
        part = "kept" if index % 2 else "fit"
        clip, frames = self._stretch(part, FRAMES, rng)
        body = _drawn_body(self._model, rng)
        R, root = _on_body(clip, frames, body, rng)
        joints_world = forward_kinematics(body.skeleton, R, root)[1][:, :BODY_JOINT_COUNT]
        camera = draw_camera(joints_world, body.height, RATE_HZ, int(rng.integers(2**31)))
        K, size_px = _smaller(camera, body.height, joints_world[:, 0], rng)
        origin = BankOrigin(index, clip.origin.name, clip.origin.source, clip.origin.subject, part,
                            str(camera["kind"]), RATE_HZ, body.height)  # fmt: skip
        return Scene(origin, body, R, root, camera["R_camera_from_world"].astype(float),
                     camera["t_camera_from_world"].astype(float), K, size_px,
                     clip.still[frames], clip.teaches, rng)  # fmt: skip

    def _stretch(self, part: str, count: int, rng: np.random.Generator) -> tuple[TrainingClip, Array]:
        """Subjects are drawn by the root of their time, their clips by their time."""
        subjects = self._pools[part]
        times = np.sqrt([sum(clip.seconds for clip in clips) for clips in subjects])
        clips = subjects[rng.choice(len(subjects), p=times / times.sum())]
        lengths = np.array([clip.seconds for clip in clips])
        clip = clips[rng.choice(len(clips), p=lengths / lengths.sum())]
        start = int(rng.integers(max(1, len(clip.root_world) - count + 1)))
        return clip, np.arange(start, min(start + count, len(clip.root_world)))


def part_of(clip: TrainingClip) -> str:
    """"fit", "kept", or "none" for what is only reported; always the same for a recording."""
    if clip.origin.split == "test" or len(clip.root_world) < LEAST_FRAMES:
        return "none"
    number = zlib.crc32(clip.origin.name.encode())
    return "kept" if clip.origin.split == "dev" or number % KEPT_OF_TRAINING == 0 else "fit"


def _by_subject(clips: list[TrainingClip]) -> list[list[TrainingClip]]:
    subjects: dict[tuple[str, str], list[TrainingClip]] = defaultdict(list)
    for clip in sorted(clips, key=lambda clip: (clip.origin.name, clip.origin.start_s)):
        subjects[clip.origin.source, clip.origin.subject].append(clip)
    return [subjects[key] for key in sorted(subjects)]


def _drawn_body(model: BodyModel, rng: np.random.Generator) -> Body:
    shape = np.clip(rng.normal(0.0, SHAPE_SIGMA, len(model.shape_names)), -2, 2)
    height_m = float(np.clip(rng.normal(HEIGHT_M, HEIGHT_SIGMA_M), *HEIGHTS_M))
    return model.shaped(shape, height_m / model.shaped(shape).height)


def _on_body(clip: TrainingClip, frames: Array, body: Body, rng: np.random.Generator) -> tuple[Array, Array]:
    """The motion on another body: the path is scaled as the legs are, fingers are curled a little."""
    R = np.tile(np.eye(3), (len(frames), JOINT_COUNT, 1, 1))
    R[:, :BODY_JOINT_COUNT] = clip.R_parent_from_joint[frames]
    curl = rng.uniform(*CURL_RAD)
    for joint in range(JOINT["left_index1"], JOINT_COUNT):
        outward = 1.0 if joint < JOINT["right_index1"] else -1.0
        if (joint - JOINT["left_index1"]) % 15 < 12:    # not the thumb
            R[:, joint] = matrix_from_axis_angle(np.array([0.0, 0.0, -outward * curl]))
    legs = [_leg_length_m(rest) for rest in (body.skeleton.rest_joints, clip.rest_joints)]
    return R, clip.root_world[frames].astype(float) * legs[0] / legs[1]


def _leg_length_m(rest_joints: Array) -> float:
    hip, knee, ankle = (rest_joints[JOINT[f"left_{name}"]] for name in ("hip", "knee", "ankle"))
    return float(np.linalg.norm(knee - hip) + np.linalg.norm(ankle - knee))


def _smaller(camera: dict[str, Array], height_m: float, root_world: Array, rng: np.random.Generator,
             ) -> tuple[Array, tuple[int, int]]:  # fmt: skip
    """The same view in a picture that is quickly drawn, its sides even as films want them."""
    K, long_px = camera["K"].astype(float), float(max(camera["size_px"]))
    along_m = np.einsum("tj,tj->t", camera["R_camera_from_world"][:, 2], root_world)
    person_px = K[0, 0] * height_m / float(np.median(along_m + camera["t_camera_from_world"][:, 2]))
    wanted_px = np.exp(rng.uniform(*np.log(PERSON_PX)))
    factor = np.clip(long_px * wanted_px / person_px, *LONG_SIDES_PX) / long_px
    width, height = (2 * round(float(side) * factor / 2) for side in camera["size_px"])
    scale = np.array([width / float(camera["size_px"][0]), height / float(camera["size_px"][1]), 1.0])
    return K * scale[:, None], (width, height)
