"""Whether limbs are as long as limbs are: a wrong bone that obeys its keys shows no error, but an odd length."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import dist

from ..slots import NEXT_PART, SIDES, side_of

Bones = Mapping[str, Sequence[str]]
Place = Sequence[float]

# Bounds wider than people (0.75 to 1.1) and toons; a bone in the middle of its neighbour is three times off.
_LOWER_TO_UPPER = (0.6, 1.6)
_LEFT_TO_RIGHT = 1.2
_ASIDE = 0.12          # of a segment's length: twist bones lie on its line, the ankle before the toes does not
_LIMBS = (("upper_arm", "forearm"), ("thigh", "shin", "foot"))
_SHORTEST = 1e-6


@dataclass(frozen=True)
class BonePlaces:
    """Bones at rest by their names, all in one space whose unit does not matter."""

    head: Callable[[str], Place]
    tail: Callable[[str], Place]
    parent: Callable[[str], str]   # "" for those without


def odd_limbs(bones: Bones, places: BonePlaces) -> dict[str, str]:
    """What is odd about slots of arms and legs, each in a sentence; slots of which nothing is odd are left out."""
    lengths = {slot: length for slot in bones if (length := _length(slot, bones, places)) is not None}
    odd: dict[str, str] = {}
    for slot in lengths:
        lower = _after(slot)
        if lower in bones and (between := _joint_between(bones[slot][0], bones[lower][0], places)):
            odd[lower] = f"{between} lies between {_title(slot)} and {_title(lower)}: is that the right bone?"
        if lower in lengths:
            odd |= _unlike(lower, slot, lengths, _LOWER_TO_UPPER)
    return odd | _uneven(lengths, odd)


def _uneven(lengths: Mapping[str, float], odd: Mapping[str, str]) -> dict[str, str]:
    """Limbs longer than those of the other side, where nothing yet says which of them is wrong."""
    uneven: dict[str, str] = {}
    for parts in _LIMBS:
        slots = [[f"{side}_{part}" for side in SIDES] for part in parts]
        if not any(slot in odd for pair in slots for slot in pair):
            for left, right in slots:
                if left in lengths and right in lengths:
                    uneven |= _unlike(left, right, lengths, (1.0 / _LEFT_TO_RIGHT, _LEFT_TO_RIGHT))
    return uneven


def _after(slot: str) -> str:
    """The slot in which a segment of a limb ends, "" for what is none."""
    side = side_of(slot)
    after = NEXT_PART.get(slot.removeprefix(f"{side}_"), "") if side else ""
    return after and f"{side}_{after}"


def _length(slot: str, bones: Bones, places: BonePlaces) -> float | None:
    """Of a segment, to where the next one begins, else to its bone's end; None for what is none."""
    if not (lower := _after(slot)):
        return None
    end = places.head(bones[lower][0]) if lower in bones else places.tail(bones[slot][0])
    return dist(places.head(bones[slot][0]), end)


def _unlike(one: str, other: str, lengths: Mapping[str, float], bounds: tuple[float, float]) -> dict[str, str]:
    """Either of the two may be the wrong one: both are told."""
    if bounds[0] <= lengths[one] / max(lengths[other], _SHORTEST) <= bounds[1]:
        return {}
    shorter, longer = sorted((one, other), key=lengths.__getitem__)
    times = lengths[shorter] / max(lengths[longer], _SHORTEST)
    words = f"{_title(shorter)} is {times:.1f} times as long as {_title(longer)}: is that the right bone?"
    return {one: words, other: words}


def _joint_between(upper: str, lower: str, places: BonePlaces) -> str:
    """The name of a bone between the two in the tree that lies beside their line, "" where there is none."""
    start, end = places.head(upper), places.head(lower)
    bone, found = places.parent(lower), ""
    while bone and bone != upper:
        if _aside(places.head(bone), start, end) > _ASIDE * dist(start, end):
            found = bone
        bone = places.parent(bone)
    return found if bone else ""   # one that does not descend from the other says nothing


def _aside(point: Place, start: Place, end: Place) -> float:
    """The distance of a point from a segment."""
    along = [b - a for a, b in zip(start, end, strict=True)]
    away = [b - a for a, b in zip(start, point, strict=True)]
    whole = sum(a * a for a in along)
    share = min(1.0, max(0.0, sum(a * b for a, b in zip(along, away, strict=True)) / whole)) if whole else 0.0
    return dist(away, [share * a for a in along])


def _title(slot: str) -> str:
    return slot.replace("_", " ").title()
