"""Another detector's landmarks come out as they were given; depth, and what it does not see, is the network's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from backend.detect.crop import Crop, Rgb
from backend.detect.detections import Detections
from backend.detect.detector import DetectSettings
from backend.detect.find_people import find_people
from backend.detect.looks import Look
from backend.detect.other.keypoint_file import KeypointFile
from backend.detect.other.keypoint_sets import SETS
from backend.detect.other.other_pose import OtherPose
from backend.detect.pose import Pose
from backend.detect.taken_over import FIRST_UNNUMBERED, looks_with_keypoints, with_onnx_landmarks
from backend.progress import silent
from backend.track.follow import TrackSettings, follow
from backend.video.clip import Clip, VideoSettings
from backend.video.open_clip import open_clip
from backend.video.pictures import Picture
from motion.landmarks import LANDMARK
from tests.backend.detect.made_up_poses import standing
from tests.backend.detect.made_up_scene import Scene, crop_about, picture
from tests.backend.detect.networks.installed_networks import SAMPLE
from tests.backend.detect.other.made_up_keypoints import as_keypoints

COCO = SETS[0]
IN_COCO = np.isfinite(COCO.landmarks(np.ones((17, 3)))[:, 0])      # [33], which landmarks it has
LEFT, RIGHT = standing((300, 300)), standing((900, 300))
TOES = LANDMARK["left_foot_index"]


def other(pose: Pose, number: int = -1, shift_px: float = 3.0, unseen: Sequence[int] = ()) -> OtherPose:
    """What another detector makes of a body: everything to the right of where our network sees it."""
    landmarks_px, scores = pose.landmarks_px + [shift_px, 0.0], np.full(33, 0.7)
    landmarks_px[list(unseen)], scores[list(unseen)] = np.nan, 0.0
    return OtherPose(landmarks_px, scores, number)


def looks(people: list[list[OtherPose]], shots: Sequence[int] = ()) -> list[Look]:
    scene = Scene([[LEFT, RIGHT]] * len(people))
    shown = ((Picture(k, k / 25, picture(k)), shots[k] if shots else 0) for k in range(len(people)))
    file = KeypointFile("made up", {k: tuple(each) for k, each in enumerate(people) if each})
    return list(looks_with_keypoints(shown, file, scene))


def test_landmarks_and_scores_are_the_files_and_depth_is_the_networks():
    (look,) = looks([[other(LEFT, 1), other(RIGHT, 2)]])
    for number, seen in ((1, LEFT), (2, RIGHT)):
        pose = look.people[number].pose
        np.testing.assert_array_equal(pose.landmarks_px, seen.landmarks_px + [3.0, 0.0])
        np.testing.assert_array_equal(pose.scores, 0.7)
        np.testing.assert_array_equal(pose.landmarks_camera, seen.landmarks_camera)


def test_what_the_file_does_not_see_is_the_networks():
    (look,) = looks([[other(LEFT, 1, unseen=[TOES])]])
    pose = look.people[1].pose
    np.testing.assert_array_equal(pose.landmarks_px[TOES], LEFT.landmarks_px[TOES])
    assert pose.scores[TOES] == LEFT.scores[TOES]
    assert np.all(np.delete(pose.landmarks_px - LEFT.landmarks_px, TOES, axis=0) == [3.0, 0.0])


def test_the_files_numbers_tell_who_is_who_in_whichever_order_they_come():
    first, second = looks([[other(LEFT, 5), other(RIGHT, 8)], [other(RIGHT, 8), other(LEFT, 5)]])
    for look in (first, second):
        assert sorted(look.people) == [5, 8]
        assert look.people[5].pose.landmarks_px[0, 0] < look.people[8].pose.landmarks_px[0, 0]


def test_whom_the_file_does_not_number_is_somebody_new_in_every_picture():
    found = looks([[other(LEFT), other(RIGHT)]] * 3)
    numbers = [number for look in found for number in look.people]
    assert len(set(numbers)) == 6 and min(numbers) >= FIRST_UNNUMBERED


def test_nobody_is_lost_where_two_have_one_number():
    (look,) = looks([[other(LEFT, 0), other(RIGHT, 0)]])
    assert sorted(look.people) == [0, FIRST_UNNUMBERED]


def test_pictures_of_which_the_file_says_nothing_are_looks_at_nobody():
    found = looks([[], [other(LEFT, 4)], []], shots=[0, 0, 1])
    told = [(look.picture.index, look.shot, list(look.people)) for look in found]
    assert told == [(0, 0, []), (1, 0, [4]), (2, 1, [])]


class SeesToTheRight:
    """A user's own network: it sees whoever a crop is about 5 px to the right, and no toes."""

    def look(self, rgb: Rgb, crops: Sequence[Crop]) -> list[OtherPose]:
        self.crops = list(crops)
        whose = [min((LEFT, RIGHT), key=lambda pose: abs(crop_about(pose).middle_px[0] - crop.middle_px[0]))
                 for crop in crops]  # fmt: skip
        return [other(pose, shift_px=5.0, unseen=[TOES]) for pose in whose]


