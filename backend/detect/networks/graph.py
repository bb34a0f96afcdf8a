"""What a TFLite network does, operator by operator."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backend.detect.networks.sparsity import dense
from backend.detect.networks.tflite_schema import schema

MARK = b"TFL3"      # at the fifth byte
DAMAGED = (struct.error, ValueError, TypeError, IndexError, KeyError, AttributeError, OverflowError, MemoryError)
KINDS = {number: name for name, number in vars(schema.BuiltinOperator).items() if isinstance(number, int)}
NUMBERS = {"FLOAT16", "FLOAT32", "INT32"}      # of which constants are read
TYPES = {number: name for name, number in vars(schema.TensorType).items() if isinstance(number, int)}


class NotANetwork(ValueError):
    """Bytes that are no whole TFLite network."""

    def __init__(self, network: bytes) -> None:
        super().__init__(f"These {len(network)} bytes are no whole TFLite network.")


@dataclass(frozen=True, eq=False)
class Tensor:
    """What operators exchange; `constant` where the file holds its values."""

    name: str
    type: str                   # as TFLite calls it: FLOAT32
    shape: tuple[int, ...]      # for a batch of one
    constant: npt.NDArray | None


@dataclass(frozen=True)
class Operator:
    """One step. Inputs and outputs are places in Graph.tensors, -1 for an input that is left out."""

    kind: str                   # as TFLite calls it: CONV_2D
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options: Mapping[str, int | float | bool]


@dataclass(frozen=True, eq=False)
class Graph:
    """A network: operators in an order in which they can run."""

    tensors: tuple[Tensor, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    operators: tuple[Operator, ...]

    @property
    def side_px(self) -> int:
        """Of the square picture that goes in."""
        return self.tensors[self.inputs[0]].shape[1]

    def needed_for(self, outputs: Iterable[int]) -> list[int]:
        """Places of the operators without which these tensors cannot be had, in order."""
        wanted, needed = set(outputs), []
        for place in reversed(range(len(self.operators))):
            operator = self.operators[place]
            if wanted.intersection(operator.outputs):
                wanted.update(operator.inputs)
                needed.append(place)
        return needed[::-1]


def read_graph(network: bytes) -> Graph:
    """The graph of a TFLite file. Raises NotANetwork."""
    if network[4:8] != MARK:
        raise NotANetwork(network)
    try:
        model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(network))
        (graph,) = model.subgraphs
        return Graph(
            tuple(_tensor(tensor, model.buffers[tensor.buffer]) for tensor in graph.tensors),
            _places(graph.inputs), _places(graph.outputs),
            tuple(_operator(operator, model.operatorCodes[operator.opcodeIndex]) for operator in graph.operators),
        )  # fmt: skip
    except DAMAGED as error:
        raise NotANetwork(network) from error


def _tensor(tensor: schema.TensorT, buffer: schema.BufferT) -> Tensor:
    shape = _places(tensor.shape)
    constant = None
    if buffer.data is not None and len(buffer.data) and TYPES[tensor.type] in NUMBERS:
        constant = np.frombuffer(buffer.data, TYPES[tensor.type].lower())
        constant = dense(constant, shape, tensor.sparsity) if tensor.sparsity else constant.reshape(shape)
    return Tensor(tensor.name.decode(), TYPES[tensor.type], shape, constant)


def _operator(operator: schema.OperatorT, code: schema.OperatorCodeT) -> Operator:
    # Numbers below 127 stand in the older, narrower field.
    kind = KINDS[max(code.builtinCode, code.deprecatedBuiltinCode)]
    options = vars(operator.builtinOptions) if operator.builtinOptions else {}
    return Operator(kind, _places(operator.inputs), _places(operator.outputs), options)


def _places(numbers: npt.NDArray[np.int32] | None) -> tuple[int, ...]:
    return () if numbers is None else tuple(int(number) for number in numbers)
