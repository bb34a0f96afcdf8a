"""Recordings of motion capture come into the scene as people."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon import import_motion  # noqa: E402
from mambocap.addon.imported_files import grouped_by_take  # noqa: E402
from mambocap.addon.take_scene import takes_in  # noqa: E402
from mambocap.motion.motion_file import write_motion  # noqa: E402
from mambocap.motion.skeleton import JOINT  # noqa: E402

from bench.made_up_recordings import made_up_acclaim, made_up_smartbody  # noqa: E402
from motion.kinematics import forward_kinematics  # noqa: E402
from motion.recordings.naming import FAMILIES  # noqa: E402
from tests.addon.made_up_takes import empty_scene, evaluated_joints, wild_motion  # noqa: E402
from tests.motion.recordings.made_up_files import write_bvh  # noqa: E402
from tests.motion.recordings.made_up_recordings import BODY, Truth, told_by, walking_about  # noqa: E402

UNREAL = next(family for family in json.loads(FAMILIES.read_text(encoding="utf-8"))["families"]
              if family["name"] == "Unreal")  # fmt: skip
LIMBS = [JOINT[f"{side}_{joint}"] for side in ("left", "right")
         for joint in ("hip", "knee", "ankle", "shoulder", "elbow", "wrist")]  # fmt: skip


@pytest.fixture(autouse=True)
def scene(monkeypatch) -> bpy.types.Scene:
    scene = empty_scene()
    monkeypatch.setattr(import_motion, "body_model", lambda context: BODY.model)
    import_motion.register()
    yield scene
    import_motion.unregister()


def walk(path: Path, seconds: float = 1.0, size: float = 1.0) -> Path:
    body = BODY.model.shaped([], size)
    return write_bvh(path, told_by(UNREAL, walking_about(seconds, body=body), {}, np.eye(3), body))


def imported(path: Path, **options) -> bpy.types.Object:
    assert bpy.ops.mambocap.import_motion(filepath=str(path), **options) == {"FINISHED"}
    return person_of(takes_in(bpy.context.scene)[0])


def person_of(take: bpy.types.Object) -> bpy.types.Object:
    return next(thing for thing in take.children if thing.type == "ARMATURE")


def curves_of(action: bpy.types.Action) -> list[bpy.types.FCurve]:
    if hasattr(action, "layers"):
        return list(action.layers[0].strips[0].channelbags[0].fcurves)
    return list(action.fcurves)


def all_data() -> dict[str, int]:
    kinds = ("objects", "armatures", "meshes", "actions", "collections", "materials", "scenes")
    return {kind: len(getattr(bpy.data, kind)) for kind in kinds}


def test_a_bvh_file_has_a_key_for_each_of_its_frames_at_its_own_rate(tmp_path, scene):
    person = imported(walk(tmp_path / "walk.bvh"), with_body=False)
    keys = [len(curve.keyframe_points) for curve in curves_of(person.animation_data.action)]
    assert max(keys) == 60 and scene.render.fps == 60 and scene.render.fps_base == 1.0
    assert (scene.frame_start, scene.frame_end) == (1, 60)


@pytest.mark.parametrize("size", [0.8, 1.0])
def test_joints_are_where_they_were_recorded(tmp_path, size):
    body = BODY.model.shaped([], size)
    person = imported(walk(tmp_path / "walk.bvh", size=size), with_body=False)
    for frame in (1, 31, 60):
        truth = walking_about(body=body).joints[frame - 1] @ [[1, 0, 0], [0, 0, 1], [0, -1, 0]]   # Z up
        joints = evaluated_joints(person, frame)
        off = (joints - joints[[1, 2]].mean(axis=0)) - (truth - truth[[1, 2]].mean(axis=0))
        assert np.linalg.norm(off[LIMBS], axis=-1).max() < 0.02


@pytest.mark.parametrize("size", [0.8, 1.0])
def test_the_body_is_as_tall_as_who_was_recorded_and_stands_on_the_floor(tmp_path, scene, size):
    skin = imported(stand(tmp_path / "stand.bvh", size)).children[0]
    assert np.ptp([vertex.co.z for vertex in skin.data.vertices]) == pytest.approx(size * BODY.height, abs=0.01)
    assert lowest_vertex(scene, skin, 3) == pytest.approx(0.0, abs=0.01)


def stand(path: Path, size: float) -> Path:
    body = BODY.model.shaped([], size)
    R, root = np.tile(np.eye(3), (6, 55, 1, 1)), np.tile([0.3, 0.7, 0.0], (6, 1))
    truth = Truth(R, forward_kinematics(body.skeleton, R, root)[1], root)
    return write_bvh(path, told_by(UNREAL, truth, {}, np.eye(3), body))


def lowest_vertex(scene: bpy.types.Scene, skin: bpy.types.Object, frame: int) -> float:
    scene.frame_set(frame)
    posed = skin.evaluated_get(bpy.context.evaluated_depsgraph_get())
    return min((posed.matrix_world @ vertex.co).z for vertex in posed.data.vertices)


def test_everything_is_called_after_the_file(tmp_path):
    person = imported(walk(tmp_path / "14_20.bvh", seconds=0.1))
    assert takes_in(bpy.context.scene)[0].name == "14_20"
    assert {person.name, person.data.name, person.animation_data.action.name} == {"14_20 Person 1"}


def test_y_up_is_asked_of_archives_only(tmp_path):
    person = imported(walk(tmp_path / "walk.bvh", seconds=0.1), up_axis="Y", with_body=False)
    joints = evaluated_joints(person, 1)
    assert joints[JOINT["head"], 2] - joints[JOINT["left_ankle"], 2] > 1.0


def test_files_of_all_kinds_come_in_one_go(tmp_path):
    walk(tmp_path / "walk.bvh", seconds=0.1)
    write_motion(tmp_path / "walk.npz", wild_motion(4))
    walk(tmp_path / "run.BVH", seconds=0.1)
    names = ["walk.bvh", "walk.npz", "run.BVH"]
    bpy.ops.mambocap.import_motion(directory=str(tmp_path), files=[{"name": name} for name in names], with_body=False)
    assert sorted(take.name for take in takes_in(bpy.context.scene)) == ["run", "walk.bvh", "walk.npz"]


def test_files_of_one_name_in_two_folders_are_two_takes(tmp_path):
    paths = [tmp_path / folder / "walk.bvh" for folder in ("a", "b")]
    assert grouped_by_take(paths) == {("walk", path.parent): [path] for path in paths}


def test_in_a_scene_with_things_the_scene_keeps_its_rate(tmp_path, scene):
    scene.collection.objects.link(bpy.data.objects.new("Mine", None))
    scene.render.fps = 24
    person = imported(walk(tmp_path / "walk.bvh"), with_body=False)
    ends = [curve.keyframe_points[-1].co[0] for curve in curves_of(person.animation_data.action)]
    assert scene.render.fps == 24 and 23.0 <= max(ends) <= 25.0


def cut_short(folder: Path) -> str:
    path = walk(folder / "bad.bvh", seconds=0.1)
    path.write_text(path.read_text().rstrip().rsplit("\n", 1)[0])
    return "bad.bvh cannot be read: 6 frames are announced and 5 are there."


def without_asf(folder: Path) -> str:
    (folder / "bad.amc").write_bytes(made_up_acclaim()["walk.amc"])
    return "bad.amc needs the skeleton that it was recorded with, and there is no ASF file beside it."


def without_sk(folder: Path) -> str:
    (folder / "bad.skm").write_bytes(made_up_smartbody()["walk.skm"])
    return "bad.skm needs the skeleton that it was recorded with, and there is no SK file beside it."


def without_knees(folder: Path) -> str:
    recording = told_by(UNREAL, walking_about(0.1), {}, np.eye(3))
    names = tuple(name.replace("calf", "something") for name in recording.joint_names)
    write_bvh(folder / "bad.bvh", replace(recording, joint_names=names))
    return "bad has no joint that looks like left knee, right knee."


@pytest.mark.parametrize("make", [cut_short, without_asf, without_sk, without_knees])
def test_a_recording_that_cannot_be_used_is_refused_in_words_and_leaves_nothing_behind(tmp_path, make):
    before, sentence = all_data(), make(tmp_path)
    walk(tmp_path / "a_good_one.bvh", seconds=0.1)
    names = ["a_good_one.bvh", next(tmp_path.glob("bad.*")).name]
    with pytest.raises(RuntimeError) as failure:
        bpy.ops.mambocap.import_motion(directory=str(tmp_path), files=[{"name": name} for name in names])
    assert sentence in str(failure.value) and "Traceback" not in str(failure.value)
    assert all_data() == before


def test_one_undo_takes_everything_back(tmp_path):
    path = walk(tmp_path / "walk.bvh", seconds=0.1)
    before = all_data()
    bpy.ops.ed.undo_push(message="Before")
    bpy.ops.mambocap.import_motion("EXEC_DEFAULT", True, filepath=str(path))
    assert all_data() != before
    bpy.ops.ed.undo()
    assert all_data() == before
    bpy.ops.ed.redo()
    assert person_of(takes_in(bpy.context.scene)[0]).animation_data.action.name == "walk Person 1"


def test_a_minute_of_recording_is_there_at_once(tmp_path):
    path = walk(tmp_path / "long.bvh", seconds=60.0)
    start = time.process_time()
    imported(path, with_body=False)
    assert time.process_time() - start < 5.0


def test_all_kinds_of_files_are_offered_and_can_be_dropped():
    handler = bpy.types.FileHandler.bl_rna_get_subclass_py("MAMBOCAP_FH_motion")
    assert handler.bl_file_extensions == ".npz;.bvh;.amc;.skm"
    glob = bpy.ops.mambocap.import_motion.get_rna_type().properties["filter_glob"].default
    assert glob == "*.npz;*.bvh;*.amc;*.skm"
