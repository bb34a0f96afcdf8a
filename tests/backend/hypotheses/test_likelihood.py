from dataclasses import replace

import numpy as np
import pytest

from backend.hypotheses.likelihood import picture_distances
from backend.lift.lift import Lift
from motion.arrays import Array
from motion.skeleton import BODY_JOINT_COUNT, JOINT, JOINT_NAMES
from tests.backend.hypotheses.slow_samples import only, slow_samples, turned_samples
from tests.backend.lift.refine.clips import walker

ABOUT_DEPTH = (0.0, 0.0, 0.3)   # turns everything in the picture's plane


@pytest.fixture(scope="module")
def lift() -> Lift:
    return walker()


def distances(lift: Lift, turns: Array) -> Array:
    return picture_distances(turned_samples(lift, turns))


def test_the_truth_is_at_no_distance(lift: Lift) -> None:
    assert distances(lift, np.zeros((2, *only(lift, "head", ABOUT_DEPTH).shape))).max() < 1e-6


@pytest.mark.parametrize("name", ["left_elbow", "right_elbow", "left_shoulder", "right_knee", "left_hip", "left_ankle"])
def test_a_joint_that_is_turned_wrong_is_told_by_its_own_bone(lift: Lift, name: str) -> None:
    told = distances(lift, only(lift, name, ABOUT_DEPTH)[None])[0].mean(axis=0)
    assert told.argmax() == JOINT[name] and told[JOINT[name]] > 0.5
    others = np.delete(told, [JOINT[name], JOINT["left_foot"]])   # which the foot's own landmarks judge, too
    assert others.max() < 0.3 * told[JOINT[name]]


def test_the_sides_are_judged_alike(lift: Lift) -> None:
    """Whoever is turned in the picture's plane as a whole is off by each bone's own length there."""
    told = distances(lift, np.tile(ABOUT_DEPTH, (1, len(lift.root_camera), BODY_JOINT_COUNT, 1)))[0].mean(axis=0)
    assert (told > 0.2).all()
    for joint, name in enumerate(JOINT_NAMES[:BODY_JOINT_COUNT]):
        other = name.replace("left", "*").replace("right", "left").replace("*", "right")
        assert told[joint] < 3.0 * told[JOINT[other]]


def test_pictures_of_any_size_tell_the_same(lift: Lift) -> None:
    samples, zoom = slow_samples(lift, 3), np.diag([1.7, 1.7, 1.0])
    larger = replace(lift, K=zoom @ lift.K, track=replace(lift.track, landmarks_px=1.7 * lift.track.landmarks_px))
    np.testing.assert_allclose(picture_distances(replace(samples, lift=larger)), picture_distances(samples), rtol=1e-9)


def test_what_the_detector_is_not_sure_of_says_less(lift: Lift) -> None:
    unsure = replace(lift, track=replace(lift.track, scores=np.full_like(lift.track.scores, 0.3)))
    samples = slow_samples(lift, 3)
    assert (picture_distances(replace(samples, lift=unsure)) < 0.5 * picture_distances(samples) + 1e-9).all()


def test_unseen_frames_and_landmarks_say_nothing(lift: Lift) -> None:
    landmarks_px, seen = np.array(lift.track.landmarks_px), np.array(lift.track.seen)
    seen[5:8], landmarks_px[5:8] = False, np.nan
    landmarks_px[20:, 15] = np.nan   # the left wrist
    gaps = replace(lift, track=replace(lift.track, seen=seen, landmarks_px=landmarks_px))
    told = picture_distances(replace(slow_samples(lift, 3), lift=gaps))
    assert np.isfinite(told).all() and not told[:, 5:8].any()
    silent = [JOINT["left_elbow"], JOINT["left_wrist"]]
    assert not told[:, 20:, silent].any() and (np.delete(told[:, 20:], silent, axis=-1) > 0.0).all()
