"""Clean-up run again on a person in a scene: from the motion file, with the artist's word on contacts, to keys."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import bpy
import numpy as np

from ..motion.arrays import Array, Indices
from ..motion.body import Body, BodyModel
from ..motion.clean_up.clean_motion import clean_motion
from ..motion.clean_up.settings import CleanUpSettings
from ..motion.contacts.body_points import figure_of
from ..motion.contacts.edited import edits_of
from ..motion.contacts.slide import feet_slide_m
from ..motion.corrections.mend import mended
from ..motion.figure import Figure
from ..motion.hypotheses.uses import with_uses
from ..motion.motion import Motion
from ..motion.refusal import Refusal
from ..motion.resample import resampled
from ..motion.scaled import scaled
from .action import bone_curves, rekey_motion
from .body_mesh import body_of
from .body_model import body_model
from .contact_strips import key_contacts, said_of
from .hypotheses.kept_hypotheses import show
from .hypotheses.kept_uses import uses_of
from .imported_files import people_in
from .kept_corrections import corrections_of
from .kept_quality import measure_again
from .scene_clock import clock_of
from .take_scene import FIRST_FRAME, MOTION_FILE, RATE, SCALE, SEEN, Y_UP
from .takes import active_take, people_of


@dataclass(frozen=True, eq=False)
class Source:
    """What a person in the scene was made from."""

    motion: Motion   # at the rate of the person's keys; with its raw where the file has that
    body: Body
    figure: Figure

    @property
    def raw(self) -> Motion:
        return self.motion.raw or self.motion


def active_person(context: bpy.types.Context) -> bpy.types.Object | None:
    """The person that the active object is or belongs to, else the only one of the active take."""
    thing = context.view_layer.objects.active
    while thing is not None and not is_person(thing):
        thing = thing.parent
    if thing is None and (take := active_take(context)) is not None:
        people = people_of(take)
        thing = people[0] if len(people) == 1 else None
    return thing


def chosen_people(context: bpy.types.Context) -> list[bpy.types.Object]:
    """The active person and all others that are selected."""
    active = active_person(context)
    others = [thing for thing in context.view_layer.objects.selected if is_person(thing) and thing != active]
    return [active, *others] if active is not None else others


def is_person(thing: bpy.types.Object) -> bool:
    return thing.type == "ARMATURE" and SEEN in thing


def source_of(person: bpy.types.Object, context: bpy.types.Context) -> Source:
    """The motion from which a person was made. Raises Refusal when its file is gone or cannot be read."""
    path, model = _motion_path(person), body_model(context)
    return _source(path, path.stat().st_mtime_ns, model, rate_of(person, context.scene), bool(person.get(Y_UP)),
                   float(person.get(SCALE, 1.0)))  # fmt: skip


def frames_of(person: bpy.types.Object, source: Source) -> Array:
    """The scene frames [T] of a person's keys, wherever the artist has moved the first one."""
    return first_frame_of(person) + np.arange(source.motion.frame_count, dtype=float)


def first_frame_of(person: bpy.types.Object) -> float:
    """The scene frame of a person's first key, where the artist has not made the motion longer or shorter."""
    ranges = np.array([curve.range() for curve in bone_curves(person)]).reshape(-1, 2)
    first, count = float(person[FIRST_FRAME]), len(person[SEEN])
    is_whole = len(ranges) > 0 and round(ranges[:, 1].max() - ranges[:, 0].min()) == count - 1
    return float(ranges[:, 0].min()) if is_whole else first


def clean_up_person(
    person: bpy.types.Object, context: bpy.types.Context, settings: CleanUpSettings,
    new_words: Mapping[str, Indices] | None = None, forget: bool = False,
) -> str:  # fmt: skip
    """Clean a person's raw motion, with used poses and corrections, and write keys and contacts. Returns what changed.

    `new_words` [T] by channel are said of contacts on top of what the artist said before; with `forget` nothing of
    that counts. Raises Refusal when the motion file cannot be used.
    """
    source = source_of(person, context)
    frames = frames_of(person, source)
    said = {} if forget else said_of(person, frames)
    for name, words in (new_words or {}).items():
        said[name] = np.where(words != 0, words, said.get(name, 0))
    contact_edits = edits_of(said, source.raw.times_s)
    raw = with_uses(source.raw, uses_of(person), source.motion)
    cleaned = mended(raw, corrections_of(person, raw, frames, context.scene), source.body,
                     lambda motion: clean_motion(motion, source.figure, settings, contact_edits))  # fmt: skip
    kept = rekey_motion(person, cleaned, frames)
    show(person, None)
    key_contacts(person, cleaned.contact_names, cleaned.contacts > 0.5, frames, said)
    measure_again(person, cleaned, source.body)
    return _change(source, cleaned) + kept_words(kept)


def show_raw(person: bpy.types.Object, context: bpy.types.Context) -> str:
    """Give a person the keys of the motion before clean-up; contacts and what was said of them stay."""
    source = source_of(person, context)
    kept = rekey_motion(person, source.raw, frames_of(person, source))
    show(person, None)
    measure_again(person, source.raw, source.body)
    return "As captured, without clean-up" + kept_words(kept)


def kept_words(kept: bpy.types.Action | None) -> str:
    return f". Your own keys are kept in the action {kept.name}" if kept is not None else ""


def _change(source: Source, cleaned: Motion) -> str:
    """Such as "Feet slide 1.2 mm a frame, as captured 14"."""
    is_foot = np.array([name.endswith(("_heel", "_ball")) for name in cleaned.contact_names], dtype=bool)
    names = [name for name, foot in zip(cleaned.contact_names, is_foot) if foot]
    held = cleaned.contacts[:, is_foot] > 0.5
    before, after = (1000.0 * feet_slide_m(motion, source.figure, names, held) for motion in (source.raw, cleaned))
    return f"Feet slide {_mm(after)} mm a frame, as captured {_mm(before)}" if np.isfinite(before) else "No foot rests"


def _mm(number: float) -> str:
    return f"{number:.1f}" if number < 10.0 else f"{number:.0f}"


def _motion_path(person: bpy.types.Object) -> Path:
    """Where the person's file is: where it was, else beside the blend file, as in a folder that was moved."""
    path = Path(str(person[MOTION_FILE]))
    beside = Path(bpy.data.filepath).parent / path.parent.name / path.name
    found = next((each for each in (path, beside) if each.is_file()), None)
    if found is None or not path.name:
        raise Refusal("no-capture", f"The motion file of {person.name} is no longer at {path}.",
                      "Bring it back there, or import the take again.")  # fmt: skip
    return found


def rate_of(person: bpy.types.Object, scene: bpy.types.Scene) -> Fraction:
    """Frames a second at which a person was keyed."""
    return Fraction(str(person[RATE])) if RATE in person else clock_of(scene).rate


@functools.lru_cache(maxsize=4)
def _source(path: Path, changed: int, model: BodyModel, rate: Fraction, y_up: bool, scale: float) -> Source:
    """`changed` only makes a file that was replaced be read again."""
    motion = scaled(people_in([path], model, y_up)[0].motion, scale)
    body = body_of(motion, model)
    return Source(resampled(motion, rate), body, figure_of(body))
