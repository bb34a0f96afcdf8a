"""One picture after the other, on the processor."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from backend.detect.networks.graph import NotANetwork
from backend.detect.networks.litert_network import LiteRtNetwork
from tests.backend.detect.networks.installed_networks import dancer, pose_landmarks
from tests.backend.detect.networks.made_up_graphs import MadeUpGraph


def test_a_batch_is_what_its_pictures_are_one_by_one():
    network = LiteRtNetwork(pose_landmarks("lite"), 1)
    together = network(dancer(3))
    for number, picture in enumerate(dancer(3)):
        for alone, of_batch in zip(network(picture[None]), together, strict=True):
            np.testing.assert_array_equal(alone[0], of_batch[number])
    assert [output.shape for output in network(dancer(3)[:0])] == [(0, *output.shape[1:]) for output in together]


@pytest.mark.parametrize("at_once", [2, 3])
def test_pictures_side_by_side_are_what_they_are_one_by_one(at_once):
    alone, together = LiteRtNetwork(pose_landmarks("lite"), 1), LiteRtNetwork(pose_landmarks("lite"), 2, at_once)
    for count in (0, 1, 2, 5):
        shown = np.concatenate([dancer(3), dancer(2)])[:count]
        for expected, found in zip(alone(shown), together(shown), strict=True):
            np.testing.assert_array_equal(found, expected)


def test_pictures_may_lie_in_memory_as_they_like():
    network = LiteRtNetwork(pose_landmarks("lite"), 1)
    mirrored = dancer(1)[:, :, ::-1]
    for expected, found in zip(network(mirrored.copy()), network(mirrored), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_other_threads_go_on_while_it_looks():
    network, pictures = LiteRtNetwork(pose_landmarks("lite"), 1), dancer(1).repeat(5, axis=0)
    steps, ended = [0], threading.Event()

    def count() -> None:
        while not ended.wait(1e-3):
            steps[0] += 1

    counting = threading.Thread(target=count, daemon=True)
    counting.start()
    network(pictures)
    ended.set()
    counting.join()
    assert steps[0] > 20


@pytest.mark.parametrize("damage", [lambda whole: b"", lambda whole: whole[: len(whole) // 2], lambda whole: b"x" * 99])
def test_what_is_no_network_is_named(damage):
    graph = MadeUpGraph(1, 8, 8, 3)
    whole = graph.packed(graph.add("LOGISTIC", [0], (1, 8, 8, 3)))
    LiteRtNetwork(whole, 1)
    with pytest.raises(NotANetwork, match="no whole TFLite network"):
        LiteRtNetwork(damage(whole), 1)
