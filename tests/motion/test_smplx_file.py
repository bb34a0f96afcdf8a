"""A user's SMPL-X file: read by the formulas, fitted to measures, refused in words."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from motion.body import BodyModel, read_open_body
from motion.refusal import Refusal
from motion.skeleton import JOINT, JOINT_COUNT, PARENTS
from motion.smplx_file import SHAPE_COUNT, fitted_betas, gender_in, read_smplx
from tests.smplx_model import write_smplx_model

CHOOSE = "Choose SMPLX_NEUTRAL.npz, SMPLX_MALE.npz or SMPLX_FEMALE.npz."


@pytest.fixture
def model(tmp_path: Path) -> BodyModel:
    return read_smplx(write_smplx_model(tmp_path / "SMPLX_NEUTRAL.npz"), read_open_body())


def test_joints_follow_the_betas_as_the_formula_says(tmp_path: Path, model: BodyModel, rng) -> None:
    betas = rng.normal(size=SHAPE_COUNT)
    with np.load(tmp_path / "SMPLX_NEUTRAL.npz") as archive:
        vertices = archive["v_template"] + archive["shapedirs"][:, :, :SHAPE_COUNT] @ betas
        joints = archive["J_regressor"] @ vertices
    body = model.shaped(betas)
    np.testing.assert_allclose(body.vertices, vertices, atol=1e-12)
    np.testing.assert_allclose(body.skeleton.rest_joints, joints, atol=1e-12)


def test_files_with_hundreds_of_shapes_give_the_first_ten(tmp_path: Path) -> None:
    many = np.random.default_rng(3).normal(size=(300, 3, 400))
    model = read_smplx(write_smplx_model(tmp_path / "m.npz", shapedirs=many), read_open_body())
    np.testing.assert_array_equal(model.vertex_shapes, many[:, :, :SHAPE_COUNT].transpose(2, 0, 1))


def test_landmarks_ride_on_the_files_own_joints(model: BodyModel) -> None:
    open_body = read_open_body()
    body = model.shaped(np.array([2.0, 1.0]))
    offsets = body.points - body.skeleton.rest_joints[model.point_joints]
    np.testing.assert_allclose(offsets, open_body.points - open_body.joints[model.point_joints], atol=1e-12)


def test_betas_are_found_again_from_the_joints_that_they_make(model: BodyModel, rng) -> None:
    betas = np.zeros(SHAPE_COUNT)
    betas[:3] = 1.7, -1.2, 0.8
    wanted = model.shaped(betas).skeleton.rest_joints + rng.normal(size=3)   # where the pelvis is says nothing
    found = model.shaped(fitted_betas(model, wanted)).skeleton.rest_joints
    np.testing.assert_allclose(found - found[0], wanted - wanted[0], atol=0.01)


@pytest.mark.parametrize("height_m", [1.45, 1.71, 2.02])
def test_the_height_is_met_whatever_the_bones_say(model: BodyModel, height_m: float) -> None:
    betas = fitted_betas(model, model.shaped(np.array([0.0, 1.5])).skeleton.rest_joints, height_m)
    assert model.shaped(betas).height == pytest.approx(height_m, abs=0.003)


def test_wild_measures_give_finite_betas(model: BodyModel) -> None:
    for joints in (np.zeros((JOINT_COUNT, 3)), 100.0 * model.joints):
        assert np.isfinite(fitted_betas(model, joints)).all()


@pytest.mark.parametrize("name, gender", [
    ("SMPLX_FEMALE.npz", "female"), ("smplx_male.npz", "male"), ("SMPLX_NEUTRAL.npz", "neutral"), ("", "neutral"),
])  # fmt: skip
def test_the_name_says_whose_betas_they_are(name: str, gender: str) -> None:
    assert gender_in(name) == gender


def smpl_h(path: Path) -> None:
    write_smplx_model(path, weights=np.ones((300, 52)) / 52)


def smpl_skeleton(path: Path) -> None:
    parents = np.array(PARENTS)
    parents[JOINT["jaw"]] = 0
    write_smplx_model(path, kintree_table=np.stack([parents, np.arange(JOINT_COUNT)]))


BAD = {
    "text": (lambda path: path.write_text("SMPL-X"), ""),
    "empty": (lambda path: path.touch(), ""),
    "a pickle, as the first files were": (lambda path: path.write_bytes(pickle.dumps({"f": [1]})), ""),
    "half of a file": (lambda path: path.write_bytes(write_smplx_model(path).read_bytes()[:5000]), ""),
    "one array": (lambda path: path.write_bytes(npy_bytes()), ""),
    "a motion": (lambda path: np.savez(path, poses=np.zeros((3, 165))), ": it has no v_template"),
    "SMPL-H": (smpl_h, ": its weights is another than in SMPL-X"),
    "objects": (lambda path: write_smplx_model(path, f=np.array([{}], dtype=object)),
                ": its f is another than in SMPL-X"),
    "a bomb": (lambda path: write_smplx_model(path, v_template=np.zeros((300_000, 3))),
               ": its v_template is another than in SMPL-X"),
    "another skeleton": (smpl_skeleton, ": it has another skeleton"),
    "beyond all measure": (lambda path: write_smplx_model(path, J_regressor=np.full((55, 300), 1e308)),
                           ": its J_regressor is another than in SMPL-X"),
    "not finite": (lambda path: write_smplx_model(path, v_template=np.full((300, 3), np.nan)),
                   ": its v_template is another than in SMPL-X"),
    "a face without vertex": (lambda path: write_smplx_model(path, f=np.array([[0, 1, 300]])), ": its mesh is damaged"),
    "vertices without joint": (lambda path: write_smplx_model(path, weights=np.zeros((300, 55))),
                               ": its mesh is damaged"),
}  # fmt: skip


def npy_bytes() -> bytes:
    import io

    stream = io.BytesIO()
    np.save(stream, np.zeros(3))
    return stream.getvalue()


@pytest.mark.parametrize("make, why", BAD.values(), ids=BAD.keys())
def test_a_wrong_smplx_file_is_refused_in_words(tmp_path: Path, make, why: str) -> None:
    path = tmp_path / "mine.npz"
    make(path)
    with pytest.raises(Refusal) as refused:
        read_smplx(path, read_open_body())
    assert (refused.value.sentence, refused.value.mend) == (f"mine.npz is not an SMPL-X model{why}.", CHOOSE)


def test_a_missing_smplx_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        read_smplx(tmp_path / "gone.npz", read_open_body())
    assert str(refused.value) == f"There is no SMPL-X file {tmp_path / 'gone.npz'}. Choose it again, or leave it empty."
