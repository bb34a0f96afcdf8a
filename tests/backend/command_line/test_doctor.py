"""The doctor says what is missing and how to mend it, even where nothing is installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from backend.command_line import doctor
from backend.command_line.doctor import NEEDED_MODELS, NO_LIFTER, diagnose
from backend.command_line.names import BUILD
from backend.detect.models.model_files import find_model
from backend.versions import version_of
from motion.job import DONE, USER_CAN_MEND
from motion.places import environment_python

from ..processes import ROOT, finished


def test_a_bare_python_gets_a_diagnosis_and_the_command_that_mends_it(tmp_path: Path) -> None:
    venv.create(tmp_path / "bare", with_pip=False, symlinks=os.name != "nt")
    bare = environment_python(tmp_path / "bare")
    ended = subprocess.run([bare, "-m", "backend", "doctor"], cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == USER_CAN_MEND, ended.stderr
    assert "torch" in ended.stdout and "is not installed" in ended.stdout
    assert ended.stdout.splitlines()[-1] == f"Something is missing. Run: {BUILD} setup"


def test_the_diagnosis_for_machines_says_the_same(tmp_path: Path) -> None:
    ended = finished("-m", "backend", "doctor", "--json", MAMBOCAP_HOME=str(tmp_path))
    said = json.loads(ended.stdout)
    assert ended.returncode == USER_CAN_MEND
    assert said["missing"] == [f"model {name}" for name in NEEDED_MODELS]
    assert said["mend"] == f"{BUILD} setup"
    assert said["python"] == sys.version.split()[0] and said["memory_gb"] > 0.1


def test_with_all_models_nothing_is_missing(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "models").mkdir()
    for name in NEEDED_MODELS:
        shutil.copy(find_model(name), tmp_path / "models")
    monkeypatch.setenv("MAMBOCAP_HOME", str(tmp_path))
    assert diagnose().missing == ()
    assert finished("-m", "backend", "doctor").returncode == DONE


def test_a_damaged_model_counts_as_missing(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "models").mkdir()
    for name in NEEDED_MODELS:
        (tmp_path / "models" / f"{name}.task").write_bytes(find_model(name).read_bytes()[:-30])
    monkeypatch.setenv("MAMBOCAP_HOME", str(tmp_path))
    assert diagnose().missing == tuple(f"model {name}" for name in NEEDED_MODELS)


def test_a_package_that_is_imported_by_one_of_its_modules_is_what_is_not_installed(monkeypatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name=name.split(".")[0])

    monkeypatch.setattr(doctor.importlib, "import_module", missing)
    assert doctor._package("ai_edge_litert.interpreter", {}).problem == "is not installed"


def test_whether_batches_can_run_on_a_cluster_is_said_but_not_needed(monkeypatch) -> None:
    monkeypatch.setattr(doctor, "version_of", lambda name: "" if name == "ray" else version_of(name))
    without = diagnose()
    assert without.ray == "" and not [note for note in without.notes if "ray" in note]
    assert f"needs ray, as by {BUILD} setup --cluster" in doctor._words(without)
    monkeypatch.setattr(doctor, "version_of", lambda name: "1.0" if name == "ray" else version_of(name))
    other = diagnose()
    assert "ray is 1.0, pinned is" in " ".join(other.notes) and other.mend == f"{BUILD} setup --cluster"


@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(b"no weights"), lambda path: None])
def test_a_lifter_that_is_damaged_or_gone_is_missing(tmp_path: Path, monkeypatch, damage) -> None:
    monkeypatch.setattr(doctor, "SHIPPED", tmp_path / "lifter.npz")
    damage(tmp_path / "lifter.npz")
    assert diagnose().lifter == "" and NO_LIFTER in diagnose().missing


def test_the_needed_models_are_those_of_the_catalogue_and_of_the_defaults() -> None:
    from backend.detect.detector import DEFAULT_MODEL, HAND_MODEL

    assert set(NEEDED_MODELS) == {DEFAULT_MODEL, HAND_MODEL}
