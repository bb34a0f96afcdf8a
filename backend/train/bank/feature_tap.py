"""The landmark network's last features, kept beside its answers for whoever wants to learn from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from backend.detect.crop import Crop, Rgb
from backend.detect.detector import (
    DEFAULT_MODEL,
    MASK_OUTPUT,
    POSE_NETWORK,
    Detector,
    DetectSettings,
    open_detector,
)  # fmt: skip
from backend.detect.models.model_files import whole_model
from backend.detect.models.task_bundle import network_in
from backend.detect.networks.engines import best_engine, open_network
from backend.detect.networks.network import Network, Values
from backend.detect.networks.pruning import with_output_instead
from backend.detect.pose_network import Answer, PoseNetwork
from backend.threads import threads as all_threads
from backend.video.clip import Clip
from motion.arrays import Array


class TappedNetwork:
    """The landmark network with its last features in the place of the mask, which it keeps and does not pass on."""

    def __init__(self, network: Network, feature_count: int) -> None:
        self.side_px = network.side_px
        self._network, self._feature_count = network, feature_count
        self.last: Values = np.zeros((0, feature_count), np.float32)

    def __call__(self, pictures: Values) -> tuple[Values, ...]:
        """As Network does; `last` [B, features] are the means over the cells."""
        outputs = self._network(pictures)
        values = next(output for output in outputs if output.shape[-1] == self._feature_count)
        self.last = values.reshape(len(pictures), -1, self._feature_count).mean(axis=1)
        return tuple(output for output in outputs if output is not values)


class FeatureTap:
    """Looks as a PoseNetwork does and remembers the features of every crop."""

    def __init__(self, network: TappedNetwork) -> None:
        self._network = network
        self._poses = PoseNetwork(network, lambda: network)     # one person: nobody asks for masks
        self._features: dict[tuple[float, ...], Values] = {}

    def look(self, pieces: Sequence[tuple[Rgb, Crop]], mirrored: bool = False, masks: bool = False) -> list[Answer]:
        answers = self._poses.look(pieces, mirrored)
        if pieces:
            for (_, crop), features in zip(pieces, self._network.last, strict=True):
                self._features[_key(np.array([*crop.middle_px, crop.side_px, crop.turn_rad]))] = features
        return answers

    def take(self, crops: Array) -> Values:
        """The features [N, F] of crops [N, 4] as Detections has them; forgets all."""
        found = [self._features.get(_key(crop)) for crop in crops]
        self._features = {}
        size = self._network.last.shape[-1]
        known = [np.full(size, np.nan) if each is None else each for each in found]
        return np.array(known, np.float32).reshape(-1, size)


def _key(crop: Array) -> tuple[float, ...]:
    return tuple(np.round(crop, 6).tolist())


def open_tapped(clip: Clip, settings: DetectSettings, device: str) -> tuple[Detector, FeatureTap]:
    """The product's detector, whose first look goes through a tap."""
    detector = open_detector(clip, settings, device)
    network = network_in(whole_model(settings.pose_model, DEFAULT_MODEL), POSE_NETWORK)
    tapped, count = with_output_instead(network, MASK_OUTPUT, feeding=0)
    threads = max(1, all_threads() // 2) if settings.quality == "best" else all_threads()
    opened = open_network(tapped, best_engine(device), device, threads, at_once=detector.at_once)
    tap = FeatureTap(TappedNetwork(opened, count))
    return replace(detector, poses=tap), tap
