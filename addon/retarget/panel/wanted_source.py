"""The motion that the artist chose in the panel, in the frames and at the rate that were asked for."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np

from ....motion.arrays import Array
from ....motion.refusal import Refusal
from ....motion.retarget.source.sampled_source import sampled
from ....motion.retarget.source.source_pose import SourcePose
from ...scene_clock import clock_of
from .. import sources
from ..sources import Source
from .retarget_settings import MambocapRetarget
from .source_limits import wanted_person

_WHOLE = 1e-4   # of a frame: keys of 32 bits count as on the frame


def why_no_source(context: bpy.types.Context) -> str:
    """Why there is nothing to retarget, without a full stop; "" where there is something."""
    settings = context.scene.mambocap_retarget
    if settings.source == "PERSON":
        return "" if wanted_person(context) is not None else "Select a person of a take, or pick one under Person"
    if settings.source == "FILE":
        return "" if settings.file else "Choose a motion file"
    return "" if settings.armature is not None else "Choose the armature whose motion is taken"


def wanted_source(context: bpy.types.Context) -> Source:
    """Raises Refusal when the source cannot be read, or has nothing in the frames that were asked for."""
    whole = _whole_source(context, context.scene.mambocap_retarget)
    frames = _within(_at_rate(whole.frames, context), whole, context)
    if len(frames) == len(whole.frames) and np.abs(frames - whole.frames).max() <= _WHOLE:
        return Source(whole.motion, frames, whole.name)
    return Source(lambda: _sampled_at(whole, frames), frames, whole.name)


def _sampled_at(whole: Source, frames: Array) -> SourcePose:
    pose, indices = whole.pose, np.interp(frames, whole.frames, np.arange(len(whole.frames)))
    rate = pose.rate * (len(indices) - 1) / (indices[-1] - indices[0]) if len(indices) > 1 else pose.rate
    return sampled(pose, indices, rate)


def frame_limits(context: bpy.types.Context) -> tuple[float, float]:
    """The first and the last frame that were asked for: the preview range where there is one."""
    scene, settings = context.scene, context.scene.mambocap_retarget
    if scene.use_preview_range:
        return scene.frame_preview_start, scene.frame_preview_end
    return (-np.inf, np.inf) if settings.all_frames else (settings.first_frame, settings.last_frame)


def _whole_source(context: bpy.types.Context, settings: MambocapRetarget) -> Source:
    if why := why_no_source(context):
        raise Refusal("no-source", f"{why}.", "It is above the character in the panel.")
    if settings.source == "PERSON":
        return sources.source_of_person(wanted_person(context), context)
    if settings.source == "FILE":
        return sources.source_of_file(Path(bpy.path.abspath(settings.file)), context, settings.up_axis == "Y")
    return sources.source_of_armature(settings.armature, context)


def _at_rate(frames: Array, context: bpy.types.Context) -> Array:
    """The scene frames that get keys, between the source's first and last."""
    settings = context.scene.mambocap_retarget
    if settings.rate == "SOURCE":
        return frames
    if settings.rate == "SCENE":
        return np.arange(np.ceil(frames[0] - _WHOLE), np.floor(frames[-1] + _WHOLE) + 1.0)
    step = float(clock_of(context.scene).rate) / settings.keys_per_second
    return np.arange(frames[0], frames[-1] + _WHOLE, step)


def _within(frames: Array, whole: Source, context: bpy.types.Context) -> Array:
    first, last = frame_limits(context)
    chosen = frames[(frames >= first - _WHOLE) & (frames <= last + _WHOLE)]
    if not len(chosen):
        raise Refusal("no-frames", f"{whole.name} has nothing from frame {first:g} to {last:g}.",
                      f"Choose frames between {np.ceil(whole.frames[0]):.0f} and {whole.frames[-1]:.0f}.")  # fmt: skip
    return chosen
