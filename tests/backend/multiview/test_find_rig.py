from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backend.cameras.projection import projected
from backend.lift.lift import Lift
from backend.multiview.find_rig import find_rig
from motion.arrays import Array
from tests.backend.multiview.made_up_scene import filmed, rig_about


def _angle_rad(a: Array, b: Array) -> float:
    return float(np.arccos(np.clip(0.5 * (np.trace(a @ b.T) - 1.0), -1.0, 1.0)))


def test_cameras_clocks_and_people_are_found() -> None:
    rig = rig_about((0.0, 75.0, 190.0), (0.0, 1.27, -0.61))
    found = find_rig([[lift] for lift in filmed(rig, frames=150)], lenses_known=[True] * 3)
    assert found.used == [0, 1, 2]
    assert [dict(person) for person in found.people] == [{0: 0, 1: 0, 2: 0}]
    assert np.abs(found.rig.starts_s - rig.starts_s).max() < 0.2 / 30.0
    assert max(_angle_rad(*each) for each in zip(found.rig.R_first_from_camera, rig.R_first_from_camera)) < 0.02
    angles_deg = [np.rad2deg(each.angle_rad) for each in found.evidence]
    assert angles_deg[1] == pytest.approx(75.0, abs=8.0) and angles_deg[2] == pytest.approx(170.0, abs=12.0)


def test_the_order_of_clips_does_not_matter() -> None:
    rig = rig_about((0.0, 75.0, 190.0), (0.0, 1.27, -0.61))
    lifts = filmed(rig, frames=150)
    turned = find_rig([[lifts[view]] for view in (2, 0, 1)], lenses_known=[True] * 3)
    truth = rig.only([2, 0, 1])
    assert np.abs(turned.rig.starts_s - truth.starts_s).max() < 0.2 / 30.0
    assert max(_angle_rad(*each) for each in zip(turned.rig.R_first_from_camera, truth.R_first_from_camera)) < 0.02


def test_a_clip_of_something_else_is_left_out() -> None:
    rig = rig_about((0.0, 75.0, 150.0), (0.0, 0.4, 0.0))
    lifts = list(filmed(rig, frames=150))
    lifts[2] = filmed(rig, frames=150, seed=9)[2]
    found = find_rig([[lift] for lift in lifts], lenses_known=[True] * 3)
    assert found.used == [0, 1]
    assert not found.evidence[2].fits


def test_what_repeats_itself_has_a_rival() -> None:
    lifts = [_repeated(lift) for lift in filmed(rig_about((0.0, 75.0), (0.0, 0.0)), frames=240)]
    found = find_rig([[lift] for lift in lifts], lenses_known=[True] * 2)
    times_over = found.evidence[1].rival_s / 2.0
    assert found.evidence[1].rival > 0.9 and abs(times_over - round(times_over)) < 0.02 and round(times_over) != 0


def test_two_people_are_told_apart_by_what_they_do() -> None:
    rig = rig_about((0.0, 75.0), (0.0, 0.4))
    one, two = filmed(rig, frames=150), filmed(rig, frames=150, seed=5)
    aside = np.array([1.5, 0.0, 0.5])
    two = tuple(_moved(lift, aside @ rig.R_first_from_camera[view]) for view, lift in enumerate(two))
    found = find_rig([[one[0], two[0]], [two[1], one[1]]], lenses_known=[True] * 2)
    assert [dict(person) for person in found.people] == [{0: 0, 1: 1}, {0: 1, 1: 0}]


def test_cameras_that_are_known_stay_and_only_clocks_are_found() -> None:
    rig = rig_about((0.0, 75.0), (0.0, 0.7))
    known = replace(rig, starts_s=np.zeros(2))
    found = find_rig([[lift] for lift in filmed(rig, frames=120)], lenses_known=[True] * 2, known=known)
    assert np.array_equal(found.rig.places_first, rig.places_first)
    assert found.rig.starts_s[1] == pytest.approx(0.7, abs=0.2 / 30.0)


def test_clips_that_began_together_are_taken_at_their_word() -> None:
    lifts = filmed(rig_about((0.0, 75.0), (0.0, 0.0)), frames=90)
    found = find_rig([[lift] for lift in lifts], lenses_known=[True] * 2, synchronised=True)
    assert found.used == [0, 1] and np.abs(found.rig.starts_s).max() < 1e-9


def test_who_stands_still_is_found_again_where_clips_began_together() -> None:
    lifts = [_repeated(lift, of=1) for lift in filmed(rig_about((0.0, 75.0), (0.0, 0.0)), frames=240)]
    clips = [[lift] for lift in lifts]
    assert find_rig(clips, lenses_known=[True] * 2).used == [0]
    assert find_rig(clips, lenses_known=[True] * 2, synchronised=True).used == [0, 1]


def test_one_clip_alone_has_everybody_in_it() -> None:
    (lift,) = filmed(rig_about((0.0,), (0.0,)))
    found = find_rig([[lift]], lenses_known=[True])
    assert found.used == [0] and [dict(person) for person in found.people] == [{0: 0}]


def _repeated(lift: Lift, of: int = 60) -> Lift:
    """The first frames, again and again."""
    again = np.arange(240) % of
    track = replace(lift.track, landmarks_px=lift.track.landmarks_px[again],
                    landmarks_camera=lift.track.landmarks_camera[again])  # fmt: skip
    return replace(lift, track=track, R_parent_from_joint=lift.R_parent_from_joint[again],
                   root_camera=lift.root_camera[again])  # fmt: skip


def _moved(lift: Lift, by_m: Array) -> Lift:
    """Elsewhere before the camera, and seen there."""
    there = replace(lift, root_camera=lift.root_camera + by_m)
    pixels = projected(there.points_camera()[:, :33], lift.K)
    return replace(there, track=replace(lift.track, landmarks_px=pixels))
