"""The other poses of a person where they are kept: an action for each, with a fake user, on a muted NLA track.

So they are saved with the file and stay where this extension is not. A track's star, which is Blender's own way to let
one track play alone, shows a pose in place of the main motion, which stays the armature's action.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import bpy
import numpy as np

from ...motion.arrays import Array
from ...motion.hypotheses.choice import Choice, choice_from
from ...motion.hypotheses.limbs import WHOLE_BODY
from ...motion.motion import Motion
from ...motion.rotations import matrix_from_axis_angle
from ...motion.scaled import scaled_choice
from ..action import refuse_missing_bones
from ..curves import curves_for
from ..retarget.keys.assigned_action import Assigned
from .alike_actions import AlikeActions

HYPOTHESIS = "mambocap_hypothesis"   # on an action: its number from 0, as in the motion file
CHOICE = "mambocap_choice"           # on an action: limb, first and last frame from 0, share, words
FRAMES = "mambocap_frames"           # on an action: the first and last frame from 0 that it has keys for

WHOLE_UP_TO = 2000   # frames: keys of one pose take 32 MB then, in memory and in the .blend
_AROUND_S = 2.0


@dataclass(frozen=True, eq=False)
class KeptHypothesis:
    """One of the other poses of a person, as long as nobody changes the person's NLA tracks."""

    number: int      # from 0, as in the motion file
    choice: Choice   # its frames count from the motion's first one, as all do here
    first: int       # long motions have a pose around its choice alone; elsewhere it stands still
    last: int        # belongs to it
    track: bpy.types.NlaTrack
    strip: bpy.types.NlaStrip

    @property
    def action(self) -> bpy.types.Action:
        return self.strip.action

    @property
    def is_shown(self) -> bool:
        return self.track.is_solo

    @property
    def title(self) -> str:
        return title_of(self.choice)

    def curves(self) -> list[bpy.types.FCurve]:
        """The curves of its bones."""
        return curves_for(self.action, getattr(self.strip, "action_slot", None))


def title_of(choice: Choice) -> str:
    """Such as "Left wrist 18 cm nearer"."""
    return choice.words[:1].upper() + choice.words[1:]


def keep_hypotheses(person: bpy.types.Object, motion: Motion, frames: Array, name: str) -> None:
    """Keep all hypotheses of a motion with its T frames at scene frames [T], in place of those kept before.

    What moves the person stays. Raises Refusal when bones are missing.
    """
    forget_hypotheses(person)
    if not len(motion.hypotheses):
        return
    refuse_missing_bones(person)
    before, actions = Assigned.to(person), AlikeActions(person)
    for number, choice in enumerate(motion.choices or _unnamed(motion)):
        kept = kept_frames(motion, choice)
        action = actions.write(_alone(motion, number, kept), frames[kept], f"{name} {title_of(choice)}")
        action.use_fake_user = True
        action[HYPOTHESIS], action[CHOICE] = number, choice.to_dict()
        action[FRAMES] = [kept.start, kept.stop - 1]
        _lay_on_track(person, choice, frames)
    person.animation_data.action = None
    if before is not None:
        before.again(person)


def hypotheses_of(person: bpy.types.Object) -> list[KeptHypothesis]:
    """The other poses of a person, by number; those whose track or action the artist removed are not there."""
    animation = person.animation_data
    found = [_kept(track, strip) for track in (animation.nla_tracks if animation else ()) for strip in track.strips
             if strip.action is not None and HYPOTHESIS in strip.action]  # fmt: skip
    return sorted(filter(None, found), key=lambda kept: kept.number)


def shown_hypothesis(person: bpy.types.Object) -> KeptHypothesis | None:
    """The one that plays in place of the main motion, None while that is shown."""
    return next((kept for kept in hypotheses_of(person) if kept.is_shown), None)


def show(person: bpy.types.Object, number: int | None) -> None:
    """Let one of the other poses play alone; None brings the main motion back. Anything else stays as it is."""
    for kept in hypotheses_of(person):
        # Blender takes every star away when one is set to off, and toggles one that is set again.
        if kept.is_shown != (kept.number == number):
            kept.track.is_solo = kept.number == number


def grow_choices(person: bpy.types.Object, factor: float) -> None:
    """Let the words of all other poses name lengths `factor` times as long."""
    for kept in hypotheses_of(person):
        choice = scaled_choice(kept.choice, factor)
        kept.action[CHOICE] = choice.to_dict()
        for named in (kept.track, kept.action):
            named.name = named.name.replace(kept.title, title_of(choice))


@contextmanager
def main_motion_shown(person: bpy.types.Object) -> Iterator[None]:
    """The person with the main motion meanwhile, whichever pose is looked at."""
    shown = shown_hypothesis(person) if person.library is None else None
    if shown is None:
        yield
        return
    show(person, None)
    try:
        yield
    finally:
        show(person, shown.number)


def forget_hypotheses(person: bpy.types.Object) -> None:
    """Take the tracks of all other poses away, and their actions where nobody else uses them."""
    kept = hypotheses_of(person)
    actions = {each.action for each in kept}
    for each in kept:
        person.animation_data.nla_tracks.remove(each.track)
    for action in actions:
        if action.library is None and action.users <= int(action.use_fake_user):
            bpy.data.actions.remove(action)


def _kept(track: bpy.types.NlaTrack, strip: bpy.types.NlaStrip) -> KeptHypothesis | None:
    """None for an action whose properties somebody changed into something else."""
    try:
        choice = choice_from(strip.action[CHOICE].to_dict())
        first, last = strip.action[FRAMES]
        return KeptHypothesis(int(strip.action[HYPOTHESIS]), choice, int(first), int(last), track, strip)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _unnamed(motion: Motion) -> list[Choice]:
    shares = np.clip(motion.hypotheses_weights, 0.0, 1.0)
    return [Choice(WHOLE_BODY, 0, motion.frame_count - 1, float(share), f"other pose {number}")
            for number, share in enumerate(shares, start=1)]  # fmt: skip


def kept_frames(motion: Motion, choice: Choice) -> slice:
    """All frames of a motion, or only those around a choice where keys for all would take too much."""
    if motion.frame_count <= WHOLE_UP_TO:
        return slice(0, motion.frame_count)
    around = round(_AROUND_S * float(motion.rate))
    return slice(max(choice.first - around, 0), min(choice.last + around + 1, motion.frame_count))


def _alone(motion: Motion, number: int, frames: slice) -> Motion:
    R_parent_from_joint = matrix_from_axis_angle(motion.hypotheses[number, frames])
    return Motion(motion.skeleton, motion.rate, R_parent_from_joint, motion.hypotheses_root[number, frames])


def _lay_on_track(person: bpy.types.Object, choice: Choice, frames: Array) -> None:
    """Move the person's action to a muted track of its own, where it plays as it did."""
    animation = person.animation_data
    action, slot = animation.action, getattr(animation, "action_slot", None)
    track = animation.nla_tracks.new()
    track.name = f"{title_of(choice)}, frames {frames[choice.first]:.0f} to {frames[choice.last]:.0f}"
    track.mute = True
    strip = track.strips.new(action.name, int(frames[0]), action)
    if slot is not None:
        strip.action_slot = slot
    start, end = float(frames[0]), max(float(frames[-1]), float(frames[0]) + 1.0)
    strip.action_frame_start, strip.action_frame_end = start, end
    strip.frame_end, strip.frame_start = end, start
    strip.extrapolation = "HOLD"
