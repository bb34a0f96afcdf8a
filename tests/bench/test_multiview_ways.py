"""Ways to limbs in space lose nothing of what is exact, and films are those of their truth."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

import bench.multiview_plans
from backend.track.tracks import Track
from backend.train.render.photograph import random_look
from bench import multiview_rendered
from bench.multiview_four import cut_at_start
from bench.multiview_measures import pose_figures
from bench.multiview_plans import TakePlan, TakePlans
from bench.multiview_rendered import SIZES_PX, _as_exposed, _digest, _draw, _films, _stage
from bench.multiview_scale import together
from bench.multiview_takes import Take, TakeView
from bench.multiview_ways import LiftedTake, grid_of, landmarks_only
from motion.landmarks import LANDMARK_COUNT
from tests.bench.render.made_clip import marching


@pytest.fixture(autouse=True)
def one_marcher(monkeypatch):
    monkeypatch.setattr(bench.multiview_plans, "read_prepared", lambda path: [marching(frames=400, speed_m_s=0.1)])


@cache
def plan(views: int = 3) -> TakePlan:
    return TakePlans("prepared.npz", "dev", 6, (6.0, 6.5), SIZES_PX, (24.0, 30.0)).plan(1, views)


def exact_track(drawn: TakePlan, view: int) -> Track:
    """What a detector without errors says."""
    camera, times_s = drawn.cameras[view], drawn.own_times_s(view)
    points = camera.in_camera(drawn.shown(view).points_world()[:, :LANDMARK_COUNT])
    px = (points @ camera.K.T / points[..., 2:])[..., :2]
    ones, hands = np.ones(px.shape[:2]), np.full((len(times_s), 2, 21, 3), np.nan)
    return Track(times_s, np.ones(len(times_s), bool), px, ones, ones, points, hands[..., :2], hands,
                 np.zeros((len(times_s), 2)))  # fmt: skip


@cache
def exact() -> LiftedTake:
    drawn = plan()
    views = tuple(TakeView(camera, exact_track(drawn, view), camera.K) for view, camera in enumerate(drawn.cameras))
    times_s = np.arange(len(drawn.performance.root_world)) / drawn.performance.rate_hz
    take = Take(drawn.name, times_s, drawn.limbs_world, views)
    return LiftedTake(take, tuple(SimpleNamespace(track=view.track) for view in views))


def error_mm(seen: LiftedTake, rig) -> float:
    said = landmarks_only(seen, rig)
    judged = seen.shared(said.times_s)
    return pose_figures(said.limbs_first[judged], seen.truth_at(said.times_s[judged]))["mpjpe_camera_mm"]


def test_exact_landmarks_before_the_true_cameras_are_the_truth_whatever_the_rates_and_beginnings():
    assert error_mm(exact(), exact().take.rig()) < 2.0      # straight lines between pictures


def test_any_of_the_cameras_may_be_the_first():
    turned = exact().only([2, 0])
    assert error_mm(turned, turned.take.rig()) < 2.0


def test_a_clock_that_is_wrong_is_seen_in_the_limbs():
    rig = exact().take.rig()
    late = replace(rig, starts_s=rig.starts_s + np.array([0.0, 0.15, -0.15]))
    assert error_mm(exact(), late) > 10.0


def test_the_grid_holds_every_picture_of_the_first_clip():
    seen = exact()
    grid_s = grid_of(seen, seen.take.rig()).times_s
    for time_s in seen.lifts[0].track.times_s:
        assert np.abs(grid_s - time_s).min() < 1e-6


def test_frames_cut_from_the_beginning_leave_the_others_as_they_were():
    track = exact_track(plan(), 0)
    cut = cut_at_start(track, 7)
    assert len(cut.times_s) == len(track.times_s) - 7 and cut.times_s[0] == 0.0
    np.testing.assert_array_equal(cut.landmarks_px, track.landmarks_px[7:])


def test_other_truths_have_other_films():
    drawn = plan()
    moved = replace(drawn, performance=replace(drawn.performance, root_world=drawn.performance.root_world + 0.01))
    turned = replace(drawn, cameras=(replace(drawn.cameras[0], start_s=0.5), *drawn.cameras[1:]))
    assert len({_digest(each) for each in (drawn, moved, turned)}) == 3 and _digest(drawn) == _digest(plan())


def test_a_film_has_the_pictures_of_its_plan_and_somebody_in_them(tmp_path):
    short = replace(plan(), lengths_s=(0.2,) * 3)
    film = tmp_path / "cam1.mp4"
    _draw(short, 0, _stage(short, np.random.default_rng(1)), [1, 2], film)
    stream, pictures = cv2.VideoCapture(str(film)), []
    while (read := stream.read())[0]:
        pictures.append(read[1])
    width, height = short.cameras[0].size_px
    assert len(pictures) == len(short.own_times_s(0)) and pictures[0].shape == (height, width, 3)
    assert pictures[0].std() > 5.0


def test_pictures_of_an_open_shutter_show_what_is_in_the_middle_of_its_time():
    camera, look = plan().cameras[0], random_look(np.random.default_rng(2))
    sharp, open_half = (_as_exposed(camera, replace(look, shutter=shutter)) for shutter in (0.0, 0.5))
    assert sharp.start_s == camera.start_s
    assert open_half.start_s - camera.start_s == pytest.approx(0.25 / camera.rate_hz)


def test_films_that_are_there_are_not_drawn_again(tmp_path, monkeypatch):
    monkeypatch.setattr(multiview_rendered, "home", lambda: tmp_path)
    drawn: list[str] = []
    monkeypatch.setattr(multiview_rendered, "_draw", lambda *given: (drawn.append(given[-1].stem), given[-1].touch()))
    first, again = _films(plan(), [1, 2]), _films(plan(), [1, 2])
    assert first == again and drawn == ["cam1", "cam2", "cam3"]


def test_sizes_are_pooled_over_takes_whose_cameras_were_found():
    figures = together([{"shape": 1.0, "mean_height": 4.0}, {}, {"shape": 3.0, "mean_height": 8.0}])
    assert figures == {"takes": 2, "shape_median": 2.0, "shape_mean": 2.0, "mean_height_median": 6.0,
                       "mean_height_mean": 6.0}  # fmt: skip
    assert together([{}]) == {"takes": 0}
