"""What the body that ships must be, whoever built it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from motion.landmarks import LANDMARK, LANDMARK_NAMES
from motion.skeleton import JOINT, JOINT_COUNT

PATH = Path(__file__).parents[2] / "assets" / "open_body.npz"
ONE_MM = 0.001


@pytest.fixture(scope="module")
def body():
    with np.load(PATH, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def mirrored_distance(points, others):
    """From each point's mirror image to the nearest of the others, metres."""
    from scipy.spatial import cKDTree

    return cKDTree(others).query(points * np.array([-1.0, 1.0, 1.0]))[0]


def swapped(names):
    """For each name the number of its counterpart on the other side."""
    switch = {"left": "right", "right": "left"}
    return [names.index("_".join(switch.get(word, word) for word in name.split("_"))) for name in names]


def bone_length(body, upper, lower):
    return np.linalg.norm(body["joints"][JOINT[lower]] - body["joints"][JOINT[upper]])


def test_the_file_is_small_enough_to_ship():
    assert PATH.stat().st_size < 2_000_000


def test_every_array_has_the_shape_that_readers_expect(body):
    V, S, P = len(body["vertices"]), len(body["shape_names"]), len(body["point_names"])
    assert body["vertex_shapes"].shape == (S, V, 3)
    assert body["joints"].shape == (JOINT_COUNT, 3)
    assert body["joint_shapes"].shape == (S, JOINT_COUNT, 3)
    assert body["points"].shape == (P, 3) and body["point_shapes"].shape == (S, P, 3)
    assert body["weights"].shape == body["weight_joints"].shape == (V, 4)
    assert body["colours"].shape == (V, 3)


def test_all_numbers_are_finite(body):
    assert all(np.isfinite(a).all() for a in body.values() if a.dtype.kind == "f")


def test_weights_sum_to_one_and_name_joints(body):
    assert np.allclose(body["weights"].sum(axis=1), 1.0, atol=1e-6)
    assert body["weights"].min() >= 0 and body["weight_joints"].max() < JOINT_COUNT


def test_every_body_joint_moves_something(body):
    moved = np.zeros(JOINT_COUNT)
    np.add.at(moved, body["weight_joints"], body["weights"])
    assert (moved > 0).all()


def test_faces_are_proper_triangles_of_used_vertices(body):
    faces = body["faces"].astype(int)
    assert faces.max() < len(body["vertices"])
    assert len(np.unique(faces)) == len(body["vertices"])
    assert ((faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 0] != faces[:, 2])).all()


def test_faces_look_outwards(body):
    corners = body["vertices"][body["faces"].astype(int)].astype(float)
    volume = np.sum(corners[:, 0] * np.cross(corners[:, 1], corners[:, 2])) / 6.0
    assert 0.05 < volume < 0.1


def test_left_mirrors_right_in_surface_joints_and_points(body):
    assert mirrored_distance(body["vertices"], body["vertices"]).max() < ONE_MM
    for names, places in ((list(JOINT), body["joints"]), ([str(name) for name in body["point_names"]], body["points"])):
        assert np.allclose(places[swapped(names)] * [-1, 1, 1], places, atol=ONE_MM)


def test_shapes_keep_left_and_right_alike(body):
    for change in body["joint_shapes"]:
        assert np.allclose(change[swapped(list(JOINT))] * [-1, 1, 1], change, atol=ONE_MM)


def test_the_left_side_is_at_plus_x_and_the_face_looks_to_plus_z(body):
    assert body["joints"][JOINT["left_wrist"], 0] > 0.5
    assert body["points"][LANDMARK["nose"], 2] > body["points"][LANDMARK["left_ear"], 2] + 0.06


def test_the_rest_pose_is_a_t_pose_about_the_pelvis(body):
    joints = body["joints"]
    arm = joints[[JOINT["left_shoulder"], JOINT["left_elbow"], JOINT["left_wrist"]]]
    leg = joints[[JOINT["left_hip"], JOINT["left_knee"], JOINT["left_ankle"]]]
    assert np.abs(joints[0]).max() < ONE_MM
    assert np.ptp(arm[:, 1]) < 2 * ONE_MM and np.ptp(arm[:, 2]) < 2 * ONE_MM
    assert np.ptp(leg[:, 0]) < 2 * ONE_MM and np.ptp(leg[:, 2]) < 2 * ONE_MM


