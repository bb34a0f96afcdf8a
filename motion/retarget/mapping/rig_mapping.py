"""Which bones of a rig are which part of a body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..slots import CHAIN_SLOTS, NEEDED_SLOTS, SLOTS


@dataclass(frozen=True)
class RigMapping:
    """Bones by slot. Raises ValueError for slots that are not known, and for several bones where there can be one."""

    bones: Mapping[str, tuple[str, ...]]   # by slot, chains from the hips outwards; slots without a bone may lack
    family: str = ""        # the table's name, such as "mixamo"; "" where no table fits
    title: str = ""         # how it was found, for people: "Mixamo", "by structure", "by names", "by hand"
    score: float = 1.0      # 0..1 how well what was found fits: names, parents and sides
    doubts: tuple[str, ...] = field(default_factory=tuple)   # slots whose bone is likely but not sure

    def __post_init__(self) -> None:
        kept = {slot: tuple(names) for slot, names in self.bones.items() if names}
        for slot, names in kept.items():
            if slot not in SLOTS:
                raise ValueError(f"There is no slot {slot}.")
            if len(names) > 1 and slot not in CHAIN_SLOTS:
                raise ValueError(f"{slot} takes one bone, not {', '.join(names)}.")
        object.__setattr__(self, "bones", kept)

    def has(self, slot: str) -> bool:
        return slot in self.bones

    def first(self, slot: str) -> str:
        """The bone of a slot, the innermost of a chain. Raises KeyError when there is none."""
        return self.bones[slot][0]

    @property
    def missing(self) -> tuple[str, ...]:
        """Slots without which nothing can be retargeted."""
        return tuple(slot for slot in NEEDED_SLOTS if slot not in self.bones)
