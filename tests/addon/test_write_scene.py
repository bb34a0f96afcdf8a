from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

bpy = pytest.importorskip("bpy")

from mambocap.motion.body import read_open_body  # noqa: E402
from mambocap.motion.job import write_json  # noqa: E402
from mambocap.motion.motion_file import write_motion  # noqa: E402

from tests.addon.made_up_takes import camera, wild_motion, write_film  # noqa: E402
from tests.smplx_model import write_smplx_model  # noqa: E402

SCRIPT = Path(__file__).resolve().parents[2] / "addon" / "write_scene.py"


def run(*arguments: object) -> subprocess.CompletedProcess:
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def capture_folder(tmp_path: Path, video_path: str) -> Path:
    folder = tmp_path / "Žánr 東京" / "out"
    for number in range(2):
        (folder / f"person_0{number}").mkdir(parents=True)
        motion = replace(wild_motion(12, seed=number), cameras=(camera(12, video_path=video_path),))
        write_motion(folder / f"person_0{number}" / "motion.npz", motion)
    return folder


def test_a_capture_becomes_a_blend_file_with_its_footage_beside_it(tmp_path):
    film = write_film(tmp_path / "film.y4m", 12)
    folder = capture_folder(tmp_path, str(film))
    done = run(folder)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["person_00", "person_01", "scene.blend"]
    bpy.ops.wm.open_mainfile(filepath=str(folder / "scene.blend"))
    scene = bpy.context.scene
    assert (scene.render.fps, scene.frame_start, scene.frame_end) == (30, 1, 12)
    kinds = sorted(thing.type for thing in scene.objects)
    assert kinds == ["ARMATURE", "ARMATURE", "CAMERA", "EMPTY", "MESH", "MESH", "MESH"]
    image = scene.camera.data.background_images[0].image
    assert image.filepath.startswith("//") and image.frame_duration == 12
    assert Path(bpy.path.abspath(image.filepath)).resolve() == film


def test_blender_leaves_nothing_in_the_folder_of_temporary_files(tmp_path, monkeypatch):
    folder, temporary = capture_folder(tmp_path, "/gone/dance.mp4"), tmp_path / "temporary"
    temporary.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(temporary))
    assert run(folder).returncode == 0
    assert list(temporary.iterdir()) == []


def test_missing_footage_is_told_and_the_scene_is_written_all_the_same(tmp_path):
    folder = capture_folder(tmp_path, "/gone/dance.mp4")
    done = run(folder, "--blend", "take two.blend")
    assert done.returncode == 0 and (folder / "take two.blend").is_file()
    assert "The footage dance.mp4 is no longer at /gone/dance.mp4" in done.stderr


def test_a_folder_without_people_ends_with_one_sentence_and_code_2(tmp_path):
    done = run(tmp_path)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert done.stderr.strip().endswith(f"{tmp_path} holds no captured person. Choose a folder with "
                                        "person_00/motion.npz in it, or capture the footage again.")  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_a_broken_motion_file_keeps_the_scene_that_was_there(tmp_path):
    folder = capture_folder(tmp_path, "")
    (folder / "scene.blend").write_bytes(b"older")
    (folder / "person_01" / "motion.npz").write_bytes(b"nonsense")
    done = run(folder)
    assert done.returncode == 2 and "motion.npz is not a readable motion file" in done.stderr
    assert (folder / "scene.blend").read_bytes() == b"older"
    assert sorted(path.name for path in folder.iterdir()) == ["person_00", "person_01", "scene.blend"]


@pytest.mark.parametrize("is_there, vertices", [(True, 300), (False, None)])
def test_the_body_is_that_of_the_users_smplx_file_while_it_is_there(tmp_path, is_there, vertices):
    folder = capture_folder(tmp_path, "")
    model = tmp_path / "SMPLX_NEUTRAL.npz"
    if is_there:
        write_smplx_model(model)
    write_json(folder / "request.json", {"clips": ["a.mp4"], "settings": {"body": {"smplx_file": str(model)}}})
    done = run(folder)
    assert done.returncode == 0, done.stderr
    bpy.ops.wm.open_mainfile(filepath=str(folder / "scene.blend"))
    body = next(each for each in bpy.data.objects if each.name.endswith("Body"))
    assert len(body.data.vertices) == (vertices or len(read_open_body().vertices))


def test_a_full_disk_is_called_so(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        folder = shutil.copytree(capture_folder(tmp_path, ""), disk / "out")
        done = run(folder)
        words = f"The disk is full: scene.blend could not be written to {folder}. Free some space there and start again"
        assert done.returncode == 2 and done.stderr.strip().splitlines()[-1].startswith(words)
        assert sorted(path.name for path in folder.iterdir()) == ["person_00", "person_01"]
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_scene_that_its_user_worked_on_stays_beside_the_new_one(tmp_path):
    folder = capture_folder(tmp_path, "")
    (folder / "scene.blend").write_bytes(b"hours of work")
    assert run(folder).returncode == 0
    assert (folder / "scene.blend1").read_bytes() == b"hours of work"
    assert (folder / "scene.blend").stat().st_size > 10_000


def test_a_scene_name_in_a_missing_folder_ends_with_one_sentence(tmp_path):
    folder = capture_folder(tmp_path, "")
    done = run(folder, "--blend", "nowhere/scene.blend")
    assert done.returncode == 2 and "scene.blend could not be written to" in done.stderr
    assert "Traceback" not in done.stderr
