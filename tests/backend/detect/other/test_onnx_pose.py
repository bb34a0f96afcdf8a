"""A user's network sees what is in the crop, however turned, and its answers lie where they are in the picture."""

from __future__ import annotations

import builtins
from pathlib import Path

import cv2
import numpy as np
import pytest

from backend.command_line.names import BUILD
from backend.detect.crop import Crop
from backend.detect.other.onnx_pose import OnnxPose
from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from backend.video.pictures import pictures
from motion.landmarks import LANDMARK
from motion.refusal import Refusal
from tests.backend.detect.other.made_up_onnx import spot_network

SAMPLE = Path(__file__).parents[4] / "assets" / "sample" / "sample.mp4"
COCO_LEFT_SHOULDER, COCO_RIGHT_SHOULDER, COCO_LEFT_HIP, COCO_COUNT = 5, 6, 11, 17
SPOTS = {"left_shoulder": (1.0, 0.0, 0.0), "right_shoulder": (0.0, 1.0, 0.0), "left_hip": (0.0, 0.0, 1.0)}
PLACES_PX = {"left_shoulder": (301.0, 148.0), "right_shoulder": (262.0, 171.0), "left_hip": (330.0, 233.0)}
CROP = Crop((300.0, 190.0), 240.0, 0.0)


def weights(count: int = COCO_COUNT) -> np.ndarray:
    """Red, green and blue spots are shoulders and a hip; nothing else is seen. White and grey answer less than zero."""
    found = np.zeros((count, 4))
    found[:, 3] = -1.0
    for keypoint, colour in zip((COCO_LEFT_SHOULDER, COCO_RIGHT_SHOULDER, COCO_LEFT_HIP), SPOTS.values()):
        found[keypoint, :3] = 1.5 * np.array(colour) - 1.0
        found[keypoint, 3] = -2.0
    return found


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    """A real picture with a coloured spot of 9 px at each place."""
    rgb = next(iter(pictures(open_clip(SAMPLE, VideoSettings())))).rgb
    grey = np.repeat(rgb.mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8)
    for name, place in PLACES_PX.items():
        cv2.circle(grey, [round(part) for part in place], 4, [round(255 * part) for part in SPOTS[name]], cv2.FILLED)
    return grey


@pytest.mark.parametrize("turn_rad", [0.0, 0.3, -1.2, np.pi / 2, 3.0])
@pytest.mark.parametrize("width_px, height_px, stride_px", [(192, 256, 0), (288, 384, 0), (192, 256, 4), (256, 256, 0)])
def test_places_in_turned_crops_are_places_in_the_picture(turn_rad, width_px, height_px, stride_px, picture, tmp_path):
    path = spot_network(tmp_path / "spots.onnx", weights(), width_px, height_px, stride_px=stride_px)
    network = OnnxPose(path, "cpu", 1)
    crop = Crop(CROP.middle_px, CROP.side_px, turn_rad)
    (pose,) = network.look(picture, [crop])
    # Anywhere on the flat spot is highest, to a network pixel or to half a cell of its heat map.
    slack_px = 4.5 + max(stride_px, 1) * crop.side_px / height_px
    for name, place in PLACES_PX.items():
        assert np.linalg.norm(pose.landmarks_px[LANDMARK[name]] - place) < slack_px, name
    assert pose.is_seen.sum() == len(PLACES_PX) and np.all((pose.scores > 0) == pose.is_seen)
    assert pose.number == -1


def test_a_single_pixel_is_found_to_half_a_pixel_of_the_network(tmp_path):
    network = OnnxPose(spot_network(tmp_path / "spots.onnx", weights(), 192, 256), "cpu", 1)
    for turn_rad in (0.0, 0.7, np.pi):
        crop = Crop((31.5, 30.0), 40.0, turn_rad)     # 6.4 px of the network for one of the picture
        rgb = np.zeros((64, 64, 3), np.uint8)
        rgb[27, 35] = (255, 0, 0)
        (pose,) = network.look(rgb, [crop])
        np.testing.assert_allclose(pose.landmarks_px[LANDMARK["left_shoulder"]], (35.0, 27.0), atol=0.71 / 6.4)


@pytest.mark.parametrize("batch", ["B", 1, 2])
def test_each_crop_has_its_own_answer_whatever_the_batch(batch, picture, tmp_path):
    network = OnnxPose(spot_network(tmp_path / "spots.onnx", weights(), 192, 256, batch), "cpu", 1)
    elsewhere = Crop((60.0, 60.0), 80.0, 0.0)
    poses = network.look(picture, [CROP, elsewhere, CROP])
    assert [bool(pose.is_seen.any()) for pose in poses] == [True, False, True]
    np.testing.assert_array_equal(poses[0].landmarks_px, poses[2].landmarks_px)
    assert np.isnan(poses[1].landmarks_px).all() and not poses[1].scores.any()
    assert network.look(picture, []) == []


def test_without_cuda_the_cpu_serves(tmp_path):
    network = OnnxPose(spot_network(tmp_path / "spots.onnx", weights(), 192, 256), "cuda", 1)
    assert network.keypoint_set.name == "COCO"


def test_the_number_of_keypoints_says_which_they_are(tmp_path):
    network = OnnxPose(spot_network(tmp_path / "spots.onnx", weights(26), 192, 256), "cpu", 1)
    assert network.keypoint_set.name == "Halpe 26"


def not_onnx(path: Path) -> None:
    path.write_bytes(b"no network")


def seven_keypoints(path: Path) -> None:
    spot_network(path, weights(12)[:7], 192, 256)


def tiny(path: Path) -> None:
    spot_network(path, weights(), 16, 16)


def cut_in_half(path: Path) -> None:
    data = spot_network(path, weights(), 192, 256).read_bytes()
    path.write_bytes(data[: len(data) // 2])


@pytest.mark.parametrize("make, why", [
    (not_onnx, "it is no ONNX network, is damaged or needs other operators"),
    (cut_in_half, "it is no ONNX network, is damaged or needs other operators"),
    (seven_keypoints, "it gives 7 keypoints, and known are 17 (COCO), 18 (OpenPose COCO), 25 (OpenPose BODY_25), "
                      "25 (OpenPose BODY_25B), 26 (Halpe 26), 133 (COCO-WholeBody), 136 (Halpe 136)"),
    (tiny, "its input must be pictures [B, 3, H, W] of one size and of floats, and it takes tensor(float) "
           "['B', 3, 16, 16]"),
])  # fmt: skip
def test_a_file_that_is_no_pose_network_says_what_it_is(make, why, tmp_path):
    make(tmp_path / "mine.onnx")
    with pytest.raises(Refusal) as refusal:
        OnnxPose(tmp_path / "mine.onnx", "cpu", 1)
    assert refusal.value.code == "bad-model"
    assert refusal.value.sentence == f"mine.onnx cannot be used: {why}."


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(Refusal, match="There is no file .*gone.onnx"):
        OnnxPose(tmp_path / "gone.onnx", "cpu", 1)


def test_without_onnxruntime_a_sentence_says_what_to_do(tmp_path, monkeypatch):
    real = builtins.__import__

    def without(name, *rest, **named):
        if name == "onnxruntime":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Refusal, match=f"needs the package onnxruntime, which is not installed. Run `{BUILD}"):
        OnnxPose(spot_network(tmp_path / "spots.onnx", weights(), 192, 256), "cpu", 1)
