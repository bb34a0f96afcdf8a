from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon import import_motion  # noqa: E402
from mambocap.addon.imported_files import grouped_by_take  # noqa: E402
from mambocap.addon.take_scene import takes_in  # noqa: E402
from mambocap.motion.motion_file import write_motion  # noqa: E402
from mambocap.motion.skeleton import JOINT  # noqa: E402

from tests.addon.made_up_takes import empty_scene, evaluated_joints, soft_body_model, wild_motion  # noqa: E402


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    scene = empty_scene()
    monkeypatch.setattr(import_motion, "body_model", lambda context: soft_body_model())
    import_motion.register()
    yield scene
    import_motion.unregister()


def amass_file(path: Path, width: int, **more) -> Path:
    """A standing person of AMASS: Z up, so the root turns the upright rest pose by a quarter about x."""
    poses = np.zeros((6, width))
    poses[:, 0] = np.pi / 2
    np.savez(path, poses=poses, trans=np.tile([0.0, 0.0, 1.0], (6, 1)), betas=np.zeros(16), gender="male",
             mocap_framerate=60.0, **more)  # fmt: skip
    return path


def imported_person() -> bpy.types.Object:
    return next(thing for thing in takes_in(bpy.context.scene)[0].children if thing.type == "ARMATURE")


@pytest.mark.parametrize("width", [156, 165, 72])
def test_amass_files_stand_upright_at_their_own_rate(tmp_path, width):
    path = amass_file(tmp_path / "walk_poses.npz", width)
    assert bpy.ops.mambocap.import_motion(filepath=str(path)) == {"FINISHED"}
    joints = evaluated_joints(imported_person(), 3)
    assert joints[JOINT["head"], 2] - joints[JOINT["left_ankle"], 2] > 1.2
    assert bpy.context.scene.render.fps == 60 and takes_in(bpy.context.scene)[0].name == "walk_poses"


def test_files_with_y_up_are_turned_when_asked(tmp_path):
    path = tmp_path / "smplx.npz"
    np.savez(path, poses=np.zeros((3, 165)), trans=np.tile([0.0, 1.0, 0.0], (3, 1)))
    bpy.ops.mambocap.import_motion(filepath=str(path), up_axis="Y")
    joints = evaluated_joints(imported_person(), 1)
    assert joints[JOINT["head"], 2] - joints[JOINT["left_ankle"], 2] > 1.2


def test_people_of_one_capture_come_as_one_take(tmp_path):
    paths = []
    for number in range(2):
        folder = tmp_path / "Duet" / f"person_0{number}"
        folder.mkdir(parents=True)
        paths.append(folder / "motion.npz")
        write_motion(paths[-1], wild_motion(4, seed=number))
    foreign = tmp_path / "walk.npz"
    assert grouped_by_take([*paths, foreign]) == {
        ("Duet", tmp_path / "Duet"): paths, ("walk", tmp_path): [foreign],
    }  # fmt: skip


def test_several_files_come_in_one_go(tmp_path):
    names = [amass_file(tmp_path / f"{name}.npz", 156).name for name in ("run", "jump")]
    bpy.ops.mambocap.import_motion(directory=str(tmp_path), files=[{"name": name} for name in names])
    assert sorted(take.name for take in takes_in(bpy.context.scene)) == ["jump", "run"]


def not_a_zip(path: Path) -> None:
    path.write_bytes(b"nonsense")


def cut_short(path: Path) -> None:
    amass_file(path, 156)
    path.write_bytes(path.read_bytes()[:300])


def pickled(path: Path) -> None:
    np.savez(path, poses=np.array([{"a": 1}], dtype=object))


def endless_number(path: Path) -> None:
    np.savez(path, poses=np.full((3, 165), np.inf))


def wrong_width(path: Path) -> None:
    np.savez(path, poses=np.zeros((3, 7)))


def other_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")


@pytest.mark.parametrize("make", [not_a_zip, cut_short, pickled, endless_number, wrong_width, other_zip])
def test_a_file_that_is_no_motion_is_refused_in_words_and_leaves_the_scene_empty(tmp_path, make):
    good = amass_file(tmp_path / "a_good_one.npz", 156)
    bad = tmp_path / "bad.npz"
    make(bad)
    with pytest.raises(RuntimeError) as failure:
        bpy.ops.mambocap.import_motion(directory=str(tmp_path), files=[{"name": good.name}, {"name": bad.name}])
    words = str(failure.value)
    assert "bad.npz is not a readable motion file" in words and "Traceback" not in words
    assert "Choose a motion.npz of Mambocap or an AMASS or SMPL-X .npz." in words
    assert len(bpy.data.objects) == 0


def test_a_missing_file_is_refused_by_its_name(tmp_path):
    with pytest.raises(RuntimeError, match="There is no file .*gone.npz. Choose a motion file that exists."):
        bpy.ops.mambocap.import_motion(filepath=str(tmp_path / "gone.npz"))


def test_the_import_waits_until_no_edit_mode_holds_the_undo_steps():
    bpy.ops.wm.read_factory_settings()
    assert bpy.ops.mambocap.import_motion.poll()
    bpy.context.view_layer.objects.active = bpy.data.objects["Cube"]
    bpy.ops.object.mode_set(mode="EDIT")
    assert not bpy.ops.mambocap.import_motion.poll()


def test_the_file_menu_offers_the_import_and_files_can_be_dropped():
    menu = bpy.types.TOPBAR_MT_file_import
    assert import_motion._menu in menu._dyn_ui_initialize()
    handler = bpy.types.FileHandler.bl_rna_get_subclass_py("MAMBOCAP_FH_motion")
    assert handler.bl_import_operator == "mambocap.import_motion"


def test_unregistering_leaves_nothing_behind():
    import_motion.unregister()
    assert not hasattr(bpy.types, "MAMBOCAP_OT_import_motion")
    assert import_motion._menu not in bpy.types.TOPBAR_MT_file_import._dyn_ui_initialize()
    import_motion.register()
