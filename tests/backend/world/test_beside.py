"""A world before several cameras, each of which knows something of it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

from backend.cameras.camera_path import standing_camera
from backend.cameras.projection import projected
from backend.lift.lift import Lift
from backend.multiview.moved import moved_lift
from backend.multiview.rig import Rig, alone
from backend.multiview.take_grid import TakeGrid, take_grid
from backend.world.beside import Beside, CameraBeside
from backend.world.gravity import up_of_shot
from backend.world.in_world import before_camera
from backend.world.path import sight_information
from backend.world.place import Placed, WorldSettings, place
from backend.world.turned_picture import turned_px
from motion.body import read_open_body
from motion.kinematics import attached_points, forward_kinematics
from motion.motion import Camera
from motion.rotations import matrix_from_axis_angle
from tests.backend.lift.made_up_track import R_CAMERA_FROM_STANDING, K, seen
from tests.backend.multiview.made_up_scene import filmed, rig_about

FRAMES = 60
LAST_S = (FRAMES - 1) / 30
RIG = rig_about((0.0, 80.0), (0.0, -0.5))
GRID = take_grid(Fraction(30), RIG, np.array([[0.0, LAST_S], [0.0, LAST_S]]))


def clip(name: str) -> SimpleNamespace:
    return SimpleNamespace(width_px=960, height_px=1080, path=name, sha256=name, byte_count=1, rate=Fraction(30),
                           times_s=np.arange(FRAMES) / 30.0)  # fmt: skip


def both(lifts: tuple[Lift, ...], rig: Rig = RIG, grid: TakeGrid = GRID) -> Lift:
    """The truth at the take's frames, with what both cameras saw: the second begins half a second before the first."""
    one, two = (moved_lift(lift, rig, view, grid) for view, lift in enumerate(lifts))
    late = ~one.track.seen
    R, root = np.array(one.R_parent_from_joint), np.array(one.root_camera)
    R[late], root[late] = two.R_parent_from_joint[late], two.root_camera[late]
    landmarks_px = np.array(one.track.landmarks_px)
    landmarks_px[late] = two.track.landmarks_px[late]
    track = replace(one.track, seen=one.track.seen | two.track.seen, landmarks_px=landmarks_px)
    return replace(one, track=track, R_parent_from_joint=R, root_camera=root, others=two.others)


def beside_of(lifts: tuple[Lift, ...], rig: Rig = RIG, grid: TakeGrid = GRID) -> Beside:
    camera = CameraBeside(clip("b"), standing_camera(np.arange(FRAMES) / 30.0), K, rig.R_first_from_camera[1],
                          rig.places_first[1], float(rig.starts_s[1]), float(rig.clock_rates[1]), 0.01)  # fmt: skip
    seen = tuple(grid.track(lift.track, rig, view) for view, lift in enumerate(lifts))
    return Beside((camera,), grid.zero_s, (seen,))


@pytest.fixture(scope="module")
def lifts() -> tuple[Lift, ...]:
    return filmed(RIG, FRAMES)


@pytest.fixture(scope="module")
def placed(lifts: tuple[Lift, ...]) -> Placed:
    (only,) = place([both(lifts)], clip("a"), standing_camera(GRID.times_s), WorldSettings(), True, True,
                    beside_of(lifts))  # fmt: skip
    return only


def test_every_camera_shows_the_body_where_its_footage_does(placed: Placed) -> None:
    motion, body = placed.motion.raw, placed.lift.body
    R, joints = forward_kinematics(body.skeleton, motion.R_parent_from_joint, motion.root_world)
    points = attached_points(R, joints, body.skeleton, body.points, body.model.point_joints)[:, :33]
    assert len(motion.cameras) == 2
    for camera in motion.cameras:
        in_camera = np.einsum("tij,tlj->tli", camera.R_camera_from_world, points) + camera.t_camera_from_world[:, None]
        off_px = np.linalg.norm(projected(in_camera, K) - camera.landmarks_px, axis=-1)
        assert np.isfinite(off_px).all(axis=1).sum() == FRAMES
        assert np.nanmean(off_px) < 6.0


def test_a_motion_lasts_while_any_camera_runs_and_its_clock_begins_with_the_first_of_them(placed: Placed) -> None:
    motion = placed.motion
    assert motion.start_s == 0.0 and motion.frame_count == FRAMES + 15 and motion.seen.all()
    first, second = motion.cameras
    assert (first.time_offset_s, second.time_offset_s) == pytest.approx((-0.5, 0.0), abs=1e-9)
    assert np.isnan(first.landmarks_px[:15]).all() and not first.scores[:15].any()
    assert np.isfinite(first.landmarks_px[15:]).all()


def test_who_is_seen_from_two_sides_has_a_sure_place_every_way(lifts: tuple[Lift, ...]) -> None:
    camera, lift = standing_camera(GRID.times_s), both(lifts)
    one, two = (np.linalg.eigvalsh(sight_information(before_camera(each, camera, np.eye(3))))[:, 0]
                for each in (replace(lift, others=()), lift))  # fmt: skip
    together = slice(15, FRAMES)
    assert (two[together] > 20.0 * one[together]).all()
    assert (two[:15] < 0.1 * two[together].min()).all()


