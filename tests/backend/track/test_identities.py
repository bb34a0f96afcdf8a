"""People keep who they are through crossings, hiding and leaving, whatever the detector's followings did."""

from __future__ import annotations

import numpy as np
import pytest

from backend.detect.detections import Detections
from backend.track.follow import TrackSettings, follow
from backend.track.tracks import Track
from tests.backend.track.made_up_people import Walker, even_clip, found, unseen, walking, who

COUNT = 120
RED, NAVY = (45.0, 55.0, 30.0), (20.0, 10.0, -35.0)
BOTH = [pytest.param(RED, NAVY, id="other clothes"), pytest.param(NAVY, NAVY, id="same clothes")]


@pytest.fixture(params=range(3))
def rng(request) -> np.random.Generator:
    return np.random.default_rng(request.param)


def between(walker: int, first: int, last: int, *others: tuple[int, int, int]) -> np.ndarray:
    """A following of `walker` from `first` to before `last`, and then or before of `others` (walker, first, last)."""
    whom = np.full(COUNT, -1)
    for number, begin, end in ((walker, first, last), *others):
        whom[begin:end] = number
    return whom


def tracks_of(walkers, rng, followings=()) -> list[Track]:
    clip = even_clip(COUNT)
    return follow(found(walkers, clip.times_s, rng, followings), clip, TrackSettings())


def crossing(front, behind, hidden=(54, 67)) -> list[Walker]:
    """Number 0 passes in front of number 1, who is hidden meanwhile."""
    passing = walking((1500, 510), (300, 510), COUNT)
    return [Walker(walking((300, 500), (1500, 500), COUNT), 420, clothes=front),
            Walker(unseen(passing, *hidden), 400, clothes=behind)]  # fmt: skip


def assert_two_people(tracks: list[Track], hidden=(54, 67)) -> None:
    assert sorted(map(who, (track.landmarks_camera for track in tracks)), key=min) == [{0}, {1}]
    front, behind = sorted(tracks, key=lambda track: min(who(track.landmarks_camera)))
    gone = np.flatnonzero(~behind.seen)
    assert front.seen.all() and np.ptp(gone) == len(gone) - 1
    # Whoever is about to be hidden may be taken for a double just before.
    assert hidden[0] - 4 <= gone[0] <= hidden[0] and hidden[1] - 1 <= gone[-1] <= hidden[1] + 3


@pytest.mark.parametrize("front, behind", BOTH)
def test_who_is_hidden_behind_somebody_is_found_again(front, behind, rng):
    whole, before, after = between(0, 0, COUNT), between(1, 0, 54), between(1, 67, COUNT)
    assert_two_people(tracks_of(crossing(front, behind), rng, [whole, before, after]))


@pytest.mark.parametrize("front, behind", BOTH)
def test_a_following_that_stays_on_the_body_in_front_for_a_while_does_no_harm(front, behind, rng):
    before, after = between(1, 0, 54, (0, 54, 63)), between(1, 67, COUNT, (0, 59, 67))
    assert_two_people(tracks_of(crossing(front, behind), rng, [between(0, 0, COUNT), before, after]))


@pytest.mark.parametrize("front, behind", BOTH)
def test_a_following_that_goes_over_to_the_other_body_is_cut(front, behind, rng):
    """The one of the hidden person goes on with the body in front, whose own one ends as a double."""
    jumping, ends, found_again = between(1, 0, 54, (0, 54, COUNT)), between(0, 0, 58), between(1, 67, COUNT)
    assert_two_people(tracks_of(crossing(front, behind), rng, [jumping, ends, found_again]))


