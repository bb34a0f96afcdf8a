"""A lifter in one file: its configuration and its weights in half precision; nothing is ever unpickled."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from backend.lift.network.configuration import SHIPPED, LifterConfiguration, configuration_from
from backend.lift.network.fitting import check_enough
from backend.lift.network.lifter import Lifter
from backend.small_archives import DAMAGED, arrays_in, save_small
from motion.refusal import Refusal
from motion.whole_files import written_whole

FORMAT = 1


def write_lifter(
    path: Path, configuration: LifterConfiguration, weights: Mapping[str, Tensor], state: Mapping[str, Any]
) -> None:
    """`state` is where training stood: what is shipped can be trained on."""
    about = json.dumps({"format": FORMAT, "configuration": configuration.to_dict(), "state": state})
    arrays = {name: values.detach().cpu().to(torch.float16).numpy() for name, values in weights.items()}
    with written_whole(path) as stream:
        save_small(stream, {"about": np.frombuffer(about.encode(), np.uint8), **arrays})


def weights_name(path: Path = SHIPPED) -> str:
    """A short name for weights by their content."""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:12]


def read_lifter(path: Path = SHIPPED, device: torch.device | str = "cpu") -> Lifter:
    """Ready to be asked. Raises Refusal for a file that holds no lifter, or one of a newer kind."""
    try:
        arrays = arrays_in(path)
        about = json.loads(arrays.pop("about").tobytes())
        if int(about["format"]) > FORMAT:
            raise Refusal("bad-lifter", f"{path.name} is a lifter of a newer kind.", "Update Mambocap.")
        configuration = configuration_from(about["configuration"])
        check_enough(arrays, configuration.fewest_weights)
        lifter = Lifter(configuration)
        lifter.load_state_dict({name: torch.from_numpy(values).float() for name, values in arrays.items()})
    except DAMAGED as error:
        raise Refusal("bad-lifter", f"{path} holds no lifter that can be used.",
                      "Install Mambocap again, or use --lifter direct.") from error  # fmt: skip
    return lifter.to(device).eval().requires_grad_(False)
