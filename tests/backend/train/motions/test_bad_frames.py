"""What is broken is found, what is fast is not."""

from __future__ import annotations

import numpy as np

from backend.train.motions.bad_frames import broken_frames, frozen_frames, good_pieces, with_margin
from motion.body import read_open_body
from motion.kinematics import forward_kinematics
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT, JOINT_COUNT, Skeleton

RATE_HZ = 60.0


def posed(vectors: np.ndarray, root: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return forward_kinematics(Skeleton(read_open_body().joints), matrix_from_axis_angle(vectors), root)


def swaying(frames: int) -> tuple[np.ndarray, np.ndarray]:
    """Rotation vectors [T, 55, 3] and roots of a person who never rests."""
    t = np.arange(frames) / RATE_HZ
    vectors = np.zeros((frames, JOINT_COUNT, 3))
    vectors[:, JOINT["left_hip"], 0] = np.sin(9.0 * t)
    return vectors, np.stack([2.0 * t, 0.1 * np.sin(t), 0.0 * t + 0.97], axis=-1)


def test_a_sprinter_with_a_swinging_leg_is_whole() -> None:
    vectors, root = swaying(120)
    root[:, 0] *= 4.5   # 9 m/s
    assert not broken_frames(*posed(vectors, root), RATE_HZ).any()


def test_a_flipped_root_and_a_leaping_one_are_found_at_their_frames() -> None:
    vectors, root = swaying(120)
    vectors[40, 0] = [0.0, np.pi, 0.0]
    root[80] += [0.0, 0.3, 0.0]
    broken = broken_frames(*posed(vectors, root), RATE_HZ)
    assert np.flatnonzero(broken).tolist() == [40, 41, 80, 81]


def test_hands_and_toes_may_do_as_they_like() -> None:
    vectors, root = swaying(60)
    vectors[30, [JOINT[name] for name in ("left_wrist", "right_foot")]] = 2.5
    assert not broken_frames(*posed(vectors, root), RATE_HZ).any()


def test_a_stretch_without_any_motion_is_frozen_only_in_a_clip_that_moves() -> None:
    vectors, root = swaying(200)
    vectors[100:140] = vectors[100]
    frozen = frozen_frames(posed(vectors, root)[0], RATE_HZ)
    assert np.flatnonzero(frozen).tolist() == list(range(101, 140))
    assert not frozen_frames(posed(np.zeros_like(vectors), root)[0], RATE_HZ).any()


def test_a_margin_reaches_to_either_side_and_to_the_ends() -> None:
    bad = np.zeros(20, bool)
    bad[[1, 12]] = True
    assert np.flatnonzero(with_margin(bad, 3)).tolist() == [0, 1, 2, 3, 4, 9, 10, 11, 12, 13, 14, 15]
    assert with_margin(np.array([False, True]), 3).all()


def test_short_rests_between_cuts_are_dropped() -> None:
    bad = np.zeros(200, bool)
    bad[[60, 90]] = True
    assert good_pieces(bad, RATE_HZ) == [(0, 60), (91, 200)]


def test_a_single_frame_is_neither_broken_nor_frozen() -> None:
    pose = posed(*(each[:1] for each in swaying(3)))
    assert not broken_frames(*pose, RATE_HZ).any() and not frozen_frames(pose[0], RATE_HZ).any()
