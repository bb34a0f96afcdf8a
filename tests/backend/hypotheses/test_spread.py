import numpy as np
import pytest

from backend.hypotheses.spread import SCALE, spread_m, weighted_quantile
from backend.lift.lift import Lift
from motion.skeleton import BODY_JOINT_COUNT, JOINT
from tests.backend.hypotheses.slow_samples import only, slow_samples, turned_samples
from tests.backend.lift.refine.clips import walker


@pytest.fixture(scope="module")
def lift() -> Lift:
    return walker(frames=12)


def alike(lift: Lift, count: int) -> np.ndarray:
    return np.full((count, len(lift.root_camera), BODY_JOINT_COUNT), 1.0 / count)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("count", [1, 2, 7, 40])
def test_equal_weights_make_the_known_quantile(share: float, count: int) -> None:
    values = np.random.default_rng(count).normal(size=(count, 5, 3))
    np.testing.assert_allclose(weighted_quantile(values, np.ones_like(values), share),
                               np.quantile(values, share, axis=0, method="interpolated_inverted_cdf"))  # fmt: skip


def test_a_value_of_twice_the_weight_counts_nearly_as_two() -> None:
    values = np.random.default_rng(0).normal(size=400)
    weights = np.where(values > 0.3, 2.0, 1.0)
    twice = np.concatenate([values, values[values > 0.3]])
    assert weighted_quantile(values, weights, 0.9) == pytest.approx(np.quantile(twice, 0.9), abs=0.01)


def test_values_without_weight_do_not_count() -> None:
    values, weights = np.array([3.0, 1.0, 99.0, 2.0]), np.array([1.0, 1.0, 1e-9, 1.0])
    assert weighted_quantile(values, weights, 0.9) == pytest.approx(2.7)


def test_a_wrist_that_may_be_elsewhere_is_spread_by_as_much(lift: Lift) -> None:
    """All but one of the samples turn the left forearm by half a radian out of the picture."""
    turns = np.repeat(only(lift, "left_elbow", (0.0, 0.5, 0.0))[None], 9, axis=0)
    turns[0] = 0.0
    spread = spread_m(turned_samples(lift, turns), lift, alike(lift, 9), 1.0)
    joints = turned_samples(lift, turns[:2]).joints_camera()
    about_pelvis = joints - joints[:, :, :1]
    np.testing.assert_allclose(spread, np.linalg.norm(about_pelvis[1] - about_pelvis[0], axis=-1), atol=1e-9)
    moved = set(np.flatnonzero(spread.max(axis=0) > 1e-6))
    assert moved == {JOINT["left_wrist"]}


def test_it_grows_with_the_samples_and_with_the_scale(lift: Lift) -> None:
    little, much = (spread_m(slow_samples(lift, 20, turn_rad), lift, alike(lift, 20)) for turn_rad in (0.05, 0.2))
    limbs = [JOINT[f"{side}_{name}"] for side in ("left", "right") for name in ("wrist", "ankle")]
    assert (little[:, limbs] < 0.5 * much[:, limbs]).mean() > 0.9
    wider = spread_m(slow_samples(lift, 20, 0.05), lift, alike(lift, 20), 1.3 * SCALE)
    np.testing.assert_allclose(wider, 1.3 * little)


def test_samples_that_are_the_main_motion_leave_no_doubt(lift: Lift) -> None:
    assert spread_m(slow_samples(lift, 4, 0.0), lift, alike(lift, 4)).max() < 1e-9
