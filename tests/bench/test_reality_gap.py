"""What the network says in other crops is measured in the crop's and the body's own sizes."""

from fractions import Fraction

import numpy as np
import pytest

from backend.detect.crop import Crop
from backend.detect.pose import Pose
from backend.detect.pose_network import Answer
from backend.preview.write_film import written_film
from bench.crop_looks import PAIRS, PIXELS, SHIFT_PX, Looks, looks_at, other_crops, sampled_pictures
from bench.reality_gap import BONES, bone_lengths_m, figures, spread_of

CROP = Crop((80.0, 60.0), 64.0, 0.0)
BODY = np.random.default_rng(0).normal(scale=0.3, size=(33, 3))


class Network:
    """Says the same places in the picture whatever the crop, or the same places in the crop whatever the picture."""

    def __init__(self, follows_crop: bool) -> None:
        self.follows_crop = follows_crop

    def look(self, pieces, mirrored=False, masks=False) -> list[Answer]:
        return [self._answer(crop) for _, crop in pieces]

    def _answer(self, crop: Crop) -> Answer:
        middle_px = np.array(crop.middle_px if self.follows_crop else CROP.middle_px)
        pose = Pose(np.tile(middle_px, (33, 1)), np.full(33, 0.95), BODY)
        return Answer(pose, 1.0, crop, CROP, None)


class FakeDetector:
    def __init__(self, follows_crop: bool) -> None:
        self.poses, self.search = Network(follows_crop), self

    def look(self, rgb, everywhere=False):
        return [type("Candidate", (), {"crop": CROP})()]


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    path = tmp_path_factory.mktemp("films") / "grey.mp4"
    with written_film(path, Fraction(25), 160, 120, 30) as append:
        for _ in range(20):
            append(np.full((120, 160, 3), 128, np.uint8))
    return path


def test_a_network_that_sees_the_same_in_every_crop_is_sure(film) -> None:
    looks = looks_at(film, FakeDetector(follows_crop=False))
    assert len(looks.picture) == 2 * PAIRS
    assert all(np.abs(off).max() == 0 for off in (*looks.off_crop.values(), *looks.off_m.values()))


def test_one_that_follows_the_crop_is_off_by_the_shift(film) -> None:
    looks = looks_at(film, FakeDetector(follows_crop=True))
    np.testing.assert_allclose(looks.off_crop["shifted"], np.linalg.norm(SHIFT_PX) / PIXELS)
    np.testing.assert_allclose(looks.off_crop["rescaled"], 0, atol=1e-12)


def test_crops_are_shifted_along_their_own_axes() -> None:
    turned = Crop((10.0, 20.0), 512.0, np.pi / 2)
    shifted, smaller, larger = other_crops(turned)
    np.testing.assert_allclose(np.subtract(shifted.middle_px, turned.middle_px), [6.0, 8.0], atol=1e-9)
    assert smaller.side_px < turned.side_px < larger.side_px


@pytest.mark.parametrize("count", [1, 2, 5, 1000])
def test_pictures_are_spread_over_the_clip_in_pairs(count) -> None:
    wanted = sampled_pictures(count)
    assert len(wanted) == 2 * PAIRS and wanted.min() >= 0 and wanted.max() <= count - 1
    if count == 1000:
        assert (wanted[1::2] - wanted[::2] == 1).all() and np.ptp(wanted) > 700


def made_up_looks(camera: np.ndarray, picture: np.ndarray) -> Looks:
    count = len(camera)
    return Looks(picture, np.full((count, 33), 0.95), np.ones((count, 33), bool), camera, np.full(count, 200.0),
                 dict.fromkeys(("mirrored", "shifted", "rescaled"), np.full((count, 33), 0.01)),
                 dict.fromkeys(("mirrored", "shifted", "rescaled"), np.full((count, 33, 3), [0.03, 0.04, 0.1])),
                 )  # fmt: skip


def test_wobble_is_that_of_the_sizes_drawn() -> None:
    sizes = 1 + 0.05 * np.random.default_rng(1).normal(size=2000)
    found = figures(made_up_looks(sizes[:, None, None] * BODY, np.arange(2000)))
    lengths_mm = 1e3 * bone_lengths_m(BODY[None])[0]
    assert found["bones' wobble over the clip %"] == pytest.approx(5, rel=0.05)
    between = 0.05 * 2**0.5 * np.sqrt(np.square(lengths_mm).mean())
    assert found["bones' wobble between neighbours mm"] == pytest.approx(between, rel=0.06)
    assert len(BONES) == 10


def test_pictures_that_are_no_neighbours_tell_nothing_of_short_wobble() -> None:
    found = figures(made_up_looks(np.tile(BODY, (3, 1, 1)), np.array([1, 2, 5])))
    assert np.isnan(found["bones' wobble between neighbours mm"])


def test_disagreement_is_told_in_thousandths_and_millimetres_and_scores_in_shares() -> None:
    found = figures(made_up_looks(np.tile(BODY, (4, 1, 1)), np.arange(4)))
    assert found["mirrored, 50 %: crop's side ‰"] == pytest.approx(10)
    assert found["shifted, 95 %: across mm"] == pytest.approx(50)
    assert found["rescaled, 50 %: depth mm"] == pytest.approx(100)
    assert found["scores 0.9 to 0.99 %"] == 100


def test_the_middle_of_clips_leaves_out_what_is_not_known() -> None:
    assert spread_of([{"a": 1.0}, {"a": np.nan}, {"a": 3.0}])["a"] == pytest.approx((2.0, 1.2, 2.8))
