"""Keypoints of every known detector land on the right landmark of the right picture, or a sentence says why not."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from backend.detect.other.keypoint_file import KeypointFile, read_keypoints
from backend.detect.other.keypoint_sets import BODY_25, SETS
from motion.landmarks import LANDMARK
from motion.refusal import Refusal
from tests.backend.detect.other.made_up_keypoints import HEIGHT_PX, WIDTH_PX, a_clip, as_keypoints, landmark_places

COCO = SETS[0]
BODY = landmark_places()
OTHER_BODY = landmark_places(1)


def flat(places, keypoint_set=COCO) -> list[float]:
    return as_keypoints(places, keypoint_set).ravel().tolist()


def openpose(folder: Path) -> Path:
    for picture, bodies in enumerate([[], [BODY], [OTHER_BODY, BODY]]):
        people = [{"person_id": [-1], "pose_keypoints_2d": flat(body), "hand_left_keypoints_2d": []} for body in bodies]
        (folder / f"walk_{picture:012}_keypoints.json").write_text(json.dumps({"version": 1.3, "people": people}))
    return folder


def openpose_file(folder: Path) -> Path:
    return openpose(folder) / "walk_000000000001_keypoints.json"


def write(folder: Path, document: object) -> Path:
    (folder / "found.json").write_text(json.dumps(document))
    return folder / "found.json"


def coco_results(folder: Path) -> Path:
    return write(folder, [{"image_id": picture, "category_id": 1, "keypoints": flat(body), "score": 2.5}
                          for picture, body in ((0, BODY), (1, BODY), (2, OTHER_BODY), (2, BODY))][1:])  # fmt: skip


def alphapose(folder: Path) -> Path:
    return write(folder, [{"image_id": f"{picture}.jpg", "category_id": 1, "keypoints": flat(body), "score": 3.1,
                           "box": [1, 2, 3, 4], "idx": [0.0]} for picture, body in
                          ((1, BODY), (2, OTHER_BODY), (2, BODY), (0, BODY))][:3] +
                 [{"image_id": "0.jpg", "keypoints": flat(BODY * 0.0)}])  # fmt: skip


def mmpose(folder: Path, first: int = 0) -> Path:
    def instance(body):
        points = as_keypoints(body, COCO)
        return {"keypoints": points[:, :2].tolist(), "keypoint_scores": points[:, 2].tolist(), "bbox": [[0, 0, 9, 9]]}

    frames = [[], [BODY], [OTHER_BODY, BODY]]
    return write(folder, [{"frame_id": first + n, "instances": [instance(body) for body in bodies]}
                          for n, bodies in enumerate(frames)])  # fmt: skip


def mmpose_demo(folder: Path) -> Path:
    frames = json.loads(mmpose(folder, first=1).read_text())    # the demo counts from 1
    return write(folder, {"meta_info": {"dataset_name": "coco"}, "instance_info": frames})


def mmpose_folder(folder: Path) -> Path:
    for frame in json.loads(mmpose(folder).read_text()):
        (folder / f"{frame['frame_id']:03}.json").write_text(json.dumps(frame["instances"]))
    return folder


def mmpose_demo_folder(folder: Path) -> Path:
    for path in mmpose_folder(folder).glob("0*.json"):
        path.write_text(json.dumps({"meta_info": {}, "instance_info": json.loads(path.read_text())}))
    return folder


def coco_annotations(folder: Path) -> Path:
    images = [{"id": 70 + n, "file_name": f"frame_{n + 1:04}.png", "width": WIDTH_PX // 2, "height": HEIGHT_PX // 2}
              for n in range(3)]  # fmt: skip
    people = [(71, BODY), (72, OTHER_BODY), (72, BODY)]
    half = [0.5, 0.5, 2.0]      # of a picture half as large; visibility counts to 2
    return write(folder, {"images": images, "categories": [], "annotations": [
        {"id": n, "image_id": image, "keypoints": flat(body * half), "num_keypoints": 17, "track_id": n}
        for n, (image, body) in enumerate(people)]})  # fmt: skip


def places_of(pose) -> np.ndarray:
    return np.column_stack([pose.landmarks_px, pose.scores])


def assert_is(pose, body: np.ndarray, keypoint_set=COCO) -> None:
    wanted = keypoint_set.landmarks(as_keypoints(body, keypoint_set))
    np.testing.assert_allclose(pose.landmarks_px, wanted[:, :2], atol=1e-9)
    np.testing.assert_allclose(pose.scores, np.nan_to_num(wanted[:, 2]), atol=1e-9)


@pytest.mark.parametrize("make", [openpose, openpose_file, coco_results, alphapose, mmpose, mmpose_demo, mmpose_folder,
                                  mmpose_demo_folder, coco_annotations])  # fmt: skip
def test_every_format_says_the_same_of_the_same_people(make, tmp_path):
    clip = a_clip()
    path = make(tmp_path)
    if make is coco_results:
        path.write_text(path.read_text().replace("[{", '[{"image_id": 0, "keypoints": ' + str([0] * 51) + "}, {", 1))
    found = read_keypoints(path, clip)
    assert [len(found.people(picture)) for picture in range(clip.picture_count)] == [0, 1, 2, 0, 0]
    assert_is(found.people(1)[0], BODY)
    assert_is(found.people(2)[0], OTHER_BODY)
    assert_is(found.people(2)[1], BODY)
    numbers = [pose.number for picture in (1, 2) for pose in found.people(picture)]
    assert numbers == ([0, 1, 2] if make is coco_annotations else [-1, -1, -1])
    assert found.name == f"COCO in {path.name}"


@pytest.mark.parametrize("keypoint_set", SETS, ids=lambda each: each.name)
def test_every_set_of_keypoints_is_known_by_its_count(keypoint_set, tmp_path):
    body = BODY.copy()
    body[LANDMARK["left_hip"], :2], body[LANDMARK["right_hip"], :2] = (3, 1), (-1, 1)    # the middle is what fills in
    found = read_keypoints(write(tmp_path, [{"image_id": 0, "keypoints": flat(body, keypoint_set)}]), a_clip())
    assert_is(found.people(0)[0], body, keypoint_set)


def test_openposes_hands_and_face_fill_what_its_body_has_not(tmp_path):
    body = np.zeros((25, 3))
    body[:3] = BODY[:3]
    hand, face = np.tile([300.0, 200.0, 0.7], (21, 1)), np.tile([310.0, 100.0, 0.6], (70, 1))
    hand[5] = (333.0, 222.0, 0.5)
    face[48] = (290.0, 110.0, 0.4)
    person = {"pose_keypoints_2d": body.ravel().tolist(), "hand_right_keypoints_2d": hand.ravel().tolist(),
              "face_keypoints_2d": face.ravel().tolist()}  # fmt: skip
    (tmp_path / "a_0_keypoints.json").write_text(json.dumps({"people": [person]}))
    (pose,) = read_keypoints(tmp_path, a_clip()).people(0)
    np.testing.assert_array_equal(places_of(pose)[LANDMARK["right_index"]], hand[5])
    np.testing.assert_array_equal(places_of(pose)[LANDMARK["mouth_right"]], face[48])
    assert not pose.is_seen[LANDMARK["left_index"]]


def test_keypoints_of_score_zero_are_missing_and_not_in_the_corner(tmp_path):
    points = as_keypoints(BODY, COCO)
    points[[3, 9]] = 0.0
    path = write(tmp_path, [{"image_id": 0, "keypoints": points.ravel().tolist()}])
    (pose,) = read_keypoints(path, a_clip()).people(0)
    assert np.isnan(pose.landmarks_px[LANDMARK["left_ear"]]).all() and pose.scores[LANDMARK["left_wrist"]] == 0.0
    assert pose.is_seen.sum() == 15


def test_scores_above_one_are_one(tmp_path):
    path = write(tmp_path, [{"image_id": 0, "keypoints": flat(BODY * [1, 1, 5])}])
    assert read_keypoints(path, a_clip()).people(0)[0].scores.max() == 1.0


def numbered(tmp_path, numbers) -> Path:
    return write(tmp_path, [{"image_id": number, "keypoints": flat(BODY + [number, 0, 0])} for number in numbers])


def first_px(found: KeypointFile, picture: int) -> float:
    return found.people(picture)[0].landmarks_px[0, 0] - BODY[0, 0]


@pytest.mark.parametrize("numbers, first", [((0, 1, 2, 3, 4), 0), ((1, 2, 3, 4, 5), 1)])
def test_pictures_count_from_0_or_from_1_in_the_footage_and_not_in_the_take(numbers, first, tmp_path):
    found = read_keypoints(numbered(tmp_path, numbers), a_clip(2, first_picture=2))
    assert [first_px(found, picture) for picture in (0, 1)] == [first + 2, first + 3]
    assert found.people(2) == []


def test_pictures_of_a_sequence_go_by_the_numbers_in_their_names(tmp_path):
    clip = a_clip(pictures=("shot_0008.png", "shot_0010.png"), first_picture=8)
    names = [f"shot_{number:04}.png" for number in (8, 9, 10)]
    path = write(tmp_path, [{"image_id": name, "keypoints": flat(BODY + [n, 0, 0])} for n, name in enumerate(names)])
    found = read_keypoints(path, clip)
    assert [first_px(found, picture) for picture in (0, 1)] == [0, 2]


def as_shown(turn_deg: int, mirrored: bool) -> np.ndarray:
    """[360, 640] a picture as players show it whose pixel at (210, 97) is 1, turned and mirrored as a clip does."""
    picture = np.zeros((HEIGHT_PX, WIDTH_PX))
    picture[97, 210] = 1.0
    turned = np.rot90(picture, -turn_deg // 90)
    return turned[:, ::-1] if mirrored else turned


@pytest.mark.parametrize("turn_deg", [0, 90, 180, 270])
@pytest.mark.parametrize("mirrored", [False, True])
def test_what_the_user_turns_and_mirrors_is_turned_and_mirrored_in_keypoints(turn_deg, mirrored, tmp_path):
    body = BODY.copy()
    body[LANDMARK["left_wrist"], :2] = 210, 97
    path = write(tmp_path, [{"image_id": 0, "keypoints": flat(body)}])
    (pose,) = read_keypoints(path, a_clip(turn_deg=turn_deg, mirrored=mirrored)).people(0)
    wanted = np.argwhere(as_shown(turn_deg, mirrored))[0][::-1]
    # Who is mirrored has the right hand where the left one seemed to be.
    np.testing.assert_allclose(pose.landmarks_px[LANDMARK["right_wrist" if mirrored else "left_wrist"]], wanted)


def test_numbers_that_two_people_share_in_a_picture_tell_nobody_apart(tmp_path):
    people = [{"image_id": n // 2, "keypoints": flat(BODY), "idx": n} for n in range(4)]
    found = read_keypoints(write(tmp_path, people), a_clip())
    assert [pose.number for picture in (0, 1) for pose in found.people(picture)] == [0, 1, 2, 3]
    people[1]["idx"] = 0
    found = read_keypoints(write(tmp_path, people), a_clip())
    assert {pose.number for picture in (0, 1) for pose in found.people(picture)} == {-1}


def test_a_body_of_two_points_is_nobody(tmp_path):
    points = as_keypoints(BODY, COCO)
    points[2:] = 0.0
    path = write(tmp_path, [{"image_id": 0, "keypoints": points.ravel().tolist()}])
    assert read_keypoints(path, a_clip()).people(0) == []


def test_the_digest_changes_with_what_is_said_and_not_with_how(tmp_path):
    same = read_keypoints(mmpose(tmp_path), a_clip()).digest
    assert read_keypoints(mmpose_demo(tmp_path), a_clip()).digest == same
    path = tmp_path / "found.json"
    path.write_text(path.read_text().replace(str(BODY[0, 0]), str(BODY[0, 0] + 0.5)))
    assert read_keypoints(path, a_clip()).digest != same


def test_of_a_folder_the_longest_series_counts(tmp_path):
    openpose(tmp_path)
    (tmp_path / "other_0_keypoints.json").write_text("no JSON")
    (tmp_path / "notes.json").write_text("no JSON")
    assert len(read_keypoints(tmp_path, a_clip()).people(1)) == 1


NAN_RESULT = '[{"image_id": 3, "keypoints": [NaN, 1, 1]}]'


@pytest.mark.parametrize("text, why", [
    ("", "it is not JSON from line 1 on"),
    ('[{"image_id": 3,\n "keypoints": [1, 2,', "it is not JSON from line 2 on"),
    ("[" * 100_000, "it is nested too deeply"),
    (NAN_RESULT, "it has NaN, which is no number"),
    (NAN_RESULT.replace("NaN", "9" * 5000), "it has a number that is too long"),
    (NAN_RESULT.replace("NaN", "9" * 400), "picture 3, person 1 has the number of many digits"),
    (NAN_RESULT.replace("NaN", "1e999"), "picture 3, person 1 has the number Infinity"),
    (NAN_RESULT.replace("NaN", '"7"'), "picture 3, person 1 has something else than numbers where numbers belong"),
    (NAN_RESULT.replace("NaN", "true"), "picture 3, person 1 has something else than numbers where numbers belong"),
    (NAN_RESULT.replace("NaN", "5, 6"), "picture 3, person 1 has 4 numbers, which are no threes of x, y and score"),
    (NAN_RESULT.replace("NaN", "5"), "its people have 1 keypoints, and known are 17 (COCO), 18 (OpenPose COCO), "
     "25 (OpenPose BODY_25), 25 (OpenPose BODY_25B), 26 (Halpe 26), 133 (COCO-WholeBody), 136 (Halpe 136)"),
    ('[{"image_id": -3, "keypoints": []}]', "entry 1 has -3 where a whole number belongs"),
    ('[{"image_id": "me.jpg", "keypoints": []}]', "entry 1 is of 'me.jpg', a name without a number"),
    ('[{"image_id": 1}]', 'picture 1, person 1 has no "keypoints"'),
    ('[{"frame_id": 2, "instances": 7}]', "picture 2 has no list where one belongs"),
    ('[{"frame_id": 2, "instances": [{"keypoint_scores": [1, 1], "keypoints": [[1, 2], [1, 2, 3]]}]}]',
     "picture 2, person 1 has 2 scores but no 2 keypoints of x and y"),
    ('[{"frame_id": 2, "instances": []}, {"frame_id": 2, "instances": []}]', "it tells of picture 2 more than once"),
    ('{"images": [{"id": 4}], "annotations": [{"image_id": 5, "keypoints": [1, 1, 1]}]}',
     'picture 5 is not among its "images"'),
    ('{"info": {}}', "it has keypoints in no way that is known here"),
    ("[1, 2]", "it has keypoints in no way that is known here"),
    ("7", "it has keypoints in no way that is known here"),
    ("[]", "it tells of one picture and has no number in its name"),
])  # fmt: skip
def test_a_bad_file_says_where_it_is_bad(text, why, tmp_path):
    (tmp_path / "found.json").write_text(text)
    with pytest.raises(Refusal) as refusal:
        read_keypoints(tmp_path / "found.json", a_clip())
    assert refusal.value.code == "bad-keypoints"
    assert refusal.value.sentence == f"found.json cannot be used: {why}."
    assert refusal.value.mend.startswith("Write it with OpenPose's --write_json")


@pytest.mark.parametrize("document, why", [
    ([{"image_id": 0, "keypoints": flat(BODY / [640, 360, 1])}],
     "its keypoints lie between -1 and 1, so they are not in pixels"),
    ([{"image_id": 0, "keypoints": flat(np.tile([1200.0, 640.0, 0.5], (33, 1)))}],
     "its keypoints reach to (1200, 640) px, and the pictures of walk.mp4 have 640 x 360 px"),
    ({"images": [{"id": 0, "width": 360, "height": 640}], "annotations": [{"image_id": 0, "keypoints": flat(BODY)}]},
     "its picture 0 has 360 x 640 px, and those of walk.mp4 have 640 x 360 px"),
    ([{"image_id": n, "keypoints": flat(BODY)} for n in (50, 60)],
     "its pictures are 50 to 60, and those of walk.mp4 are 0 to 4"),
    ([{"image_id": 0, "keypoints": flat(BODY)}, {"image_id": 1, "keypoints": flat(BODY, BODY_25)}],
     "it has people of 17 and people of 25 keypoints"),
])  # fmt: skip
def test_keypoints_of_another_clip_say_how_they_differ(document, why, tmp_path):
    with pytest.raises(Refusal) as refusal:
        read_keypoints(write(tmp_path, document), a_clip())
    assert refusal.value.sentence == f"found.json cannot be used: {why}."


def test_a_bad_file_of_a_series_is_named(tmp_path):
    openpose(tmp_path)
    (tmp_path / "walk_000000000001_keypoints.json").write_text('{"people": [{"pose_keypoints_2d": [1, 2, {}]}]}')
    with pytest.raises(Refusal) as refusal:
        read_keypoints(tmp_path, a_clip())
    assert refusal.value.sentence == ("walk_000000000001_keypoints.json cannot be used: person 1 has something else "
                                      "than numbers where numbers belong.")  # fmt: skip


def test_missing_files_and_empty_folders_are_refused(tmp_path):
    with pytest.raises(Refusal, match="There is no file .*Check the name, or choose another detector"):
        read_keypoints(tmp_path / "gone.json", a_clip())
    with pytest.raises(Refusal, match="holds no .json files with numbers in their names"):
        read_keypoints(tmp_path, a_clip())
