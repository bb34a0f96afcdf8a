"""A take in a scene made larger or smaller as a whole: what its cameras see does not change.

Nothing gets a scale of its own: bones, meshes, keys and places are in metres before and after. People keep in mind by
how much they are larger than their files, so that whatever reads those again fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import bpy
from mathutils import Matrix

from ..motion.corrections.edits import scaled_edits
from ..motion.refusal import Refusal
from .action import is_changed_by_hand, note_written
from .curves import curves_for, multiply_keys
from .floor import lay_again
from .hypotheses.kept_hypotheses import grow_choices
from .hypotheses.uncertainty_kept import grow_spread
from .hypotheses.use_pose import measure_keys
from .kept_corrections import HANDLE, store, stored_in
from .retarget.keys.write_keys import refuse_tweaking
from .stage import PART
from .take_scene import SCALE
from .takes import people_of

POINT = "mambocap_scale_point"   # on an empty of a take: 1 or 2, one of two points whose distance is known


def scale_take(take: bpy.types.Object, factor: float, context: bpy.types.Context) -> None:
    """Make all lengths of a take `factor` times as long, about its own origin on the floor.

    What the user hung on it stays as large as it is. Raises Refusal, changing nothing, where something of the take
    belongs to another file or cannot be read.
    """
    people = people_of(take)
    _refuse(take, people)
    corrections = {person: scaled_edits(stored_in(person), factor) for person in people}
    written = [person for person in people if _is_as_written(person)]
    things = [thing for thing in take.children_recursive if any(mark in thing for mark in (PART, HANDLE, POINT))]
    _grow_places(things, factor)
    _grow_data(things, factor)
    for person in people:
        if corrections[person]:
            store(person, corrections[person])
        grow_spread(person, factor)
        grow_choices(person, factor)
    for thing in (take, *people):
        thing[SCALE] = factor * float(thing.get(SCALE, 1.0))
    for person in written:
        note_written(person)
    context.view_layer.update()
    for person in people:
        measure_keys(person, context, size_is_known=True)


def _refuse(take: bpy.types.Object, people: Sequence[bpy.types.Object]) -> None:
    linked = [thing for thing in take.children_recursive if thing.library or (thing.data and thing.data.library)]
    if linked:
        raise Refusal("linked", f"{linked[0].name} belongs to another file.", "Set the scale in that file.")
    for person in people:
        refuse_tweaking(person)


def _is_as_written(person: bpy.types.Object) -> bool:
    has_action = person.animation_data is not None and person.animation_data.action is not None
    return has_action and not is_changed_by_hand(person)


def _grow_places(things: Sequence[bpy.types.Object], factor: float) -> None:
    """Every object's place before its parent, every bone's beside its rest, and the keys of both."""
    for thing in things:
        for name in ("location", "delta_location"):
            setattr(thing, name, factor * getattr(thing, name))
        inverse = thing.matrix_parent_inverse.copy()
        inverse.translation *= factor
        thing.matrix_parent_inverse = inverse
        for bone in thing.pose.bones if thing.pose else ():
            bone.location *= factor
    for curve in {curve.as_pointer(): curve for thing in things for curve in _curves_of_places(thing)}.values():
        multiply_keys(curve, factor)


def _curves_of_places(thing: bpy.types.Object) -> Iterator[bpy.types.FCurve]:
    """In the action of an object, and in those on its NLA tracks, such as other poses and the user's layers."""
    for action, slot in _assigned(thing):
        yield from (curve for curve in curves_for(action, slot) if curve.data_path.endswith("location"))


def _assigned(thing: bpy.types.Object) -> Iterator[tuple[bpy.types.Action, bpy.types.bpy_struct | None]]:
    if (animation := thing.animation_data) is None:
        return
    for user in (animation, *(strip for track in animation.nla_tracks for strip in track.strips)):
        if user.action is not None:
            yield user.action, getattr(user, "action_slot", None)


def _grow_data(things: Iterable[bpy.types.Object], factor: float) -> None:
    """Bones, bodies and floors, each once, however many objects show them."""
    for data, thing in {thing.data: thing for thing in things if thing.type in {"ARMATURE", "MESH"}}.items():
        if thing.type == "MESH" and thing.parent.type != "ARMATURE":
            lay_again(thing, factor)
        else:
            data.transform(Matrix.Scale(factor, 4))
        data.update_tag()
