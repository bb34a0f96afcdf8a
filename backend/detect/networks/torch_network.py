"""A network that torch runs: many pictures at once, on a graphics card too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from backend.detect.networks.cuda_replay import CudaReplay
from backend.detect.networks.graph import NUMBERS, Graph, Operator, read_graph
from backend.detect.networks.network import Network, Values
from backend.detect.networks.torch_operators import OPERATORS, WEIGHTS, How, Run
from motion.refusal import Refusal

Constant = Tensor | npt.NDArray[np.int32] | None    # whole numbers are sizes and axes: no tensors for torch
Argument = int | Constant                           # an int: the place in Graph.tensors of what is computed


@dataclass(frozen=True, eq=False)
class Step:
    """One operator with the constants that it takes."""

    run: Run
    how: How
    arguments: tuple[Argument, ...]
    output: int
    last_uses: tuple[int, ...]      # what nobody reads afterwards


class TorchNetwork(Network):
    """Computes in float32 wherever it runs."""

    def __init__(self, network: bytes, device: str) -> None:
        """`device` is torch's word. Raises NotANetwork, Refusal "unknown-operator"."""
        graph = read_graph(network)
        _refuse_unknown(graph)
        self.side_px = graph.side_px
        self._device = torch.device(device)
        (self._input,), self._outputs = graph.inputs, graph.outputs
        self._shapes = [graph.tensors[place].shape[1:] for place in graph.outputs]
        with torch.inference_mode():
            self._steps = _steps(graph, self._device)
        self._replay = CudaReplay(self._run, self._device) if self._device.type == "cuda" else None

    @torch.inference_mode()
    def __call__(self, pictures: Values) -> tuple[Values, ...]:
        if not len(pictures):
            return tuple(np.empty((0, *shape), np.float32) for shape in self._shapes)
        batch = torch.from_numpy(np.ascontiguousarray(pictures))
        outputs = self._replay(batch) if self._replay else self._run(batch.to(self._device))
        return tuple(output.cpu().contiguous().numpy() for output in outputs)

    def _run(self, pictures: Tensor) -> tuple[Tensor, ...]:
        values = {self._input: pictures}
        for step in self._steps:
            arguments = [values[it] if isinstance(it, int) else it for it in step.arguments]
            values[step.output] = step.run(step.how, *arguments)
            for place in step.last_uses:
                del values[place]
        return tuple(values[place] for place in self._outputs)


def _refuse_unknown(graph: Graph) -> None:
    unknown = {operator.kind for operator in graph.operators} - set(OPERATORS)
    unknown |= {tensor.type for tensor in graph.tensors} - NUMBERS
    if unknown:
        raise Refusal("unknown-operator", f"The engine torch does not know the model's {', '.join(sorted(unknown))}.",
                      "Choose another engine or another model.")  # fmt: skip


def _steps(graph: Graph, device: torch.device) -> list[Step]:
    """What is left to do when there are pictures: what needs constants only is computed now."""
    known = _constants(graph, device)
    steps: list[Step] = []
    for operator in graph.operators:
        (output,) = operator.outputs
        run, how = OPERATORS[operator.kind], How(operator.options, graph.tensors[output].shape)
        arguments = _arguments(operator, known)
        if any(isinstance(it, int) for it in arguments):
            steps.append(Step(run, how, arguments, output, ()))
        else:
            known[output] = run(how, *arguments)
    return _forgetful(steps, graph.outputs)


def _constants(graph: Graph, device: torch.device) -> dict[int, Constant]:
    known: dict[int, Constant] = {-1: None}
    for place, tensor in enumerate(graph.tensors):
        if tensor.constant is not None:
            whole = tensor.type == "INT32"
            known[place] = tensor.constant if whole else torch.tensor(tensor.constant, device=device)
    return known


def _arguments(operator: Operator, known: Mapping[int, Constant]) -> tuple[Argument, ...]:
    arguments: list[Argument] = [known.get(place, place) for place in operator.inputs]
    if operator.kind in WEIGHTS:
        arguments[1] = WEIGHTS[operator.kind](arguments[1])
    return tuple(arguments)


def _forgetful(steps: list[Step], outputs: tuple[int, ...]) -> list[Step]:
    """The steps, each told what it reads as the last one: a batch would fill the memory otherwise."""
    read_later, forgetful = set(outputs), []
    for step in reversed(steps):
        places = {it for it in (*step.arguments, step.output) if isinstance(it, int)}
        forgetful.append(replace(step, last_uses=tuple(places - read_later)))
        read_later |= places
    return forgetful[::-1]
