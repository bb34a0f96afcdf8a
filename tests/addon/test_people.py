from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon.people import motion_files, read_people  # noqa: E402
from mambocap.motion.motion_file import write_motion  # noqa: E402
from mambocap.motion.refusal import Refusal  # noqa: E402
from mambocap.motion.skeleton import Skeleton  # noqa: E402

from tests.addon.made_up_takes import soft_body_model, wild_motion  # noqa: E402
from tests.box_body import rest_joints  # noqa: E402

TRANS = [0.4, 0.5, 1.3]


def foreign_file(path: Path, betas: np.ndarray) -> Path:
    np.savez(path, poses=np.zeros((2, 165)), trans=np.tile(TRANS, (2, 1)), betas=betas)
    return path


def test_the_trans_of_a_foreign_file_counts_from_smplxs_rest_pelvis(tmp_path):
    (person,) = read_people([foreign_file(tmp_path / "walk.npz", np.zeros(10))], soft_body_model())
    assert np.allclose(person.motion.root_world[0], np.array(TRANS) + [0.003, -0.351, 0.012])


def test_an_smplx_model_gives_a_foreign_file_the_rest_joints_of_its_betas(tmp_path):
    model = replace(soft_body_model(), name="smplx")
    (person,) = read_people([foreign_file(tmp_path / "walk.npz", np.array([2.0, 0.0]))], model)
    shaped = model.shaped(np.array([2.0])).skeleton.rest_joints
    assert np.allclose(person.motion.skeleton.rest_joints, shaped)
    assert np.allclose(person.motion.root_world[0], TRANS + shaped[0])


def test_our_own_file_keeps_its_rest_joints_whatever_the_model(tmp_path):
    tall = Skeleton(1.1 * rest_joints())
    motion = replace(wild_motion(3), skeleton=tall, betas=np.array([2.0, 0.0]), actor="Anna")
    write_motion(tmp_path / "motion.npz", motion)
    (person,) = read_people([tmp_path / "motion.npz"], replace(soft_body_model(), name="smplx"))
    assert person.name == "Anna"
    assert np.allclose(person.motion.skeleton.rest_joints, tall.rest_joints)
    assert np.allclose(person.motion.root_world, motion.root_world)


def test_people_come_in_the_order_of_their_folders(tmp_path):
    for name in ("person_10", "person_02"):
        (tmp_path / name).mkdir()
        write_motion(tmp_path / name / "motion.npz", wild_motion(1))
    assert [path.parent.name for path in motion_files(tmp_path)] == ["person_02", "person_10"]


def test_a_folder_without_people_is_refused_by_its_name(tmp_path):
    with pytest.raises(Refusal, match=f"{tmp_path} holds no captured person."):
        motion_files(tmp_path)
