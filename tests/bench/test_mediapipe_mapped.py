import numpy as np

from bench.mediapipe_mapped import fitted, read_mapping
from motion.landmarks import LIMB_LANDMARKS
from tests.backend.train.errors.test_fit_learned import bank_clip


def clips_of_a_known_map(rng: np.random.Generator) -> tuple[list, np.ndarray]:
    """Clips whose joints are mixtures of the landmarks that were said, depth twice as deep, and a few that are not."""
    from dataclasses import replace

    weights = rng.dirichlet(np.ones(33), size=22)
    clips = []
    for index in range(8):
        said = rng.normal(scale=0.4, size=(60, 33, 3)).astype(np.float32)
        joints = np.einsum("jl,tlk->tjk", weights - weights[:1], said) * [1, 1, 2]
        joints[::15] += rng.normal(scale=2.0, size=(4, 22, 3))
        clips.append(replace(bank_clip(index), said_camera=said, joints_camera=(joints + [0, 0, 4]).astype(np.float32),
                             seen=np.ones(60, bool)))  # fmt: skip
    return clips, weights - weights[:1]


def test_a_known_map_comes_back_in_spite_of_gross_errors():
    clips, weights = clips_of_a_known_map(np.random.default_rng(0))
    mapping = fitted(clips)
    np.testing.assert_allclose(mapping.across, weights, atol=0.01)
    np.testing.assert_allclose(mapping.depth, 2 * weights, atol=0.02)


def test_turning_the_camera_about_its_axis_turns_the_joints():
    mapping, landmarks = read_mapping(), np.random.default_rng(1).normal(size=(5, 33, 3))
    turn = np.array([[np.cos(0.7), -np.sin(0.7), 0], [np.sin(0.7), np.cos(0.7), 0], [0, 0, 1]])
    np.testing.assert_allclose(mapping.joints(landmarks @ turn.T), mapping.joints(landmarks) @ turn.T, atol=1e-9)


def test_the_shipped_map_keeps_limbs_about_where_their_landmarks_are():
    rng = np.random.default_rng(2)
    landmarks = rng.normal(scale=0.02, size=(40, 33, 3)) + rng.normal(scale=0.4, size=(1, 33, 3))
    limbs = read_mapping().limbs(landmarks)
    assert limbs.shape == (40, 12, 3)
    assert np.isfinite(limbs).all() and len(LIMB_LANDMARKS) == limbs.shape[1]
