"""The pose of a character kept as text and brought back: everything of it that a preview may change."""

from __future__ import annotations

import json
from collections.abc import Sequence

import bpy

from ..rig.held_values import HeldValue, value_at

_CHANNELS = ("location", "rotation_quaternion", "rotation_axis_angle", "rotation_euler", "scale")
Bone = dict[str, list[float]]


def pose_text(character: bpy.types.Object, frame: float) -> str:
    """All channels of all bones, as they are at a scene frame."""
    bones = {bone.name: _kept(bone) for bone in character.pose.bones}
    return json.dumps({"frame": frame, "bones": bones, "numbers": []})


def with_numbers(text: str, character: bpy.types.Object, held: Sequence[HeldValue]) -> str:
    """The text with what the numbers at the paths of `held` are now; those that it has already stay."""
    kept = json.loads(text)
    known = {(path, index) for path, index, _ in kept["numbers"]}
    kept["numbers"] += [[each.path, each.index, value_at(character, each)] for each in held
                        if (each.path, each.index) not in known]  # fmt: skip
    return json.dumps(kept)


def bring_back(character: bpy.types.Object, text: str, frame: float) -> None:
    """Give a character the pose and the numbers of the text; bones that are gone are left out.

    At another frame than that of the text, what is animated then follows its keys again.
    """
    kept = json.loads(text)
    for name, channels in kept["bones"].items():
        if (bone := character.pose.bones.get(name)) is not None:
            _bring_back(bone, channels)
    for path, index, value in kept["numbers"]:
        try:
            HeldValue(path, value, "", index).set_on(character)
        except (ValueError, KeyError, AttributeError):   # a bone or a constraint that was deleted meanwhile
            continue
    is_elsewhere = abs(frame - kept["frame"]) > 1e-6
    character.update_tag(refresh={"OBJECT", "DATA", "TIME"} if is_elsewhere else {"OBJECT", "DATA"})


def _kept(bone: bpy.types.PoseBone) -> Bone:
    return {channel: list(getattr(bone, channel)) for channel in _CHANNELS}


def _bring_back(bone: bpy.types.PoseBone, channels: Bone) -> None:
    for channel, values in channels.items():
        if list(getattr(bone, channel)) != values:
            setattr(bone, channel, values)
