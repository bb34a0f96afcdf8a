"""What is left of a network computes bit by bit what it computed before."""

from __future__ import annotations

import numpy as np
import pytest

from backend.detect.networks.engines import open_network
from backend.detect.networks.graph import NotANetwork, read_graph
from backend.detect.networks.pruning import without_outputs
from tests.backend.detect.networks.installed_networks import MASK, POSE_MODELS, dancer, pose_landmarks
from tests.backend.detect.networks.made_up_graphs import MadeUpGraph


def three_outputs() -> bytes:
    """The picture plus one, plus two, plus three: tensor2, tensor3, tensor4."""
    graph = MadeUpGraph(1, 2, 2, 1)
    one = graph.constant(np.ones((1, 2, 2, 1), np.float32))
    more = graph.add("ADD", [0, one], (1, 2, 2, 1))
    most = graph.add("ADD", [more, one], (1, 2, 2, 1))
    return graph.packed(more, most, graph.add("ADD", [most, one], (1, 2, 2, 1)))


@pytest.mark.parametrize("unwanted, left, operators", [
    ((), [1, 2, 3], 3), ((2,), [1, 2], 2), (("tensor4",), [1, 2], 2), ((1,), [1, 3], 3), ((0, "tensor3"), [3], 3),
    ((1, 2), [1], 1),
])  # fmt: skip
def test_only_what_nobody_needs_goes(unwanted, left, operators):
    network = three_outputs()
    pruned = without_outputs(network, unwanted)
    assert len(read_graph(pruned).operators) == operators and len(pruned) == len(network)
    outputs = open_network(pruned, "litert", threads=1)(np.zeros((1, 2, 2, 1), np.float32))
    assert [output.max() for output in outputs] == left


def test_an_output_that_is_not_there_cannot_be_taken_away():
    with pytest.raises(ValueError, match=r"no outputs \['mask', 3\]; it has \['tensor2', 'tensor3', 'tensor4'\]"):
        without_outputs(three_outputs(), ("mask", 3))


def test_bytes_of_another_kind_are_named():
    with pytest.raises(NotANetwork):
        without_outputs(b"<html>no such file</html>", (1,))


@pytest.mark.parametrize("quality", POSE_MODELS)
def test_a_pose_network_without_its_mask_says_the_same_of_the_body(quality):
    network = pose_landmarks(quality)
    assert len(read_graph(without_outputs(network, (MASK,))).operators) < len(read_graph(network).operators)
    whole = open_network(network, "litert", threads=1)(dancer(2))
    pruned = open_network(without_outputs(network, (MASK,)), "litert", threads=1)(dancer(2))
    for expected, found in zip(whole[:MASK] + whole[MASK + 1:], pruned, strict=True):
        np.testing.assert_array_equal(found, expected)
