"""A pose network of the user's own, an ONNX file, looking at crops of people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import cv2
import numpy as np

from backend.command_line.names import BUILD
from backend.detect.crop import Crop, Rgb, applied
from backend.detect.networks.network import Values
from backend.detect.other.keypoint_sets import KNOWN_SETS, SETS, KeypointSet
from backend.detect.other.onnx_answers import Decode, decoder_of
from backend.detect.other.other_pose import OtherPose
from motion.arrays import Array
from motion.refusal import Refusal

# Of ImageNet in RGB, with which MMPose's and the ViTPose and HRNet networks were trained.
MEAN = np.array([123.675, 116.28, 103.53], dtype=np.float32)
DEVIATION = np.array([58.395, 57.12, 57.375], dtype=np.float32)
SIDES_PX = range(32, 2049)      # of a network's input: outside of it the shape is that of something else
KNOWN_NETWORKS = "Choose an ONNX file of RTMPose, or of another network for one person with SimCC or heat-map outputs."


class OnnxPose:
    """2D landmarks of one person a crop. Not to be called from two threads at once.

    `device` is "cpu" or "cuda"; without CUDA in onnxruntime the CPU serves. The network sees the whole height of a
    crop, and of its width as much as its own shape takes. Raises Refusal "no-onnxruntime", "no-file", "bad-model".
    """

    def __init__(self, path: Path, device: str, threads: int) -> None:
        self._path = path
        self._session = _session(path, device, threads)
        self.batch, self.width_px, self.height_px = _input_size(path, self._session)
        shapes = [answer.shape for answer in self._answers(np.zeros((1, 3, self.height_px, self.width_px), np.float32))]
        self._decode, self.keypoint_set = _reading(path, shapes, self.width_px, self.height_px)

    def look(self, rgb: Rgb, crops: Sequence[Crop]) -> list[OtherPose]:
        """What the network sees in each crop of the picture [height, width, 3]; the order is that of the crops."""
        poses: list[OtherPose] = []
        most = self.batch or max(len(crops), 1)
        for start in range(0, len(crops), most):
            some = crops[start : start + most]
            points = self._decode(self._answers(np.stack([self._piece(rgb, crop) for crop in some])))
            poses += [self._pose(found, crop) for found, crop in zip(points, some)]
        return poses

    def _answers(self, pieces: Values) -> list[Values]:
        count = len(pieces)
        if self.batch and count < self.batch:     # a batch of fixed length is filled up
            pieces = np.concatenate([pieces, np.zeros((self.batch - count, *pieces.shape[1:]), np.float32)])
        try:
            answers = self._session.run(None, {self._session.get_inputs()[0].name: pieces})
        except Exception as error:  # onnxruntime's own classes have no common base
            raise _bad(self._path, f"it fails on a picture of {self.width_px} x {self.height_px} px") from error
        return [answer[:count] for answer in answers]

    def _piece(self, rgb: Rgb, crop: Crop) -> Values:
        """[3, height, width]."""
        to_picture = self._picture_from_piece(crop)
        size = (self.width_px, self.height_px)
        piece = cv2.warpAffine(rgb, to_picture, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        return np.ascontiguousarray(((piece - MEAN) / DEVIATION).transpose(2, 0, 1))

    def _picture_from_piece(self, crop: Crop) -> Array:
        """[2, 3], from px of the network's input to px of the picture: the crop's middle columns at full height."""
        affine = crop.picture_from_crop(self.height_px)
        affine[:, 2] += affine[:, 0] * (self.height_px - self.width_px) / 2
        return affine

    def _pose(self, points: Array, crop: Crop) -> OtherPose:
        landmarks = self.keypoint_set.landmarks(points)
        is_seen = landmarks[:, 2] > 0
        landmarks_px = applied(self._picture_from_piece(crop), landmarks[:, :2])
        scores = np.where(is_seen, np.clip(landmarks[:, 2], 0.0, 1.0), 0.0)
        return OtherPose(np.where(is_seen[:, None], landmarks_px, np.nan), scores, -1)


def _runtime() -> ModuleType:
    try:
        import onnxruntime
    except ImportError as error:
        raise Refusal("no-onnxruntime", "An ONNX file needs the package onnxruntime, which is not installed.",
                      f"Run `{BUILD} setup`, or press Install Backend in Blender's preferences of Mambocap."
                      ) from error  # fmt: skip
    return onnxruntime


def _session(path: Path, device: str, threads: int) -> Any:
    runtime = _runtime()
    if not path.is_file():
        raise Refusal("no-file", f"There is no file {path}.", KNOWN_NETWORKS)
    options = runtime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3      # errors come as exceptions, warnings are about its own optimizing
    wanted = ["CUDAExecutionProvider"] if device == "cuda" else []
    providers = [name for name in wanted if name in runtime.get_available_providers()] + ["CPUExecutionProvider"]
    try:
        return runtime.InferenceSession(str(path), options, providers=providers)
    except Exception as error:  # onnxruntime's own classes have no common base
        raise _bad(path, "it is no ONNX network, is damaged or needs other operators") from error


def _input_size(path: Path, session: Any) -> tuple[int | None, int, int]:
    """Pictures at a time (None: any number), width and height, px, of the network's only input."""
    inputs = session.get_inputs()
    shape = inputs[0].shape if len(inputs) == 1 and inputs[0].type == "tensor(float)" else []
    if len(shape) != 4 or shape[1] != 3 or not all(side in SIDES_PX for side in shape[2:]):
        kinds = ", ".join(f"{each.type} {each.shape}" for each in inputs)
        wanted = "its input must be pictures [B, 3, H, W] of one size and of floats"
        raise _bad(path, f"{wanted}, and it takes {kinds or 'nothing'}")
    return (shape[0] if isinstance(shape[0], int) else None), shape[3], shape[2]


def _reading(path: Path, shapes: list[tuple[int, ...]], width_px: int, height_px: int) -> tuple[Decode, KeypointSet]:
    decode = decoder_of(shapes, width_px, height_px)
    if decode is None:
        found = ", ".join(str(list(shape)) for shape in shapes)
        raise _bad(path, f"its outputs {found} are neither SimCC nor heat maps of {width_px} x {height_px} px")
    # Of the two orders of 25 keypoints no ONNX network is known that has OpenPose's.
    fitting = [each for each in SETS if len(each.keypoints) == shapes[0][1]]
    if not fitting:
        raise _bad(path, f"it gives {shapes[0][1]} keypoints, and known are {KNOWN_SETS}")
    return decode, fitting[0]


def _bad(path: Path, why: str) -> Refusal:
    return Refusal("bad-model", f"{path.name} cannot be used: {why}.", KNOWN_NETWORKS)
