"""A TFLite network without layers: a picture goes in."""

from __future__ import annotations

import flatbuffers

from backend.detect.networks.tflite_schema import schema


def network(weights: bytes = b"weights") -> bytes:
    tensor = schema.TensorT()
    tensor.name, tensor.shape, tensor.buffer = b"input", [1, 8, 8, 3], 1
    graph = schema.SubGraphT()
    graph.tensors, graph.inputs, graph.outputs, graph.operators = [tensor], [0], [0], []
    empty, filled = schema.BufferT(), schema.BufferT()
    filled.data = weights
    model = schema.ModelT()
    model.version, model.subgraphs, model.buffers = 3, [graph], [empty, filled]
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())
