"""Cases of files beside the footage: models, body models, calibrations, solved cameras, keypoints, requests."""

from __future__ import annotations

import functools
import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np

from backend.command_line.names import BUILD
from bench.batch_broken import nobody
from bench.reliability_trial import QUICK, QUICK_SETTINGS, Trial
from motion.job import REQUEST, Request
from motion.places import models_folder

INSTALL = f"Run `{BUILD} setup`, or press Install Backend in Blender's preferences of Mambocap."
CHOOSE_SMPLX = "Choose SMPLX_NEUTRAL.npz, SMPLX_MALE.npz or SMPLX_FEMALE.npz."
NO_CALIBRATION = ("Export the calibration again, or leave its file out, so that the cameras are found from the "
                  "people.")  # fmt: skip
NO_CAMERA = "Export the solved camera again, or let the pictures tell how it moved."
NO_KEYPOINTS = "Write it with OpenPose's --write_json, AlphaPose, MMPose, or as COCO keypoints."
DEEP = b"[" * 200_000       # deeper than any stack


class Executed:
    """A pickle that would leave a file if it were opened."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def file_cases() -> dict[str, Callable[[Trial], None]]:
    return {
        "missing model": _missing_model,
        **{f"wrong model, {what}": functools.partial(_wrong_model, data) for what, data in MODELS.items()},
        **{f"wrong SMPL-X file, {what}": functools.partial(_wrong_smplx, make) for what, make in SMPLX.items()},
        **{f"wrong calibration, {what}": functools.partial(_wrong_calibration, *case)
           for what, case in CALIBRATIONS.items()},
        **{f"wrong solved camera, {what}": functools.partial(_wrong_camera, data) for what, data in CAMERAS.items()},
        **{f"wrong keypoints, {what}": functools.partial(_wrong_keypoints, data) for what, data in KEYPOINTS.items()},
        **{f"wrong request, {what}": functools.partial(_wrong_request, *case) for what, case in REQUESTS.items()},
    }  # fmt: skip


MODELS = {"text": b"no model", "nothing": b"", "a zip cut off": b"PK\x03\x04" + bytes(40)}
SMPLX: dict[str, Callable[[Path], None]] = {
    "text": lambda path: path.write_text("SMPL-X") and None,
    "a pickle": lambda path: path.write_bytes(pickle.dumps(Executed(path.with_name("executed")))) and None,
    "a pickle inside": lambda path: np.savez(path, v_template=np.array([Executed(path.with_name("executed"))], object)),
    "a motion": lambda path: np.savez(path, poses=np.zeros((3, 165))),
    "shapes of something else": lambda path: np.savez(path, v_template=np.zeros((9, 3)), shapedirs=np.zeros((4, 3, 2)),
                                                      weights=np.zeros((9, 2)), J_regressor=np.zeros((2, 9)),
                                                      kintree_table=np.zeros((2, 2)), f=np.zeros((1, 3))),
}  # fmt: skip
CALIBRATIONS: dict[str, tuple[str, bytes]] = {
    "text": ("rig.toml", b"Dear all"),
    "brackets without end": ("rig.json", b'{"cameras": ' + DEEP),
    "numbers beyond any": ("rig.toml", b'[cam_0]\nname = "dance"\nsize = [1e999, 480]\nmatrix = [[nan]]\n'),
    "binary": ("cameras.bin", bytes(4096)),
}
CAMERAS = {"text": b"Dear all", "brackets without end": DEEP, "another thing": b'{"frames": []}'}
KEYPOINTS = {"text": b"Dear all", "brackets without end": DEEP, "words for numbers": b'{"people": [{"a": "b"}]}'}
REQUESTS: dict[str, tuple[bytes, str]] = {
    "text": (b"Dear all", "{job} holds no readable request.json. Start the capture again."),
    "brackets without end": (DEEP, "{job} holds no readable request.json. Start the capture again."),
    "no clips": (b"{}", "request.json names no clips. Choose footage and start the capture again."),
    "a newer version": (b'{"protocol": 99, "clips": ["a.mp4"]}', "The extension is newer than the installed backend. "
                                                                 "Press Install Backend in the preferences of "
                                                                 "Mambocap."),
}  # fmt: skip


def _missing_model(trial: Trial) -> None:
    home = trial.folder / "home"
    home.mkdir()
    job = _asked(trial)
    trial.refused(trial.backend("run", job, MAMBOCAP_HOME=str(home)),
                  f"The model pose_landmarker_lite is not installed in {home / 'models'}. {INSTALL}", job)  # fmt: skip


def _wrong_model(data: bytes, trial: Trial) -> None:
    home, job = trial.folder / "home", _asked(trial)
    shutil.copytree(models_folder(), home / "models", ignore=shutil.ignore_patterns("*heavy*", "*full*"))
    model = home / "models/pose_landmarker_lite.task"
    model.write_bytes(data)
    trial.refused(trial.backend("run", job, MAMBOCAP_HOME=str(home)),
                  f"The model {model} is damaged or of another kind. {INSTALL}", job)  # fmt: skip


def _asked(trial: Trial) -> Path:
    job = trial.take()
    shutil.rmtree(job / "cache")
    Request((str(trial.clip),), QUICK_SETTINGS, preview=False).write(job)
    return job


def _wrong_smplx(make: Callable[[Path], None], trial: Trial) -> None:
    path = trial.folder / "SMPLX_NEUTRAL.npz"
    make(path)
    _refused_file(trial, path, CHOOSE_SMPLX, "--smplx-file", str(path))
    trial.expect(not (trial.folder / "executed").exists(), "executed what was in the file")


def _wrong_calibration(name: str, data: bytes, trial: Trial) -> None:
    path, other = trial.folder / name, trial.folder / "other.mp4"
    path.write_bytes(data)
    nobody(other)
    _refused_file(trial, path, NO_CALIBRATION, str(other), "--calibration-file", str(path))


def _wrong_camera(data: bytes, trial: Trial) -> None:
    path = trial.folder / "solved.json"
    path.write_bytes(data)
    _refused_file(trial, path, NO_CAMERA, "--camera-file", str(path))


def _wrong_keypoints(data: bytes, trial: Trial) -> None:
    path = trial.folder / "found.json"
    path.write_bytes(data)
    _refused_file(trial, path, NO_KEYPOINTS, "--detector", str(path))


def _wrong_request(data: bytes, words: str, trial: Trial) -> None:
    job = trial.take()
    (job / REQUEST).write_bytes(data)
    trial.refused(trial.backend("run", job), words.format(job=job), job)


def _refused_file(trial: Trial, path: Path, mend: str, *arguments: str) -> None:
    """One sentence that names the file, and the mend."""
    job = trial.take()
    shutil.rmtree(job / "cache")
    said = trial.backend("capture", *QUICK, trial.clip, *arguments, "--out", job)
    last = (said.err.splitlines() or [""])[-1]
    trial.expect(path.name in last, f"does not name the file: {last[-300:]}")
    trial.refused(said, last, job)
    trial.expect(last.endswith(mend), f"does not say what to do: {last[-300:]}")
    trial.expect(json.dumps(last).count("\\n") == 0, "says it in several lines")