def test_the_palms_look_down(body):
    thumb, wrist, index, pinky = (body["joints"][JOINT[f"left_{n}"]] for n in ("thumb3", "wrist", "index1", "pinky1"))
    assert index[2] > pinky[2] + 0.04 and abs(index[1] - pinky[1]) < 0.01
    assert thumb[2] > wrist[2] + 0.04


def test_soles_are_the_lowest_points_of_the_standing_body(body):
    names = list(body["point_names"])
    soles = body["points"][[i for i, name in enumerate(names) if name.endswith("_sole")]]
    assert len(soles) == 6
    assert (soles[:, 1] < body["vertices"][:, 1].min() + 2 * ONE_MM).all()


def test_the_stored_height_is_the_mesh_height_for_every_shape(body):
    top, bottom = np.argmax(body["vertices"][:, 1]), np.argmin(body["vertices"][:, 1])
    assert body["vertices"][top, 1] - body["vertices"][bottom, 1] == pytest.approx(body["height_m"], abs=ONE_MM)
    assert 1.65 < body["height_m"] < 1.75
    change = body["vertex_shapes"][:, top, 1].astype(float) - body["vertex_shapes"][:, bottom, 1]
    assert np.allclose(change, body["height_shapes"], atol=2 * ONE_MM)


def test_bones_have_the_lengths_of_people(body):
    height = float(body["height_m"])
    plausible = {
        ("left_hip", "left_knee"): (0.22, 0.27), ("left_knee", "left_ankle"): (0.22, 0.27),
        ("left_shoulder", "left_elbow"): (0.14, 0.19), ("left_elbow", "left_wrist"): (0.13, 0.17),
        ("left_hip", "right_hip"): (0.08, 0.13), ("left_shoulder", "right_shoulder"): (0.18, 0.24),
        ("pelvis", "neck"): (0.27, 0.34),
    }  # fmt: skip
    for (upper, lower), (least, most) in plausible.items():
        assert least < bone_length(body, upper, lower) / height < most, (upper, lower)


@pytest.mark.parametrize("units", [-2.0, 2.0])
def test_two_units_of_any_shape_still_give_a_person(body, units):
    for name, change in zip(body["shape_names"], body["joint_shapes"], strict=True):
        joints = body["joints"] + units * change
        for side in ("left", "right"):
            thigh = joints[JOINT[f"{side}_hip"], 1] - joints[JOINT[f"{side}_knee"], 1]
            forearm = abs(joints[JOINT[f"{side}_wrist"], 0] - joints[JOINT[f"{side}_elbow"], 0])
            assert 0.3 < thigh < 0.55 and 0.17 < forearm < 0.32, name


def test_the_first_33_points_are_mediapipes_in_order(body):
    assert tuple(body["point_names"][:33]) == LANDMARK_NAMES


def test_soles_lie_on_the_surface_and_the_other_points_near_it(body):
    from scipy.spatial import cKDTree

    distance = cKDTree(body["vertices"]).query(body["points"])[0]
    assert distance[33:].max() < 0.005
    assert distance[:11].max() < 0.025 and distance[:33].max() < 0.1


def test_limb_points_lie_at_their_joints(body):
    for side in ("left", "right"):
        for limb in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle"):
            point, joint = body["points"][LANDMARK[f"{side}_{limb}"]], body["joints"][JOINT[f"{side}_{limb}"]]
            assert np.linalg.norm(point - joint) < 0.05, limb


def test_points_ride_on_joints_of_their_own_side(body):
    joint_names = list(JOINT)
    for name, joint in zip(body["point_names"], body["point_joints"], strict=True):
        for side in ("left", "right"):
            if joint_names[joint].startswith(side):
                assert side in name


def test_the_preview_is_light_and_covers_the_whole_body(body):
    from scipy.spatial import cKDTree

    light = body["preview_vertices"].astype(int)
    faces = body["preview_faces"].astype(int)
    assert 3000 <= len(faces) <= 4500 and faces.max() < len(light) <= len(np.unique(light))
    distance = cKDTree(body["vertices"][light]).query(body["vertices"])[0]
    assert distance.max() < 0.08
    assert np.ptp(body["vertices"][light], axis=0) == pytest.approx(np.ptp(body["vertices"], axis=0), abs=0.02)
