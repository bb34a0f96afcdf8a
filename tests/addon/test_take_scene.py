from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon.people import Person  # noqa: E402
from mambocap.addon.take_scene import (  # noqa: E402
    CONFIDENCE,
    FIRST_FRAME,
    FOLDER,
    MOTION_FILE,
    SEEN,
    TakeOptions,
    build_people,
    build_take,
    notes_of,
    remove_take,
    takes_in,
)  # fmt: skip
from mambocap.motion.motion_file import write_motion  # noqa: E402
from mambocap.motion.refusal import Refusal  # noqa: E402

from tests.addon.made_up_takes import (  # noqa: E402
    camera,
    empty_scene,
    evaluated_joints,
    soft_body_model,
    wild_motion,
    write_film,
)  # fmt: skip

NTSC = Fraction(30000, 1001)


def lively_scene() -> bpy.types.Scene:
    """The start-up scene after an artist has worked in it: 24 frames a second, something animated and in edit mode."""
    bpy.ops.wm.read_factory_settings()
    cube = bpy.data.objects["Cube"]
    cube.keyframe_insert("location", frame=3)
    bpy.context.scene.frame_set(7)
    bpy.context.view_layer.objects.active = cube
    bpy.ops.object.mode_set(mode="EDIT")
    bpy.data.scenes.new("Other")
    return bpy.context.scene


def state(scene: bpy.types.Scene) -> dict:
    """All of a scene that an import could disturb."""
    render = scene.render
    things = [thing for thing in scene.collection.objects]
    return {
        "clock": (render.fps, render.fps_base, scene.frame_start, scene.frame_end, scene.frame_current),
        "shape": (render.resolution_x, render.resolution_y, render.pixel_aspect_x, scene.camera),
        "context": (bpy.context.mode, bpy.context.scene, bpy.context.view_layer.objects.active),
        "selected": [thing.name for thing in bpy.context.selected_objects],
        "things": [(thing.name, tuple(thing.location), thing.mode, thing.hide_get()) for thing in things],
        "scenes": [(other.name, len(other.objects)) for other in bpy.data.scenes if other != scene],
        "layer": bpy.context.view_layer.active_layer_collection.name,
        "cursor": tuple(scene.cursor.location),
    }


def take_with_everything(scene: bpy.types.Scene, tmp_path: Path) -> bpy.types.Object:
    film = write_film(tmp_path / "film.y4m", 20)
    for number, motion in enumerate([wild_motion(20), wild_motion(9, seed=1)]):
        folder = tmp_path / "out" / f"person_0{number}"
        folder.mkdir(parents=True)
        seen_by = camera(motion.frame_count, video_path=str(film))
        write_motion(folder / "motion.npz", replace(motion, cameras=(seen_by,)))
    return build_take(scene, tmp_path / "out", "Dance", soft_body_model())


def armatures(take) -> list[bpy.types.Object]:
    return [thing for thing in take.children if thing.type == "ARMATURE"]


def test_one_empty_carries_people_camera_and_floor_in_a_collection_of_its_own(tmp_path):
    take = take_with_everything(empty_scene(), tmp_path)
    assert take.type == "EMPTY" and take.users_collection[0].name == "Dance"
    assert sorted(thing.name for thing in take.children_recursive) == [
        "Dance Camera 1", "Dance Floor", "Dance Person 1", "Dance Person 1 Body", "Dance Person 2",
        "Dance Person 2 Body",
    ]  # fmt: skip
    assert all(thing.users_collection == take.users_collection for thing in take.children_recursive)


def test_moving_the_empty_moves_the_whole_take(tmp_path):
    scene = empty_scene()
    take = take_with_everything(scene, tmp_path)
    person = armatures(take)[0]
    before = evaluated_joints(person, 5)
    take.location = (3, 0, 0)
    assert np.allclose(evaluated_joints(person, 5), before + [3, 0, 0], atol=1e-5)


def test_a_take_says_where_its_files_are_and_how_sure_the_capture_was(tmp_path):
    take = take_with_everything(empty_scene(), tmp_path)
    assert take[FOLDER] == str(tmp_path / "out") and takes_in(bpy.context.scene) == [take]
    person = armatures(take)[0]
    assert person[MOTION_FILE] == str(tmp_path / "out" / "person_00" / "motion.npz")
    assert len(person[SEEN]) == len(person[CONFIDENCE]) == 20 and person[FIRST_FRAME] == 1.0


def test_an_empty_scene_takes_rate_length_shape_and_camera_of_the_footage():
    scene = empty_scene()
    times_s = np.arange(50) / float(NTSC)
    seen_by = replace(camera(20, 1080, 1920), source_times_s=times_s)
    motion = replace(wild_motion(20, NTSC), cameras=(seen_by,))
    build_people(scene, [Person("Anna", motion)], "Dance", soft_body_model())
    assert (scene.render.fps, round(scene.render.fps_base, 6)) == (30, 1.001)
    assert (scene.frame_start, scene.frame_end, scene.frame_current) == (1, 50, 1)
    assert (scene.render.resolution_x, scene.render.resolution_y) == (1080, 1920)
    assert scene.camera.name == "Dance Camera 1"


def test_nothing_of_a_scene_with_content_is_touched(tmp_path):
    scene = lively_scene()
    before = state(scene)
    take = take_with_everything(scene, tmp_path)
    assert state(scene) == before
    remove_take(take)
    assert state(scene) == before


