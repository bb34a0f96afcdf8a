"""Models come whole, checked and from wherever they can be had, or a sentence says what to do."""

from __future__ import annotations

import hashlib
import io
import os
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from backend.command_line.names import BUILD
from backend.detect.models.download import SourceError
from backend.detect.models.model_files import (
    CATALOGUE,
    MODEL_NAMES,
    fetch_models,
    find_model,
    installed_models,
    whole_model,
)
from backend.detect.models.model_sources import networks_in, pip_package
from backend.detect.models.task_bundle import bundle, unbundled, with_metadata
from backend.detect.models.weights import weights_digest
from motion.refusal import Refusal
from tests.backend.detect.made_up_networks import network
from tests.backend.detect.models.made_up_store import Store, store

HAND = network(b"hand")
SMALL_CATALOGUE = {"networks": {"hand": {"files": [
    {"path": "inner/hand.tflite", "bytes": len(HAND), "sha256": hashlib.sha256(HAND).hexdigest()}]}}}  # fmt: skip


def a_bundle(name: str) -> bytes:
    return bundle({member: network(member.encode()) for member in CATALOGUE["models"][name]["members"]})


@pytest.fixture
def made_up(monkeypatch):
    """A catalogue of networks that say their own name."""
    for model in CATALOGUE["models"].values():
        for member, name in model["members"].items():
            monkeypatch.setitem(CATALOGUE["networks"][name], "weights", weights_digest(network(member.encode())))


@pytest.fixture
def no_registry(monkeypatch, tmp_path):
    """An npm that fails, and a pip without an index."""
    npm = tmp_path / "bin" / ("npm.cmd" if sys.platform == "win32" else "npm")
    npm.parent.mkdir()
    first, error = ("@echo off", "") if sys.platform == "win32" else ("#!/bin/sh", "'")
    npm.write_text(f"{first}\necho {error}npm error network ECONNRESET{error} >&2\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(npm.parent), prepend=os.pathsep)
    monkeypatch.setenv("PIP_NO_INDEX", "1")


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


def test_models_are_taken_from_a_folder_and_then_found(tmp_path, monkeypatch, made_up):
    monkeypatch.setenv("MAMBOCAP_HOME", str(tmp_path / "home"))
    source = tmp_path / "source"
    source.mkdir()
    for name in MODEL_NAMES:
        (source / f"{name}.task").write_bytes(a_bundle(name))
    said: list[str] = []
    fetch_models(source_folder=source, say=said.append)
    assert all(installed_models().values())
    size = len(a_bundle("hand_landmarker")) / 1e6
    assert (f"hand_landmarker: {size:.1f} MB in {tmp_path / 'home' / 'models'}, by Google (MediaPipe), "
            "licence Apache-2.0") in said  # fmt: skip
    assert find_model("hand_landmarker").read_bytes() == a_bundle("hand_landmarker")


def test_a_broken_model_is_replaced_and_a_whole_one_left(tmp_path, made_up):
    source, folder = tmp_path / "source", tmp_path / "models"
    source.mkdir(), folder.mkdir()
    for name in MODEL_NAMES:
        (source / f"{name}.task").write_bytes(a_bundle(name))
    (folder / "hand_landmarker.task").write_bytes(a_bundle("hand_landmarker")[:99])
    (folder / "pose_landmarker_lite.task").write_bytes(with_other_weights("pose_landmarker_lite"))
    whole = as_published("pose_landmarker_full")
    (folder / "pose_landmarker_full.task").write_bytes(whole)
    fetch_models(folder=folder, source_folder=source, say=lambda _: None)
    assert all(installed_models(folder).values())
    assert (folder / "pose_landmarker_full.task").read_bytes() == whole != a_bundle("pose_landmarker_full")
    assert (folder / "pose_landmarker_lite.task").read_bytes() == a_bundle("pose_landmarker_lite")


def as_published(name: str) -> bytes:
    """The same networks with other metadata, as makers publish them."""
    return bundle({member: with_metadata(data, 1.0, 2.0, 1) for member, data in unbundled(a_bundle(name)).items()})


def with_other_weights(name: str) -> bytes:
    return bundle({member: network(b"mine") for member in CATALOGUE["models"][name]["members"]})


def test_a_tampered_model_is_not_taken_from_a_folder(tmp_path, made_up):
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "hand_landmarker.task").write_bytes(with_other_weights("hand_landmarker"))
    with pytest.raises(Refusal, match="hand_landmarker could not be found in"):
        fetch_models(["hand_landmarker"], tmp_path / "models", tmp_path / "source", say=lambda _: None)


def test_the_installed_models_have_the_weights_of_the_catalogue():
    assert all(installed_models().values())


def stored(monkeypatch, found: Store) -> None:
    """Let the makers' store be this server."""
    for name, model in CATALOGUE["models"].items():
        monkeypatch.setitem(model, "published", f"{found.address}/{name}.task")


