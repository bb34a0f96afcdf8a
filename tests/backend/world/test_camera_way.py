from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.world.camera_way import metres_per_unit, standing_before, way_beside, with_way
from tests.backend.world.filmed import aimed, lift_of, shot_before, shot_of
from tests.motion.contacts.takes import standing, walking

TAKE = walking(seconds=4.0)


def before(take, kind, unit_m=1.0, **more):
    """Somebody before a lens that stays, the way of the true lens in the told unit, and the shot; in true axes."""
    shot = shot_before(take, kind, unit_m=unit_m)
    R_world_from_first = shot.R_world_from_camera[0]
    person = standing_before(lift_of(take, shot, **more), shot.path, R_world_from_first)
    return person, shot.path.places_first @ R_world_from_first.T, shot


@settings(max_examples=6, deadline=None)
@given(unit_m=st.floats(0.05, 20.0), with_beliefs=st.booleans())
def test_whatever_the_unit_of_the_cameras_places_it_is_told_by_the_feet_that_stand(unit_m, with_beliefs):
    person, places, _ = before(TAKE, "travelling", unit_m, with_beliefs=with_beliefs)
    assert metres_per_unit([person], [places]) == pytest.approx(unit_m, rel=0.05)


def test_all_people_are_asked_for_the_unit():
    shot = shot_before(TAKE, "travelling", unit_m=3.0)
    R = shot.R_world_from_camera[0]
    people = [standing_before(lift_of(TAKE.moved(shift=(0.0, y, 0.0)), shot, seed=seed), shot.path, R)
              for seed, y in enumerate((0.0, 1.5))]  # fmt: skip
    places = shot.path.places_first @ R.T
    assert metres_per_unit(people, [places, places]) == pytest.approx(3.0, rel=0.05)


def test_a_lens_that_never_moves_has_no_unit():
    person, _, _ = before(TAKE, "turning")
    assert metres_per_unit([person], [np.zeros_like(person.root_world)]) == 0.0


@pytest.mark.parametrize("kind", ["static", "turning"])
def test_a_camera_that_does_not_travel_keeps_its_path(kind):
    person, _, shot = before(TAKE, kind)
    assert with_way(shot.path, [person], np.eye(3)) is shot.path


def test_places_in_metres_are_taken_at_their_word():
    person, _, shot = before(TAKE, "travelling", unit_m=2.0)
    said = replace(shot.path, in_metres=True)
    assert with_way(said, [person], np.eye(3)) is said


def test_the_way_of_a_camera_comes_out_in_metres():
    person, _, shot = before(TAKE, "travelling", unit_m=2.0)
    path = with_way(shot.path, [person], shot.R_world_from_camera[0])
    assert path.in_metres
    true = (shot.lens_world - shot.lens_world[0]) @ shot.R_world_from_camera[0]
    assert np.abs(path.places_first - true).max() < 0.05 * np.linalg.norm(true, axis=-1).max()


def test_beside_somebody_whose_steps_are_known_the_lens_goes_where_it_went():
    person, _, shot = before(TAKE, "unknown")
    way, true = way_beside(person), shot.lens_world
    assert np.linalg.norm(way[-1] - way[0] - (true[-1] - true[0])) < 0.15 * np.linalg.norm(true[-1] - true[0])


def test_beside_somebody_who_stands_a_lens_that_stands_stays():
    take = standing(seconds=3.0, sway_m=0.0)
    lens = np.tile([0.0, -5.0, 1.5], (len(take.joints), 1))
    shot = shot_of(aimed(lens, take.joints[:, 0]), lens, "unknown")
    person = standing_before(lift_of(take, shot, depth_share=0.005), shot.path, shot.R_world_from_camera[0])
    assert np.ptp(way_beside(person), axis=0).max() < 0.15


def test_the_way_is_smooth_though_depth_trembles():
    person, _, _ = before(TAKE, "unknown", depth_share=0.03)
    acceleration = np.diff(way_beside(person), 2, axis=0) * person.rate**2
    assert np.abs(acceleration).max() < 3.0


def test_without_a_network_there_is_a_way_all_the_same():
    person, _, shot = before(TAKE, "unknown", with_beliefs=False)
    path = with_way(shot.path, [person], shot.R_world_from_camera[0])
    assert path.in_metres and np.isfinite(path.places_first).all()
