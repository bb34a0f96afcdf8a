"""Bones that show what a control rig does: controls may lie elsewhere than the joints that they move."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from ...arrays import Indices
from .rig import Rig

Shown = Mapping[str, tuple[str, ...]]   # names by slot, as in a RigTable
NOTHING_ELSE: Shown = MappingProxyType({})


def shown_bones(rig: Rig, slots: tuple[str, ...], keyed: Indices, shown: Shown) -> Indices:
    """[J] the bone that shows each of J joints: of those that `shown` has for its slot, else the keyed one.

    Chains of the same length go bone by bone; of others each joint takes the bone that begins nearest to its own.
    """
    bones = np.array(keyed)
    index = {name: bone for bone, name in enumerate(rig.names)}
    for joint, slot in enumerate(slots):
        known = [index[name] for name in shown.get(slot, ()) if name in index]
        if len(known) == slots.count(slot):
            bones[joint] = known[joint - slots.index(slot)]
        elif known:
            away = np.linalg.norm(rig.heads[known] - rig.heads[keyed[joint]], axis=1)
            bones[joint] = known[int(np.argmin(away))]
    return bones
