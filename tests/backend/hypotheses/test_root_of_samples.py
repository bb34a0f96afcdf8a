"""Where samples stand."""

from __future__ import annotations

import numpy as np

from backend.cameras.projection import projected
from backend.hypotheses.root_of_samples import certainty_of, roots_of
from backend.hypotheses.samples import Samples
from tests.backend.lift.made_up_track import K

from .made_up_lift import some_lift

FRAMES = len(some_lift().root_camera)


def test_who_is_not_turned_stays() -> None:
    np.testing.assert_allclose(roots_of(some_lift(), np.zeros((2, FRAMES, 22, 3))),
                               np.tile(some_lift().root_camera, (2, 1, 1)), atol=1e-9)  # fmt: skip


def test_a_turned_body_is_moved_to_where_it_was_seen() -> None:
    lift, turns = some_lift(), np.zeros((1, FRAMES, 22, 3))
    turns[..., 2] = 0.2     # the whole body about the optical axis, through its pelvis
    own = projected(Samples(lift, 0.0 * turns, lift.root_camera[None]).landmarks_camera()[0], K)

    def beside(root: np.ndarray) -> float:
        points = Samples(lift, turns, root).landmarks_camera()[0]
        return float((certainty_of(lift) * np.square(projected(points, K) - own).sum(-1)).mean())

    assert beside(roots_of(lift, turns)) < beside(lift.root_camera[None])


def test_samples_do_not_hear_each_other() -> None:
    chance = np.random.default_rng(2)
    turns = 0.2 * chance.normal(size=(3, 1, 22, 3)).repeat(FRAMES, axis=1)
    together = roots_of(some_lift(), turns)
    np.testing.assert_allclose(roots_of(some_lift(), turns[1:2])[0], together[1], atol=1e-9)
