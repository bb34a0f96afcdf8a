"""What data classes keep: nobody changes it, and what nobody can change is not copied."""

from __future__ import annotations

import numpy as np
import pytest

from motion.arrays import frozen, handed_over


def test_what_may_still_change_is_copied() -> None:
    own = np.arange(6.0)
    view = own[:4]
    view.flags.writeable = False
    for given in (own, view):
        kept = frozen(given)
        own[0] += 1.0
        assert kept[0] == own[0] - 1.0 and not kept.flags.writeable


def test_what_nobody_can_change_is_shared() -> None:
    kept = frozen(np.arange(6.0))
    assert frozen(kept) is kept
    assert frozen(kept, bool) is not kept


def test_what_its_maker_gives_away_is_kept_without_a_copy() -> None:
    made = np.arange(6.0)
    assert frozen(handed_over(made)) is made
    with pytest.raises(ValueError, match="read-only"):
        made[0] = 1.0
