import numpy as np
import pytest

from backend.train.variety.figure import Figure
from backend.train.variety.made import KINDS, attempt, made_clip
from backend.train.variety.rules import slides_m
from motion.body import read_open_body
from motion.skeleton import JOINT, PARENTS
from tests.backend.train.variety.made_up_clips import FIGURE, LENIENT, REST_JOINTS

SOLES = [0, 1, 3, 4]
TALL_AND_BROAD = 1.13 * read_open_body().shaped([1.0, 1.0]).skeleton.rest_joints


@pytest.fixture(scope="module", params=list(KINDS))
def clip(request):
    clip = made_clip(f"made/{request.param}/0000", request.param, TALL_AND_BROAD, LENIENT, np.random.default_rng(5))
    assert clip is not None
    return clip


@pytest.fixture(scope="module")
def places(clip):
    """R_world_from_joint, joints and touching points of the clip."""
    figure = Figure(clip.rest_joints)
    R_world, joints = figure.posed(clip.R_parent_from_joint, clip.root_world)
    return R_world, joints, figure.touching_world(R_world, joints)


def test_still_soles_slide_less_than_three_millimetres_a_frame(clip, places):
    assert slides_m(places[2], clip.still) < 0.003


def test_soles_are_not_below_the_floor(places):
    assert places[2][:, SOLES, 2].min() > -0.005


def test_no_joint_is_below_the_floor(places):
    assert places[1][..., 2].min() > -0.005


def test_limbs_keep_their_length(places):
    bones = [(joint, PARENTS[joint]) for joint in range(1, 22)]
    lengths = np.linalg.norm([places[1][:, a] - places[1][:, b] for a, b in bones], axis=-1)
    assert np.ptp(lengths, axis=1).max() < 1e-5


def test_nothing_leaps(places):
    speeds_m_s = 30.0 * np.linalg.norm(np.diff(places[1], axis=0), axis=-1)
    assert speeds_m_s.max() < 9.0


def test_knees_and_elbows_bend_only_the_way_they_can(clip):
    R = clip.R_parent_from_joint
    for side, outward in (("left", 1.0), ("right", -1.0)):
        shin = R[:, JOINT[f"{side}_knee"]] @ np.array([0.0, -1.0, 0.0])
        assert shin[:, 2].max() < 0.02  # never ahead of the thigh
        forearm = R[:, JOINT[f"{side}_elbow"]] @ np.array([outward, 0.0, 0.0])
        assert forearm[:, 2].min() > -0.02  # never behind the upper arm


def test_made_clips_say_what_they_are(clip):
    assert (clip.origin.source, clip.origin.split, clip.origin.licence) == ("made", "train", "GPL-3.0-or-later")
    assert clip.origin.name.startswith("made/") and clip.origin.action in KINDS


def test_who_lies_lies_on_the_floor():
    clip = attempt("made/lie/0000", "lie", REST_JOINTS, LENIENT, np.random.default_rng(2))
    _, joints = FIGURE.posed(clip.R_parent_from_joint, clip.root_world)
    gap_m = (joints[..., 2] - FIGURE.thickness)[:, [0, 3, 6, 9, 1, 2, 16, 17]].min(axis=1)
    assert joints[:, 0, 2].max() < 0.35 and np.abs(gap_m).max() < 0.03


def test_who_crawls_always_has_hands_and_knees_that_rest():
    clip = attempt("made/crawl/0000", "crawl", REST_JOINTS, LENIENT, np.random.default_rng(2))
    assert (clip.still[:, [2, 5]].any(axis=1)).mean() > 0.8


def test_the_same_chance_gives_the_same_clip():
    one, other, third = (attempt("n", "reach", REST_JOINTS, LENIENT, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.R_parent_from_joint, other.R_parent_from_joint)
    assert one.R_parent_from_joint.shape != third.R_parent_from_joint.shape or not np.allclose(
        one.R_parent_from_joint, third.R_parent_from_joint)  # fmt: skip
