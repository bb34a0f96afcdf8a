import numpy as np
import pytest

from backend.hypotheses.modes import modes_of

CENTRES = {"nearer": (0.0, 0.0, -0.2), "farther": (0.0, 0.05, 0.3), "higher": (0.02, -0.25, 0.0)}


def samples_at(rng, **counts: int):
    """Offsets [N, 2, 3] about centres, and of which each is; "main" is about zero."""
    names = [name for name, count in counts.items() for _ in range(count)]
    centres = np.array([CENTRES.get(name, (0.0, 0.0, 0.0)) for name in names])
    offsets = np.stack([centres, 0.4 * centres], axis=1)
    return offsets + rng.normal(size=offsets.shape) * 0.01, np.array(names)


def test_planted_modes_are_found_with_their_members(rng):
    offsets, names = samples_at(rng, main=12, nearer=5, farther=2, higher=3)
    modes = modes_of(offsets, np.ones(len(names)))
    assert {frozenset(np.flatnonzero(mode.members)) for mode in modes} == {
        frozenset(np.flatnonzero(names == name)) for name in CENTRES}  # fmt: skip
    for mode in modes:
        assert mode.members[mode.sample]
        assert mode.share == pytest.approx(mode.members.mean())


def test_the_sample_in_the_middle_stands_for_its_mode():
    depths = np.array([0.20, 0.22, 0.27, 0.0, 0.0, 0.01])
    offsets = np.zeros((6, 1, 3))
    offsets[:, 0, 2] = depths
    (mode,) = modes_of(offsets, np.ones(6))
    assert mode.sample == 1
    (mode,) = modes_of(offsets, np.array([1.0, 1.0, 5.0, 1.0, 1.0, 1.0]))
    assert mode.sample == 2, "by weight"
    (mode,) = modes_of(offsets, np.array([1.0, 0.1, 0.9, 1.0, 1.0, 1.0]))
    assert mode.sample != 1, "and not one that hardly counts"


def test_few_samples_are_no_mode(rng):
    offsets, names = samples_at(rng, main=59, nearer=2)
    assert modes_of(offsets, np.ones(len(names))) == []


def test_what_is_near_the_main_motion_is_no_mode(rng):
    assert modes_of(rng.normal(size=(30, 2, 3)) * 0.02, np.ones(30)) == []


def test_modes_are_apart_from_each_other_and_from_the_main_motion(rng):
    for _ in range(50):
        offsets, weights = rng.normal(size=(20, 2, 3)) * rng.uniform(0.02, 0.2), rng.uniform(0.1, 1.0, 20)
        medoids = [np.zeros((2, 3)), *(offsets[mode.sample] for mode in modes_of(offsets, weights))]
        apart = [np.linalg.norm(one - other, axis=-1).max() for k, one in enumerate(medoids) for other in medoids[:k]]
        assert min(apart, default=1.0) > 0.05
