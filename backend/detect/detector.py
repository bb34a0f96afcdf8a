"""The networks of one capture, each opened for the engine and the threads that suit it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from backend.detect.followers import PoseLooker
from backend.detect.mediapipe_poses import MediaPipePoses
from backend.detect.models.model_files import whole_model
from backend.detect.models.task_bundle import network_in
from backend.detect.networks.engines import Engine, available_cores, best_engine, open_network
from backend.detect.networks.network import Network
from backend.detect.person_search import PersonSearch
from backend.detect.pose_network import PoseNetwork

DEFAULT_MODEL = "pose_landmarker_heavy"
HAND_MODEL = "hand_landmarker"
SEARCH_NETWORK, POSE_NETWORK, HAND_NETWORK = (
    "pose_detector.tflite", "pose_landmarks_detector.tflite", "hand_landmarks_detector.tflite",
)  # fmt: skip
MASK_OUTPUT = 2
BATCH_ON_CARD = 8       # pictures that the second look takes at once


@dataclass(frozen=True, eq=False)
class Detector:
    """What looks at the pictures."""

    poses: PoseLooker
    second_poses: PoseLooker | None     # for the second look, which runs at the same time
    batch: int                          # pictures of the second look
    search: PersonSearch
    hands: Network | None


def open_detector(model: str, engine: Literal["auto", "litert", "torch", "mediapipe"], device: str, twice: bool,
                  hands: bool) -> Detector:  # fmt: skip
    """The networks of the pose model named, and of hands if wanted; `twice` for two looks at every picture.

    Raises Refusal for a model that is missing, damaged or of another kind.
    """
    file = whole_model(model, DEFAULT_MODEL)
    runs_on: Engine = engine if engine in ("litert", "torch") else best_engine(device)
    share = max(1, available_cores() // 2) if twice else available_cores()

    def opened(path: Path, name: str, threads: int, without: tuple[int, ...] = ()) -> Network:
        return open_network(network_in(path, name), runs_on, device, threads, without)

    def poses(threads: int) -> PoseLooker:
        if engine == "mediapipe":
            return MediaPipePoses(file)
        pruned = opened(file, POSE_NETWORK, threads, (MASK_OUTPUT,))
        return PoseNetwork(pruned, lambda: opened(file, POSE_NETWORK, threads))

    return Detector(
        poses=poses(share),
        second_poses=poses(max(1, available_cores() - share)) if twice else None,
        batch=BATCH_ON_CARD if device.startswith("cuda") else 1,
        search=PersonSearch(opened(file, SEARCH_NETWORK, 1)),
        hands=opened(whole_model(HAND_MODEL, HAND_MODEL), HAND_NETWORK, 1) if hands else None,
    )