def test_in_a_scene_with_content_every_second_of_the_motion_stays_where_it_is():
    scene = lively_scene()
    bpy.ops.object.mode_set(mode="OBJECT")
    motion = replace(wild_motion(60, NTSC), start_s=0.5)
    take = build_people(scene, [Person("Anna", motion)], "Dance", soft_body_model())
    for number in (0, 20, 40):
        joints = motion.world_joints()[number]
        frame = scene.frame_start + motion.times_s[number] * scene.render.fps / scene.render.fps_base
        assert np.abs(evaluated_joints(armatures(take)[0], frame) - joints).max() < 0.05


def test_at_the_scenes_own_rate_the_motion_is_not_resampled():
    scene = lively_scene()
    bpy.ops.object.mode_set(mode="OBJECT")
    motion = wild_motion(10, Fraction(24))
    take = build_people(scene, [Person("Anna", motion)], "Dance", soft_body_model())
    assert np.abs(evaluated_joints(armatures(take)[0], 10) - motion.world_joints()[9]).max() < 1e-5


def test_the_user_may_give_the_scene_the_footages_rate_or_keep_its_own():
    people = [Person("Anna", wild_motion(10, Fraction(50)))]
    scene = lively_scene()
    build_people(scene, people, "Dance", soft_body_model(), TakeOptions(rate="FOOTAGE"))
    assert scene.render.fps == 50
    scene = empty_scene()
    build_people(scene, people, "Dance", soft_body_model(), TakeOptions(rate="SCENE"))
    assert scene.render.fps == 24


def test_a_scene_is_played_to_the_end_of_its_longest_take_and_never_shortened():
    scene = empty_scene()
    for frames, end in ((40, 40), (90, 90), (20, 90)):
        build_people(scene, [Person("Anna", wild_motion(frames))], "Dance", soft_body_model())
        assert (scene.frame_start, scene.frame_end) == (1, end)


def test_a_person_who_comes_late_starts_late():
    scene = empty_scene()
    late = replace(wild_motion(10), start_s=2.0)
    take = build_people(scene, [Person("Anna", wild_motion(90)), Person("Bert", late)], "Dance", soft_body_model())
    assert np.abs(evaluated_joints(armatures(take)[1], 61) - late.world_joints()[0]).max() < 1e-5


def test_body_and_camera_can_be_left_out(tmp_path):
    motion = replace(wild_motion(5), cameras=(camera(5),))
    bare = TakeOptions(body=False, camera=False)
    take = build_people(empty_scene(), [Person("Anna", motion)], "Dance", soft_body_model(), bare)
    assert sorted(thing.name for thing in take.children_recursive) == ["Dance Anna", "Dance Floor"]


def test_a_take_whose_footage_is_gone_stands_and_says_so(tmp_path):
    motion = replace(wild_motion(5), cameras=(camera(5, video_path="/gone/dance.mp4"),))
    take = build_people(empty_scene(), [Person("Anna", motion)], "Dance", soft_body_model())
    assert len(notes_of(take)) == 1 and notes_of(take)[0].startswith("The footage dance.mp4 is no longer at")


def test_a_file_with_senseless_camera_and_times_still_makes_a_take(tmp_path):
    film = write_film(tmp_path / "film.y4m", 3)
    blind = replace(camera(5), width_px=0, height_px=0)
    endless = replace(camera(5, video_path=str(film)), source_times_s=np.array([0.0, 1e15]))
    motion = replace(wild_motion(5), cameras=(blind, endless), settings={"video": "none"})
    take = build_people(empty_scene(), [Person("Anna", motion)], "Dance", soft_body_model())
    assert notes_of(take) == ["Camera 1 of Dance has no picture size or no focal length, so it was left out."]
    assert bpy.context.scene.frame_end == 1_048_574


def test_removing_a_take_leaves_only_what_the_user_put_there(tmp_path):
    scene = empty_scene()
    take = take_with_everything(scene, tmp_path)
    own = bpy.data.objects.new("Hat", None)
    take.users_collection[0].objects.link(own)
    remove_take(take)
    assert [thing.name for thing in scene.collection.all_objects] == ["Hat"]
    kinds = ("armatures", "meshes", "actions", "materials", "cameras", "movieclips", "images")
    assert {kind: len(getattr(bpy.data, kind)) for kind in kinds} == dict.fromkeys(kinds, 0)


def test_two_takes_of_one_name_stand_side_by_side(tmp_path):
    scene = empty_scene()
    people = [Person("Anna", wild_motion(5))]
    first, second = (build_people(scene, people, "Dance", soft_body_model()) for _ in range(2))
    remove_take(first)
    assert takes_in(scene) == [second] and len(armatures(second)) == 1


def test_a_folder_without_people_is_refused(tmp_path):
    with pytest.raises(Refusal) as refusal:
        build_take(empty_scene(), tmp_path, "Dance", soft_body_model())
    assert refusal.value.sentence == f"{tmp_path} holds no captured person."


def test_motion_without_frames_is_refused_before_anything_is_built():
    scene = empty_scene()
    with pytest.raises(Refusal, match="Dance holds no frame."):
        build_people(scene, [Person("Anna", wild_motion(0))], "Dance", soft_body_model())
    assert len(bpy.data.objects) == len(bpy.data.collections) == 0


def test_nobody_stands_inside_the_cube_of_a_new_file(tmp_path):
    bpy.ops.wm.read_factory_settings()
    take_with_everything(bpy.context.scene, tmp_path)
    assert bpy.data.objects["Cube"].hide_viewport
    assert not bpy.data.objects["Light"].hide_viewport


def test_a_cube_that_somebody_moved_stays_in_sight(tmp_path):
    bpy.ops.wm.read_factory_settings()
    bpy.data.objects["Cube"].location.x = 3.0
    take_with_everything(bpy.context.scene, tmp_path)
    assert not bpy.data.objects["Cube"].hide_viewport
