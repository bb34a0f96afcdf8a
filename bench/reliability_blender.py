"""Cases of files that Blender opens: motions, recordings, mappings and rig tables that are wrong or hostile."""

from __future__ import annotations

import functools
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from backend.environments.environment import is_ready
from backend.environments.pins import blender_environments
from bench.data import ROOT
from bench.reliability_files import DEEP, Executed
from bench.reliability_trial import NotTriedError, Trial, ended
from motion.places import environment_folder, environment_python

Maker = Callable[[Path], object]
BVH = ("HIERARCHY\nROOT Hips\n{{\nOFFSET 0 0 0\nCHANNELS 3 Xposition Yposition Zposition\nEnd Site\n{{\nOFFSET 0 9 0\n"
       "}}\n}}\nMOTION\nFrames: {frames}\nFrame Time: {time}\n{rows}\n")  # fmt: skip


def blender_cases() -> dict[str, Callable[[Trial], None]]:
    return {
        "wrong or hostile motion.npz": functools.partial(_pressed, "imported", MOTIONS),
        "wrong or hostile BVH, ASF and AMC": functools.partial(_pressed, "imported", RECORDINGS),
        "wrong or hostile mappings": functools.partial(_pressed, "mappings", MAPPINGS),
        "wrong or hostile rig tables": functools.partial(_pressed, "tables", TABLES),
    }


def _archive(**changed: object) -> Maker:
    good = {"poses": np.zeros((3, 165)), "trans": np.zeros((3, 3)), "mocap_frame_rate": np.array(30.0)}
    return lambda path: np.savez(path, **(good | changed))


def _executed(path: Path) -> None:
    np.savez(path, poses=np.array([Executed(path.parents[1] / "executed")], dtype=object))


def _bomb(path: Path) -> None:
    """A few kilobytes that announce 8 TB and unpack to 200 MB."""
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": "<f8", "fortran_order": False, "shape": (10**12, 1)})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("poses.npy", head.getvalue() + bytes(200_000_000))


def _cut(path: Path) -> None:
    _archive()(path)
    path.write_bytes(path.read_bytes()[:900])


def _bytes(data: bytes | str) -> Maker:
    return lambda path: path.write_bytes(data.encode() if isinstance(data, str) else data)


def _table(path: Path, data: bytes) -> None:
    path.mkdir()
    (path / "mine.json").write_bytes(data)


MOTIONS: Mapping[str, Maker] = {
    "pickle.npz": _executed, "bomb.npz": _bomb, "cut.npz": _cut, "empty.npz": _bytes(b""), "text.npz": _bytes("Dear"),
    "width.npz": _archive(poses=np.zeros((3, 99))), "length.npz": _archive(trans=np.zeros((4, 3))),
    "nan.npz": _archive(trans=np.full((3, 3), np.nan)), "words.npz": _archive(trans=np.array(["a", "b", "c"])),
    "still.npz": _archive(mocap_frame_rate=np.array(0.0)), "endless.npz": _archive(mocap_frame_rate=np.array(np.inf)),
    "newer.npz": _archive(format_version=np.array(99)),
    "settings.npz": _archive(format_version=np.array(1), settings=np.array("[" * 100_000)),
}  # fmt: skip
RECORDINGS: Mapping[str, Maker] = {
    "text.bvh": _bytes("Dear all"), "empty.bvh": _bytes(b""), "binary.bvh": _bytes(bytes(4096)),
    "short.bvh": _bytes(BVH.format(frames=6, time=0.03, rows="0 0 0")),
    "billions.bvh": _bytes(BVH.format(frames=10**12, time=0.03, rows="0 0 0")),
    "nan.bvh": _bytes(BVH.format(frames=1, time=0.03, rows="nan 0 0")),
    "timeless.bvh": _bytes(BVH.format(frames=1, time=0.0, rows="0 0 0")),
    "nobody.bvh": _bytes(BVH.format(frames=1, time=0.03, rows="0 0 0")),
    "deep.bvh": _bytes("HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\nCHANNELS 0\n" + "JOINT a\n{\nOFFSET 0 0 0\n" * 100_000),
    "alone.amc": _bytes("1\nroot 0 0 0 0 0 0\n"), "wide.skm": _bytes("SkeletonMotion\n" + "9" * 3_000_000),
}  # fmt: skip
MAPPINGS: Mapping[str, Maker] = {
    "text.json": _bytes("Dear all"), "deep.json": _bytes(DEEP), "large.json": _bytes(b" " * 3_000_000),
    "other.json": _bytes(json.dumps({"format": "mambocap-bones-1", "bones": {"tail": 5}})),
}
TABLES: Mapping[str, Maker] = {
    "no JSON": functools.partial(_table, data=b"Dear all"), "deep": functools.partial(_table, data=DEEP),
    "large": functools.partial(_table, data=b" " * 3_000_000), "a list": functools.partial(_table, data=b"[]"),
    "unknown": functools.partial(_table, data=b'{"name": "a", "title": "A", "extra": 1}'),
}


def _pressed(kind: str, makers: Mapping[str, Maker], trial: Trial) -> None:
    """Each of the files is refused in words where an artist opens it, and nothing in it runs."""
    (trial.folder / kind).mkdir()
    for name, make in makers.items():
        make(trial.folder / kind / name)
    said = ended(trial.start([str(_blender_python()), str(ROOT / "bench/hostile_in_blender.py"), str(trial.folder)]))
    answers = [line for line in said.out.splitlines() if line.startswith("{")]
    trial.expect(said.code == 0 and answers, f"ended with {said.code}: {said.err[-400:]}")
    for name, words in json.loads(answers[-1]).items() if answers else ():
        trial.expect(False, f"{name} {words}")
    trial.expect(not (trial.folder / "executed").exists(), "executed what was in a file")


def _blender_python() -> Path:
    for name in blender_environments():
        if is_ready(name):
            return environment_python(environment_folder(name))
    raise NotTriedError("there is no environment with Blender's module")
