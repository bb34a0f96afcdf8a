import numpy as np
import pytest
import torch

from backend.body.skinning import posed_vertices
from backend.train.bodies import BodyFamily
from backend.train.hidden import CAPSULES, hidden_by_body, margin_m
from backend.train.kinematics import attached_points, forward_kinematics
from motion.body import read_open_body
from motion.landmarks import LANDMARK, LANDMARK_NAMES
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT, JOINT_NAMES

FAMILY, LIGHT = BodyFamily(), read_open_body().light()
BODY = LIGHT.shaped(np.zeros(0))
PARTS = [capsule[0] for capsule in CAPSULES]
LIMBS = {"shoulder": "upper_arm", "elbow": "forearm", "hip": "thigh", "knee": "shank", "ankle": "foot", "foot": "foot"}
HEAD = {"neck", "head", "jaw", "left_eye", "right_eye"}


def poses(count, seed):
    """R_camera_from_pelvis and limbs [N, 55, 3, 3] and roots [N, 3] m of people seen from all sides."""
    rng = np.random.default_rng(seed)
    turns = np.zeros((count, 55, 3))
    for side, sign in (("left", 1.0), ("right", -1.0)):
        turns[:, JOINT[f"{side}_shoulder"]] = np.stack([
            rng.normal(0.0, 0.4, count), -sign * rng.uniform(-0.5, 1.3, count), -sign * rng.uniform(-0.3, 1.5, count),
        ], -1)  # fmt: skip
        turns[:, JOINT[f"{side}_elbow"], 1] = -sign * rng.uniform(0.0, 2.2, count)
        turns[:, JOINT[f"{side}_hip"], 0] = -rng.uniform(-0.3, 1.4, count)
        turns[:, JOINT[f"{side}_knee"], 0] = rng.uniform(0.0, 1.8, count)
    R = matrix_from_axis_angle(turns)
    sideways = matrix_from_axis_angle(np.array([1.0, 0.0, 0.0]) * np.pi)
    yaw, pitch = rng.uniform(-np.pi, np.pi, count), rng.normal(0.2, 0.2, count)
    R[:, 0] = (matrix_from_axis_angle(-pitch[:, None] * np.eye(3)[0]) @ sideways
               @ matrix_from_axis_angle(yaw[:, None] * np.eye(3)[1]))  # fmt: skip
    return R, np.stack([rng.normal(0.0, 0.4, count), rng.normal(0.0, 0.3, count), rng.uniform(2.5, 8.0, count)], -1)


def seen(R, root):
    """Joints [1, N, 22, 3] and landmarks [1, N, 33, 3] m."""
    bodies = FAMILY.bodies(torch.zeros(1, 8), torch.tensor([BODY.height]))
    limbs = torch.from_numpy(R[None, :, :22]).float()
    R_joints, joints = forward_kinematics(limbs, torch.from_numpy(root[None]).float(), bodies.rest_joints)
    points = attached_points(R_joints, joints, FAMILY.landmark_offsets(bodies), FAMILY.landmark_joints)
    return joints, points


def part_of(vertex):
    name = JOINT_NAMES[LIGHT.weight_joints[vertex, LIGHT.weights[vertex].argmax()]]
    if name in HEAD:
        return PARTS.index("head")
    side, _, joint = name.partition("_")
    if side in ("left", "right") and joint != "collar":
        return PARTS.index(f"{side}_{LIMBS.get(joint, 'hand')}")
    return PARTS.index("left_trunk" if LIGHT.vertices[vertex, 0] > 0 else "right_trunk")


def hidden_by_skin(vertices, landmarks, part_of_face, margins):
    """[33] whether a ray (Moller & Trumbore 1997) to a landmark meets skin more than the margin before it."""
    a, b, c = (vertices[LIGHT.faces[:, corner]] for corner in range(3))
    distance = np.linalg.norm(landmarks, axis=-1, keepdims=True)
    ray = (landmarks / distance)[:, None]
    across = np.cross(ray, c - a)
    inverse = 1.0 / np.sum((b - a) * across, axis=-1)
    u, fixed = np.sum(-a * across, axis=-1) * inverse, np.cross(-a, b - a)
    v = np.sum(ray * fixed, axis=-1) * inverse
    depth = np.sum((c - a) * fixed, axis=-1) * inverse
    meets = (u >= 0) & (v >= 0) & (u + v <= 1) & (depth > 0)
    return (meets & (distance - depth > margins[part_of_face].T)).any(axis=1)


def test_capsules_hide_what_the_skin_hides():
    R, root = poses(40, seed=11)
    joints, landmarks = seen(np.repeat(R, 2, axis=0), np.repeat(root, 2, axis=0))
    said = hidden_by_body(joints, landmarks, torch.tensor([BODY.height]))[0, ::2].numpy() > 0.5
    part_of_face = np.array([part_of(vertex) for vertex in range(len(LIGHT.vertices))])[LIGHT.faces[:, 0]]
    margins = np.array([[margin_m(part, name) for name in LANDMARK_NAMES] for part in PARTS])
    skins = posed_vertices(BODY, R, root).astype(float)
    truth = np.stack([hidden_by_skin(skin, points.numpy().astype(float), part_of_face, margins)
                      for skin, points in zip(skins, landmarks[0, ::2])])  # fmt: skip
    assert 0.15 < truth.mean() < 0.5
    assert (said == truth).mean() > 0.90


@pytest.mark.parametrize("yaw_deg, hidden, shown", [(0, "left_hip", "nose"), (180, "nose", "left_shoulder"),
                                                    (90, "right_hip", "left_hip")])  # fmt: skip
def test_who_turns_hides_a_side(yaw_deg, hidden, shown):
    R = np.tile(np.eye(3), (1, 55, 1, 1))
    flip = matrix_from_axis_angle(np.array([np.pi, 0.0, 0.0]))
    R[:, 0] = flip @ matrix_from_axis_angle(np.array([0.0, -np.deg2rad(yaw_deg), 0.0]))
    joints, landmarks = seen(R, np.array([[0.0, 0.0, 4.0]]))
    said = hidden_by_body(joints, landmarks, torch.tensor([BODY.height]))[0, 0]
    assert said[LANDMARK[shown]] < 0.5
    assert (said[LANDMARK[hidden]] > 0.5) == (yaw_deg != 0)


def test_between_two_frames_hiding_is_their_mean():
    R, root = poses(3, seed=5)
    joints, landmarks = seen(R, root)
    said = hidden_by_body(joints, landmarks, torch.tensor([BODY.height]))[0]
    torch.testing.assert_close(said[1], 0.5 * (said[0] + said[2]))
