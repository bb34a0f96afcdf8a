"""Weights of the published lifters, from the files that their authors share."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from motion.refusal import Refusal

WRAPPERS = ("model_pos", "model", "state_dict", "model_state")     # where the weights lie beside the optimiser's state
PARALLEL = "module."                                               # what torch's DataParallel puts before every name


def load_published(network: nn.Module, path: Path) -> None:
    """Puts a checkpoint's weights into a network. Raises Refusal when they are not this network's."""
    weights = read_weights(path)
    wanted = network.state_dict()
    missing, unknown = wanted.keys() - weights.keys(), weights.keys() - wanted.keys()
    if missing:
        raise _other_network(path, f"lacks {min(missing)} and {len(missing) - 1} other tensors")
    if unknown:
        raise _other_network(path, f"has {min(unknown)} and {len(unknown) - 1} other tensors that the network has not")
    for name, values in wanted.items():
        if weights[name].shape != values.shape:
            shapes = " and not ".join(" x ".join(map(str, each.shape)) or "1" for each in (weights[name], values))
            raise _other_network(path, f"has {name} in the shape {shapes}")
    network.load_state_dict(weights)


def read_weights(path: Path) -> dict[str, Tensor]:
    """The tensors of a checkpoint by name, on the CPU, without what wraps them; never more than data is unpickled.

    Raises Refusal for a file that is no checkpoint of torch's, or one that holds anything but plain data.
    """
    try:
        with torch.serialization.safe_globals(_numbers()):
            content = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise Refusal("no-checkpoint", f"The checkpoint {path} cannot be read ({error.strerror}).",
                      "Name the file that the network's authors share.") from error  # fmt: skip
    except (RuntimeError, pickle.UnpicklingError, EOFError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise _no_checkpoint(path) from error
    wrapped = next((content[name] for name in WRAPPERS if isinstance(content, dict) and name in content), content)
    if not (isinstance(wrapped, Mapping) and wrapped and all(isinstance(each, Tensor) for each in wrapped.values())):
        raise _no_checkpoint(path)
    return {name.removeprefix(PARALLEL): values for name, values in wrapped.items()}


def _numbers() -> list:
    """What the best error so far is saved with, a number of numpy's; nothing else beyond torch's own list."""
    scalar = np.float64(0.0).__reduce__()[0]
    types = [np.dtype, np.dtypes.Float64DType, np.dtypes.Float32DType]
    return [*types, *((scalar, f"{module}.multiarray.scalar") for module in ("numpy.core", "numpy._core"))]


def _no_checkpoint(path: Path) -> Refusal:
    return Refusal("no-checkpoint", f"{path.name} is not a checkpoint of weights alone.",
                   "Name the file that the network's authors share.")  # fmt: skip


def _other_network(path: Path, what: str) -> Refusal:
    return Refusal("other-network", f"{path.name} is of another network: it {what}.",
                   "Choose the network that the file was trained for.")  # fmt: skip
