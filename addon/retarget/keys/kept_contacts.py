"""When hands and feet rest, kept with an action so that later work on its keys can respect it."""

from __future__ import annotations

import json

import bpy
import numpy as np

from ....motion.arrays import Array
from ....motion.contacts.contacts import Contacts
from ....motion.runs import runs
from ...contact_strips import PREFIX
from ...curves import curves_of

CONTACTS = "mambocap_contacts"   # on an action: by channel, the first and the last scene frame of each time it rests


def note_contacts(action: bpy.types.Action, contacts: Contacts, frames: Array) -> None:
    """Keep with an action when each channel is held, keyed at scene frames [T]."""
    held = {name: [[float(frames[start]), float(frames[stop - 1])] for start, stop in runs(mask)]
            for name, mask in zip(contacts.names, contacts.held.T, strict=True) if mask.any()}  # fmt: skip
    action[CONTACTS] = json.dumps(held)


def contact_ends(owner: bpy.types.Object, frames: Array) -> list[int]:
    """Which of the scene frames [T] are the first or the last ones in which something of `owner` rests."""
    ends = {int(np.abs(frames - end).argmin()) for end in _noted(owner.animation_data.action)}
    for curve in curves_of(owner):
        if curve.data_path.startswith(f'["{PREFIX}'):
            rests = np.array([curve.evaluate(frame) for frame in frames]) > 0.5
            ends |= {end for start, stop in runs(rests) for end in (start, stop - 1)}
    return sorted(ends)


def _noted(action: bpy.types.Action) -> list[float]:
    try:
        noted = json.loads(str(action.get(CONTACTS, "{}")))
        return [float(end) for spans in noted.values() for span in spans for end in span]
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):   # a text that somebody edited
        return []
