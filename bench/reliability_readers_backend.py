"""Readers of the backend: cameras, keypoints, networks, weights, actors and what a job folder keeps."""

from __future__ import annotations

import importlib
import json
import sys
import types
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from backend.body.actor import BodySettings, keep_actor
from backend.cameras.camera_path import CameraPath
from backend.cameras.path_file import read_solved_camera
from backend.detect.models.model_files import CATALOGUE, whole_model
from backend.detect.models.task_bundle import bundle, network_in
from backend.detect.networks.graph import NotANetwork, read_graph
from backend.detect.other.keypoint_file import read_keypoints
from backend.detect.other.onnx_pose import OnnxPose
from backend.hypotheses.flow import Flow
from backend.hypotheses.weights import read_flow, write_flow
from backend.job.cache import Cache
from backend.lift.network.configuration import read_configuration
from backend.lift.network.lifter import Lifter
from backend.lift.network.weights import read_lifter, write_lifter
from backend.multiview.fuse.network.multiview_lifter import MultiviewLifter
from backend.multiview.fuse.network.weights import read_multiview_lifter, write_meetings
from backend.multiview.known.read_known import read_known_cameras
from backend.train.lifter.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from backend.train.motions.prepared import read_prepared, write_prepared
from bench.reliability_reader import Reader, finite
from motion.body import Body, read_open_body
from motion.whole_files import written_whole
from tests.backend.detect.made_up_networks import network
from tests.backend.detect.networks.test_graph import forked
from tests.backend.detect.other import test_keypoint_file as keypoints
from tests.backend.detect.other.made_up_keypoints import a_clip
from tests.backend.detect.other.made_up_onnx import spot_network
from tests.backend.hypotheses.made_up_lift import SMALL
from tests.backend.multiview.fuse.network.made_up_views import WANTED
from tests.backend.multiview.known import made_up_rig
from tests.backend.train.lifter.made_up_training import TINY
from tests.backend.train.motions.made_up_clips import made_up_clip

ROOT = Path(__file__).resolve().parents[1]
_TASK = "pose_landmarker_lite"
_TIMES_S = np.arange(5) / 30.0


def _solved_camera(folder: Path) -> None:
    said = {"times_s": _TIMES_S.tolist(), "R_world_from_camera": np.tile(np.eye(3), (5, 1, 1)).tolist(),
            "places": np.ones((5, 3)).tolist(), "in_metres": True, "up": [0, 0, 1], "focal_px": 1450.0}  # fmt: skip
    (folder / "solved.json").write_text(json.dumps(said), encoding="utf-8")


def _read_solved(folder: Path) -> bool:
    path = read_solved_camera(folder / "solved.json").path(_TIMES_S)
    return finite(path.R_first_from_camera, path.places_first)


@cache
def _solved_world() -> Any:
    """The add-on's reader of the same file, which needs no Blender, without the add-on's door, which does."""
    for name, folder in (("mambocap", ROOT), ("mambocap.addon", ROOT / "addon")):
        package = types.ModuleType(name)
        package.__path__ = [str(folder)]
        sys.modules.setdefault(name, package)
    return importlib.import_module("mambocap.addon.solved_world")


def _read_solved_world(folder: Path) -> Any:
    world = _solved_world().read_world(folder / "solved.json")
    return world and finite(world.times_s, world.R_world_from_camera, world.places_world)


def _calibration(write: Callable[[Path, Any], Any], name: str, distorted: bool = True) -> Reader:
    return Reader(lambda folder: write(folder / name, made_up_rig.made_up_cameras(distorted)),
                  lambda folder: read_known_cameras(folder / name), 1.5)  # fmt: skip


def _keypoints(make: Callable[[Path], Path], name: str) -> Reader:
    return Reader(make, lambda folder: read_keypoints(folder / name, a_clip()))


def _onnx(folder: Path) -> None:
    spot_network(folder / "mine.onnx", np.random.default_rng(1).random((17, 4)), 64, 64)


def _task(folder: Path) -> None:
    members = {name: network(name.encode()) for name in CATALOGUE["models"][_TASK]["members"]}
    (folder / "mine.task").write_bytes(bundle(members))


