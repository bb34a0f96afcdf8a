"""Where training stands, in one small file that another machine can go on from."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from backend.lift.network.configuration import LifterConfiguration, configuration_from
from motion.refusal import Refusal
from motion.whole_files import written_whole

_NOW, _MEAN = "now/", "mean/"


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """Weights as they are and their running mean, in half precision in the file; moments are gathered anew."""

    configuration: LifterConfiguration
    now: dict[str, Tensor]
    mean: dict[str, Tensor]
    state: dict[str, Any] = field(default_factory=dict)   # step, seconds, and where the batches stand


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    about = json.dumps({"configuration": checkpoint.configuration.to_dict(), "state": checkpoint.state})
    arrays = {prefix + name: values.detach().cpu().to(torch.float16).numpy()
              for prefix, weights in ((_NOW, checkpoint.now), (_MEAN, checkpoint.mean))
              for name, values in weights.items()}  # fmt: skip
    with written_whole(path) as stream:
        np.savez(stream, about=np.frombuffer(about.encode(), np.uint8), **arrays)


def read_checkpoint(path: Path) -> Checkpoint:
    """Raises Refusal for a file that training cannot go on from."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            about = json.loads(archive["about"].tobytes())
            now, mean = ({name.removeprefix(prefix): torch.from_numpy(archive[name]).float()
                          for name in archive.files if name.startswith(prefix)} for prefix in (_NOW, _MEAN))  # fmt: skip
        return Checkpoint(configuration_from(about["configuration"]), now, mean, about["state"])
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise Refusal("bad-checkpoint", f"Training cannot go on from {path}.",
                      "Choose the resume.npz that `train lifter` wrote, or start anew.") from error  # fmt: skip
