"""A made-up motion instead of what the panel's source would be, for tests of what is done with it."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from mambocap.addon.retarget.panel import preview, retarget_buttons
from mambocap.addon.retarget.sources import Source
from mambocap.motion.retarget.source.sampled_source import sampled

from bench.rigs.made_up_motion import performance

FRAMES = 60


def made_up_source(first_frame: float = 1.0) -> Source:
    """Somebody who walks, for two seconds at 30 a second."""
    pose = sampled(performance(), np.arange(float(FRAMES)), 30.0)
    return Source(pose, first_frame + np.arange(float(FRAMES)), "Made Up")


def use_made_up_source(monkeypatch: pytest.MonkeyPatch) -> None:
    source = made_up_source()
    for module in (preview, retarget_buttons):
        monkeypatch.setattr(module, "wanted_source", lambda context: source)
    monkeypatch.setattr(retarget_buttons, "why_no_source", lambda context: "")


def pose_of(character: bpy.types.Object) -> dict[str, list[list[float]]]:
    """All channels of all bones."""
    names = ("location", "rotation_quaternion", "rotation_euler", "rotation_axis_angle", "scale")
    return {bone.name: [list(getattr(bone, name)) for name in names] for bone in character.pose.bones}
