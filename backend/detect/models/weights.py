"""What makes two network files the same network: layers and constants, whatever their makers wrote around them."""

from __future__ import annotations

import hashlib

import numpy as np

from backend.detect.networks.tflite_schema import schema


def weights_digest(network: bytes) -> str:
    """SHA-256 of the layers and constants of a TFLite network; "" for bytes that are none.

    Metadata, names, padding and the order of buffers do not count: the published files and those bundled here differ
    in them only.
    """
    digest = hashlib.sha256()
    try:
        model = schema.Model.GetRootAsModel(network, 0)
        for graph in (model.Subgraphs(n) for n in range(model.SubgraphsLength())):
            _add_tensors(digest, model, graph)
            _add_layers(digest, model, graph)
    except Exception:  # a broken file leads its reader anywhere
        return ""
    return digest.hexdigest()


def _add_tensors(digest: hashlib._Hash, model: schema.Model, graph: schema.SubGraph) -> None:
    for tensor in (graph.Tensors(n) for n in range(graph.TensorsLength())):
        constants = _array(model.Buffers(tensor.Buffer()).DataAsNumpy())
        digest.update(repr((_array(tensor.ShapeAsNumpy()).tolist(), tensor.Type(), len(constants))).encode())
        digest.update(constants)


def _add_layers(digest: hashlib._Hash, model: schema.Model, graph: schema.SubGraph) -> None:
    for layer in (graph.Operators(n) for n in range(graph.OperatorsLength())):
        code = model.OperatorCodes(layer.OpcodeIndex())
        kind = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())    # old files have the second field only
        ends = [_array(numbers).tolist() for numbers in (layer.InputsAsNumpy(), layer.OutputsAsNumpy())]
        digest.update(repr((kind, ends)).encode())
    digest.update(repr([_array(ends).tolist() for ends in (graph.InputsAsNumpy(), graph.OutputsAsNumpy())]).encode())


def _array(values: np.ndarray | int) -> np.ndarray:
    """The schema gives 0 for a vector that is not there."""
    return np.zeros(0, np.uint8) if isinstance(values, int) else np.ascontiguousarray(values)
