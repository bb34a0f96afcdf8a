"""What an artist took over from the other poses, so that it can be taken over again after clean-up."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from typing import Any

from ..motion import Motion
from ..refusal import Refusal
from .limbs import LIMBS
from .take_over import taken_over

_LONGEST_S = 1e6
_MOST_USES = 10_000
_MEND = "Press Forget Used Poses under Other Poses, then choose again."


@dataclass(frozen=True)
class Use:
    """A limb was taken from a hypothesis over a stretch. Seconds count from the motion's first frame."""

    number: int      # of the hypothesis, from 0
    limb: str        # of LIMBS
    from_s: float
    to_s: float      # the frame that is shown then belongs to it
    fade_s: float    # on either side

    def __post_init__(self) -> None:
        times_s = (self.from_s, self.to_s, self.fade_s)
        if self.number < 0 or self.limb not in LIMBS or not all(0.0 <= each <= _LONGEST_S for each in times_s):
            raise ValueError(f"Not a use of a pose: {self}.")
        if self.from_s > self.to_s:
            raise ValueError(f"A use from {self.from_s} s to {self.to_s} s ends before it begins.")

    @classmethod
    def of_frames(cls, number: int, limb: str, first: int, last: int, fade: int, rate: Fraction) -> Use:
        """Frames first to last of a motion, both included."""
        return cls(number, limb, *(float(frame / rate) for frame in (first, last, fade)))

    def frames(self, rate: Fraction) -> tuple[int, int, int]:
        """First and last frame, both included, and how many are mixed on either side."""
        first, last, fade = (round(each_s * float(rate)) for each_s in (self.from_s, self.to_s, self.fade_s))
        return first, last, fade


def added(uses: Sequence[Use], use: Use) -> list[Use]:
    """The uses with one more; those of the same limb of which it leaves nothing are gone."""
    return [other for other in uses if not _hides(use, other)] + [use]


def with_uses(main: Motion, uses: Sequence[Use], hypotheses_of: Motion) -> Motion:
    """`main` with all that was taken over from the hypotheses of a motion of the same frames, in order.

    Raises Refusal where a hypothesis is no longer there.
    """
    if not uses:
        return main
    held = replace(main, hypotheses=hypotheses_of.hypotheses, hypotheses_root=hypotheses_of.hypotheses_root,
                   hypotheses_weights=hypotheses_of.hypotheses_weights, choices=hypotheses_of.choices)  # fmt: skip
    for use in uses:
        held = _with(held, use)
    return replace(main, R_parent_from_joint=held.R_parent_from_joint, root_world=held.root_world)


def uses_text(uses: Iterable[Use]) -> str:
    """The text that read_uses() reads."""
    return json.dumps([asdict(use) for use in uses], separators=(",", ":"))


def read_uses(text: str) -> list[Use]:
    """The uses in a text, in order; none in an empty one. Raises Refusal "bad-uses"."""
    if not text.strip():
        return []
    try:
        listed = json.loads(text)
        if not isinstance(listed, list) or len(listed) > _MOST_USES:
            raise ValueError("no list")
        return [_use_from(each) for each in listed]
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise Refusal("bad-uses", "What was used of other poses cannot be read.", _MEND) from error


def _use_from(said: Any) -> Use:
    times_s = [float(said[name]) for name in ("from_s", "to_s", "fade_s")]
    if not all(map(math.isfinite, times_s)):
        raise ValueError("no times")
    return Use(int(said["number"]), str(said["limb"]), *times_s)


def _hides(use: Use, other: Use) -> bool:
    return use.limb == other.limb and use.from_s <= other.from_s and other.to_s <= use.to_s


def _with(held: Motion, use: Use) -> Motion:
    if use.number >= len(held.hypotheses):
        raise Refusal("lost-pose", f"The motion file no longer holds pose {use.number + 1}, which was used.", _MEND)
    first, last, fade = use.frames(held.rate)
    last = min(last, held.frame_count - 1)
    return taken_over(held, use.number, use.limb, min(first, last), last, fade)
