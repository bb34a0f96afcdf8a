"""What the panel says, as retargeting wants to hear it."""

from __future__ import annotations

from ..retarget_character import Wish
from .retarget_settings import MambocapRetarget, mapping_of, retarget_settings_of


def wish_of(settings: MambocapRetarget) -> Wish:
    return Wish(mapping_of(settings), retarget_settings_of(settings), settings.reference, settings.ik_controls,
                settings.action_name.strip(), settings.reference_pose)  # fmt: skip
