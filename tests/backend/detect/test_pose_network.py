"""How the landmark network's numbers become a body in the picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backend.detect.crop import Crop
from backend.detect.detector import DEFAULT_MODEL, POSE_NETWORK, SEARCH_NETWORK
from backend.detect.models.model_files import find_model
from backend.detect.models.task_bundle import network_in
from backend.detect.networks.engines import open_network
from backend.detect.person_search import PersonSearch
from backend.detect.pose_network import ALL_POINTS, HEAT_PX, MIRRORED, PoseNetwork, mean_of, refined
from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from backend.video.pictures import pictures
from motion.landmarks import LANDMARK

SAMPLE = Path(__file__).parents[3] / "assets/sample/sample.mp4"
SIZE = 256


class MadeUpNetwork:
    """Sees a body whose points lie at the same place of every crop, unless the crop's middle is black."""

    side_px = SIZE

    def __init__(self, seed: int = 0, with_mask: bool = True) -> None:
        rng = np.random.default_rng(seed)
        self.points = np.concatenate([rng.uniform(60, 200, (ALL_POINTS, 3)), rng.normal(0, 3, (ALL_POINTS, 2))], axis=1)
        self.metres = rng.normal(0, 0.4, (ALL_POINTS, 3))
        self.with_mask = with_mask
        self.seen: list[np.ndarray] = []

    def __call__(self, shown: np.ndarray) -> tuple[np.ndarray, ...]:
        self.seen.append(shown)
        count = len(shown)

        def repeated(values: np.ndarray, *shape: int) -> np.ndarray:
            return np.repeat(np.reshape(values, (1, *shape)), count, axis=0).astype(np.float32)

        cold = repeated(np.full((HEAT_PX, HEAT_PX, ALL_POINTS), -9.0), HEAT_PX, HEAT_PX, ALL_POINTS)
        mask = (repeated(np.ones((SIZE, SIZE)), SIZE, SIZE, 1),) if self.with_mask else ()
        presence = (shown[:, SIZE // 2, SIZE // 2, :1] > 0).astype(np.float32)
        return (repeated(self.points, 5 * ALL_POINTS), presence, *mask, cold, repeated(self.metres, 3 * ALL_POINTS))


def looked(network: MadeUpNetwork, crop: Crop, mirrored: bool = False, masks: bool = False):
    grey = np.full((720, 1280, 3), 90, np.uint8)
    return PoseNetwork(network, lambda: network).look([(grey, crop)], mirrored, masks)[0]


def test_landmarks_follow_the_crop():
    network = MadeUpNetwork()
    plain = looked(network, Crop((400.0, 300.0), 256.0, 0.0))
    np.testing.assert_allclose(plain.pose.landmarks_px, network.points[:33, :2] + [400 - 128, 300 - 128], atol=1e-3)
    turned = looked(network, Crop((400.0, 300.0), 512.0, np.pi / 2))
    about = 2 * (network.points[:33, :2] - 128)
    expected = np.stack([-about[:, 1], about[:, 0]], axis=1)
    np.testing.assert_allclose(turned.pose.landmarks_px - [400, 300], expected, atol=1e-3)


def test_metres_turn_with_the_crop_but_keep_their_size():
    network = MadeUpNetwork()
    plain = looked(network, Crop((400.0, 300.0), 256.0, 0.0)).pose.landmarks_camera
    turned = looked(network, Crop((400.0, 300.0), 900.0, np.pi / 2)).pose.landmarks_camera
    np.testing.assert_allclose(turned, np.stack([-plain[:, 1], plain[:, 0], plain[:, 2]], axis=1), atol=1e-6)


def test_a_mirrored_look_undoes_the_mirror():
    network = MadeUpNetwork()
    crop = Crop((400.0, 300.0), 300.0, 0.3)
    direct, mirrored = looked(network, crop), looked(network, crop, mirrored=True)
    assert (network.seen[1][0] == network.seen[0][0][:, ::-1]).mean() > 0.95
    left, right = LANDMARK["left_wrist"], LANDMARK["right_wrist"]
    from_crop = np.linalg.inv(np.vstack([crop.picture_from_crop(SIZE), [0, 0, 1]]))[:2]
    in_crop = mirrored.pose.landmarks_px @ from_crop[:, :2].T + from_crop[:, 2]
    np.testing.assert_allclose(in_crop[left], [SIZE - network.points[right, 0], network.points[right, 1]], atol=1e-3)
    np.testing.assert_allclose(mirrored.pose.scores[left], direct.pose.scores[right])
    assert (MIRRORED[MIRRORED] == np.arange(33)).all() and MIRRORED[0] == 0


def test_the_mean_lies_between_and_says_how_far_apart():
    network = MadeUpNetwork()
    one, other = looked(network, Crop((400.0, 300.0), 300.0, 0.0)), looked(network, Crop((406.0, 308.0), 300.0, 0.0))
    both = mean_of(one, other)
    np.testing.assert_allclose(both.pose.landmarks_px, one.pose.landmarks_px + [3, 4])
    np.testing.assert_allclose(both.pose.doubts_px, 10)


def test_masks_are_told_only_where_they_are_asked_for():
    slim, whole = MadeUpNetwork(with_mask=False), MadeUpNetwork()
    poses = PoseNetwork(slim, lambda: whole)
    piece = (np.full((99, 99, 3), 90, np.uint8), Crop((50.0, 50.0), 80.0, 0.0))
    assert poses.look([piece])[0].mask is None and not whole.seen
    assert poses.look([piece], masks=True)[0].mask.shape == (SIZE, SIZE)


def test_landmarks_outside_of_the_picture_are_never_sure():
    answer = looked(MadeUpNetwork(), Crop((-600.0, 300.0), 256.0, 0.0))
    assert answer.pose.scores.max() <= 0.3


def test_a_warm_spot_draws_its_landmark_and_a_cold_one_does_not():
    heat = np.full((1, HEAT_PX, HEAT_PX, 2), -20.0, np.float32)
    heat[0, 22, 31, :] = [5.0, -1.0]        # row 22, column 31: warmer and colder than a half
    points = np.array([[[30.2, 20.9], [30.2, 20.9]]])
    np.testing.assert_allclose(refined(points, heat), [[[31, 22], [30.2, 20.9]]], atol=1e-5)


@pytest.mark.parametrize("place", [(-3.0, 20.0), (20.0, 64.0), (63.9, 63.9), (0.0, 0.0)])
def test_landmarks_at_and_beyond_the_border_of_the_heat_map_stay_finite(place):
    heat = np.full((1, HEAT_PX, HEAT_PX, 1), 3.0, np.float32)
    there = refined(np.array([[place]]), heat)[0, 0]
    inside = all(0 <= value < HEAT_PX for value in place)
    assert np.isfinite(there).all() and (inside or tuple(there) == place)


@pytest.fixture(scope="module")
def first_pictures() -> list[np.ndarray]:
    return [picture.rgb for picture in pictures(open_clip(SAMPLE, VideoSettings(out_s=0.2)))]


def test_a_single_look_lands_where_mediapipes_image_mode_does(first_pictures):
    import mediapipe as mp
    from mediapipe.tasks.python import BaseOptions, vision

    file = find_model(DEFAULT_MODEL)
    options = vision.PoseLandmarkerOptions(base_options=BaseOptions(model_asset_buffer=file.read_bytes()))
    network = open_network(network_in(file, POSE_NETWORK), "litert")
    search = PersonSearch(open_network(network_in(file, SEARCH_NETWORK), "litert"))
    apart_px, apart_m = [], []
    with vision.PoseLandmarker.create_from_options(options) as reference:
        for rgb in first_pictures:
            result = reference.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb))
            theirs_px = np.array([(p.x * rgb.shape[1], p.y * rgb.shape[0]) for p in result.pose_landmarks[0]])
            theirs_m = np.array([(p.x, p.y, p.z) for p in result.pose_world_landmarks[0]])
            ours = PoseNetwork(network, lambda: network).look([(rgb, search.look(rgb)[0].crop)])[0].pose
            apart_px.append(np.linalg.norm(ours.landmarks_px - theirs_px, axis=-1))
            apart_m.append(np.linalg.norm(ours.landmarks_camera - theirs_m, axis=-1))
    assert np.median(apart_px) < 0.5 and np.median(apart_m) < 0.005
