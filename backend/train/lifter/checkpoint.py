"""Where training stands, in one small file that another machine can go on from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from backend.lift.network.configuration import LifterConfiguration, configuration_from
from backend.lift.network.lifter import Lifter
from backend.small_archives import DAMAGED, arrays_in
from motion.arrays import Array
from motion.refusal import Refusal
from motion.whole_files import written_whole

_NOW, _MEAN = "now/", "mean/"
_ONLY_ONE = ""     # a lifter itself, whose weights are the mean
_MEND = "Choose a resume.npz or lifter.npz that `train lifter` wrote, or start anew."


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """Weights as they are and their running mean, in half precision in the file; moments are gathered anew."""

    configuration: LifterConfiguration
    now: dict[str, Tensor]
    mean: dict[str, Tensor]
    state: dict[str, Any] = field(default_factory=dict)   # step, seconds, and where the batches stand


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Whole or not at all. Raises Refusal when the disk is full or the folder cannot be written."""
    about = json.dumps({"configuration": checkpoint.configuration.to_dict(), "state": checkpoint.state})
    arrays = {prefix + name: values.detach().cpu().to(torch.float16).numpy()
              for prefix, weights in ((_NOW, checkpoint.now), (_MEAN, checkpoint.mean))
              for name, values in weights.items()}  # fmt: skip
    with written_whole(path) as stream:
        np.savez(stream, about=np.frombuffer(about.encode(), np.uint8), **arrays)


def read_checkpoint(path: Path) -> Checkpoint:
    """Of a resume file or a lifter. Raises Refusal for what training cannot go on from; nothing is ever unpickled."""
    try:
        arrays = arrays_in(path)
        about = json.loads(arrays["about"].tobytes())
        wanted = configuration_from(about["configuration"])
        is_whole = any(name.startswith(_NOW) for name in arrays)
        prefixes = (_NOW, _MEAN) if is_whole else (_ONLY_ONE, _ONLY_ONE)
        now, mean = (_weights(arrays, prefix, wanted) for prefix in prefixes)
        return Checkpoint(wanted, now, mean, _state(about["state"]))
    except FileNotFoundError as error:
        raise Refusal("no-such-file", f"There is no file {path}.", _MEND) from error
    except DAMAGED as error:
        raise Refusal("bad-checkpoint", f"Training cannot go on from {path}.", _MEND) from error


def _weights(arrays: Mapping[str, Array], prefix: str, wanted: LifterConfiguration) -> dict[str, Tensor]:
    """By name, those of a lifter of this configuration. Raises ValueError for others and for what is not finite."""
    with torch.device("meta"):   # a lie about the sizes takes no memory
        expected = {name: values.shape for name, values in Lifter(wanted).state_dict().items()}
    if expected.keys() != {name.removeprefix(prefix) for name in arrays if name.startswith(prefix)} - {"about"}:
        raise ValueError("weights of another lifter")
    weights = {name: torch.from_numpy(arrays[prefix + name]).float() for name in expected}
    if any(values.shape != expected[name] or not values.isfinite().all() for name, values in weights.items()):
        raise ValueError("weights of another lifter, or none at all")
    return weights


def _state(said: Mapping[str, Any]) -> dict[str, Any]:
    """Raises an error of DAMAGED for what is no state of a Training."""
    batches = [{name: int(row[name]) for name in ("seed", "next")} for row in said["batches"]]
    if min(int(said["step"]), *(row["next"] for row in batches)) < 0:
        raise ValueError("steps cannot be fewer than none")
    return {"step": int(said["step"]), "seconds": float(said["seconds"]), "batches": batches}