def test_two_followings_that_exchange_their_bodies_are_put_right_by_the_clothes(rng):
    """Both come to a stand one behind the other and go back where they came from."""
    there, back = np.linspace(0, 1, 60), np.linspace(1, 0, 60)
    way = np.concatenate([there, back])[:, None]
    walkers = [Walker([300, 500] + way * [600, 0], clothes=RED), Walker([1520, 505] - way * [600, 0], clothes=NAVY)]
    first, second = between(0, 0, 60, (1, 60, COUNT)), between(1, 0, 60, (0, 60, COUNT))
    tracks = tracks_of(walkers, rng, [first, second])
    assert sorted(map(who, (track.landmarks_camera for track in tracks)), key=min) == [{0}, {1}]


@pytest.mark.parametrize("front, behind", BOTH)
def test_followings_forwards_and_backwards_are_one_person_each(front, behind, rng):
    forwards = [between(0, 0, COUNT), between(1, 0, 54), between(1, 75, COUNT)]
    backwards = [between(0, 0, 40), between(1, 0, 30), between(1, 67, 75)]
    assert_two_people(tracks_of(crossing(front, behind), rng, forwards + backwards))


def test_who_goes_away_and_comes_back_is_known_by_the_clothes(rng):
    stays, at_the_door = (walking((x, 500), (x, 500), COUNT) for x in (1500, 300))
    walkers = [Walker(stays, clothes=NAVY), Walker(at_the_door, clothes=RED), Walker(at_the_door, clothes=NAVY)]
    clip = even_clip(COUNT)
    away = [between(0, 0, COUNT), between(1, 0, 30), between(1, 80, COUNT)]
    other = [between(0, 0, COUNT), between(1, 0, 30), between(2, 80, COUNT)]
    settings = TrackSettings(max_gap_s=1.0)
    assert len(follow(found(walkers, clip.times_s, rng, away), clip, settings)) == 2
    assert len(follow(found(walkers, clip.times_s, rng, other), clip, settings)) == 3


def test_nobody_is_the_same_across_a_cut(rng):
    clip = even_clip(COUNT)
    detections = found([Walker(walking((300, 500), (400, 500), COUNT), clothes=RED)], clip.times_s, rng)
    shots = (np.arange(COUNT) >= 50).astype(int)
    tracks = follow(Detections(**{**vars(detections), "shot": shots}), clip, TrackSettings())
    assert [(track.number, track.shot, int(track.seen.sum())) for track in tracks] == [(1, 1, 70), (2, 0, 50)]


def test_the_order_of_findings_and_the_numbers_of_tracklets_do_not_matter(rng):
    followings = [between(0, 0, COUNT), between(1, 0, 54, (0, 54, 63)), between(1, 67, COUNT), between(0, 20, 70)]
    clip = even_clip(COUNT)
    detections = found(crossing(RED, NAVY), clip.times_s, rng, followings)
    order = np.lexsort((rng.permutation(len(detections.picture)), detections.picture))
    mixed = {name: array[order] if len(array) == len(order) else array
             for name, array in vars(detections).items()}  # fmt: skip
    mixed["tracklet"] = np.array([3, 0, 2, 1])[mixed["tracklet"]]
    for one, other in zip(follow(detections, clip, TrackSettings()), follow(Detections(**mixed), clip, TrackSettings()),
                          strict=True):  # fmt: skip
        np.testing.assert_array_equal(one.landmarks_px, other.landmarks_px)


def test_a_crowd_is_followed_one_by_one(rng):
    """Twelve people on lanes near each other, each hidden for a while and followed both ways in time."""
    walkers, followings = [], []
    for n in range(12):
        ends = rng.uniform(200, 1700, 2)
        clothes = (rng.uniform(20, 90), *rng.uniform(-40, 40, 2))
        walkers.append(Walker(walking((ends[0], 300 + 80 * n), (ends[1], 300 + 80 * n), COUNT), clothes=clothes))
        lost = int(rng.integers(30, 80))
        followings += [between(n, 0, lost), between(n, lost + 10, COUNT), between(n, lost + 8, lost + 40)]
    people = [who(track.landmarks_camera) for track in tracks_of(walkers, rng, followings)]
    assert sorted(people, key=min) == [{n} for n in range(12)]
