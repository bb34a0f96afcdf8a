"""Pieces are cut where a following may have jumped, and grow where only one finding fits."""

from __future__ import annotations

import numpy as np
import pytest

from backend.track.association import bodies_of
from backend.track.pieces import pieces_of
from backend.track.told_apart import told_apart
from tests.backend.track.made_up_crossings import COUNT, NAVY, RED, between
from tests.backend.track.made_up_people import Walker, even_clip, found, unseen, walking


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(5)


def pictures_of_pieces(walkers, rng, followings=()) -> list[tuple[int, int]]:
    detections = found(walkers, even_clip(COUNT).times_s, rng, followings)
    bodies = bodies_of(detections, np.arange(len(detections.picture)), told_apart(detections))
    return sorted((int(bodies.picture[piece[0]]), int(bodies.picture[piece[-1]])) for piece in pieces_of(bodies))


def at(x: float, clothes=RED) -> Walker:
    return Walker(walking((x, 500), (x + 60, 500), COUNT), clothes=clothes)


def test_a_steady_following_is_one_piece_and_so_are_findings_without_one(rng):
    assert pictures_of_pieces([at(300)], rng, [between(0, 3, 90)]) == [(3, 89)]
    assert pictures_of_pieces([at(300), at(900)], rng) == [(0, COUNT - 1), (0, COUNT - 1)]


def test_a_following_that_jumps_is_cut_even_onto_the_same_clothes(rng):
    assert pictures_of_pieces([at(300), at(560)], rng, [between(0, 0, 50, (1, 50, COUNT))]) == [(0, 49), (50, 119)]


def test_a_following_that_slides_onto_other_clothes_is_cut_within_a_few_pictures(rng):
    first, second = pictures_of_pieces([at(300), at(360, NAVY)], rng, [between(0, 0, 50, (1, 50, COUNT))])
    assert first[0] == 0 and second == (first[1] + 1, 119) and abs(second[0] - 50) <= 2


def test_a_finding_that_two_could_claim_belongs_to_neither_yet(rng):
    gone = [Walker(unseen(walking((x, 500), (x, 500), COUNT), 50, COUNT)) for x in (460, 540)]
    comes = Walker(unseen(walking((500, 500), (500, 500), COUNT), 0, 50))
    assert pictures_of_pieces([*gone, comes], rng) == [(0, 49), (0, 49), (50, 119)]
