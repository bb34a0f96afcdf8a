import numpy as np
import pytest

from backend.train.bank.scenes import FRAMES, Scenes, part_of
from backend.train.motions.training_clip import Origin, Teaches, TrainingClip
from motion.body import read_open_body
from motion.kinematics import forward_kinematics
from motion.refusal import Refusal
from motion.skeleton import JOINT, Skeleton

MODEL = read_open_body()


def walker(name: str, split: str = "train", frames: int = 100) -> TrainingClip:
    """Somebody who glides along in the T-pose."""
    rest = MODEL.joints.astype(np.float32)
    root = np.column_stack([np.linspace(0, 2, frames), np.zeros(frames), np.full(frames, 0.93)])
    upright = np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]], np.float32)
    R = np.tile(np.eye(3, dtype=np.float32), (frames, 22, 1, 1))
    R[:, 0] = upright
    return TrainingClip(Origin(name, "made", name[0], "walk", "CC0-1.0", split), Teaches(), R,
                        root.astype(np.float32), rest, np.zeros((frames, 6), bool))  # fmt: skip


CLIPS = [walker(f"{subject}/{number}") for subject in "abc" for number in range(8)]


@pytest.fixture(scope="module")
def scenes() -> Scenes:
    return Scenes([*CLIPS, walker("d/0", "dev"), walker("t/0", "test")], MODEL, seed=5)


def test_the_same_number_gives_the_same_scene(scenes):
    one, two = scenes.scene(4), Scenes(CLIPS, MODEL, seed=5).scene(4)
    np.testing.assert_array_equal(one.root_world, two.root_world)
    np.testing.assert_array_equal(one.R_camera_from_world, two.R_camera_from_world)
    assert one.rng.random() == two.rng.random()
    assert not np.array_equal(one.body.shape, scenes.scene(6).body.shape)


def test_recordings_that_are_kept_out_are_never_in_a_fit(scenes):
    origins = [scenes.scene(index).origin for index in range(40)]
    fit = {origin.recording for origin in origins if origin.part == "fit"}
    kept = {origin.recording for origin in origins if origin.part == "kept"}
    assert fit and kept and not fit & kept
    assert "t/0" not in fit | kept and "d/0" not in fit
    assert part_of(walker("x", "dev")) == "kept" and part_of(walker("x", "test")) == "none"


def test_the_person_is_before_the_camera_and_the_picture_can_be_a_film(scenes):
    for index in range(6):
        scene = scenes.scene(index)
        landmarks_world, joints_world = scene.landmarks_and_joints()
        assert len(landmarks_world) == FRAMES
        assert (scene.in_camera(joints_world)[:, 0, 2] > 0.5).all()
        assert not any(side % 2 for side in scene.size_px)
        np.testing.assert_allclose(np.linalg.det(scene.R_camera_from_world), 1.0, atol=1e-5)


def test_longer_legs_go_farther(scenes):
    scene = scenes.scene(2)
    _, joints = scene.landmarks_and_joints()
    legs = {name: np.linalg.norm(rest[JOINT["left_knee"]] - rest[JOINT["left_hip"]])
            + np.linalg.norm(rest[JOINT["left_ankle"]] - rest[JOINT["left_knee"]])
            for name, rest in (("own", scene.body.skeleton.rest_joints), ("clip", MODEL.joints))}  # fmt: skip
    gone = np.linalg.norm(scene.root_world[-1] - scene.root_world[0])
    assert gone == pytest.approx(2 * (FRAMES - 1) / 99 * legs["own"] / legs["clip"], rel=1e-4)
    R, root = scene.R_parent_from_joint, scene.root_world
    _, again = forward_kinematics(Skeleton(scene.body.skeleton.rest_joints), R, root)
    np.testing.assert_allclose(joints, again[:, :22], atol=1e-12)


def test_too_few_clips_are_refused_in_a_sentence():
    with pytest.raises(Refusal, match=r"1 clips are too few for a bank: some must be kept out of fits\."):
        Scenes([walker("a/0")], MODEL, seed=0)
