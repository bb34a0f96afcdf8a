import io
import zipfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion.motion import Motion
from motion.motion_archive import REST_PELVIS
from motion.motion_file import read_motion, write_motion, y_up_to_z_up
from motion.refusal import Refusal
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import Skeleton
from tests.motion.made_up import made_up_motion

REST = Skeleton(np.arange(165.0).reshape(55, 3) / 100.0)


def test_everything_comes_back_exactly(rng, tmp_path):
    motion = made_up_motion(rng)
    write_motion(tmp_path / "motion.npz", motion)
    back = read_motion(tmp_path / "motion.npz", REST)
    for name in ("root_world", "seen", "confidence", "contacts", "body_shape", "betas", "times_s",
                 "hypotheses_weights", "spread_m"):  # fmt: skip
        np.testing.assert_allclose(getattr(back, name), getattr(motion, name), atol=1e-14, err_msg=name)
    np.testing.assert_allclose(back.R_parent_from_joint, motion.R_parent_from_joint, atol=1e-12)
    np.testing.assert_allclose(back.raw.R_parent_from_joint, motion.raw.R_parent_from_joint, atol=1e-12)
    np.testing.assert_array_equal(back.skeleton.rest_joints, motion.skeleton.rest_joints)
    for name in ("rate", "contact_names", "gender", "actor", "settings", "versions", "start_s",
                 "choices"):  # fmt: skip
        assert getattr(back, name) == getattr(motion, name), name
    for name, value in vars(motion.cameras[0]).items():
        np.testing.assert_array_equal(getattr(back.cameras[0], name), value, err_msg=name)


def test_other_poses_come_back_to_a_sixteenth_of_a_millimetre_and_milliradian(rng, tmp_path):
    motion = made_up_motion(rng)
    write_motion(tmp_path / "motion.npz", motion)
    back = read_motion(tmp_path / "motion.npz", REST)
    for name in ("hypotheses", "hypotheses_root"):
        np.testing.assert_allclose(getattr(back, name), getattr(motion, name), atol=2.0**-14 + 1e-6, err_msg=name)


def test_the_motion_before_clean_up_keeps_its_time_its_cameras_and_what_was_seen(rng, tmp_path):
    motion = replace(made_up_motion(rng), start_s=2.5)
    write_motion(tmp_path / "motion.npz", motion)
    back = read_motion(tmp_path / "motion.npz", REST)
    np.testing.assert_allclose(back.raw.times_s, motion.times_s)
    for name in ("seen", "confidence", "body_shape"):
        np.testing.assert_array_equal(getattr(back.raw, name), getattr(motion, name), err_msg=name)
    np.testing.assert_array_equal(back.raw.cameras[0].landmarks_px, motion.cameras[0].landmarks_px)


def test_other_tools_find_what_amass_and_smplx_archives_hold(rng, tmp_path):
    motion = made_up_motion(rng)
    write_motion(tmp_path / "motion.npz", motion)
    with np.load(tmp_path / "motion.npz", allow_pickle=False) as archive:
        assert archive["poses"].shape == (7, 165)
        assert str(archive["surface_model_type"]) == "smplx"
        assert float(archive["mocap_frame_rate"]) == pytest.approx(29.97, abs=1e-3)
        # SMPL-X turns the body about the rest pelvis and moves it by trans afterwards.
        np.testing.assert_allclose(archive["trans"] + archive["rest_joints"][0], motion.root_world, atol=1e-12)
        assert set(archive["neutral_parts"]) == {"jaw", "eyes", "expression"}


