"""A flow in one file: its configuration and its weights; nothing is ever unpickled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from backend.hypotheses.configuration import SHIPPED, configuration_from
from backend.hypotheses.flow import Flow
from backend.lift.network.fitting import check_enough
from backend.small_archives import DAMAGED, arrays_in, in_bytes, of_bytes
from motion.refusal import Refusal
from motion.whole_files import written_whole

FORMAT = 1


def write_flow(path: Path, flow: Flow, state: Mapping[str, Any]) -> None:
    """Matrices in bytes, each row with a scale of its own, all else as it is. Raises Refusal when the disk refuses.

    The samples of the shipped flow change by less than a millimetre.
    """
    about = json.dumps({"format": FORMAT, "configuration": flow.wanted.to_dict(), "state": dict(state)})
    arrays = in_bytes({name: values.detach().cpu().numpy() for name, values in flow.state_dict().items()})
    with written_whole(path) as stream:
        np.savez_compressed(stream, about=np.frombuffer(about.encode(), np.uint8), **arrays)


def read_flow(path: Path = SHIPPED, device: torch.device | str = "cpu") -> Flow:
    """Ready to be asked. Raises Refusal for a file that holds no flow, or one of a newer kind."""
    try:
        arrays = arrays_in(path)
        about = json.loads(arrays.pop("about").tobytes())
        if int(about["format"]) > FORMAT:
            raise Refusal("bad-flow", f"{path.name} is a flow of a newer kind.", "Update Mambocap.")
        configuration, weights = configuration_from(about["configuration"]), of_bytes(arrays)
        check_enough(weights, configuration.fewest_weights)
        flow = Flow(configuration)
        flow.load_state_dict({name: torch.from_numpy(values) for name, values in weights.items()})
    except DAMAGED as error:
        raise Refusal("bad-flow", f"{path} holds no flow that can be used.",
                      "Install Mambocap again, or ask for 0 hypotheses.") from error  # fmt: skip
    return flow.to(device).eval().requires_grad_(False)


@cache
def shipped_flow(device: str = "cpu") -> Flow:
    """Read once for a process."""
    return read_flow(SHIPPED, device)
