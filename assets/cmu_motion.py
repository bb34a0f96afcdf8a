"""Reads CMU recordings (ASF skeleton, AMC motion) and lays them on the open body's joints."""

from __future__ import annotations

import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motion.kinematics import forward_kinematics, local_rotations
from motion.recordings.acclaim import parse_acclaim
from motion.recordings.recording import Recording as JointRecording
from motion.recordings.text_file import TextFile, decoded
from motion.rotations import interpolate_rotations, matrix_from_axis_angle, smallest_rotation
from motion.skeleton import BODY_JOINT_COUNT, JOINT, JOINT_COUNT, PARENTS, Skeleton

Floats = NDArray[np.float64]

R_Z_UP_FROM_Y_UP = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
UP = np.array([0.0, 1.0, 0.0])
FLOOR_WINDOW_S = 0.8

_BONE_OF = {
    "pelvis": "root", "spine1": "lowerback", "spine2": "upperback", "spine3": "thorax", "neck": "upperneck",
    "head": "head",
}  # fmt: skip
_SIDE_BONE_OF = {"hip": "femur", "knee": "tibia", "ankle": "foot", "foot": "foot", "collar": "clavicle",
                 "shoulder": "humerus", "elbow": "radius", "wrist": "hand"}  # fmt: skip
_ALIGNED_WITH_CHILD = {"hip": "knee", "knee": "ankle"}


@dataclass(frozen=True)
class Recording:
    """Turns from the T-pose and bone ends in the recording's world: metres, Y up, floor at y = 0."""

    rate_hz: float
    bones_m: dict[str, Floats]  # [3] from start to end, at rest
    turns: dict[str, Floats]  # [T, 3, 3] per bone
    ends_m: dict[str, Floats]  # [T, 3] per bone


def read_recording(folder: Path, skeleton_path: str, motion_path: str) -> Recording:
    """One recording out of the folder's cmu_amc_*.tar.xz archives."""
    files: dict[str, TextFile] = {}
    for archive in sorted(folder.glob("cmu_amc_*.tar.xz")):
        with tarfile.open(archive) as tar:
            for member in tar:
                path = member.name.removeprefix("./")
                if path in (skeleton_path, motion_path):
                    files[path] = TextFile(path, decoded(tar.extractfile(member).read()).splitlines())
    return _by_bone(parse_acclaim(files[motion_path], files[skeleton_path], motion_path))


def _by_bone(joints: JointRecording) -> Recording:
    R_world, places = joints.world()
    first_child = {parent: joint for joint, parent in reversed(list(enumerate(joints.parents)))}
    ends = {name: first_child[joint] for joint, name in enumerate(joints.joint_names) if joint in first_child}
    starts = {name: joints.joint_names.index(name) for name in ends}
    ends["root"] = starts["root"]
    return Recording(
        joints.rate_hz,
        {name: joints.rest_joints[end] - joints.rest_joints[starts[name]] for name, end in ends.items()},
        {name: R_world[:, start] for name, start in starts.items()},
        {name: places[:, end] for name, end in ends.items()},
    )  # fmt: skip


@dataclass(frozen=True)
class Performance:
    """A motion of the open body in a world with Z up and the floor at z = 0."""

    rate_hz: float
    R_parent_from_joint: Floats  # [T, 55, 3, 3]
    root_world: Floats  # [T, 3] m, the pelvis joint


def retarget(
    recording: Recording, skeleton: Skeleton, soles_m: Floats, sole_joints: NDArray[np.int64], finger_curl_rad: float
) -> Performance:
    """Carries each bone's world turn since the T-pose over to the skeleton; the soles meet the floor.

    soles_m [P, 3] are points of the resting body that touch the floor, on the joints sole_joints [P].
    """
    R_y_up = _joint_turns(recording, skeleton, finger_curl_rad)
    hips = np.array([JOINT["left_hip"], JOINT["right_hip"]])
    hip_middle = 0.5 * (recording.ends_m["lhipjoint"] + recording.ends_m["rhipjoint"])
    scale = _leg_length(skeleton) / sum(np.linalg.norm(recording.bones_m[bone]) for bone in ("lfemur", "ltibia"))
    root = scale * hip_middle - R_y_up[:, 0] @ skeleton.rest_joints[hips].mean(axis=0)
    R_world, root = R_Z_UP_FROM_Y_UP @ R_y_up, root @ R_Z_UP_FROM_Y_UP.T
    R_parent = local_rotations(R_world)
    soles = sole_points(R_parent, root, skeleton, soles_m, sole_joints)
    root[:, 2] -= _floor_height(soles[..., 2].min(axis=1), recording.rate_hz)
    return Performance(recording.rate_hz, R_parent, root)


