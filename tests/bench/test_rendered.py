"""What is read beside a film is what was written, and the shipped clips keep their promises."""

from __future__ import annotations

import numpy as np
import pytest

from backend.cameras.projection import projected
from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from bench.render.camera_paths import camera_path
from bench.render.performance import performed
from bench.render.plan import CATEGORIES, SETS, read_plans
from bench.render.truth import write_truth
from bench.rendered import FOLDER, read_clip, rendered_clips
from motion.body import read_open_body
from tests.bench.render.made_clip import marching
from tests.bench.render.made_plan import planned

LARGEST_BYTES = 15_000_000
SMALLEST_PERSON_PX = 200.0


def test_what_is_written_is_read(tmp_path):
    plan, clip = planned(camera="handheld"), marching()
    performance = performed(plan, [clip, clip], read_open_body())
    points = performance.points_world()
    camera = camera_path(plan, points, performance.R_parent_from_joint[:, 0], performance.body.height)
    write_truth(tmp_path / "march.npz", plan, [clip, clip], performance, camera)
    read = read_clip(tmp_path / "march.mp4")
    np.testing.assert_allclose(read.R_parent_from_joint, performance.R_parent_from_joint, atol=2e-4)
    np.testing.assert_allclose(read.points_world, points, atol=5e-4)
    np.testing.assert_allclose(projected(read.in_camera(read.points_world), read.K),
                               projected(camera.in_camera(points), camera.K), atol=0.2)  # fmt: skip
    np.testing.assert_array_equal(read.still, performance.still())
    assert read.teaches == clip.teaches and read.words["category"] == "walk" and read.words["licence"] == "CC0-1.0"
    assert read.body.height == pytest.approx(performance.body.height, abs=1e-5)


def test_the_clips_are_small_enough_to_ship():
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) <= LARGEST_BYTES


@pytest.mark.parametrize("which", SETS)
def test_every_planned_clip_is_there_and_nothing_else(which):
    clips = rendered_clips(which)
    assert [clip.name for clip in clips] == sorted(plan.name for plan in read_plans() if plan.set == which)
    assert {clip.words["category"] for clip in clips} == set(CATEGORIES)
    assert sum(len(clip.times_s) / clip.rate_hz for clip in clips) >= 90.0


@pytest.mark.parametrize("which", SETS)
def test_films_have_as_many_pictures_as_their_truth(which):
    for clip in rendered_clips(which):
        film = open_clip(clip.film, VideoSettings())
        assert film.picture_count == len(clip.root_world), clip.name


@pytest.mark.parametrize("which", SETS)
def test_people_are_before_the_camera_large_enough_and_on_the_floor(which):
    for clip in rendered_clips(which):
        in_camera = clip.in_camera(clip.points_world)
        depth = in_camera[..., 2]
        assert depth.min() > 0.3, clip.name
        assert (clip.K[1, 1] * clip.body.height / depth.mean(axis=1)).min() >= SMALLEST_PERSON_PX, clip.name
        points_px = projected(in_camera, clip.K)
        there = ((points_px > 0.0) & (points_px < clip.size_px)).all(axis=-1)
        assert there.mean() > 0.5, clip.name
        assert clip.points_world[..., 2].min() > -0.05, clip.name


def test_nobody_of_the_one_set_is_in_the_other_where_sets_go_by_subject():
    people = [{(clip.words["source"], clip.words["subject"]) for clip in rendered_clips(which)} for which in SETS]
    assert not people[0] & people[1]
