"""A network that LiteRT runs, the fastest there is on a processor."""

from __future__ import annotations

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from backend.detect.networks.graph import NotANetwork
from backend.detect.networks.network import Network, Values


class LiteRtNetwork(Network):
    """Looks at one picture after the other. While it does, Python's other threads go on."""

    def __init__(self, network: bytes, threads: int) -> None:
        """Raises NotANetwork."""
        self._interpreter = _interpreter(network, threads)
        (picture,) = self._interpreter.get_input_details()
        outputs = self._interpreter.get_output_details()
        self.side_px = int(picture["shape"][1])
        self._input, self._outputs = picture["index"], [output["index"] for output in outputs]
        self._shapes = [tuple(output["shape"][1:]) for output in outputs]

    def __call__(self, pictures: Values) -> tuple[Values, ...]:
        outputs = tuple(np.empty((len(pictures), *shape), np.float32) for shape in self._shapes)
        for number, picture in enumerate(pictures):
            self._interpreter.set_tensor(self._input, picture[None])
            self._interpreter.invoke()
            for output, index in zip(outputs, self._outputs, strict=True):
                output[number] = self._interpreter.get_tensor(index)[0]
        return outputs


def _interpreter(network: bytes, threads: int) -> Interpreter:
    if not network:     # LiteRT would ask for a path instead
        raise NotANetwork(network)
    try:
        interpreter = Interpreter(model_content=network, num_threads=threads)
    except ValueError as error:
        raise NotANetwork(network) from error
    interpreter.allocate_tensors()
    return interpreter
