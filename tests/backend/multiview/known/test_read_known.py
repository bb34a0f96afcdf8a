from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.multiview.known.known_cameras import KnownCameras
from backend.multiview.known.read_known import read_known_cameras
from motion.refusal import Refusal
from tests.backend.multiview.known.made_up_rig import (
    DISTORTIONS,
    NAMES,
    SIZES_PX,
    blender_document,
    made_up_cameras,
    toml_text,
    write_blender,
    write_colmap_binary,
    write_colmap_text,
    write_toml,
)

WRITERS = {"rig.toml": write_toml, "text": write_colmap_text, "binary": write_colmap_binary, "rig.json": write_blender}


def assert_same(known: KnownCameras, distorted: bool) -> None:
    cameras = made_up_cameras()
    assert [Path(name).stem for name in known.names] == list(NAMES)
    assert np.array_equal(known.sizes_px, SIZES_PX)
    for name in ("K", "R_camera_from_world", "t_camera_from_world"):
        assert np.allclose(getattr(known, name), [getattr(each, name) for each in cameras], atol=1e-9), name
    assert np.allclose(known.distortion[:, :4], DISTORTIONS if distorted else 0.0)
    assert not known.distortion[:, 4:].any() and not known.fisheye.any()
    assert np.array_equal(known.distortion.any(axis=-1), [distorted, distorted, False])
    assert np.allclose(known.up_world, [[0.0, 0.0, 1.0]])


@pytest.mark.parametrize("name, distorted, in_metres", [
    ("rig.toml", True, True), ("text", True, False), ("binary", True, False), ("rig.json", False, True),
])  # fmt: skip
def test_the_same_rig_reads_the_same_from_all_programs(tmp_path, name, distorted, in_metres) -> None:
    known = read_known_cameras(WRITERS[name](tmp_path / name, made_up_cameras(distorted)))
    assert_same(known, distorted)
    assert known.in_metres == in_metres
    assert np.allclose(known.places_world, [[3.0, 0.5, 1.7], [-0.4, 3.6, 1.2], [-2.5, -2.9, 2.3]])


@pytest.mark.parametrize("write, file", [
    (write_colmap_text, "cameras.txt"), (write_colmap_text, "images.txt"), (write_colmap_binary, "images.bin"),
])  # fmt: skip
def test_one_of_colmaps_files_stands_for_its_folder(tmp_path, write, file) -> None:
    assert_same(read_known_cameras(write(tmp_path / "model", made_up_cameras()) / file), True)


def test_the_folder_of_a_project_of_colmap_will_do(tmp_path) -> None:
    (tmp_path / "sparse").mkdir()
    write_colmap_binary(tmp_path / "sparse" / "0", made_up_cameras())
    assert_same(read_known_cameras(tmp_path), True)


def test_the_kind_is_told_by_the_content(tmp_path) -> None:
    assert_same(read_known_cameras(write_toml(tmp_path / "rig.json", made_up_cameras())), True)
    assert_same(read_known_cameras(write_blender(tmp_path / "rig.toml", made_up_cameras(False))), False)


@pytest.mark.parametrize("content, why", [
    (b"", "it is empty"), (b" \n", "it is empty"),
    (b"\xff\xfe\xfd", "it is neither TOML, JSON nor COLMAP's"),
    (b"three cameras", "it is not TOML as calibrations are"),
    (b"# " * 2000 + b"cameras", "it has no table with the matrix, rotation and translation of a camera"),
    (b"a = 1", "it has no table with the matrix, rotation and translation of a camera"),
    (b"{", "it is not JSON from line 1 on"),
    (b"{}", 'it has no "blender_cameras"'),
    (b'{"blender_cameras": []}', "it has 0 cameras where 1 to 256 belong"),
    (b"{" + b" " * 5_000_000 + b"}", "it has 5 MB, and 4 MB is the most"),
    (b"\0\1\2", "there are no cameras and images of a model by COLMAP"),
    (b"a = " + b"[" * 100_000, "it is nested too deeply"),
])  # fmt: skip
def test_what_is_no_calibration_is_said_in_one_sentence(tmp_path, content, why) -> None:
    path = tmp_path / "rig.dat"
    path.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        read_known_cameras(path)
    assert refused.value.sentence == f"rig.dat is no calibration of cameras: {why}."


def test_a_file_that_is_not_there_is_named(tmp_path) -> None:
    for path in (tmp_path / "gone.toml", write_toml(tmp_path / "rig.toml", made_up_cameras()) / "inside"):
        with pytest.raises(Refusal, match="There is no calibration file"):
            read_known_cameras(path)
    with pytest.raises(Refusal, match="there are no cameras and images of a model by COLMAP"):
        read_known_cameras(tmp_path)


def refused_or_read(path: Path) -> None:
    """Either fine or one sentence; any other error fails the test."""
    try:
        known = read_known_cameras(path)
    except Refusal as refusal:
        assert refusal.sentence.endswith(".") and "\n" not in refusal.sentence and len(refusal.sentence) < 400
        return
    assert all(np.isfinite(getattr(known, name)).all() for name in ("K", "distortion", "t_camera_from_world"))
    R = known.R_camera_from_world
    assert np.allclose(R @ np.swapaxes(R, -1, -2), np.eye(3), atol=3e-3) and (np.linalg.det(R) > 0).all()


@st.composite
def mutations(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """Some bytes changed, taken away, doubled or put in."""
    share, length = draw(st.floats(0.0, 1.0)), draw(st.integers(0, 40))
    words = st.sampled_from([b"nan", b"-inf", b"1e999", b"\0", b"[", b'"', b"\n"])
    new = draw(st.one_of(st.binary(max_size=12), words))
    return lambda data: data[: int(share * len(data))] + new + data[int(share * len(data)) + length :]


@pytest.mark.parametrize("name", WRITERS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mutate=mutations(), which=st.integers(0, 1))
def test_damaged_files_are_read_or_refused(tmp_path, name, mutate, which) -> None:
    path = WRITERS[name](tmp_path / name, made_up_cameras(name != "rig.json"))
    damaged = sorted(path.iterdir())[which] if path.is_dir() else path
    damaged.write_bytes(mutate(damaged.read_bytes()))
    refused_or_read(path)


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3), max_leaves=9,
)  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(field=st.sampled_from(["name", "size_px", "focal_px", "principal_px", "matrix_world", "lens_mm"]), value=VALUES)
def test_any_value_in_a_camera_of_blenders_is_read_or_refused(tmp_path, field, value) -> None:
    document = blender_document(made_up_cameras(False))
    document["blender_cameras"][1][field] = value
    path = tmp_path / "rig.json"
    path.write_text(json.dumps(document))
    refused_or_read(path)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    field=st.sampled_from(["name", "size", "matrix", "distortions", "rotation", "translation", "fisheye"]),
    value=st.one_of(
        st.sampled_from(["nan", "[]", "true", '"x"', "[[]]", "[nan, 0, 0]", "[1e300, 0, 0]", "1979-05-27", "{}"]),
        st.lists(st.floats(), max_size=20).map(str),
    ),
)  # fmt: skip
def test_any_value_in_a_table_of_toml_is_read_or_refused(tmp_path, field, value) -> None:
    lines = [line if not line.startswith(f"{field} =") else f"{field} = {value}"
             for line in toml_text(made_up_cameras()).splitlines()]  # fmt: skip
    path = tmp_path / "rig.toml"
    path.write_text("\n".join(lines))
    refused_or_read(path)
