"""A limb of another pose, or all of it, taken into the keys of the main motion."""

from __future__ import annotations

from dataclasses import dataclass, replace

import bpy
import numpy as np

from ...motion.arrays import Array
from ...motion.corrections.edits import Edit, PoseKey
from ...motion.hypotheses.limbs import LIMB_WORDS
from ...motion.hypotheses.take_over import taken_over
from ...motion.hypotheses.uses import Use, added
from ...motion.motion import Motion
from ...motion.refusal import Refusal
from ...motion.rotations import axis_angle_from_matrix
from ...motion.skeleton import JOINT_NAMES, Skeleton
from ..action import bone_curves, copied_by_hand, is_changed_by_hand, note_written, refuse_missing_bones
from ..armature import R_BLENDER_FROM_REST
from ..clean_up_take import first_frame_of, kept_words, rate_of, source_of
from ..kept_corrections import store, stored_in
from ..kept_quality import measure_again
from ..person_clock import frame_at
from ..retarget.keys.write_keys import refuse_tweaking
from ..take_scene import SEEN
from .kept_hypotheses import KeptHypothesis, show
from .kept_uses import store_uses, uses_of
from .keyed_poses import keyed_poses, write_changed


@dataclass(frozen=True)
class Wish:
    """What is to be used of a pose."""

    limb: str    # of LIMBS
    first: int   # frames of the motion
    last: int    # the last one belongs to it
    fade: int    # frames that are mixed on either side


def person_frames(person: bpy.types.Object) -> Array:
    """The scene frames [T] of a person's keys, wherever the artist has moved the first one."""
    return first_frame_of(person) + np.arange(len(person[SEEN]), dtype=float)


def chosen_frames(person: bpy.types.Object, first_frame: float, last_frame: float) -> tuple[int, int]:
    """The motion's first and last frame that a stretch of scene frames shows. Raises Refusal where there is none."""
    frames = person_frames(person)
    during = np.flatnonzero((frames > first_frame - 0.5) & (frames < last_frame + 0.5))
    if not len(during):
        raise Refusal("no-frames", f"{person.name} has no key from frame {first_frame} to {last_frame}.",
                      f"Choose frames between {np.ceil(frames[0]):.0f} and {frames[-1]:.0f}.")  # fmt: skip
    return int(during[0]), int(during[-1])


def use_pose(person: bpy.types.Object, context: bpy.types.Context, kept: KeptHypothesis, wish: Wish) -> str:
    """Key what is wished of a pose into a person's action, keep in mind that it was, and show the main motion.

    All other keys stay, and where somebody changed keys by hand a copy of the action stays, too. Returns what was done.
    Raises Refusal when the action cannot be changed.
    """
    _refuse(person)
    frames = person_frames(person)
    wish = _where_kept(kept, wish, frames)
    touched = slice(max(wish.first - wish.fade - 1, 0), min(wish.last + wish.fade + 2, len(frames)))
    main = _main_with(person, kept, touched, context)
    used = taken_over(main, 0, wish.limb, wish.first - touched.start, wish.last - touched.start, wish.fade)
    by_hand = _write(person, main, used, frames[touched])
    _remember(person, context, kept.number, wish, frames[touched])
    show(person, None)
    measure_keys(person, context)
    span = f"frames {frames[wish.first]:.0f} to {frames[wish.last]:.0f}"
    return f'{LIMB_WORDS[wish.limb].capitalize()} of "{kept.title}" used in {span}{kept_words(by_hand)}'


def _refuse(person: bpy.types.Object) -> None:
    refuse_tweaking(person)
    refuse_missing_bones(person)
    uses_of(person), stored_in(person)   # refused now when they cannot be read, not when keys have changed


def _where_kept(kept: KeptHypothesis, wish: Wish, frames: Array) -> Wish:
    """What is wished of the frames in which a pose is kept, as it is of a long motion only in part."""
    first = kept.first + wish.fade + 1 if kept.first else 0
    last = kept.last - wish.fade - 1 if kept.last < len(frames) - 1 else kept.last
    if max(first, wish.first) > min(last, wish.last):
        span = f"{frames[kept.first]:.0f} to {frames[kept.last]:.0f}"
        raise Refusal("not-kept-there", f'Of this long motion "{kept.title}" is kept in frames {span} only.',
                      "Choose frames within, or a shorter blend.")  # fmt: skip
    return replace(wish, first=max(first, wish.first), last=min(last, wish.last))


def _main_with(
    person: bpy.types.Object, kept: KeptHypothesis, touched: slice, context: bpy.types.Context
) -> Motion:  # fmt: skip
    """Some frames of the motion that a person's keys say, and of the other pose as its only hypothesis."""
    R, root = keyed_poses(person, bone_curves(person), person_frames(person)[touched])
    theirs = kept.strip.action_frame_start + np.arange(len(person[SEEN]), dtype=float)
    R_other, root_other = keyed_poses(person, kept.curves(), theirs[touched])
    return Motion(_skeleton(person), rate_of(person, context.scene), R, root,
                  hypotheses=axis_angle_from_matrix(R_other)[None], hypotheses_root=root_other[None],
                  hypotheses_weights=np.array([kept.choice.share]))  # fmt: skip


def _skeleton(person: bpy.types.Object) -> Skeleton:
    heads = np.array([person.data.bones[name].head_local for name in JOINT_NAMES])
    return Skeleton(heads @ R_BLENDER_FROM_REST)


def _write(person: bpy.types.Object, main: Motion, used: Motion, frames: Array) -> bpy.types.Action | None:
    """Key what changed. Returns a copy of the action before where somebody had changed its keys by hand."""
    is_by_hand = is_changed_by_hand(person)
    kept = copied_by_hand(person.animation_data.action) if is_by_hand else None
    write_changed(person, main, used, frames)
    if not is_by_hand:
        note_written(person)
    return kept


def _remember(
    person: bpy.types.Object, context: bpy.types.Context, number: int, wish: Wish, touched: Array
) -> None:  # fmt: skip
    """Store what was used, so that clean-up keeps it; `touched` are the scene frames in which something changed."""
    use = Use.of_frames(number, wish.limb, wish.first, wish.last, wish.fade, rate_of(person, context.scene))
    store_uses(person, added(uses_of(person), use))
    before = stored_in(person)
    now = [_as_seen(person, edit, context, touched) for edit in before]
    if any(one is not other for one, other in zip(now, before, strict=True)):
        store(person, now)


def _as_seen(person: bpy.types.Object, edit: Edit, context: bpy.types.Context, touched: Array) -> Edit:
    """A pose that the artist took as right takes the limb over as well: clean-up would bring the old one back."""
    if not isinstance(edit, PoseKey):
        return edit
    frame = frame_at(person, context.scene, edit.time_s)
    if not touched[0] < frame < touched[-1]:
        return edit
    R, root = keyed_poses(person, bone_curves(person), np.array([touched[np.argmin(np.abs(touched - frame))]]))
    return replace(edit, R_parent_from_joint=R[0], root_world=root[0])


def measure_keys(person: bpy.types.Object, context: bpy.types.Context, size_is_known: bool = False) -> None:
    """The quality card of a person's keys anew, where the motion file with its cameras is still there."""
    try:
        source = source_of(person, context)
        R, root = keyed_poses(person, bone_curves(person), person_frames(person))
    except Refusal:
        return
    motion = replace(source.motion, R_parent_from_joint=R, root_world=root)
    measure_again(person, motion, source.body, size_is_known)
