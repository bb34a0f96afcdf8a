"""Where a motion is least sure: the stretches of frames that an artist should look at first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..arrays import Array
from ..skeleton import BODY_JOINT_COUNT, JOINT_NAMES
from .limbs import LIMBS, WHOLE_BODY
from .uses import Use

MOST = 10
CARES_M = 0.10        # an animator sees and mends less than this without being told
# Of all limbs and frames. Wrists are nearly always the worst: with a tenth a list named nine of ten frames of real
# takes, with this half of them.
_SHARE = 0.05
_GOES_ON = 0.8        # of the spread from which on frames are worth a look
_OF_WORST = 0.6       # of the worst spread of a stretch, which ends where there is less
_JOINED_S = 0.3       # a shorter calm belongs to a stretch
_LEAST_S = 0.1        # a shorter stretch is not seen when the motion plays


@dataclass(frozen=True)
class ToCheck:
    """Frames of a motion in which one joint of a limb may well be elsewhere."""

    first: int
    last: int          # belongs to it
    joint: int         # the one that scatters most
    spread_m: float    # of that joint, the worst in there
    frame: int         # where it is that much

    @property
    def joint_name(self) -> str:
        return JOINT_NAMES[self.joint]


def _joints_by_limb() -> tuple[tuple[int, ...], ...]:
    """The joints that have a spread, the trunk's last."""
    limbs = [tuple(joint for joint in joints if joint < BODY_JOINT_COUNT)
             for limb, joints in LIMBS.items() if limb != WHOLE_BODY]  # fmt: skip
    return *limbs, tuple(sorted(set(range(BODY_JOINT_COUNT)) - set().union(*limbs)))


LIMB_JOINTS: tuple[tuple[int, ...], ...] = _joints_by_limb()


def stretches_to_check(spread_m: Array, rate: float, most: int = MOST) -> tuple[ToCheck, ...]:
    """At most `most` stretches of a motion with `rate` frames a second, the worst first.

    spread_m [T, 22] within which a joint lies in nine of ten cases; NaN is taken for none. A stretch lies about a frame
    in which a limb scatters by CARES_M and belongs to the worst twentieth of all limbs and frames.
    """
    spread_m = np.nan_to_num(np.asarray(spread_m, dtype=float))
    if not len(spread_m):
        return ()
    begins_m = begins_at_m(spread_m)
    found = [_stretch(spread_m, joints, first, stop)
             for joints in LIMB_JOINTS
             for first, stop in _of_limb(spread_m[:, joints].max(axis=1), begins_m, float(rate), most)]  # fmt: skip
    return tuple(sorted(found, key=lambda each: (-each.spread_m, each.first))[:most])


def begins_at_m(spread_m: Array) -> float:
    """The spread from which on a limb of this motion [T, 22] is worth a look."""
    by_limb = [np.nan_to_num(spread_m[:, joints]).max(axis=1) for joints in LIMB_JOINTS]
    return max(CARES_M, float(np.quantile(by_limb, 1.0 - _SHARE))) if len(spread_m) else CARES_M


def is_settled(stretch: ToCheck, uses: Iterable[Use], rate: Fraction) -> bool:
    """Whether an artist took the joint at the worst frame from another pose."""
    taken = [use.frames(rate) for use in uses if stretch.joint in LIMBS[use.limb]]
    return any(first <= stretch.frame <= last for first, last, _ in taken)


def _of_limb(limb_m: Array, begins_m: float, rate: float, most: int) -> list[tuple[int, int]]:
    """Starts and stops (not included) of a limb's stretches, the worst first, in its spread [T]."""
    left_m, found = limb_m.copy(), []
    while len(found) < most and left_m.max() >= begins_m:
        worst = int(left_m.argmax())
        first, stop = _about(worst, left_m, max(_GOES_ON * begins_m, _OF_WORST * left_m[worst]), _JOINED_S * rate)
        is_slope = (left_m[max(worst - 1, 0) : worst + 2] < 0.0).any()   # of a worse stretch just beside it
        left_m[first:stop] = -1.0
        if not is_slope and stop - first >= _LEAST_S * rate:
            found.append((first, stop))
    return found


def _about(worst: int, limb_m: Array, least_m: float, bridged: float) -> tuple[int, int]:
    """Where the frames about one with at least `least_m` start and stop; fewer frames than `bridged` may have less."""
    enough = np.flatnonzero(limb_m >= least_m)
    groups = np.split(enough, np.flatnonzero(np.diff(enough) > bridged) + 1)
    group = next(group for group in groups if group[0] <= worst <= group[-1])
    taken = np.flatnonzero(limb_m[group[0] : group[-1] + 1] < 0.0) + group[0]
    first = max([group[0], *(taken[taken < worst] + 1)])
    return int(first), int(min([group[-1] + 1, *taken[taken > worst]]))


def _stretch(spread_m: Array, joints: tuple[int, ...], first: int, stop: int) -> ToCheck:
    within = spread_m[first:stop, joints]
    rows, columns = np.nonzero(within == within.max())
    middle = len(rows) // 2   # of equals, as rounded numbers have them
    return ToCheck(first, stop - 1, joints[columns[middle]], float(within.max()), first + int(rows[middle]))
