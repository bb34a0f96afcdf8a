"""What the real detector said where the truth is known: of rendered people, and of the man before four cameras."""

from __future__ import annotations

import tomllib
from pathlib import Path

import cv2
import numpy as np
import torch

from backend.pipeline import Person
from backend.train.bank.bank_clip import read_bank
from backend.train.chance import Chance
from backend.train.errors.from_bank import Said, said_of, seen_through
from backend.train.hidden import hidden_by_body
from backend.train.views import DetectorErrors, SimulatedDetections, Views
from bench import four_cameras
from bench.captures import captured
from bench.data import data_folder
from motion.arrays import Array
from motion.kinematics import attached_points, forward_kinematics
from motion.landmarks import LANDMARK, LANDMARK_COUNT, LANDMARK_NAMES, LIMB_LANDMARKS
from motion.places import home
from motion.refusal import Refusal
from motion.skeleton import BODY_JOINT_COUNT, JOINT

FEET = tuple(LANDMARK[name] for name in ("left_heel", "right_heel", "left_foot_index", "right_foot_index"))
REFERENCED = ("shoulders", "elbows", "wrists", "hips", "knees", "ankles", "feet")


def of_bank(folder: Path) -> list[Said]:
    """The clips that are kept out of the fit. Raises Refusal when there is none."""
    kept = [said_of(clip) for clip in read_bank(folder) if clip.origin.part == "kept"]
    if not kept:
        raise Refusal("no-bank", f"{folder} holds no clips that were kept out of the fit.",
                      "Make some with python -m backend train bank.")  # fmt: skip
    return kept


def of_four_cameras() -> dict[str, Said]:
    """By camera; face and hands are only roughly known. Raises Refusal when the footage is not there."""
    folder = home() / "bench" / "four_cameras"
    folder.mkdir(parents=True, exist_ok=True)
    with open(data_folder() / "footage" / "four_cameras" / "calibration.toml", "rb") as stream:
        calibration = tomllib.load(stream)
    return {view.name: _before_camera(view, calibration[view.name], captured(view.film, folder).people[0])
            for view in four_cameras.views()}  # fmt: skip


def simulated(real: list[Said], errors: DetectorErrors, seed: int) -> list[Said]:
    """What a model would say of the same views."""
    chance = Chance.seeded(seed)
    return [seen_through(each.views, errors.detections(each.views, chance)) for each in real]


def _before_camera(view: four_cameras.View, camera: dict, person: Person) -> Said:
    K = np.array(camera["matrix"], dtype=np.float64)
    landmarks, joints = _around_reference(view.truth_camera, *_captured_body(person))
    as_batch = [torch.from_numpy(np.ascontiguousarray(each)).float()[None] for each in (joints, landmarks)]
    hidden = hidden_by_body(*as_batch, torch.tensor([person.body.height]))
    rate_hz = 1 / float(np.median(np.diff(view.times_s)))
    size_px = torch.tensor([camera["size"]])
    views = Views(as_batch[1], torch.from_numpy(K).float()[None], size_px, hidden, torch.tensor([rate_hz]))
    return seen_through(views, _said(person, K, np.array(camera["distortions"]), len(view.times_s)))


def _captured_body(person: Person) -> tuple[Array, Array]:
    """The captured body's landmarks [T, 33, 3] and joints [T, 22, 3] in the camera's frame, m."""
    motion, body = person.motion, person.body
    R_world, joints = forward_kinematics(motion.skeleton, motion.R_parent_from_joint, motion.root_world)
    landmarks = attached_points(R_world, joints, motion.skeleton, body.points[:LANDMARK_COUNT],
                                body.model.point_joints[:LANDMARK_COUNT])  # fmt: skip
    camera = motion.cameras[0]
    return tuple(np.einsum("tij,tpj->tpi", camera.R_camera_from_world, points) + camera.t_camera_from_world[:, None]
                 for points in (landmarks, joints[:, :BODY_JOINT_COUNT]))  # fmt: skip


def _around_reference(truth: Array, landmarks: Array, joints: Array) -> tuple[Array, Array]:
    """Both with what the reference [T, 17, 3] knows in its place, and the rest moved along with the nearest of it."""
    known, moved = [*LIMB_LANDMARKS, *FEET], landmarks.copy()
    moved[:, known] = truth[:, :16]
    off = moved - landmarks
    shoulders, hips = (off[:, pair].mean(1, keepdims=True) for pair in ((11, 12), (23, 24)))
    moved[:, :11] += shoulders
    for side in ("left", "right"):
        wrist = LANDMARK[f"{side}_wrist"]
        hand = [LANDMARK[f"{side}_{name}"] for name in ("pinky", "index", "thumb")]
        moved[:, hand] += off[:, wrist, None]
    trunk = joints + np.where(_is_upper()[:, None], shoulders, hips)
    limbs = [JOINT[LANDMARK_NAMES[landmark]] for landmark in LIMB_LANDMARKS]
    trunk[:, limbs] = truth[:, :12]
    return moved, trunk


def _is_upper() -> Array:
    """[22] whether a joint goes with the shoulders rather than with the hips."""
    upper = [JOINT[name] for name in ("spine2", "spine3", "neck", "head", "left_collar", "right_collar")]
    return np.isin(np.arange(BODY_JOINT_COUNT), upper)


def _said(person: Person, K: Array, distortions: Array, frames: int) -> SimulatedDetections:
    """What was said of the first so many pictures, pixels as those of a lens without distortion."""
    track = person.track
    seen = np.zeros(frames, bool)
    seen[: len(track.seen)] = track.seen[:frames]
    shown = np.flatnonzero(seen)
    px = cv2.undistortPoints(track.landmarks_px[shown].reshape(-1, 1, 2), K, distortions, P=K).reshape(-1, 33, 2)

    def placed(values: Array) -> torch.Tensor:
        whole = np.zeros((frames, *values.shape[1:]))
        whole[shown] = values
        return torch.from_numpy(whole).float()[None]

    return SimulatedDetections(placed(px), placed(track.scores[shown]), placed(track.landmarks_camera[shown]),
                               torch.from_numpy(seen)[None])  # fmt: skip
