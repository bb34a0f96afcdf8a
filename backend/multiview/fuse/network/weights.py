"""What is added to the single view's lifter, in one file without it; nothing is ever unpickled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from backend.lift.network.configuration import SHIPPED as SHIPPED_SINGLE
from backend.lift.network.fitting import MOST_BLOCKS, WIDEST, check_enough
from backend.lift.network.lifter import Lifter
from backend.lift.network.weights import read_lifter
from backend.multiview.fuse.network.meeting import MeetingConfiguration
from backend.multiview.fuse.network.multiview_lifter import MultiviewLifter
from backend.small_archives import DAMAGED, arrays_in, in_bytes, of_bytes, save_small
from motion.refusal import Refusal
from motion.whole_files import written_whole

FORMAT = 1
SHIPPED = Path(__file__).resolve().parents[4] / "assets" / "multiview.npz"
_MEND = "Install Mambocap again, or choose triangulation."


def write_meetings(path: Path, lifter: MultiviewLifter, state: Mapping[str, Any]) -> None:
    """Matrices in bytes, each row with a scale of its own. Raises Refusal when the disk refuses."""
    about = json.dumps({"format": FORMAT, "configuration": lifter.meetings.wanted.to_dict(), "state": dict(state)})
    arrays = in_bytes({name: values.detach().cpu().numpy() for name, values in lifter.meetings.state_dict().items()})
    with written_whole(path) as stream:
        save_small(stream, {"about": np.frombuffer(about.encode(), np.uint8), **arrays})


def read_multiview_lifter(
    path: Path, single: Lifter | None = None, device: torch.device | str = "cpu"
) -> MultiviewLifter:  # fmt: skip
    """Ready to be asked, on the single view's lifter, None: the one that ships.

    Raises Refusal for a file that holds nothing of the kind, or something newer.
    """
    single = single or read_lifter(SHIPPED_SINGLE)
    try:
        arrays = arrays_in(path)
        about = json.loads(arrays.pop("about").tobytes())
        if int(about["format"]) > FORMAT:
            raise Refusal("bad-multiview-lifter", f"{path.name} is a lifter of several views of a newer kind.",
                          "Update Mambocap.")  # fmt: skip
        configuration, weights = _configuration(about["configuration"]), of_bytes(arrays)
        check_enough(weights, configuration.fewest_weights)
        lifter = MultiviewLifter(single, configuration)
        lifter.meetings.load_state_dict({name: torch.from_numpy(values) for name, values in weights.items()})
    except DAMAGED as error:
        raise Refusal("bad-multiview-lifter", f"{path} holds no lifter of several views that can be used.",
                      _MEND) from error  # fmt: skip
    return lifter.to(device).eval().requires_grad_(False)


def _configuration(value: Mapping[str, Any]) -> MeetingConfiguration:
    """Raises TypeError for names that are unknown, ValueError for sizes that cannot be."""
    wanted = MeetingConfiguration(**{**value, "before_blocks": tuple(value["before_blocks"])})
    sizes = (wanted.width, wanted.heads, wanted.numbers_width)
    if not all(type(each) is int and 1 <= each <= WIDEST for each in sizes) or len(wanted.before_blocks) > MOST_BLOCKS:
        raise ValueError("sizes that cannot be")
    return wanted


@cache
def shipped_multiview_lifter(device: str = "cpu") -> MultiviewLifter:
    """Read once for a process."""
    return read_multiview_lifter(SHIPPED, device=device)
