"""How a program names and nests the bones of a human: one table of patterns for every rig.

{s} in a pattern stands for the side as the rig writes it. A chain is several names, from the hips outwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from motion.retarget.slots import FINGERS

Chain = tuple[str, ...]
Patterns = Mapping[str, Chain]


@dataclass(frozen=True)
class ExtraBone:
    """A bone that is no part of the body: where it is, as Human.places names it ({side}: left or right)."""

    name: str
    parent: str
    place: str


@dataclass(frozen=True)
class Names:
    """The bones by slot, and those around them."""

    sides: tuple[str, str]                  # what {s} stands for, left and right
    hips: str
    spine: Chain
    neck: Chain
    head: str
    limbs: Patterns                         # by slot without side: clavicle, upper_arm .. toe
    fingers: Patterns = field(default_factory=dict)
    root: str = ""
    pelvis: str = ""                        # beside the spine, under the hips; carries the legs
    under_hips: Chain = ()                  # bones of no slot between the hips and what they carry
    before: Patterns = field(default_factory=dict)     # by slot, bones of no slot that carry its first bone
    in_chain: Patterns = field(default_factory=dict)   # by slot, a twist bone that is the limb's second half
    beside: Patterns = field(default_factory=dict)     # by slot, twist bones without children
    extra: tuple[ExtraBone, ...] = ()


LIMB_SLOTS = ("clavicle", "upper_arm", "forearm", "hand", "thigh", "shin", "foot", "toe")


def limbs(*patterns: str) -> Patterns:
    """Of clavicle, upper arm, forearm, hand, thigh, shin, foot and toe, in this order; a + joins a chain."""
    return {slot: tuple(pattern.split("+")) for slot, pattern in zip(LIMB_SLOTS, patterns, strict=True)}


def fingers(pattern: str, names: str, numbers: str = "1 2 3", thumb_numbers: str = "") -> Patterns:
    """Thumb to little finger: the pattern has {finger} and {n} beside {s}."""
    rows = {}
    for finger, name in zip(FINGERS, names.split(), strict=True):
        own = thumb_numbers if finger == "thumb" and thumb_numbers else numbers
        rows[finger] = tuple(pattern.format(s="{s}", finger=name, n=n) for n in own.split())
    return rows
