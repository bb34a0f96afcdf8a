"""Keys of IK controls beside those of the FK bones, so that the artist may go on with either."""

from __future__ import annotations

from ....motion.retarget.mapping.rig_mapping import RigMapping
from ....motion.retarget.retarget import Retargeted
from ....motion.retarget.rig.ik_controls import ik_keys, joined
from ....motion.retarget.rig.rig import Rig
from ....motion.retarget.rig.rig_keys import RigKeys
from .control_rig import ControlState


def with_ik_keys(asked: Retargeted, rig: Rig, mapping: RigMapping, state: ControlState) -> RigKeys:
    """The keys asked for and, where the rig was prepared for them, those of its IK controls."""
    if state.ik_carriage is None:
        return asked.keys
    return joined(asked.keys, ik_keys(asked, rig, mapping, state.ik, state.ik_carriage))