def _joint_turns(recording: Recording, skeleton: Skeleton, finger_curl_rad: float) -> Floats:
    """World turns of the 55 joints from the body's own T-pose, Y up, [T, 55, 3, 3]."""
    turns = recording.turns
    R = np.empty((len(turns["root"]), JOINT_COUNT, 3, 3))
    for joint, bone in _BONE_OF.items():
        R[:, JOINT[joint]] = turns[bone]
    for side, letter in (("left", "l"), ("right", "r")):
        for joint, bone in _SIDE_BONE_OF.items():
            R[:, JOINT[f"{side}_{joint}"]] = turns[letter + bone] @ _rest_alignment(recording, skeleton, side, joint)
        roll = np.stack([turns[f"{letter}radius"], turns[f"{letter}wrist"]])
        R[:, JOINT[f"{side}_elbow"]] = interpolate_rotations(roll, np.array([0.0, 1.0]), np.array([0.5]))[0]
    _hang_on_parents(R, finger_curl_rad)
    return R


def _rest_alignment(recording: Recording, skeleton: Skeleton, side: str, joint: str) -> Floats:
    """The constant turn that brings the body's resting limb into the recording's resting limb, [3, 3]."""
    if joint in ("ankle", "foot"):
        return _foot_alignment(recording, skeleton, side)
    if joint not in _ALIGNED_WITH_CHILD:
        return np.eye(3)
    limb = skeleton.offsets[JOINT[f"{side}_{_ALIGNED_WITH_CHILD[joint]}"]]
    return smallest_rotation(limb, recording.bones_m[side[0] + _SIDE_BONE_OF[joint]])


def _foot_alignment(recording: Recording, skeleton: Skeleton, side: str) -> Floats:
    """Lays the sole flat as it stood, in the mean, while the foot stood still on the floor."""
    turns, end = recording.turns[f"{side[0]}foot"], recording.ends_m[f"{side[0]}foot"]
    speed = np.linalg.norm(np.gradient(end, axis=0), axis=1) * recording.rate_hz
    standing = (speed < 0.15) & (end[:, 1] < np.percentile(end[:, 1], 20) + 0.02)
    up = (np.swapaxes(turns[standing], -1, -2) @ UP).mean(axis=0)
    level = smallest_rotation(UP, up)
    ahead = level.T @ recording.bones_m[f"{side[0]}foot"]
    toes = skeleton.offsets[JOINT[f"{side}_foot"]]
    flat = np.array([1.0, 0.0, 1.0])
    return level @ smallest_rotation(toes * flat, ahead * flat)


def _hang_on_parents(R: Floats, finger_curl_rad: float) -> None:
    """Lets the joints that were not recorded follow their parents, fingers curled; in place."""
    first_finger = JOINT["left_index1"]
    for joint in range(BODY_JOINT_COUNT, JOINT_COUNT):
        outward = 1.0 if joint < JOINT["right_index1"] else -1.0
        curls = joint >= first_finger and not (joint - first_finger) % 15 >= 12
        curl = matrix_from_axis_angle(np.array([0.0, 0.0, -outward * finger_curl_rad * curls]))
        R[:, joint] = R[:, PARENTS[joint]] @ curl


def _leg_length(skeleton: Skeleton) -> float:
    return float(sum(np.linalg.norm(skeleton.offsets[JOINT[f"left_{name}"]]) for name in ("knee", "ankle")))


def _floor_height(lowest_m: Floats, rate_hz: float) -> Floats:
    """The floor [T] m under the lowest sole [T] m: its low percentile about each moment, smoothed."""
    half = int(FLOOR_WINDOW_S * rate_hz / 2)
    window = np.ones(2 * half + 1) / (2 * half + 1)
    padded = np.pad(lowest_m, half, mode="edge")
    floor = np.percentile(np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1), 15, axis=1)
    return np.convolve(np.pad(floor, half, mode="edge"), window, mode="valid")


def sole_points(
    R_parent: Floats, root: Floats, skeleton: Skeleton, soles_m: Floats, sole_joints: NDArray[np.int64]
) -> Floats:
    """The soles over time, [T, P, 3] m."""
    R_world, joints = forward_kinematics(skeleton, R_parent, root)
    offsets = soles_m - skeleton.rest_joints[sole_joints]
    return joints[:, sole_joints] + np.einsum("tpij,pj->tpi", R_world[:, sole_joints], offsets)


def resampled(performance: Performance, rate_hz: float, start_s: float, duration_s: float) -> Performance:
    """A stretch of a performance at another rate."""
    times = np.arange(len(performance.root_world)) / performance.rate_hz
    wanted = start_s + np.arange(int(round(duration_s * rate_hz))) / rate_hz
    root = np.stack([np.interp(wanted, times, axis) for axis in performance.root_world.T], axis=1)
    return Performance(rate_hz, interpolate_rotations(performance.R_parent_from_joint, times, wanted), root)
