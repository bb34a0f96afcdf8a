"""TFLite networks of an operator or two, with a batch of one picture as their input."""

from __future__ import annotations

from collections.abc import Mapping

import flatbuffers
import numpy as np

from backend.detect.networks.tflite_schema import schema

TYPES = {"float32": schema.TensorType.FLOAT32, "float16": schema.TensorType.FLOAT16, "int32": schema.TensorType.INT32,
         "int8": schema.TensorType.INT8}  # fmt: skip
OPTIONS = {
    "ADD": "AddOptions", "CONCATENATION": "ConcatenationOptions", "CONV_2D": "Conv2DOptions",
    "DEPTHWISE_CONV_2D": "DepthwiseConv2DOptions", "DEPTH_TO_SPACE": "DepthToSpaceOptions",
    "FULLY_CONNECTED": "FullyConnectedOptions", "MAX_POOL_2D": "Pool2DOptions", "MEAN": "ReducerOptions",
    "RESIZE_BILINEAR": "ResizeBilinearOptions", "RESHAPE": "ReshapeOptions",
}  # fmt: skip


class MadeUpGraph:
    """Tensors and operators are added one by one; each gets the next place."""

    def __init__(self, *shape: int) -> None:
        self.model, self.graph = schema.ModelT(), schema.SubGraphT()
        self.model.version, self.model.subgraphs, self.model.operatorCodes = 3, [self.graph], []
        self.model.buffers = [schema.BufferT()]
        self.graph.tensors, self.graph.operators, self.graph.inputs = [], [], [0]
        self.tensor(shape)

    def tensor(self, shape: tuple[int, ...], kind: str = "float32", buffer: int = 0) -> int:
        tensor = schema.TensorT()
        tensor.name, tensor.type = f"tensor{len(self.graph.tensors)}".encode(), TYPES[kind]
        tensor.shape, tensor.buffer = list(shape), buffer
        self.graph.tensors.append(tensor)
        return len(self.graph.tensors) - 1

    def constant(self, values: np.ndarray) -> int:
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(np.ascontiguousarray(values).tobytes(), np.uint8)
        self.model.buffers.append(buffer)
        return self.tensor(values.shape, values.dtype.name, len(self.model.buffers) - 1)

    def add(self, kind: str, inputs: list[int], shape: tuple[int, ...], **options: int | bool) -> int:
        operator, output = schema.OperatorT(), self.tensor(shape)
        operator.opcodeIndex, operator.inputs, operator.outputs = self._code(kind), inputs, [output]
        self._set_options(operator, kind, options)
        self.graph.operators.append(operator)
        return output

    def _code(self, kind: str) -> int:
        code = schema.OperatorCodeT()
        code.builtinCode = code.deprecatedBuiltinCode = getattr(schema.BuiltinOperator, kind)
        code.version = 1
        self.model.operatorCodes.append(code)
        return len(self.model.operatorCodes) - 1

    def _set_options(self, operator: schema.OperatorT, kind: str, options: Mapping[str, int | bool]) -> None:
        if kind in OPTIONS:
            operator.builtinOptionsType = getattr(schema.BuiltinOptions, OPTIONS[kind])
            operator.builtinOptions = getattr(schema, f"{OPTIONS[kind]}T")()
        for name, value in options.items():
            assert hasattr(operator.builtinOptions, name), name
            setattr(operator.builtinOptions, name, value)

    def packed(self, *outputs: int) -> bytes:
        self.graph.outputs = list(outputs)
        builder = flatbuffers.Builder(0)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        return bytes(builder.Output())
