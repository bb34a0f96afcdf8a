"""A network is read as it is, and what is none is named."""

from __future__ import annotations

import numpy as np
import pytest

from backend.detect.networks.graph import NotANetwork, read_graph
from tests.backend.detect.networks.made_up_graphs import MadeUpGraph


def forked() -> bytes:
    """One output is the picture plus one, the other twice the picture plus one."""
    graph = MadeUpGraph(1, 4, 4, 1)
    more = graph.add("ADD", [0, graph.constant(np.ones((1, 4, 4, 1), np.float32))], (1, 4, 4, 1))
    return graph.packed(more, graph.add("ADD", [0, more], (1, 4, 4, 1), fusedActivationFunction=1))


def test_operators_name_what_goes_in_and_out():
    graph = read_graph(forked())
    assert [operator.kind for operator in graph.operators] == ["ADD", "ADD"]
    assert [operator.inputs for operator in graph.operators] == [(0, 1), (0, 2)]
    assert graph.outputs == (2, 3) and graph.side_px == 4
    assert graph.operators[1].options["fusedActivationFunction"] == 1
    assert [tensor.constant is not None for tensor in graph.tensors] == [False, True, False, False]


def test_an_output_needs_what_its_inputs_need():
    graph = read_graph(forked())
    assert [graph.needed_for([output]) for output in graph.outputs] == [[0], [0, 1]]


@pytest.mark.parametrize("damaged", [b"", b"hello", b"\x89PNG\r\n\x1a\n" * 100, b"\0\0\0\0TFL3" + bytes(100)])
def test_foreign_bytes_are_named(damaged):
    with pytest.raises(NotANetwork, match=f"^These {len(damaged)} bytes are no whole TFLite network.$"):
        read_graph(damaged)


def test_a_network_that_was_cut_off_is_no_network():
    whole = forked()
    for kept in range(0, len(whole), 4):
        try:
            assert read_graph(whole[:kept]).operators == read_graph(whole).operators    # what is missing says nothing
        except NotANetwork:
            continue
