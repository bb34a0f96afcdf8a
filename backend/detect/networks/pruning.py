"""Networks with other outputs than their file has: the heavy pose network without its mask takes 7 % less time."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

import flatbuffers.table

from backend.detect.networks.graph import Graph, read_graph
from backend.detect.networks.tflite_schema import schema

PLACE = struct.Struct("<I")
# Fields of TFLite's schema, as a flatbuffer numbers them.
MODEL_SIGNATURES, GRAPH_OUTPUTS, GRAPH_OPERATORS = 18, 8, 10


def without_outputs(network: bytes, unwanted: Sequence[str | int]) -> bytes:
    """The TFLite file without these outputs, given by name or number, and the operators that only they need.

    Its metadata and numbers of tensors stay; signatures, which name outputs, go. Raises NotANetwork, and ValueError
    when there is no such output.
    """
    if not unwanted:
        return network
    graph = read_graph(network)
    kept = _kept_outputs(graph, unwanted)
    operators = graph.needed_for(graph.outputs[number] for number in kept)
    # Changed where it lies: packing it anew would take the alignment from the weights.
    pruned = bytearray(network)
    model = schema.Model.GetRootAs(pruned)
    _keep(model._tab, MODEL_SIGNATURES, ())
    _keep(model.Subgraphs(0)._tab, GRAPH_OUTPUTS, kept)
    _keep_tables(model.Subgraphs(0)._tab, GRAPH_OPERATORS, operators)
    return bytes(pruned)


def with_output_instead(network: bytes, unwanted: int, feeding: int) -> tuple[bytes, int]:
    """The TFLite file with the tensor that the last convolution before output `feeding` reads, instead of `unwanted`.

    Both outputs are given by number. Returns the file and the tensor's count of channels. Raises NotANetwork.
    """
    graph = read_graph(network)
    makers = {tensor: operator for operator in graph.operators for tensor in operator.outputs}
    tensor = graph.outputs[feeding]
    while (maker := makers[tensor]).kind != "CONV_2D":
        tensor = maker.inputs[0]
    features = maker.inputs[0]
    outputs = [features if number == unwanted else place for number, place in enumerate(graph.outputs)]
    changed = bytearray(network)
    model = schema.Model.GetRootAs(changed)
    _keep(model._tab, MODEL_SIGNATURES, ())
    _write(model.Subgraphs(0)._tab, GRAPH_OUTPUTS, outputs)
    _keep_tables(model.Subgraphs(0)._tab, GRAPH_OPERATORS, graph.needed_for(outputs))
    return bytes(changed), graph.tensors[features].shape[-1]


def _kept_outputs(graph: Graph, unwanted: Sequence[str | int]) -> list[int]:
    names = [graph.tensors[place].name for place in graph.outputs]
    if unknown := [output for output in unwanted if output not in names and output not in range(len(names))]:
        raise ValueError(f"The network has no outputs {unknown}; it has {names}.")
    return [number for number, name in enumerate(names) if not {number, name} & set(unwanted)]


def _keep(table: flatbuffers.table.Table, field: int, kept: Iterable[int]) -> None:
    """Leave only these entries of a vector of numbers."""
    _write(table, field, [_entry(table, field, number) for number in kept])


def _keep_tables(table: flatbuffers.table.Table, field: int, kept: Iterable[int]) -> None:
    """Leave only these entries of a vector of tables: each entry is the way from itself to its table."""
    ways = [_entry(table, field, old) + (old - new) * PLACE.size for new, old in enumerate(kept)]
    _write(table, field, ways)


def _entry(table: flatbuffers.table.Table, field: int, number: int) -> int:
    return PLACE.unpack_from(table.Bytes, table.Vector(table.Offset(field)) + number * PLACE.size)[0]


def _write(table: flatbuffers.table.Table, field: int, entries: list[int]) -> None:
    if not table.Offset(field):
        return
    start = table.Vector(table.Offset(field))
    for number, entry in enumerate([len(entries), *entries], -1):
        PLACE.pack_into(table.Bytes, start + number * PLACE.size, entry)