@pytest.mark.parametrize("width, hands_from", [(165, 25), (156, 22), (72, None)])
def test_archives_of_the_three_body_models_land_on_the_right_joints(rng, tmp_path, width, hands_from):
    poses, trans = rng.normal(size=(5, width)), rng.normal(size=(5, 3))
    np.savez(tmp_path / "a.npz", poses=poses, trans=trans, mocap_framerate=np.array(120.0))
    motion = read_motion(tmp_path / "a.npz", REST)
    triples = poses.reshape(5, -1, 3)
    expected = matrix_from_axis_angle(triples)
    np.testing.assert_allclose(motion.R_parent_from_joint[:, :22], expected[:, :22], atol=1e-12)
    if hands_from is None:
        np.testing.assert_array_equal(motion.R_parent_from_joint[:, 25:], np.broadcast_to(np.eye(3), (5, 30, 3, 3)))
    else:
        np.testing.assert_allclose(motion.R_parent_from_joint[:, 25:], expected[:, hands_from:], atol=1e-12)
    assert motion.rate == Fraction(120)
    np.testing.assert_allclose(motion.root_world, trans + REST_PELVIS[width])
    np.testing.assert_allclose(motion.skeleton.offsets, REST.offsets, atol=1e-12)


def test_archives_in_parts_are_read(rng, tmp_path):
    root, body = rng.normal(size=(4, 3)), rng.normal(size=(4, 63))
    np.savez(tmp_path / "parts.npz", root_orient=root, pose_body=body, trans=np.zeros((4, 3)), mocap_frame_rate=60)
    motion = read_motion(tmp_path / "parts.npz", REST)
    np.testing.assert_allclose(motion.R_parent_from_joint[:, 0], matrix_from_axis_angle(root), atol=1e-12)
    expected = matrix_from_axis_angle(body.reshape(4, 21, 3))
    np.testing.assert_allclose(motion.R_parent_from_joint[:, 1:22], expected, atol=1e-12)


def test_a_file_with_y_up_is_stood_up():
    upright = Motion(REST, Fraction(30), np.tile(np.eye(3), (1, 55, 1, 1)), np.array([[0.5, 0.9, -2.0]]))
    stood = y_up_to_z_up(upright)
    np.testing.assert_allclose(stood.root_world, [[0.5, 2.0, 0.9]], atol=1e-12)
    np.testing.assert_allclose(stood.R_parent_from_joint[0, 0] @ [0, 1, 0], [0, 0, 1], atol=1e-12)


class Spy:
    """A pickle that would tell if it were opened."""

    opened = False

    def __reduce__(self):
        return setattr, (Spy, "opened", True)


def save_hostile(path: Path, name: str) -> None:
    good = {"poses": np.zeros((3, 165)), "trans": np.zeros((3, 3)), "mocap_frame_rate": np.array(30.0)}
    changed = {
        "pickle": {"poses": np.array([Spy()], dtype=object)},
        "text for numbers": {"trans": np.array(["a", "b", "c"])},
        "another length": {"trans": np.zeros((4, 3))},
        "not finite": {"trans": np.full((3, 3), np.nan)},
        "an odd width": {"poses": np.zeros((3, 99))},
        "no rate at all": {"mocap_frame_rate": np.array(0.0)},
        "an endless rate": {"mocap_frame_rate": np.array(np.inf)},
        "settings of another kind": {"format_version": np.array(1), "settings": np.array("[1]")},
        "broken settings": {"format_version": np.array(1), "settings": np.array("{")},
    }[name]
    np.savez(path, **(good | changed))


@pytest.mark.parametrize("name, why", [
    ("pickle", ": poses holds no numbers"), ("text for numbers", ": trans holds no numbers"),
    ("another length", ": trans has the shape [4, 3]"),
    ("not finite", ": trans holds numbers that are not finite"),
    ("an odd width", ": poses must have 165, 156 or 72 numbers a frame, not 99"),
    ("no rate at all", ": its rate of 0 frames a second is out of range"),
    ("an endless rate", ": mocap_frame_rate holds numbers that are not finite"),
    ("settings of another kind", ": settings is not an object"), ("broken settings", ""),
])  # fmt: skip
def test_hostile_files_are_refused_in_words_and_nothing_runs(tmp_path, name, why):
    save_hostile(tmp_path / "bad.npz", name)
    with pytest.raises(Refusal) as refused:
        read_motion(tmp_path / "bad.npz", REST)
    assert refused.value.sentence == f"bad.npz is not a readable motion file{why}."
    assert not Spy.opened


