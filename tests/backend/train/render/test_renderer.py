"""Laws of the quick renderer, on a body at rest in made-up rooms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backend.train.render.background import Room
from backend.train.render.renderer import render
from backend.train.render.scene import Scene, random_scene
from motion.body import BodyModel, read_open_body
from motion.landmarks import LANDMARK, LANDMARK_COUNT
from motion.skeleton import JOINT

SIZE_PX = (160, 96)
K = np.array([[150.0, 0.0, 80.0], [0.0, 150.0, 48.0], [0.0, 0.0, 1.0]])
R_CAMERA_FROM_WORLD = np.array([[-1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, -1.0, 0.0]])   # looks along -y
CAMERA = np.array([0.0, 4.0, 1.0])
T_CAMERA = -R_CAMERA_FROM_WORLD @ CAMERA
R_UPRIGHT = np.array([[-1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])     # the body faces the camera
BACK_TO_CAMERA = R_UPRIGHT * [[-1.0], [-1.0], [1.0]]
LEFT_TO_CAMERA = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
JOINTS = {f"{side}_{name}" for side in ("left", "right") for name in ("shoulder", "elbow", "hip", "knee", "ankle")}
FRAMES = 5


@pytest.fixture(scope="module")
def model() -> BodyModel:
    return read_open_body()


def standing(model: BodyModel, turn: np.ndarray = R_UPRIGHT):
    """The body [T, V, 3] that moves a step to the side and its landmarks [T, 33, 3]."""
    step = np.linspace(0.0, 0.4, FRAMES)[:, None, None] * np.array([1.0, 0.0, 0.0]) + [0.0, 0.0, 0.98]
    return model.vertices @ turn.T + step, model.points[:LANDMARK_COUNT] @ turn.T + step


def scene_of(seed: int, model: BodyModel) -> Scene:
    return random_scene(np.random.default_rng(seed), model, np.array([[0.0, 0.0, 1.0]]), CAMERA[None], occluded=0.0)


@pytest.fixture(scope="module")
def scene(model) -> Scene:
    """Empty, without noise, shadow or blur by movement."""
    drawn = scene_of(7, model)
    look, light = replace(drawn.look, noise=0.0, shutter=0.0), replace(drawn.light, shadow=0.0)
    return replace(drawn, room=furnished(drawn.room, []), look=look, light=light)


def furnished(room: Room, boxes_m: list[tuple[list[float], list[float]]]) -> Room:
    """With these boxes alone, (lowest, highest corner) each, coloured as the ceiling."""
    kinds = [*range(6), *[5] * len(boxes_m)]
    low, high = room.low_m.new_tensor(np.array(boxes_m).reshape(-1, 2, 3)).unbind(1)
    return replace(room, boxes_low_m=low, boxes_high_m=high, first=room.first[:6][kinds], shape=room.shape[:6][kinds],
                   span_m=room.span_m[:6][kinds])  # fmt: skip


def film(scene, vertices, landmarks=None, pan_rad: float = 0.0, **more):
    turn = np.linspace(0, pan_rad, len(vertices))
    pan = np.zeros((len(vertices), 3, 3))
    pan[:, 0, 0] = pan[:, 2, 2] = np.cos(turn)
    pan[:, 0, 2], pan[:, 2, 0], pan[:, 1, 1] = np.sin(turn), -np.sin(turn), 1.0
    return render(scene, vertices, pan @ R_CAMERA_FROM_WORLD, pan @ T_CAMERA, K, SIZE_PX, np.random.default_rng(3),
                  landmarks, **more)  # fmt: skip


def hidden_names(scene: Scene, model: BodyModel, turn: np.ndarray = R_UPRIGHT) -> set[str]:
    vertices, landmarks = standing(model, turn)
    hidden = film(scene, vertices[:1], landmarks[:1]).hidden[0]
    return {name for name, number in LANDMARK.items() if hidden[number]}


@pytest.mark.parametrize("pan_rad", [0.0, 0.2])
def test_the_same_seed_gives_the_same_pictures_at_any_chunk(model, scene, pan_rad):
    vertices, landmarks = standing(model)
    lively = replace(scene, look=replace(scene.look, noise=0.02, shutter=0.5), light=replace(scene.light, shadow=0.5))
    whole, pieces = (film(lively, vertices, landmarks, pan_rad, chunk=chunk) for chunk in (16, 2))
    difference = np.abs(whole.pictures.astype(int) - pieces.pictures)
    assert (difference > 1).mean() < 1e-3
    assert np.array_equal(whole.hidden, pieces.hidden)


def test_seeds_decide_everything(model):
    vertices, _ = standing(model)
    first, same, other = (film(scene_of(seed, model), vertices[:1]).pictures for seed in (1, 1, 2))
    assert np.array_equal(first, same)
    assert (first != other).mean() > 0.5


def test_a_camera_that_stands_sees_the_same_room_in_every_picture(model, scene):
    pictures = film(scene, standing(model)[0]).pictures
    assert np.array_equal(pictures[0, :, :20], pictures[-1, :, :20])
    assert not np.array_equal(pictures[0], pictures[-1])


def test_a_camera_that_turns_moves_the_room(model, scene):
    pictures = film(scene, standing(model)[0], pan_rad=0.3).pictures
    assert np.abs(pictures[0, :, :30].astype(int) - pictures[-1, :, :30]).mean() > 1


def test_a_camera_that_moves_sees_the_same_room_as_one_that_stands(model, scene):
    room = furnished(scene.room, [([0.8, -1.5, 0.0], [1.6, -1.0, 1.2]), ([-1.5, 1.0, 0.0], [-0.9, 1.6, 0.7])])
    away = standing(model)[0] + [50.0, 0.0, 0.0]
    stands, moves = (film(replace(scene, room=room), away, pan_rad=pan).pictures[0].astype(int) for pan in (0, 0.2))
    assert np.median(np.abs(stands - moves)) <= 3
    assert np.abs(stands - moves).mean() < 8


def test_the_body_is_where_its_vertices_project(model, scene):
    vertices, _ = standing(model)
    away = vertices + [50.0, 0.0, 0.0]
    differs = (film(scene, vertices[:1]).pictures != film(scene, away[:1]).pictures).any(axis=-1)[0]
    camera = vertices[0] @ R_CAMERA_FROM_WORLD.T + T_CAMERA
    places = camera[:, :2] / camera[:, 2:] * K[0, 0] + K[:2, 2]
    rows, columns = np.nonzero(differs)
    seen = [columns.min(), columns.max() + 1, rows.max() + 1]
    assert np.allclose(seen, [places[:, 0].min(), places[:, 0].max(), places[:, 1].max()], atol=4)


def test_a_shadow_falls_on_the_floor_and_on_nothing_else(model, scene):
    light = replace(scene.light, shadow=0.7, towards=np.array([[0.0, 0.6, 0.8], [0.0, 0.6, 0.8]]))
    dark, plain = (film(replace(scene, light=replace(light, shadow=depth)), standing(model)[0][:1]).pictures[0]
                   .astype(int) for depth in (0.7, 0.0))  # fmt: skip
    assert (dark <= plain).all()
    assert (dark != plain).any(axis=-1).mean() > 0.005
    assert np.array_equal(dark[:40], plain[:40])


def test_the_face_is_hidden_from_behind_and_seen_from_ahead(model, scene):
    face = {"nose", "left_eye", "right_eye", "mouth_left", "mouth_right"}
    assert not hidden_names(scene, model) & (face | JOINTS)
    behind = hidden_names(scene, model, BACK_TO_CAMERA)
    assert behind >= face
    assert not behind & JOINTS


def test_from_the_side_the_nearer_leg_hides_the_other(model, scene):
    hidden = hidden_names(scene, model, LEFT_TO_CAMERA)
    assert hidden >= {"right_hip", "right_knee", "right_shoulder"}
    assert not hidden & {"left_hip", "left_knee", "left_ankle"}


def test_loose_clothes_do_not_hide_the_joints_that_wear_them(model, scene):
    lowest_y, highest_y = (model.joints[JOINT[name], 1] for name in ("left_ankle", "neck"))
    clothed = (model.vertices[:, 1] > lowest_y + 0.03) & (model.vertices[:, 1] < highest_y)
    loose = replace(scene.appearance, away_m=np.where(clothed, 0.05, 0.0))
    assert not hidden_names(replace(scene, appearance=loose), model) & JOINTS


def test_a_wall_between_hides_all_that_is_behind_it(model, scene):
    walled = replace(scene, room=furnished(scene.room, [([-3.0, 2.0, 0.0], [3.0, 2.2, 1.1])]))
    vertices, landmarks = standing(model)
    for pan_rad in (0.0, 0.1):
        hidden = film(walled, vertices[:2], landmarks[:2], pan_rad).hidden[0]
        assert hidden[landmarks[0, :, 2] < 1.0].all()
        assert not hidden[[LANDMARK["nose"], LANDMARK["left_eye"], LANDMARK["left_shoulder"]]].any()


def test_landmarks_outside_of_the_picture_are_not_called_hidden(model, scene):
    vertices, landmarks = standing(model)
    assert not film(scene, vertices[:1] + [50.0, 0, 0], landmarks[:1] + [50.0, 0, 0]).hidden.any()
