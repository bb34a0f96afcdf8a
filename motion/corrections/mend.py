"""Everything an artist said of a motion, applied to what was captured: raw -> corrections -> clean-up -> held."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from ..arrays import Array
from ..body import Body
from ..motion import Motion
from ..rotations import axis_angle_from_matrix, matrix_from_axis_angle
from .drag import dragged
from .edits import Edit, Exchange, Ignore, LandmarkDrag, Pin, PoseKey
from .exchange import exchanged
from .fading import REACH_S, plateau
from .ignore import ignored
from .pin import pinned
from .pose_keys import carried, key_frames, with_pose_keys
from .standing import standing

# Clean-up answers to a correction far away, by a foot that stands through it and by smoothing. Beyond this the motion
# is as it was; a second to get there, so that a foot planted 2 cm elsewhere drifts by less than a millimetre a frame.
_SURE_S, _FADE_S = 0.25, 1.0


def mended(
    motion: Motion, edits: Sequence[Edit], body: Body, clean: Callable[[Motion], Motion] = lambda motion: motion
) -> Motion:
    """`motion` as captured, corrected in the order of the edits and cleaned up again.

    Poses come last, since they are the last word: each is measured against what the artist saw, which is the cleaned
    motion, and the result has it exactly. Pins, too, hold after clean-up. `body` is on the motion's skeleton.
    """
    keys = [edit for edit in edits if isinstance(edit, PoseKey)]
    others = [edit for edit in edits if not isinstance(edit, PoseKey)]
    shown = cleaned = clean(motion)
    if others:
        motion = corrected_but_keys(motion, others, body)
        before, cleaned = cleaned, clean(motion)
        shown = _changed_near(shown, before, cleaned, others)
    if keys:
        keyed = clean(with_pose_keys(motion, shown, keys, body))
        shown = _changed_near(shown, cleaned, keyed, keys)
    for edit in others:
        if isinstance(edit, Pin):
            shown = pinned(shown, edit)
    return _through(shown, keys)


def corrected_but_keys(motion: Motion, edits: Sequence[Edit], body: Body) -> Motion:
    """The motion after all edits but poses, without clean-up."""
    for edit in edits:
        if isinstance(edit, Exchange):
            motion = exchanged(motion, edit, body)
        elif isinstance(edit, Ignore):
            motion = ignored(motion, edit)
        elif isinstance(edit, Pin):
            motion = pinned(motion, edit)
        elif isinstance(edit, LandmarkDrag):
            motion = dragged(motion, edit, body)
    return motion


def _through(shown: Motion, keys: Sequence[PoseKey]) -> Motion:
    """The motion exactly through the keys, its resting feet at rest."""
    _, frames = key_frames(shown, keys)
    if not frames:
        return shown
    nearness = np.max([_nearness(key, shown.times_s) for key in keys], axis=0)
    return standing(shown, carried(shown, shown, keys), frames, nearness)


def _changed_near(shown: Motion, before: Motion, after: Motion, edits: Sequence[Edit]) -> Motion:
    """`shown` with what became of it near some edits: what lies between `before` them and `after` them."""
    weight = np.max([_nearness(edit, after.times_s) for edit in edits], axis=0)
    turns_rad = axis_angle_from_matrix(np.swapaxes(before.R_parent_from_joint, -1, -2) @ after.R_parent_from_joint)
    R = shown.R_parent_from_joint @ matrix_from_axis_angle(weight[:, None, None] * turns_rad)
    root_world = shown.root_world + weight[:, None] * (after.root_world - before.root_world)
    contacts = after.contacts
    if shown.contact_names == after.contact_names:
        contacts = np.where(weight[:, None] < 0.5, shown.contacts, after.contacts)
    return replace(after, R_parent_from_joint=R, root_world=root_world, contacts=contacts)


def _nearness(edit: Edit, times_s: Array) -> Array:
    """[T] 1 where an edit is felt, 0 far from it."""
    if isinstance(edit, (PoseKey, LandmarkDrag)):
        first_s, last_s = edit.time_s - REACH_S, edit.time_s + REACH_S
    else:
        first_s, last_s = edit.from_s, edit.to_s
    return plateau(times_s, first_s - _SURE_S, last_s + _SURE_S, _FADE_S)
