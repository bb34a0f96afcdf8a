"""Names of bones on the other side of the body."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WORDS = (("left", "right"), ("Left", "Right"), ("LEFT", "RIGHT"), ("左", "右"))
_LETTERS = (("l", "r"), ("L", "R"))
_APART = r"(?:^|(?<=[._\-: ])){}(?=[._\-: ]|$)"    # hand.L, hand_l, DEF-hand.L.001, CC_Base_L_Hand
_BEFORE_CAPITAL = r"^{}(?=[A-Z])"                  # lShldrBend


def across(name: str, names: frozenset[str] | set[str]) -> str:
    """The one of `names` that is called like `name` on the other side; "" where there is none."""
    return next((each for each in _candidates(name) if each != name and each in names), "")


def _candidates(name: str) -> Iterator[str]:
    for pair in _WORDS:
        for here, there in (pair, pair[::-1]):
            if here in name:
                yield name.replace(here, there, 1)
    for pattern in (_APART, _BEFORE_CAPITAL):
        for pair in _LETTERS:
            for here, there in (pair, pair[::-1]):
                yield re.sub(pattern.format(here), there, name)