def test_a_users_own_network_looks_where_ours_sees_the_bodies_and_changes_no_number():
    (before,) = looks([[other(RIGHT, 8), other(LEFT, 5)]])
    network = SeesToTheRight()
    (after,) = with_onnx_landmarks(iter([before]), network)
    assert network.crops == [crop_about(RIGHT), crop_about(LEFT)]
    assert list(after.people) == [8, 5] and (after.picture, after.shot) == (before.picture, before.shot)
    for number, seen in ((5, LEFT), (8, RIGHT)):
        pose, old = after.people[number].pose, before.people[number].pose
        expected_px = np.where(np.arange(33)[:, None] == TOES, old.landmarks_px, seen.landmarks_px + [5.0, 0.0])
        np.testing.assert_array_equal(pose.landmarks_px, expected_px)
        np.testing.assert_array_equal(pose.landmarks_camera, old.landmarks_camera)


def test_a_users_own_network_may_find_nobody_to_look_at():
    (look,) = looks([[]])
    (after,) = with_onnx_landmarks(iter([look]), SeesToTheRight())
    assert after.people == {}


@pytest.fixture(scope="module")
def clip() -> Clip:
    return open_clip(SAMPLE, VideoSettings(out_s=1.0))


@pytest.fixture(scope="module")
def ours(clip) -> Detections:
    return find_people(clip, DetectSettings("heavy", "fast", hands=False), silent)


def as_coco(path: Path, found: Detections, **numbered: int) -> Path:
    """The findings as another detector would write them."""
    bodies = np.concatenate([found.landmarks_px, found.scores[..., None]], axis=-1)
    entries = [{"image_id": int(index), "keypoints": as_keypoints(body, COCO).ravel().tolist(), "score": 1} | numbered
               for index, body in zip(found.picture, bodies, strict=True)]  # fmt: skip
    path.write_text(json.dumps(entries))
    return path


@pytest.mark.parametrize("numbered, tracklets", [
    ({"track_id": 7}, np.full(30, 7)), ({}, FIRST_UNNUMBERED + np.arange(30)),
])  # fmt: skip
def test_our_own_landmarks_written_as_keypoints_come_back_as_one_person(clip, ours, tmp_path, numbered, tracklets):
    settings = DetectSettings(str(as_coco(tmp_path / "ours.json", ours, **numbered)), "fast", hands=False)
    again = find_people(clip, settings, silent)
    np.testing.assert_array_equal(again.picture, ours.picture)
    np.testing.assert_array_equal(again.landmarks_px[:, IN_COCO], ours.landmarks_px[:, IN_COCO])
    np.testing.assert_array_equal(again.scores[:, IN_COCO], ours.scores[:, IN_COCO])
    np.testing.assert_array_equal(again.tracklet, tracklets)
    # The same network, but crops a tenth larger: its depths then differ by 3 cm in the median.
    assert np.median(np.linalg.norm(again.landmarks_camera - ours.landmarks_camera, axis=-1)) < 0.05
    (track,) = follow(again, clip, TrackSettings())
    assert track.seen.all()
