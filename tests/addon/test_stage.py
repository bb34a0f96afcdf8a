"""Takes of edited footage: two people in one shot, then one in another, then one in a third."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon import takes  # noqa: E402
from mambocap.addon.people import Person  # noqa: E402
from mambocap.addon.scene_clock import SceneClock, is_empty  # noqa: E402
from mambocap.addon.stage import Stage  # noqa: E402
from mambocap.addon.take_scale import scale_take  # noqa: E402
from mambocap.addon.take_scene import build_people, rebuild_take, remove_take  # noqa: E402
from mambocap.motion.motion_file import write_motion  # noqa: E402

from tests.addon.made_up_takes import (  # noqa: E402
    camera,
    empty_scene,
    evaluated_joints,
    soft_body_model,
    wild_motion,
    write_film,
)  # fmt: skip

pytest_plugins = ["tests.addon.in_blender"]

RATE = Fraction(25)
SHOTS = [(0, 12), (0, 12), (12, 8), (20, 15)]   # first frame and number of frames of each person's motion


def cut_people(film: Path, shots: list[tuple[int, int]] = SHOTS) -> list[Person]:
    times_s = np.arange(35) / float(RATE)
    return [
        Person(f"Person {number}", replace(
            wild_motion(frames, RATE, number), start_s=first / float(RATE),
            cameras=(replace(camera(frames, video_path=str(film)), source_times_s=times_s),)), number=number)
        for number, (first, frames) in enumerate(shots, start=1)
    ]  # fmt: skip


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_film(tmp_path / "film.y4m", 35, RATE)


def built(scene, film: Path):
    return build_people(scene, cut_people(film), "Dance", soft_body_model())


def test_a_take_of_several_shots_grows_as_a_whole_and_its_cameras_stay_bound_to_the_cuts(extension, film):
    scene = bpy.context.scene
    take = built(scene, film)
    take.location = (1.0, 2.0, 0.0)
    bpy.context.view_layer.update()
    people = takes.people_of(take)
    before = [evaluated_joints(person, 5) for person in people]
    scale_take(take, 1.5, bpy.context)
    for person, joints in zip(people, before, strict=True):
        expected = np.array(take.location) + 1.5 * (joints - np.array(take.location))
        np.testing.assert_allclose(evaluated_joints(person, 5), expected, atol=1e-4)
    takes.select(take)
    assert not bpy.ops.mambocap.look_through.poll()


def cameras_seen_through(scene, frames) -> list[str]:
    names = []
    for frame in frames:
        scene.frame_set(frame)
        names.append(scene.camera.name)
    return names


def test_each_shot_has_an_empty_a_collection_people_a_floor_and_a_camera(film):
    take = built(empty_scene(), film)
    shots = take.users_collection[0].children
    assert {shot.name: sorted(thing.name for thing in shot.objects) for shot in shots} == {
        "Dance Shot 1": ["Dance Person 1", "Dance Person 1 Body", "Dance Person 2", "Dance Person 2 Body",
                         "Dance Shot 1", "Dance Shot 1 Camera 1", "Dance Shot 1 Floor"],
        "Dance Shot 2": ["Dance Person 3", "Dance Person 3 Body", "Dance Shot 2", "Dance Shot 2 Camera 1",
                         "Dance Shot 2 Floor"],
        "Dance Shot 3": ["Dance Person 4", "Dance Person 4 Body", "Dance Shot 3", "Dance Shot 3 Camera 1",
                         "Dance Shot 3 Floor"],
    }  # fmt: skip
    assert [thing.name for thing in take.users_collection[0].objects] == ["Dance"]
    assert sorted(thing.name for thing in takes.people_of(take)) == [f"Dance Person {n}" for n in (1, 2, 3, 4)]


def test_playing_the_timeline_cuts_as_the_footage_does(film):
    scene = empty_scene()
    built(scene, film)
    assert (scene.frame_start, scene.frame_end, scene.render.fps) == (1, 35, 25)
    assert cameras_seen_through(scene, [1, 12, 13, 20, 21, 35, 5]) == [
        f"Dance Shot {shot} Camera 1" for shot in (1, 1, 2, 2, 3, 3, 1)]


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(60)])
def test_at_any_rate_a_shot_begins_with_the_first_frame_that_shows_its_pictures(film, rate):
    clock = SceneClock(rate, 11)
    first = Stage("", None, None, cut_people(film)[2:3]).first_frame(clock)
    shown = np.rint(clock.seconds(np.array([first - 1, first])) * 25)
    assert shown[0] < 12 <= shown[1]


def test_a_scene_with_content_keeps_its_camera_and_gets_no_markers(film):
    scene = empty_scene()
    scene.collection.objects.link(bpy.data.objects.new("Own", None))
    take = built(scene, film)
    assert not scene.timeline_markers and scene.camera is None
    assert takes.seconds_of(take, scene) == pytest.approx(35 / 25, abs=0.05)


def test_people_stand_in_the_world_of_their_shot_beside_those_before(film):
    scene = empty_scene()
    take = built(scene, film)
    people = cut_people(film)
    for thing in takes.people_of(take):
        motion = people[int(thing.name[-1]) - 1].motion
        joints = evaluated_joints(thing, 1 + round(motion.times_s[3] * 25)) - np.array(thing.parent.matrix_world)[:3, 3]
        assert np.abs(joints - motion.world_joints()[3]).max() < 1e-5
    places = [bpy.data.objects[f"Dance Shot {shot}"].location[:] for shot in (1, 2, 3)]
    assert places[0] == (0, 0, 0) and places[0][0] < places[1][0] < places[2][0]
    assert all(place[0] == round(place[0]) and place[1:] == (0, 0) for place in places)


def test_one_shot_stands_in_the_take_itself_and_the_timeline_has_no_marker(film):
    scene = empty_scene()
    take = build_people(scene, cut_people(film, [(0, 20), (5, 15)]), "Dance", soft_body_model())
    assert {thing.parent for thing in takes.people_of(take)} == {take} and not take.users_collection[0].children
    assert not scene.timeline_markers and scene.camera.name == "Dance Camera 1"


def test_removing_the_take_removes_its_markers_and_collections_and_no_others(film):
    scene = empty_scene()
    take = built(scene, film)
    scene.timeline_markers.new("Beat", frame=7)
    assert len(scene.timeline_markers) == 4
    remove_take(take)
    assert [marker.name for marker in scene.timeline_markers] == ["Beat"]
    scene.timeline_markers.clear()
    assert is_empty(scene) and len(bpy.data.objects) == len(bpy.data.collections) == 0


def test_what_the_user_put_into_a_shot_stays(film):
    scene = empty_scene()
    take = built(scene, film)
    own = bpy.data.objects.new("Hat", None)
    bpy.data.collections["Dance Shot 2"].objects.link(own)
    remove_take(take)
    assert [thing.name for thing in scene.collection.all_objects] == ["Hat"]
    assert [collection.name for collection in bpy.data.collections] == ["Dance", "Dance Shot 2"]


def test_a_take_built_again_has_its_shots_once(film, tmp_path):
    scene = empty_scene()
    take = built(scene, film)
    for place, person in enumerate(cut_people(film, SHOTS[:3])):
        folder = tmp_path / "out" / f"person_{place:02d}"
        folder.mkdir(parents=True)
        write_motion(folder / "motion.npz", person.motion)
    scene.frame_set(14)
    rebuild_take(scene, take, tmp_path / "out", soft_body_model())
    assert [child.name for child in take.users_collection[0].children] == ["Dance Shot 1", "Dance Shot 2"]
    assert [marker.frame for marker in scene.timeline_markers] == [1, 13]
    assert scene.camera.name == "Dance Shot 2 Camera 1"
    assert cameras_seen_through(scene, [1, 13]) == ["Dance Shot 1 Camera 1", "Dance Shot 2 Camera 1"]
