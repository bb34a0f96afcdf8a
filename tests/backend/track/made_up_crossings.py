"""Two people who pass, and what a detector's followings make of it."""

from __future__ import annotations

import numpy as np
import pytest

from backend.track.follow import TrackSettings, follow
from backend.track.tracks import Track
from tests.backend.track.made_up_people import Walker, even_clip, found, unseen, walking, who

COUNT = 120
RED, NAVY = (45.0, 55.0, 30.0), (20.0, 10.0, -35.0)
CLOTHES = pytest.mark.parametrize("front, behind", [pytest.param(RED, NAVY, id="other clothes"),
                                                    pytest.param(NAVY, NAVY, id="same clothes")])  # fmt: skip


def between(walker: int, first: int, last: int, *others: tuple[int, int, int]) -> np.ndarray:
    """A following of `walker` from `first` to before `last`, and then or before of `others` (walker, first, last)."""
    whom = np.full(COUNT, -1)
    for number, begin, end in ((walker, first, last), *others):
        whom[begin:end] = number
    return whom


def crossing(front, behind, hidden=(54, 67)) -> list[Walker]:
    """Number 0 passes in front of number 1, who is hidden meanwhile."""
    passing = walking((1500, 510), (300, 510), COUNT)
    return [Walker(walking((300, 500), (1500, 500), COUNT), 420, clothes=front),
            Walker(unseen(passing, *hidden), 400, clothes=behind)]  # fmt: skip


def tracks_of(walkers, rng, followings=()) -> list[Track]:
    clip = even_clip(COUNT)
    return follow(found(walkers, clip.times_s, rng, followings), clip, TrackSettings())


def assert_two_people(tracks: list[Track], hidden=(54, 67)) -> None:
    assert sorted(map(who, (track.landmarks_camera for track in tracks)), key=min) == [{0}, {1}]
    front, behind = sorted(tracks, key=lambda track: min(who(track.landmarks_camera)))
    gone = np.flatnonzero(~behind.seen)
    assert front.seen.all() and np.ptp(gone) == len(gone) - 1
    # Whoever is about to be hidden may be taken for a double just before.
    assert hidden[0] - 4 <= gone[0] <= hidden[0] and hidden[1] - 1 <= gone[-1] <= hidden[1] + 3
