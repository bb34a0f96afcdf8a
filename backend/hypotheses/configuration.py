"""Sizes of a flow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from backend.lift.network.fitting import MOST_BLOCKS, WIDEST
from motion.refusal import Refusal

SHIPPED = Path(__file__).resolve().parents[2] / "assets" / "flow.npz"


@dataclass(frozen=True)
class FlowConfiguration:
    """What a Flow is built from; frames mix by the lifter's own blocks (backend/lift/network/frames.py)."""

    hidden_width: int = 128     # of the lifter's tokens
    width: int = 128            # of the condition's tokens
    state_size: int = 16
    head_width: int = 64        # channels that share one decay
    blocks: int = 2             # over the condition, once a clip
    over_time: str = "scan"
    both_directions: bool = True
    velocity_width: int = 128
    velocity_blocks: int = 3    # for every sample and step
    kernel_frames: int = 9      # that a velocity block hears

    @property
    def fewest_weights(self) -> int:
        """Numbers that the largest matrices of such a flow have together, at least."""
        condition = self.hidden_width * self.width + self.blocks * self.width * max(self.width, self.state_size)
        velocity = self.velocity_blocks * self.velocity_width * max(self.velocity_width, self.kernel_frames)
        return condition + self.width * self.velocity_width + velocity

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def configuration_from(value: Mapping[str, Any]) -> FlowConfiguration:
    """Raises Refusal for names that are unknown and values of another kind."""
    defaults = FlowConfiguration().to_dict()
    if not isinstance(value, Mapping) or any(
            name not in defaults or type(given) is not type(defaults[name]) for name, given in value.items()):
        raise Refusal("bad-configuration", "This is no configuration of a flow.",
                      f"Known are {', '.join(defaults)}.")  # fmt: skip
    wanted = FlowConfiguration(**value)
    most = {"blocks": MOST_BLOCKS, "velocity_blocks": MOST_BLOCKS}
    if not all(1 <= size <= most.get(name, WIDEST) for name, size in wanted.to_dict().items() if type(size) is int):
        raise Refusal("bad-configuration", "This configuration of a flow has sizes that cannot be.",
                      f"Give 1 to {WIDEST}, and at most {MOST_BLOCKS} blocks.")  # fmt: skip
    return wanted