def _read_task(folder: Path) -> Any:
    path = whole_model(str(folder / "mine.task"), _TASK)
    return [network_in(path, name) for name in CATALOGUE["models"][_TASK]["members"]]


def _cached(folder: Path, make: Callable[[], list[CameraPath]]) -> list[CameraPath]:
    return Cache(folder).kept("camera", CameraPath, ["made up"], make)


def _path() -> list[CameraPath]:
    return [CameraPath(_TIMES_S, np.tile(np.eye(3), (5, 1, 1)), np.zeros((5, 3)), "static", 1.0)]


@cache
def _ada() -> Body:
    return read_open_body().shaped(np.zeros(8))


def _keep_ada(folder: Path) -> bool:
    """Reads what is kept, and keeps her anew where it is damaged."""
    keep_actor(_ada(), BodySettings(actor="Ada"), folder)
    return True


@cache
def _tiny_lifter() -> Lifter:
    torch.manual_seed(1)
    return Lifter(TINY)


def _write_checkpoint(folder: Path) -> None:
    weights = dict(_tiny_lifter().state_dict())
    state = {"step": 3, "seconds": 1.5, "batches": [{"seed": 1, "next": 4}]}
    write_checkpoint(folder / "resume.npz", Checkpoint(TINY, weights, weights, state))


def _write_configuration(folder: Path) -> None:
    with written_whole(folder / "sizes.json", "w") as stream:
        json.dump(asdict(TINY), stream)


BACKEND_READERS: dict[str, Reader] = {
    "solved camera": Reader(_solved_camera, _read_solved, 1.5),
    "solved camera in Blender": Reader(_solved_camera, _read_solved_world),
    "calibration TOML": _calibration(made_up_rig.write_toml, "rig.toml"),
    "calibration Blender": _calibration(made_up_rig.write_blender, "rig.json", distorted=False),
    "calibration COLMAP text": _calibration(made_up_rig.write_colmap_text, "sparse"),
    "calibration COLMAP binary": _calibration(made_up_rig.write_colmap_binary, "sparse"),
    "keypoints OpenPose": _keypoints(keypoints.openpose, ""),
    "keypoints AlphaPose": _keypoints(keypoints.alphapose, "found.json"),
    "keypoints MMPose": _keypoints(keypoints.mmpose, "found.json"),
    "keypoints COCO": _keypoints(keypoints.coco_annotations, "found.json"),
    "ONNX network": Reader(_onnx, lambda folder: OnnxPose(folder / "mine.onnx", "cpu", 1)),
    "task file": Reader(_task, _read_task),
    "TFLite network": Reader(lambda folder: (folder / "a.tflite").write_bytes(forked()),
                             lambda folder: read_graph((folder / "a.tflite").read_bytes()), documented=(NotANetwork,)),
    "kept stage": Reader(lambda folder: _cached(folder, _path), lambda folder: _cached(folder, list) or None),
    "actor": Reader(_keep_ada, _keep_ada),
    "lifter.npz": Reader(lambda folder: write_lifter(folder / "l.npz", TINY, _tiny_lifter().state_dict(), {}),
                         lambda folder: read_lifter(folder / "l.npz"), 0.3),
    "flow.npz": Reader(lambda folder: write_flow(folder / "f.npz", Flow(SMALL), {}),
                       lambda folder: read_flow(folder / "f.npz"), 0.3),
    "multiview.npz": Reader(
        lambda folder: write_meetings(folder / "m.npz", MultiviewLifter(_tiny_lifter(), WANTED), {}),
        lambda folder: read_multiview_lifter(folder / "m.npz", _tiny_lifter()), 0.3),
    "training to resume": Reader(_write_checkpoint, lambda folder: read_checkpoint(folder / "resume.npz"), 0.1),
    "prepared motion": Reader(
        lambda folder: write_prepared(folder / "p.npz", [made_up_clip(np.random.default_rng(1), 20)]),
        lambda folder: read_prepared(folder / "p.npz"), 0.3),
    "lifter's sizes": Reader(_write_configuration, lambda folder: read_configuration(folder / "sizes.json"), 0.3),
}  # fmt: skip