def test_a_newer_file_is_refused_in_one_sentence(tmp_path):
    np.savez(tmp_path / "new.npz", poses=np.zeros((3, 165)), mocap_frame_rate=30.0, format_version=2)
    with pytest.raises(Refusal) as refused:
        read_motion(tmp_path / "new.npz", REST)
    assert str(refused.value) == "new.npz was written by a newer Mambocap. Update Mambocap to open it."


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(Refusal, match="There is no file"):
        read_motion(tmp_path / "gone.npz", REST)


@settings(max_examples=60, deadline=None)
@given(junk=st.binary(max_size=400))
def test_random_bytes_are_refused(tmp_path_factory, junk):
    path = tmp_path_factory.mktemp("junk") / "junk.npz"
    path.write_bytes(junk)
    with pytest.raises(Refusal):
        read_motion(path, REST)


@settings(max_examples=60, deadline=None)
@given(at=st.floats(0.0, 1.0), value=st.integers(0, 255))
def test_a_damaged_byte_is_refused_or_harmless(tmp_path_factory, at, value):
    stream = io.BytesIO()
    np.savez(stream, poses=np.zeros((3, 165)), trans=np.zeros((3, 3)), mocap_frame_rate=30.0)
    damaged = bytearray(stream.getvalue())
    damaged[int(at * (len(damaged) - 1))] = value
    path = tmp_path_factory.mktemp("damaged") / "damaged.npz"
    path.write_bytes(damaged)
    try:
        assert read_motion(path, REST).frame_count == 3
    except Refusal:
        pass


def test_a_zip_of_something_else_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "notes.npz", "w") as archive:
        archive.writestr("notes.txt", "hello")
    with pytest.raises(Refusal):
        read_motion(tmp_path / "notes.npz", REST)


@pytest.mark.parametrize("name, array, why", [
    ("trans", np.zeros((10**7, 3)), "trans has the shape [10000000, 3]"),
    ("poses", np.zeros((200_000, 165)), "trans has the shape [3, 3]"),
    ("betas", np.zeros((1, 10**7)), "betas is too long"),
    ("betas", np.array([1e16]), "betas holds numbers beyond all measure"),
    ("gender", np.array(["x" * 100_000] * 200), "gender is too long"),
])  # fmt: skip
def test_what_is_announced_beyond_the_frames_is_never_unpacked(tmp_path, name, array, why):
    arrays = {"poses": np.zeros((3, 165)), "trans": np.zeros((3, 3)), "mocap_frame_rate": 30.0, name: array}
    np.savez_compressed(tmp_path / "bomb.npz", **arrays)
    with pytest.raises(Refusal) as refused:
        read_motion(tmp_path / "bomb.npz", REST)
    assert refused.value.sentence == f"bomb.npz is not a readable motion file: {why}."


def test_an_empty_list_of_genders_says_none(tmp_path):
    np.savez(tmp_path / "a.npz", poses=np.zeros((3, 165)), mocap_frame_rate=30.0, gender=np.zeros(0, dtype=np.str_))
    assert read_motion(tmp_path / "a.npz", REST).gender == "neutral"


def test_the_file_has_the_bytes_that_numpy_would_write(tmp_path):
    motion = made_up_motion(np.random.default_rng(5))
    write_motion(tmp_path / "motion.npz", motion)
    with np.load(tmp_path / "motion.npz") as archive:
        np.savez_compressed(tmp_path / "numpy.npz", **archive)
    assert (tmp_path / "motion.npz").read_bytes() == (tmp_path / "numpy.npz").read_bytes()
