from collections.abc import Iterator

import numpy as np
import pytest

from backend.body.actor import AVERAGE_HEIGHT_M
from backend.multiview.scale.bone_lengths import SEGMENTS, BoneLengths, lengths_at_rest
from backend.multiview.scale.heights import EVERYBODY, given_height
from backend.multiview.scale.shape_of_bones import body_of_bones, shape_of_bones
from motion.arrays import Array
from motion.body import Body, read_open_body
from motion.landmarks import LANDMARK_COUNT
from motion.smplx_file import read_smplx
from tests.smplx_model import write_smplx_model

MODEL = read_open_body().light()
USUAL = np.exp([segment.usual_log for segment in SEGMENTS])
UNIT_M = 0.37


def body(shape: Array, height_m: float) -> Body:
    return MODEL.shaped(shape, height_m / MODEL.shaped(shape).height)


def seen(person: Body, noise_log: Array | float = 0.0) -> BoneLengths:
    """As a clip of them would show their bones, in units of UNIT_M."""
    lengths = lengths_at_rest(person.points) * USUAL * np.exp(noise_log) / UNIT_M
    return BoneLengths(lengths, np.full(len(SEGMENTS), 0.005))


def people(rng: np.random.Generator, count: int) -> Iterator[Body]:
    """Tall ones with half of the build of tall people, as in training."""
    growth_m = MODEL.shaped(np.array([1.0])).height - MODEL.shaped(np.zeros(0)).height
    for height_m in AVERAGE_HEIGHT_M * np.exp(rng.normal(0.0, EVERYBODY.sigma_log, count)):
        shape = rng.normal(0.0, [0.5, 1.2, 0.7, 0.8, 1.0, 1.0, 1.0, 1.0])
        shape[0] += 0.5 * (height_m - MODEL.shaped(np.zeros(0)).height) / growth_m
        yield body(shape.clip(-2.0, 2.0), height_m)


def test_the_size_is_told_a_fifth_better_than_by_everybodys_mean(rng):
    noise = rng.normal(0.0, 0.02, (300, len(SEGMENTS)))
    everybody = list(people(rng, 300))
    found = [shape_of_bones(seen(person, off), MODEL) for person, off in zip(everybody, noise, strict=True)]
    error_log = np.log([each.metres_per_unit / UNIT_M for each in found])
    mean_log = np.log([AVERAGE_HEIGHT_M / person.height for person in everybody])
    assert np.median(np.abs(error_log)) < 0.8 * np.median(np.abs(mean_log))
    assert 0.7 < np.std(error_log / [each.sigma_log for each in found]) < 1.2


def test_with_the_height_given_the_size_is_nearly_certain(rng):
    for person in people(rng, 10):
        found = shape_of_bones(seen(person), MODEL, given_height(person.height))
        assert found.height_m == pytest.approx(person.height, rel=2e-3)
        assert found.metres_per_unit == pytest.approx(UNIT_M, rel=0.015)
        assert 0.01 < found.sigma_log < 0.025


def test_a_single_length_tells_little_more_than_how_tall_people_are():
    bones = seen(body(np.zeros(0), 1.9))
    only_thigh = BoneLengths(np.where(np.arange(len(SEGMENTS)) == 0, bones.lengths, np.nan), bones.sigma_log)
    found = shape_of_bones(only_thigh, MODEL)
    assert found.height_m == pytest.approx(AVERAGE_HEIGHT_M, rel=0.01)
    assert found.sigma_log > EVERYBODY.sigma_log


def test_without_any_length_nothing_is_told():
    nothing = BoneLengths(np.full(len(SEGMENTS), np.nan), np.full(len(SEGMENTS), np.inf))
    assert shape_of_bones(nothing, MODEL) is None


def test_the_unit_does_not_matter(rng):
    person = next(people(rng, 1))
    found, other = shape_of_bones(seen(person), MODEL), shape_of_bones(seen(person).scaled(1000.0), MODEL)
    np.testing.assert_allclose(other.shape, found.shape, atol=1e-6)
    assert other.metres_per_unit == pytest.approx(found.metres_per_unit / 1000.0)


def landmarks_of(person: Body, frames: int = 40) -> Array:
    """[T, 33, 3] m, standing still, seen without the habits of detectors."""
    return np.broadcast_to(person.points[:LANDMARK_COUNT], (frames, LANDMARK_COUNT, 3))


def test_bodies_have_the_bones_that_are_seen(rng):
    for person in people(rng, 5):
        for height_m in (None, person.height):
            found = body_of_bones(landmarks_of(person), MODEL, height_m)
            longer_log = np.log(lengths_at_rest(found.points) / lengths_at_rest(person.points) * USUAL)
            assert np.abs(longer_log[:4]).max() < 0.05
    assert found.height == pytest.approx(person.height)


def test_an_smplx_file_gets_a_body_of_its_own_as_tall(tmp_path):
    model = read_smplx(write_smplx_model(tmp_path / "SMPLX_NEUTRAL.npz"), MODEL)
    found = body_of_bones(landmarks_of(body(np.zeros(0), 1.8)), model, 1.8)
    assert found.model is model and found.scale == 1.0
    assert found.height == pytest.approx(1.8, abs=0.02)


def test_nobody_seen_is_somebody_average():
    nothing = np.full((40, LANDMARK_COUNT, 3), np.nan)
    assert body_of_bones(nothing, MODEL).height == pytest.approx(AVERAGE_HEIGHT_M)
    assert body_of_bones(nothing, MODEL, 1.52).height == pytest.approx(1.52)
