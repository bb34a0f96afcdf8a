"""Reads CMU recordings (ASF skeleton, AMC motion) and lays them on the open body's joints."""

from __future__ import annotations

import io
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motion.kinematics import forward_kinematics, local_rotations
from motion.rotations import interpolate_rotations, matrix_from_axis_angle, smallest_rotation
from motion.skeleton import BODY_JOINT_COUNT, JOINT, JOINT_COUNT, PARENTS, Skeleton

Floats = NDArray[np.float64]

METRES_PER_UNIT = 2.54 / 100.0 / 0.45
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
class AsfBone:
    parent: str
    direction: Floats  # [3], at rest
    length_m: float
    R_axis: Floats  # [3, 3]
    freedoms: tuple[str, ...]


@dataclass(frozen=True)
class Recording:
    """Turns from the T-pose and bone ends in the recording's world: metres, Y up, floor at y = 0."""

    rate_hz: float
    bones: dict[str, AsfBone]
    turns: dict[str, Floats]  # [T, 3, 3] per bone
    ends_m: dict[str, Floats]  # [T, 3] per bone


def read_recording(folder: Path, skeleton_path: str, motion_path: str, rate_hz: float = 60.0) -> Recording:
    """One recording out of the folder's cmu_amc_*.tar.xz archives."""
    texts: dict[str, str] = {}
    for archive in sorted(folder.glob("cmu_amc_*.tar.xz")):
        with tarfile.open(archive) as tar:
            for member in tar:
                if member.name.removeprefix("./") in (skeleton_path, motion_path):
                    texts[member.name.removeprefix("./")] = tar.extractfile(member).read().decode("latin-1")
    bones, order = _parse_asf(texts[skeleton_path])
    return _pose(bones, _parse_amc(texts[motion_path]), order, rate_hz)


def _parse_asf(text: str) -> tuple[dict[str, AsfBone], tuple[str, ...]]:
    """Bones by name, parents first, and the order of the root's channels."""
    sections = {part.split(None, 1)[0]: part for part in text.split("\n:")}
    raw: dict[str, dict[str, list[str]]] = {}
    for block in sections["bonedata"].split("begin")[1:]:
        fields = {words[0]: words[1:] for words in (line.split() for line in block.splitlines()) if words}
        raw[fields["name"][0]] = fields
    bones = {"root": AsfBone("", np.zeros(3), 0.0, np.eye(3), ())}
    for line in sections["hierarchy"].splitlines()[2:]:
        parent, *children = line.split() or ["end"]
        for child in children:
            bones[child] = _bone(parent, raw[child])
    order = next(line.split()[1:] for line in sections["root"].splitlines() if "order" in line)
    return bones, tuple(name.lower() for name in order)


def _bone(parent: str, fields: dict[str, list[str]]) -> AsfBone:
    axis = dict(zip(("rx", "ry", "rz"), map(float, fields["axis"][:3]), strict=True))
    return AsfBone(
        parent, np.array(fields["direction"][:3], dtype=float), float(fields["length"][0]) * METRES_PER_UNIT,
        _euler(axis), tuple(fields.get("dof", ())),
    )  # fmt: skip


def _parse_amc(text: str) -> dict[str, Floats]:
    """Channels [T, N] by bone."""
    rows: dict[str, list[list[float]]] = {}
    for line in io.StringIO(text):
        words = line.split()
        if len(words) > 1 and words[0][0] not in "#:":
            rows.setdefault(words[0], []).append([float(word) for word in words[1:]])
    return {bone: np.array(values) for bone, values in rows.items()}


def _euler(degrees: dict[str, Floats | float]) -> Floats:
    """Rz Ry Rx of angles by channel name, those left out zero, [..., 3, 3]."""
    R = np.eye(3)
    for name, axis in (("rz", [0, 0, 1]), ("ry", [0, 1, 0]), ("rx", [1, 0, 0])):
        R = R @ matrix_from_axis_angle(np.radians(degrees.get(name, 0.0))[..., None] * np.array(axis, dtype=float))
    return R


def _pose(bones: dict[str, AsfBone], channels: dict[str, Floats], order: tuple[str, ...], rate_hz: float) -> Recording:
    root = dict(zip(order, channels["root"].T, strict=True))
    turns = {"root": _euler(root)}
    ends = {"root": METRES_PER_UNIT * np.stack([root["tx"], root["ty"], root["tz"]], axis=1)}
    for name, bone in list(bones.items())[1:]:
        values = channels.get(name, np.zeros((len(ends["root"]), len(bone.freedoms))))
        local = _euler(dict(zip(bone.freedoms, values.T, strict=True)))
        turns[name] = turns[bone.parent] @ bone.R_axis @ local @ bone.R_axis.T
        ends[name] = ends[bone.parent] + bone.length_m * turns[name] @ bone.direction
    return Recording(rate_hz, bones, turns, ends)


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
    scale = _leg_length(skeleton) / sum(recording.bones[bone].length_m for bone in ("lfemur", "ltibia"))
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
    return smallest_rotation(limb, recording.bones[side[0] + _SIDE_BONE_OF[joint]].direction)


def _foot_alignment(recording: Recording, skeleton: Skeleton, side: str) -> Floats:
    """Lays the sole flat as it stood, in the mean, while the foot stood still on the floor."""
    turns, end = recording.turns[f"{side[0]}foot"], recording.ends_m[f"{side[0]}foot"]
    speed = np.linalg.norm(np.gradient(end, axis=0), axis=1) * recording.rate_hz
    standing = (speed < 0.15) & (end[:, 1] < np.percentile(end[:, 1], 20) + 0.02)
    up = (np.swapaxes(turns[standing], -1, -2) @ UP).mean(axis=0)
    level = smallest_rotation(UP, up)
    ahead = level.T @ recording.bones[f"{side[0]}foot"].direction
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
