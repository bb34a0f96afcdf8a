"""Samples on the landmarks."""

from __future__ import annotations

import numpy as np

from backend.cameras.projection import projected
from backend.hypotheses.fit_to_picture import fitted
from backend.hypotheses.root_of_samples import roots_of
from backend.hypotheses.samples import Samples
from backend.lift.refine.settings import RefineSettings
from backend.lift.refine.trust import trust_in
from tests.backend.lift.made_up_track import K

from .made_up_lift import some_lift

FRAMES = len(some_lift().root_camera)


def askew(axis: int, size_rad: float = 0.35) -> Samples:
    """Both forearms turned about one axis of the camera, in two samples of unlike size."""
    turns = np.zeros((2, FRAMES, 22, 3))
    turns[0, :, 18:20, axis], turns[1, :, 18:20, axis] = size_rad, 0.5 * size_rad
    return Samples(some_lift(), turns, roots_of(some_lift(), turns))


def off(samples: Samples) -> np.ndarray:
    """In sigmas, of the landmarks without what the lifter sees wrong in them."""
    trust = trust_in(some_lift())
    beside_px = np.linalg.norm(projected(samples.landmarks_camera(), K) - trust.landmarks_px, axis=-1)
    return np.square(beside_px / trust.sigma_px).mean((1, 2))


def test_samples_come_nearer_to_the_landmarks() -> None:
    samples = askew(2)
    once, twice = (fitted(samples, RefineSettings(rounds=rounds)) for rounds in (1, 2))
    assert (off(once) < off(samples)).all() and (off(twice) < 1.01 * off(once)).all()


def test_no_rounds_change_nothing() -> None:
    samples = askew(2)
    assert fitted(samples, RefineSettings(rounds=0)) is samples


def test_what_the_picture_does_not_show_is_kept_better_than_what_it_shows() -> None:
    """Turned about the viewing axis a forearm is seen askew; about the other two it mostly points elsewhere."""
    settings = RefineSettings(rounds=1)
    kept = [np.linalg.norm(fitted(askew(axis), settings).turns_rad[0, :, 18:20], axis=-1).mean()
            for axis in range(3)]  # fmt: skip
    assert kept[2] < max(kept[:2])


def test_samples_do_not_hear_each_other() -> None:
    both = fitted(askew(1), RefineSettings(rounds=1))
    alone = Samples(both.lift, askew(1).turns_rad[1:], askew(1).root_camera[1:])
    np.testing.assert_allclose(fitted(alone, RefineSettings(rounds=1)).turns_rad[0], both.turns_rad[1], atol=1e-9)
