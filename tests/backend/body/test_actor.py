"""Who is in front of the camera: found once, kept under a name, and true to the file of the user's body model."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from backend.body.actor import AVERAGE_HEIGHT_M, BodySettings, bodies_of, keep_actor
from backend.body.bones import on_bones
from backend.track.tracks import Track
from motion.body import Body, read_open_body
from motion.file_names import is_device
from motion.refusal import Refusal
from motion.skeleton import JOINT, JOINT_NAMES
from motion.smplx_file import SHAPE_COUNT, read_smplx
from tests.backend.lift.made_up_track import K, reaching_and_stepping
from tests.smplx_model import write_smplx_model

TRACK = reaching_and_stepping().track
IS_BELOW_HIP = np.array([[name.endswith(("knee", "ankle", "foot"))] for name in JOINT_NAMES])


def body_of(folder: Path | None = None, track: Track = TRACK, longer_legs: float = 0.0, **known: object) -> Body:
    """Of the person in one take, by a lift that tells legs longer by so many metres when it may."""
    settings = BodySettings(**known)
    (start,) = bodies_of([track], K, settings, folder)
    told = start.body.skeleton.rest_joints - [0.0, longer_legs, 0.0] * IS_BELOW_HIP
    body = start.body if start.bones_known else on_bones(start.body, told)
    keep_actor(body, settings, folder)
    return body


@pytest.fixture
def smplx_file(tmp_path: Path) -> str:
    return str(write_smplx_model(tmp_path / "SMPLX_NEUTRAL.npz"))


def assert_same_bones(one: Body, other: Body, within_m: float = 1e-9) -> None:
    np.testing.assert_allclose(one.skeleton.rest_joints, other.skeleton.rest_joints, atol=within_m)


@pytest.mark.parametrize("height_m", [1.52, 1.93])
def test_the_body_is_as_tall_as_the_user_says(height_m: float, smplx_file: str) -> None:
    assert body_of(height_m=height_m).height == pytest.approx(height_m, abs=1e-6)
    assert body_of(height_m=height_m, smplx_file=smplx_file).height == pytest.approx(height_m, abs=0.01)


def test_nobody_knows_the_height_so_it_is_average() -> None:
    assert body_of().height == pytest.approx(AVERAGE_HEIGHT_M, abs=1e-6)


def test_what_the_user_knows_is_of_the_first_person_alone() -> None:
    first, second = (start.body for start in bodies_of([TRACK, TRACK], K, BodySettings(height_m=1.9), None))
    assert first.height == pytest.approx(1.9) and second.height == pytest.approx(AVERAGE_HEIGHT_M)


def test_with_an_smplx_file_the_betas_alone_give_the_rest_joints(smplx_file: str) -> None:
    body = body_of(height_m=1.62, smplx_file=smplx_file)
    model = read_smplx(Path(smplx_file), read_open_body())
    assert np.abs(body.shape).max() > 0.1 and body.scale == 1.0
    expected = model.joints + np.tensordot(body.shape, model.joint_shapes, 1)
    np.testing.assert_allclose(body.skeleton.rest_joints, expected, atol=1e-12)


def test_an_actor_is_measured_once_and_the_same_in_every_take(tmp_path: Path, smplx_file: str) -> None:
    for name, known in (("Ada", {}), ("Bo", {"smplx_file": smplx_file})):
        first = body_of(tmp_path, longer_legs=0.05, actor=name, height_m=1.66, **known)
        other_take = reaching_and_stepping(yaw=-0.4, frames=9).track
        again = body_of(tmp_path, other_take, longer_legs=-0.02, actor=name, **known)
        assert_same_bones(again, first)
        np.testing.assert_array_equal(again.shape, first.shape)


def test_an_actor_is_kept_with_the_bones_that_the_lift_told(tmp_path: Path) -> None:
    plain = body_of(height_m=1.66)
    told = body_of(tmp_path, longer_legs=0.1, actor="Ada", height_m=1.66)
    kept = np.array(json.loads((tmp_path / "Ada.json").read_text())["rest_joints"])
    np.testing.assert_array_equal(kept, told.skeleton.rest_joints)
    down = kept[JOINT["left_knee"]] - kept[JOINT["left_hip"]]
    was = plain.skeleton.offsets[JOINT["left_knee"]]
    np.testing.assert_allclose(down - was, [0.0, -0.1, 0.0], atol=1e-9)


def test_whoever_is_met_for_the_first_time_has_no_known_bones(tmp_path: Path) -> None:
    body_of(tmp_path, actor="Ada", height_m=1.66)
    ada = {"actor": "Ada"}
    for known, expected in ((ada, True), ({**ada, "height_m": 1.66}, True), ({**ada, "height_m": 1.7}, False),
                            ({"actor": "Bo"}, False), ({}, False)):  # fmt: skip
        first, second = bodies_of([TRACK, TRACK], K, BodySettings(**known), tmp_path)
        assert first.bones_known == expected and not second.bones_known
        assert first.body.height == pytest.approx(known.get("height_m", 1.66 if expected else AVERAGE_HEIGHT_M))


def test_nothing_is_kept_before_the_lift(tmp_path: Path) -> None:
    bodies_of([TRACK], K, BodySettings(actor="Ada"), tmp_path)
    assert not list(tmp_path.iterdir())


def test_another_height_measures_the_actor_anew(tmp_path: Path) -> None:
    body_of(tmp_path, actor="Ada", height_m=1.66)
    assert body_of(tmp_path, actor="Ada", height_m=1.8).height == pytest.approx(1.8)
    assert body_of(tmp_path, actor="Ada").height == pytest.approx(1.8)


def test_an_actor_keeps_the_measures_when_the_body_model_changes(tmp_path: Path, smplx_file: str) -> None:
    body_of(tmp_path, actor="Ada", height_m=1.66)
    fitted = body_of(tmp_path, actor="Ada", smplx_file=smplx_file)
    assert fitted.height == pytest.approx(1.66, abs=0.01) and len(fitted.shape) == SHAPE_COUNT
    body_of(tmp_path, actor="Bo", height_m=1.66, smplx_file=smplx_file)
    measured = body_of(tmp_path, actor="Bo", smplx_file=smplx_file)
    assert_same_bones(body_of(tmp_path, actor="Bo"), measured)


def test_another_smplx_file_gives_the_same_actor_betas_of_its_own(tmp_path: Path, smplx_file: str) -> None:
    body_of(tmp_path, actor="Bo", height_m=1.74, smplx_file=smplx_file)
    with np.load(smplx_file) as archive:
        larger = write_smplx_model(tmp_path / "SMPLX_MALE.npz", v_template=1.06 * archive["v_template"])
    other = body_of(tmp_path, actor="Bo", smplx_file=str(larger))
    assert other.scale == 1.0 and other.height == pytest.approx(1.74, abs=0.01)


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"name": 3}', b"\xff\xfe\x00", b'{"shape": [[1]]}',
                                    b"[" * 100_000, b'{"shape": [1' + b"0" * 400 + b"]}"])  # fmt: skip
def test_a_damaged_actor_is_measured_again(tmp_path: Path, damage: bytes) -> None:
    whole = body_of(tmp_path, actor="Ada", height_m=1.66)
    (tmp_path / "Ada.json").write_bytes(damage)
    assert_same_bones(body_of(tmp_path, actor="Ada", height_m=1.66), whole)
    assert json.loads((tmp_path / "Ada.json").read_text())["height_m"] == 1.66


@pytest.mark.parametrize("name", [
    "Ünal", "日本 花子", "../../etc/passwd", "CON?*", 200 * "x", 100 * "日", "aux", "a\0b\n",
])  # fmt: skip
def test_any_name_is_kept_inside_the_actors_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "actors"
    first = body_of(folder, actor=name, height_m=1.6)
    assert [is_device(path.name) for path in folder.iterdir()] == [False]
    assert [path.name for path in tmp_path.iterdir()] == ["actors"]
    assert_same_bones(body_of(folder, actor=name), first)


def test_an_actor_that_cannot_be_kept_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "actors").write_text("a file in the way")
    with pytest.raises(Refusal) as refused:
        body_of(tmp_path / "actors", actor="Ada")
    assert str(refused.value) == (
        f"The measures of Ada could not be kept in {tmp_path / 'actors'}. "
        "Make that folder writable, or leave the actor's name empty."
    )


@pytest.mark.parametrize("height_m", [0.0, 0.49, 2.81, 175.0, -1.7])
def test_a_height_that_nobody_has_is_refused(height_m: float) -> None:
    with pytest.raises(Refusal) as refused:
        BodySettings(height_m=height_m)
    assert str(refused.value) == (f"A body height of {height_m:g} m is not a person's. "
                                  "Give it in metres, such as 1.75, or leave it empty.")  # fmt: skip
