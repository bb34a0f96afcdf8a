"""A network that LiteRT runs, the fastest there is on a processor."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from backend.detect.networks.graph import NotANetwork
from backend.detect.networks.network import Network, Values


class LiteRtNetwork(Network):
    """Looks at several pictures at once, each with threads of its own. Meanwhile Python's other threads go on."""

    def __init__(self, network: bytes, threads: int, at_once: int = 1) -> None:
        """`threads` are shared by the `at_once` pictures. Raises NotANetwork."""
        self._interpreters = [_interpreter(network, max(1, threads // at_once)) for _ in range(at_once)]
        self._pool = ThreadPoolExecutor(at_once)
        (picture,) = self._interpreters[0].get_input_details()
        outputs = self._interpreters[0].get_output_details()
        self.side_px = int(picture["shape"][1])
        self._input, self._outputs = picture["index"], [output["index"] for output in outputs]
        self._shapes = [tuple(output["shape"][1:]) for output in outputs]

    def __call__(self, pictures: Values) -> tuple[Values, ...]:
        outputs = tuple(np.empty((len(pictures), *shape), np.float32) for shape in self._shapes)

        def look(first: int) -> None:
            """At every picture that falls to the interpreter with this number."""
            interpreter = self._interpreters[first]
            for number in range(first, len(pictures), len(self._interpreters)):
                interpreter.set_tensor(self._input, pictures[number][None])
                interpreter.invoke()
                for output, index in zip(outputs, self._outputs, strict=True):
                    output[number] = interpreter.get_tensor(index)[0]

        list(self._pool.map(look, range(min(len(self._interpreters), len(pictures)))))
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