def test_a_camera_that_looks_along_a_lean_does_not_see_it_but_one_beside_does() -> None:
    """The first camera is rolled askew; the other one stands level, and is turned against it as the rig says."""
    askew = np.array([[np.cos(0.12), -np.sin(0.12), 0.0], [np.sin(0.12), np.cos(0.12), 0.0], [0.0, 0.0, 1.0]])
    rig = replace(RIG, R_first_from_camera=np.stack([np.eye(3), askew @ RIG.R_first_from_camera[1]]))
    lift = filmed(RIG, FRAMES)[0]
    camera = standing_camera(lift.track.times_s)
    other = replace(beside_of(filmed(RIG, FRAMES)).cameras[0], R_first_from_camera=rig.R_first_from_camera[1])
    level = askew @ np.array([0.0, -1.0, 0.0])
    off_deg = [np.rad2deg(np.arccos(up_of_shot([lift], camera, beside=beside).up @ level))
               for beside in ((), (other,), (other, other, other))]  # fmt: skip
    assert off_deg[2] < off_deg[1] < off_deg[0]


def test_pictures_of_a_clock_that_drifts_are_shown_by_the_takes_seconds(lifts: tuple[Lift, ...]) -> None:
    beside = beside_of(lifts)
    drifting = replace(beside, cameras=(replace(beside.cameras[0], clock_rate=1.01),))
    (only,) = place([both(lifts)], clip("a"), standing_camera(GRID.times_s), WorldSettings(), True, True, drifting)
    camera = only.motion.cameras[1]
    np.testing.assert_allclose(camera.source_times_s, np.arange(FRAMES) / 30.0 / 1.01)


def test_bodies_keep_the_size_that_several_cameras_saw(placed: Placed, lifts: tuple[Lift, ...]) -> None:
    assert placed.lift.body.height == lifts[0].body.height


def test_a_camera_that_trembles_shows_the_body_where_its_own_footage_does(placed: Placed, lifts) -> None:
    frames = len(GRID.times_s)
    turns = matrix_from_axis_angle(0.02 * np.sin(np.arange(frames)[:, None] * [0.3, 0.5, 0.7]))
    still = np.broadcast_to(np.eye(3), (frames, 3, 3))
    trembling = replace(beside_of(lifts), trembling=(still, turns))
    (only,) = place([both(lifts)], clip("a"), standing_camera(GRID.times_s), WorldSettings(), True, True, trembling)
    first, second = only.motion.cameras
    assert (first.kind, second.kind) == ("static", "turning")
    np.testing.assert_array_equal(first.landmarks_px, placed.motion.cameras[0].landmarks_px)
    steady = placed.motion.cameras[1]
    np.testing.assert_allclose(turned_px(second.landmarks_px, K, turns), steady.landmarks_px, atol=1e-6)
    own_px, steady_px = (seen_px(camera, only.motion.world_joints()) for camera in (second, steady))
    np.testing.assert_allclose(turned_px(own_px, K, turns), steady_px, atol=1e-6)


@pytest.mark.parametrize("view", [0, 1])
def test_whom_one_camera_alone_sees_is_as_tall_as_the_others_floor_says(view: int) -> None:
    """Their lift is a tenth too large, and as much too far from the camera that saw them."""
    rig = rig_about((0.0, 80.0), (0.0, 0.0), away_m=5.0)
    grid = take_grid(Fraction(30), alone(K), np.array([[0.0, LAST_S]]))
    sure, lone = (standing_before(rig, np.array(place)) for place in ([0.0, 1.2, 5.0], [0.8, 1.2, 5.5]))
    one, two = (moved_lift(lift, rig, number, grid) for number, lift in enumerate(sure))
    wrong = replace(lone[view], body=lone[view].body.scaled(1.1), root_camera=1.1 * lone[view].root_camera)
    wrong = moved_lift(wrong, rig, view, grid)
    tracks = tuple(grid.track(lift.track, rig, number) for number, lift in enumerate(sure))
    beside = replace(beside_of(sure, rig, grid), seen=(tracks, tracks))
    placed = place([replace(one, others=two.others), wrong], clip("a"), standing_camera(grid.times_s), WorldSettings(),
                   True, True, beside)  # fmt: skip
    assert placed[0].lift.body.height == sure[0].body.height
    assert placed[1].lift.body.height == pytest.approx(sure[0].body.height, rel=0.02)


def seen_px(camera: Camera, points_world: np.ndarray) -> np.ndarray:
    turned = np.einsum("tij,tlj->tli", camera.R_camera_from_world, points_world)
    return projected(turned + camera.t_camera_from_world[:, None], K)


def standing_before(rig: Rig, root_first: np.ndarray) -> tuple[Lift, ...]:
    """Somebody who stands still, before each camera of a level rig."""
    body, lifts = read_open_body().shaped(np.zeros(0)), []
    for view in range(rig.count):
        R = np.tile(np.eye(3), (FRAMES, 55, 1, 1))
        R[:, 0] = rig.R_first_from_camera[view].T @ R_CAMERA_FROM_STANDING
        root = np.tile(rig.in_camera(view, root_first), (FRAMES, 1))
        lifts.append(Lift(seen(body, R, root).track, body, K, R, root, np.ones((FRAMES, 55))))
    return tuple(lifts)