def test_a_store_that_dies_in_the_middle_is_gone_on_with_in_the_same_run(tmp_path, monkeypatch, made_up):
    files = {f"/{name}.task": as_published(name) for name in MODEL_NAMES}
    with store(files, bytes_a_connection=700) as found:
        stored(monkeypatch, found)
        fetch_models(folder=tmp_path, say=lambda _: None)
    assert all(installed_models(tmp_path).values())
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}.task" for name in MODEL_NAMES}
    assert found.bytes_sent == sum(map(len, files.values()))     # nothing came twice


def test_what_came_is_kept_for_the_next_run_and_models_already_made_stay(tmp_path, monkeypatch, made_up, no_registry):
    names, folder = ["pose_landmarker_full", "hand_landmarker"], tmp_path / "models"
    files = {f"/{name}.task": as_published(name) for name in names}
    with store(files, bytes_a_connection=700, connections=len(files[f"/{names[0]}.task"]) // 700 + 2) as found:
        stored(monkeypatch, found)
        said: list[str] = []
        with pytest.raises(Refusal) as refusal:
            fetch_models(names, folder, say=said.append)
    assert refusal.value.sentence.startswith("hand_landmarker could not be found anywhere: ")
    assert "npm failed (npm error network ECONNRESET)" in refusal.value.sentence
    assert {path.name for path in folder.iterdir()} == {"pose_landmarker_full.task", "hand_landmarker.task.part"}
    with store(files) as found:
        stored(monkeypatch, found)
        fetch_models(names, folder, say=said.append)
    assert {path.name for path in folder.iterdir()} == {f"{name}.task" for name in names}
    assert found.ranges == ["bytes=700-"] and found.bytes_sent == len(files["/hand_landmarker.task"]) - 700


def test_a_store_that_sends_something_else_is_not_believed(tmp_path, monkeypatch, made_up, no_registry):
    for wrong in (b"<html>Please log in</html>", with_other_weights("hand_landmarker")):
        with store({"/hand_landmarker.task": wrong}) as found:
            stored(monkeypatch, found)
            with pytest.raises(Refusal, match="the maker's store sent a hand_landmarker that is not one"):
                fetch_models(["hand_landmarker"], tmp_path / "models", say=lambda _: None)
        assert not list((tmp_path / "models").iterdir())


def test_an_empty_folder_is_refused_with_what_would_help(tmp_path):
    source = tmp_path / "downloads"
    source.mkdir()
    with pytest.raises(Refusal) as refusal:
        fetch_models(["hand_landmarker"], tmp_path / "models", source, say=lambda _: None)
    assert refusal.value.code == "no-models"
    assert refusal.value.sentence == f"hand_landmarker could not be found in {source}."
    assert refusal.value.mend == (
        "Put mediapipe-pose-0.5.1675469404.tgz and mediapipe-0.10.21-*.whl (or the .task files) into a folder and "
        "name it when you install: Offline From in Blender, --models-from on the command line.")


def test_a_missing_model_is_refused_by_name(tmp_path, monkeypatch):
    monkeypatch.setenv("MAMBOCAP_HOME", str(tmp_path))
    with pytest.raises(Refusal) as refusal:
        find_model("pose_landmarker_heavy")
    assert refusal.value.code == "missing-model"
    assert refusal.value.sentence == f"The model pose_landmarker_heavy is not installed in {tmp_path / 'models'}."


@pytest.mark.parametrize("name", ["best", "walk/keypoints", "mine.task"])
def test_a_model_that_there_is_not_is_refused_with_those_that_there_are(name, tmp_path, monkeypatch):
    monkeypatch.setenv("MAMBOCAP_HOME", str(tmp_path))
    with pytest.raises(Refusal) as refusal:
        find_model(name)
    assert refusal.value.sentence == f"There is no model, file or folder called {name}."
    assert refusal.value.mend == (
        "Choose one of lite, full, heavy, a .task, .onnx or .json file, or a folder of .json files."
    )


@pytest.mark.parametrize("data", [
    b"", b"no model", a_bundle("hand_landmarker"), a_bundle("pose_landmarker_full")[:-30],
])  # fmt: skip
def test_a_damaged_model_and_one_of_another_kind_are_refused(data, tmp_path, monkeypatch):
    monkeypatch.setenv("MAMBOCAP_HOME", str(tmp_path))
    (tmp_path / "own.task").write_bytes(data)
    with pytest.raises(Refusal) as refusal:
        whole_model(str(tmp_path / "own.task"), "pose_landmarker_full")
    assert str(refusal.value) == (
        f"The model {tmp_path / 'own.task'} is damaged or of another kind. Run `{BUILD} setup`, or press "
        "Install Backend in Blender's preferences of Mambocap.")


def test_a_package_that_does_not_exist_fails_with_what_the_client_says(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(SourceError, match="pip failed .*ERROR: No matching distribution"):
        pip_package(CATALOGUE, tmp_path)


def test_every_model_has_a_licence_and_every_network_a_checksum_and_a_package():
    for model in CATALOGUE["models"].values():
        assert model["licence"] and model["maker"]
        for name in model["members"].values():
            assert len(CATALOGUE["networks"][name]["weights"]) == 64
            assert all(len(entry["sha256"]) == 64 for entry in CATALOGUE["networks"][name]["files"])
