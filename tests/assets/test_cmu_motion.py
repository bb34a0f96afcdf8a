"""Recordings laid on the open body: orientations carried over, soles on the floor."""

from __future__ import annotations

import tarfile

import numpy as np
import pytest

from assets.cmu_motion import read_recording, resampled, retarget, sole_points
from motion.body import read_open_body
from motion.kinematics import forward_kinematics
from motion.skeleton import JOINT

_SIDE = {
    "hipjoint": ("root", (0.6, -0.7, 0.3), 2.5, ""), "femur": ("hipjoint", (0.34, -0.94, 0), 7.5, "rx ry rz"),
    "tibia": ("femur", (0.34, -0.94, 0), 7.4, "rx"), "foot": ("tibia", (0.1, -0.3, 0.95), 2.2, "rx rz"),
    "clavicle": ("thorax", (0.9, 0.4, 0), 3.5, "ry rz"), "humerus": ("clavicle", (1, 0, 0), 5.0, "rx ry rz"),
    "radius": ("humerus", (1, 0, 0), 3.3, "ry"), "wrist": ("radius", (1, 0, 0), 1.6, "ry"),
    "hand": ("wrist", (1, 0, 0), 0.7, "rx rz"),
}  # fmt: skip
_TRUNK = {"lowerback": "root", "upperback": "lowerback", "thorax": "upperback", "lowerneck": "thorax",
          "upperneck": "lowerneck", "head": "upperneck"}  # fmt: skip
FRAMES = 40


def skeleton_text() -> str:
    bones = {name: (parent, (0, 1, 0), 1.8, "rx ry rz") for name, parent in _TRUNK.items()}
    for letter, sign in (("l", 1), ("r", -1)):
        for name, (parent, (x, y, z), length, dof) in _SIDE.items():
            parent = parent if parent in ("root", "thorax") else letter + parent
            bones[letter + name] = (parent, (sign * x, y, z), length, dof)
    data = "".join(
        f"  begin\n name {name}\n direction {x} {y} {z}\n length {length}\n axis 0 0 0 XYZ\n"
        + (f" dof {dof}\n" if dof else "") + "  end\n"
        for name, (_, (x, y, z), length, dof) in bones.items()
    )  # fmt: skip
    tree = "".join(f"  {parent} {name}\n" for name, (parent, *_) in bones.items())
    return (
        ":version 1.10\n:root\n order TX TY TZ RX RY RZ\n axis XYZ\n:bonedata\n" + data
        + ":hierarchy\n  begin\n" + tree + "  end\n"
    )  # fmt: skip


def motion_text(rows: dict[str, tuple[float, ...]]) -> str:
    frame = "".join(f"{bone} {' '.join(map(str, values))}\n" for bone, values in rows.items())
    return ":FULLY-SPECIFIED\n:DEGREES\n# fps 60\n" + "".join(f"{i + 1}\n{frame}" for i in range(FRAMES))


@pytest.fixture
def recorded(tmp_path):
    def record(**rows):
        (tmp_path / "a.asf").write_text(skeleton_text())
        (tmp_path / "a.amc").write_text(motion_text({"root": (0, 16, 0, 0, 0, 0), **rows}))
        with tarfile.open(tmp_path / "cmu_amc_1.tar.xz", "w:xz") as tar:
            tar.add(tmp_path / "a.asf", "x/a.asf")
            tar.add(tmp_path / "a.amc", "x/a.amc")
        return read_recording(tmp_path, "x/a.asf", "x/a.amc")

    return record


@pytest.fixture(scope="module")
def body():
    return read_open_body().shaped(np.zeros(0))


def performed(recording, body, **finger):
    names = body.model.point_names
    soles = [i for i, name in enumerate(names) if name.endswith("_sole")]
    return retarget(recording, body.skeleton, body.points[soles], body.model.point_joints[soles], **finger)


def joints_of(performance, body):
    return forward_kinematics(body.skeleton, performance.R_parent_from_joint, performance.root_world)[1]


def test_lengths_are_read_in_metres(recorded):
    bone = (0.34 * 7.5 * 2.54 / 45, -0.94 * 7.5 * 2.54 / 45, 0.0)
    assert recorded().bones_m["lfemur"] == pytest.approx(bone)


def test_rest_gives_level_arms_and_the_recordings_spread_legs_facing_minus_y(recorded, body):
    joints = joints_of(performed(recorded(), body, finger_curl_rad=0.0), body)[0]
    arm = joints[JOINT["left_wrist"]] - joints[JOINT["left_shoulder"]]
    leg = joints[JOINT["left_ankle"]] - joints[JOINT["left_hip"]]
    assert arm[0] > 0.4 and abs(arm[2]) < 1e-3
    assert leg[0] / -leg[2] == pytest.approx(0.34 / 0.94, rel=1e-3)
    assert joints[JOINT["left_foot"], 1] < joints[JOINT["left_ankle"], 1]


def test_a_bent_elbow_keeps_its_angle(recorded, body):
    joints = joints_of(performed(recorded(lradius=(-70,)), body, finger_curl_rad=0.0), body)[0]
    shoulder, elbow, wrist = (joints[JOINT[f"left_{name}"]] for name in ("shoulder", "elbow", "wrist"))
    upper, lower = elbow - shoulder, wrist - elbow
    cosine = upper @ lower / np.linalg.norm(upper) / np.linalg.norm(lower)
    assert np.degrees(np.arccos(cosine)) == pytest.approx(70.0, abs=0.1)
    assert lower[1] < -0.1  # forwards


def test_the_soles_of_who_stands_are_on_the_floor(recorded, body):
    performance = performed(recorded(), body, finger_curl_rad=0.3)
    names = body.model.point_names
    soles = [i for i, name in enumerate(names) if name.endswith("_sole")]
    places = sole_points(
        performance.R_parent_from_joint, performance.root_world, body.skeleton, body.points[soles],
        body.model.point_joints[soles],
    )  # fmt: skip
    assert np.abs(places[..., 2]).max() < 0.01


def test_resampling_keeps_a_standing_body_standing(recorded, body):
    performance = performed(recorded(), body, finger_curl_rad=0.3)
    slower = resampled(performance, 30.0, 0.1, 0.5)
    assert slower.rate_hz == 30.0 and len(slower.root_world) == 15
    assert slower.root_world == pytest.approx(np.repeat(performance.root_world[:1], 15, axis=0), abs=1e-9)
