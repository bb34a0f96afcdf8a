"""What looks at the pictures of one capture: networks, each opened for the engine and the threads that suit it."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from backend.detect.followers import PoseLooker
from backend.detect.models.model_files import QUALITIES, find_model, whole_model
from backend.detect.models.task_bundle import network_in
from backend.detect.networks.engines import Engine, best_engine, open_network
from backend.detect.networks.network import Network
from backend.detect.networks.pruning import without_outputs
from backend.detect.other.keypoint_file import KeypointFile, read_keypoints
from backend.detect.other.onnx_pose import OnnxPose
from backend.detect.other.other_detector import OtherDetector, detector_module
from backend.detect.person_search import PersonSearch
from backend.detect.pose_network import PoseNetwork
from backend.threads import threads as all_threads
from backend.video.clip import Clip
from motion.choices import detectors
from motion.refusal import Refusal

DEFAULT_MODEL = "pose_landmarker_heavy"
HAND_MODEL = "hand_landmarker"
SEARCH_NETWORK, POSE_NETWORK, HAND_NETWORK = (
    "pose_detector.tflite", "pose_landmarks_detector.tflite", "hand_landmarks_detector.tflite",
)  # fmt: skip
MASK_OUTPUT = 2
LEAST_SEGMENT = 30      # pictures; shorter ones are hardly more than what they look at before and after
BATCH_ON_CARD = 8       # pictures that the second look takes at once


@dataclass(frozen=True)
class DetectSettings:
    """How people are found."""

    model: str = "heavy"    # lite, full, heavy, another one by its name, or a file: .task, .onnx or .json
    quality: Literal["best", "fast"] = "best"   # best looks twice at every picture, which takes twice the time
    engine: Literal["auto", "litert", "torch", "mediapipe"] = "auto"    # what runs the networks; mediapipe to compare
    most_people: int = 4                    # people followed at the same time, at most
    search_s: float = 0.5                   # seconds between two looks for newcomers, at most
    search_everywhere_s: float = 2.0        # the same for those who are small, lie or stand on their hands
    hands: bool = True                      # look for fingers where hands are large enough in the picture
    segment_pictures: int = 900             # pictures of a long clip that are one piece of work, about

    def __post_init__(self) -> None:
        if self.segment_pictures < LEAST_SEGMENT:
            raise Refusal("bad-segment", f"A piece of work of {self.segment_pictures} pictures is too short.",
                          f"Choose {LEAST_SEGMENT} or more.")  # fmt: skip

    @property
    def pose_model(self) -> str:
        """The model whose networks run: the default one beside another detector's landmarks."""
        return DEFAULT_MODEL if self.uses_onnx or self.is_told_people else self.model

    @property
    def uses_onnx(self) -> bool:
        return Path(self.model).suffix.lower() == ".onnx"

    @property
    def uses_keypoints(self) -> bool:
        path = Path(self.model).expanduser()
        is_name = self.model in QUALITIES or self.uses_module
        return path.suffix.lower() == ".json" or (not is_name and path.is_dir())

    @property
    def uses_module(self) -> bool:
        """Whether a module of backend/detect/other is the detector."""
        return self.model in detectors()

    @property
    def is_told_people(self) -> bool:
        """Whether another detector says who is in a picture, and not our loop."""
        return self.uses_keypoints or self.uses_module


@dataclass(frozen=True, eq=False)
class Detector:
    """What looks at the pictures."""

    poses: PoseLooker
    second_poses: PoseLooker | None     # for the second look, which runs at the same time
    at_once: int                        # pictures that the first look sees together
    batch: int                          # and the second
    search: PersonSearch
    hands: Network | None
    onnx: OnnxPose | None
    other: OtherDetector | None         # in place of the search and the following


def open_detector(clip: Clip, settings: DetectSettings, device: str) -> Detector:
    """Open what the settings name, on a device of torch.

    Raises Refusal for a file that is missing, damaged or of another kind.
    """
    file = whole_model(settings.pose_model, DEFAULT_MODEL)
    engine: Engine = settings.engine if settings.engine in ("litert", "torch") else best_engine(device)
    twice = settings.quality == "best"
    share = max(1, all_threads() // 2) if twice else all_threads()

    # On a card two pictures side by side take less than one after the other. What is found depends on it, so that on
    # the processor it must not depend on the number of cores.
    at_once = 2 if device.startswith("cuda") else 1

    def opened(path: Path, name: str, threads: int) -> Network:
        return open_network(network_in(path, name), engine, device, threads)

    network = network_in(file, POSE_NETWORK)
    pruned = without_outputs(network, (MASK_OUTPUT,))

    def poses(threads: int, at_once: int) -> PoseLooker:
        if settings.engine == "mediapipe":
            from backend.detect.mediapipe_poses import MediaPipePoses  # takes a second to import

            return MediaPipePoses(file)
        return PoseNetwork(open_network(pruned, engine, device, threads, at_once=at_once),
                           lambda: open_network(network, engine, device, threads))  # fmt: skip

    return Detector(
        poses=poses(share, at_once),
        second_poses=poses(max(1, all_threads() - share), 1) if twice else None,
        at_once=at_once,
        batch=BATCH_ON_CARD if device.startswith("cuda") else 1,
        search=PersonSearch(opened(file, SEARCH_NETWORK, share)),
        hands=opened(whole_model(HAND_MODEL, HAND_MODEL), HAND_NETWORK, 1) if settings.hands else None,
        onnx=OnnxPose(_path(settings), device, all_threads()) if settings.uses_onnx else None,
        other=_other(clip, settings, device),
    )


def digests(clip: Clip, settings: DetectSettings) -> list[str]:
    """Names, by their content, for all files that detection reads. Raises Refusal for one that is missing."""
    models = [settings.pose_model, *([HAND_MODEL] if settings.hands else [])]
    files = [*map(find_model, models), *_files_of_other(clip, settings)]
    others = [_keypoints(_path(settings), clip).digest] if settings.uses_keypoints else []
    return [_file_digest(file) for file in files if file.is_file()] + others


def _files_of_other(clip: Clip, settings: DetectSettings) -> Sequence[Path]:
    if settings.uses_module:
        return detector_module(settings.model).reads(clip)
    return [_path(settings)] if settings.uses_onnx else []


def _other(clip: Clip, settings: DetectSettings, device: str) -> OtherDetector | None:
    if settings.uses_module:
        return detector_module(settings.model).open_detector(clip, device)
    return _keypoints(_path(settings), clip) if settings.uses_keypoints else None


def _path(settings: DetectSettings) -> Path:
    return Path(settings.model).expanduser()


@functools.lru_cache(maxsize=1)     # read for the digest, needed again when nothing is kept
def _keypoints(path: Path, clip: Clip) -> KeypointFile:
    return read_keypoints(path, clip)


def _file_digest(path: Path) -> str:
    stat = path.stat()
    return _digest_of_bytes(path, stat.st_size, stat.st_mtime_ns)


@functools.lru_cache    # asked for by every stage, and half a second for the heavy model
def _digest_of_bytes(path: Path, _byte_count: int, _changed_ns: int) -> str:
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
