"""What of a person rests when, as curves that an artist can edit: one custom property a point, 1 while it rests.

They have keys only where that changes. What the artist changed in them is told by what was written last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import bpy
import numpy as np

from ..motion.arrays import Array, Indices, Mask
from ..motion.contacts.edited import RESTS, said_anew, said_in, text_of
from .curves import Keys, curves_of

GROUP, PREFIX = "Contacts", "Contact "
WRITTEN, SAID = "mambocap_contacts", "mambocap_contact_edits"   # on the armature: as last written; what the artist said
ALWAYS_SHOWN = tuple(f"{side}_{part}" for side in ("left", "right") for part in ("heel", "ball", "palm"))


def title_of(name: str) -> str:
    """What a channel is called in Blender: "Left Heel" for left_heel."""
    return name.replace("_", " ").title()


def property_of(name: str) -> str:
    return PREFIX + title_of(name)


def key_contacts(
    person: bpy.types.Object, names: Iterable[str], held: Mask, frames: Array, said: Mapping[str, Indices] | None = None
) -> None:
    """Write which channels are held [T, C] at scene frames [T], and what was `said` of them, in place of the old ones.

    Heels, balls and palms always get a curve, other channels once they rest or are spoken of.
    """
    said = said or {}
    channels: dict[str, Mask] = {}
    for column, name in enumerate(names):
        channels.setdefault(name, held[:, column])
    known = said_in(str(person.get(WRITTEN, "")), len(frames))
    shown = {name: mask for name, mask in channels.items()
             if name in ALWAYS_SHOWN or name in known or name in said or mask.any()}  # fmt: skip
    keys = Keys(person, person.name)
    for name, mask in shown.items():
        _key_channel(person, keys, name, mask, frames)
    person[WRITTEN] = text_of({name: np.where(mask, RESTS, -RESTS) for name, mask in shown.items()})
    person[SAID] = text_of(said)


def _key_channel(person: bpy.types.Object, keys: Keys, name: str, mask: Mask, frames: Array) -> None:
    key = property_of(name)
    if key not in person:
        person[key] = 0
        what = f"1 while the {title_of(name).lower()} rests on something, 0 while it is free"
        person.id_properties_ui(key).update(min=0, max=1, description=what)
    changes = np.flatnonzero(np.diff(mask, prepend=not mask[0]))
    curve = keys.add(_path(name), 0, GROUP, frames[changes], mask[changes].astype(float), steps=True)
    curve.group.show_expanded = True
    for point in curve.keyframe_points:
        point.type = "EXTREME" if point.co.y > 0.5 else "BREAKDOWN"


def said_of(person: bpy.types.Object, frames: Array) -> dict[str, Indices]:
    """All that the artist said of contacts, now and before: by channel, RESTS, IS_FREE or NOTHING [T].

    A channel whose curve is gone says nothing new.
    """
    said = said_in(str(person.get(SAID, "")), len(frames))
    curves = {curve.data_path: curve for curve in curves_of(person)}
    for name, written in said_in(str(person.get(WRITTEN, "")), len(frames)).items():
        if (curve := curves.get(_path(name))) is not None:
            shown = np.array([curve.evaluate(frame) for frame in frames]) > 0.5
            before = said.get(name, np.zeros(len(frames), dtype=np.int64))
            said[name] = said_anew(before, shown, written == RESTS)
    return {name: words for name, words in said.items() if words.any()}


def rests_now(person: bpy.types.Object, name: str) -> bool:
    """Whether a channel rests at the scene's current frame."""
    return bool(person.get(property_of(name), 0))


def _path(name: str) -> str:
    return f'["{property_of(name)}"]'
