"""torch says what LiteRT says, for any number of pictures at once."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from backend.detect.networks.engines import open_network
from backend.detect.networks.pruning import without_outputs
from backend.detect.networks.torch_network import TorchNetwork
from motion.refusal import Refusal
from tests.backend.detect.networks.installed_networks import MASK, POSE_MODELS, dancer, installed, pose_landmarks
from tests.backend.detect.networks.made_up_graphs import MadeUpGraph


@pytest.fixture(autouse=True)
def one_thread():
    """Threads of torch wait for each other, long on a machine that has other work."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def both(network: bytes, pictures: np.ndarray, without: tuple[int, ...] = ()) -> list[tuple[np.ndarray, np.ndarray]]:
    """Each output as LiteRT and as torch has it."""
    pruned = without_outputs(network, without)
    litert, torchs = (open_network(pruned, engine, "cpu", 1)(pictures) for engine in ("litert", "torch"))
    return list(zip(litert, torchs, strict=True))


@pytest.mark.parametrize("quality", POSE_MODELS)
def test_a_body_is_the_same_for_both_engines(quality):
    landmarks, presence, heat, metres = both(pose_landmarks(quality), dancer(2), (MASK,))
    assert presence[0].min() > 0.9
    litert_px, torch_px = (values.reshape(2, 39, 5)[..., :2] for values in landmarks)
    np.testing.assert_allclose(torch_px, litert_px, rtol=0, atol=0.01)
    np.testing.assert_allclose(metres[1], metres[0], rtol=0, atol=1e-4)
    np.testing.assert_allclose(heat[1], heat[0], rtol=0, atol=0.01)


@pytest.mark.parametrize("model, member", [
    ("pose_landmarker_lite", "pose_detector"), ("hand_landmarker", "hand_detector"),
    ("hand_landmarker", "hand_landmarks_detector"),
])  # fmt: skip
def test_finding_people_and_hands_is_the_same_for_both_engines(model, member):
    network = installed(model, member)
    for litert, torchs in both(network, dancer(1, TorchNetwork(network, "cpu").side_px)):
        np.testing.assert_allclose(torchs, litert, rtol=0, atol=0.01)


def test_a_batch_is_what_its_pictures_are_one_by_one():
    network = TorchNetwork(pose_landmarks("lite"), "cpu")
    pictures = dancer(5)
    alone = [network(picture[None]) for picture in pictures]
    for count in (2, 3, 5):
        for number, together in enumerate(network(pictures[:count])):
            one_by_one = np.concatenate([outputs[number] for outputs in alone[:count]])
            np.testing.assert_allclose(together, one_by_one, rtol=1e-3, atol=1e-3)
    assert all(len(output) == 0 for output in network(pictures[:0]))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no graphics card")
def test_a_card_says_the_same_for_any_number_of_pictures():
    pictures = dancer(37)
    processor, card = (TorchNetwork(pose_landmarks("lite"), device) for device in ("cpu", "cuda"))
    for count in (1, 3, 37, 2, 3):
        for expected, found in zip(processor(pictures[:count]), card(pictures[:count]), strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-2)


def test_an_operator_that_is_not_there_is_named():
    graph = MadeUpGraph(1, 4, 4, 1)
    network = graph.packed(graph.add("FLOOR", [graph.add("ABS", [0], (1, 4, 4, 1))], (1, 4, 4, 1)))
    with pytest.raises(Refusal) as refusal:
        TorchNetwork(network, "cpu")
    assert refusal.value.code == "unknown-operator"
    assert refusal.value.sentence == "The engine torch does not know the model's ABS, FLOOR."


def test_whole_numbers_that_stand_for_fractions_are_refused():
    graph = MadeUpGraph(1, 4, 4, 1)
    weights = graph.constant(np.ones((1, 4, 4, 1), np.int8))
    with pytest.raises(Refusal, match="does not know the model's INT8"):
        TorchNetwork(graph.packed(graph.add("ADD", [0, weights], (1, 4, 4, 1))), "cpu")
