"""Sizes and choices of a lifter: one JSON file each for the network trained on a CPU and on a GPU."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from motion.refusal import Refusal

_SIZES = ("joint_width", "joint_state_size", "width", "state_size", "head_width")
_MOST = {**dict.fromkeys(_SIZES, 8192), "feature_count": 8192, "blocks": 64, "joint_blocks": 64}
FOLDER = Path(__file__).resolve().parent
SHIPPED = FOLDER.parents[2] / "assets" / "lifter.npz"


@dataclass(frozen=True)
class LifterConfiguration:
    """What a Lifter is built from. The choices below the sizes are those of the ablations (docs/design/lifter.md)."""

    joint_width: int = 16           # inside a frame, of each part's token
    joint_state_size: int = 8
    joint_blocks: int = 1
    width: int = 128                # over time, of each frame's token
    state_size: int = 16
    head_width: int = 32            # channels that share one decay
    blocks: int = 5
    world_landmarks: bool = True    # whether the detector's own metres enter
    bone_tokens: bool = True
    graph_convolution: bool = True
    limb_order: bool = True         # scan parts limb by limb too
    both_directions: bool = True
    over_time: str = "scan"         # or "attention", as GVHMR has it
    feature_count: int = 0          # of the landmark network's features; 0: none enter

    def __post_init__(self) -> None:
        if self.over_time not in ("scan", "attention"):
            raise Refusal("bad-configuration", f"A lifter cannot mix frames by \"{self.over_time}\".",
                          "Choose scan or attention.")  # fmt: skip
        for name in _SIZES:
            if getattr(self, name) < 1:
                raise Refusal("bad-configuration", f"A lifter cannot have a {name} of {getattr(self, name)}.",
                              "Give at least 1.")  # fmt: skip
        for name, most in _MOST.items():
            if not 0 <= getattr(self, name) <= most:
                raise Refusal("bad-configuration", f"A lifter cannot have such a {name}.",
                              f"Give 0 to {most}.")  # fmt: skip

    @property
    def fewest_weights(self) -> int:
        """Numbers that the largest matrices of such a lifter have together, at least."""
        over_time = self.blocks * self.width * max(self.width, self.state_size)
        inside = self.joint_blocks * self.joint_width * max(self.joint_width, self.joint_state_size)
        return over_time + inside + self.joint_width * self.width + self.feature_count

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def read_configuration(path: Path) -> LifterConfiguration:
    """Raises Refusal for a file that is no configuration."""
    try:
        return configuration_from(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError) as error:
        raise Refusal("bad-configuration", f"{path} cannot be read as a lifter's configuration.",
                      f"Take one from {FOLDER.name}: cpu.json or gpu.json.") from error  # fmt: skip


def configuration_from(value: Mapping[str, Any]) -> LifterConfiguration:
    """What is not said is the default. Raises Refusal for names that are unknown and values of another kind."""
    if not isinstance(value, Mapping):
        raise Refusal("bad-configuration", "A lifter's configuration is not a table of names and values.",
                      f"Take one from {FOLDER.name}: cpu.json or gpu.json.")  # fmt: skip
    defaults = LifterConfiguration().to_dict()
    for name, given in value.items():
        if name not in defaults or type(given) is not type(defaults[name]):
            raise Refusal("bad-configuration", f"A lifter's configuration has no {name} of {given!r}.",
                          f"Known are {', '.join(field.name for field in fields(LifterConfiguration))}.")  # fmt: skip
    return LifterConfiguration(**value)
