"""What is known of a kind of rig: names, and what a control rig needs beside its bones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Switch:
    """A number on a pose bone that must have a value for the keyed bones to be obeyed; keyed with them."""

    bone: str
    property: str                      # custom property, or an attribute such as mmd_ik_toggle
    fk_value: float | None             # None: as it is, unless IK is keyed
    ik_value: float | None = None      # None: the same with IK keyed
    slots: tuple[str, ...] = ()        # the limb that it switches, such as left_upper_arm; () for the whole rig


@dataclass(frozen=True)
class IkLimb:
    """The IK controls of one limb, "" where there is none."""

    end: str            # moves hand or foot
    pole: str = ""      # towards which elbow or knee points
    toe: str = ""
    at_rest: tuple[str, ...] = ()   # controls below `end` that are keyed at rest, since they would add to its pose


@dataclass(frozen=True)
class RigTable:
    """One of assets/rigs/*.json. Names are as the program writes them, without a prefix such as "mixamorig:"."""

    name: str
    title: str
    bones: Mapping[str, tuple[str, ...]]               # by slot
    signature: tuple[str, ...] = ()                    # names that must be there; "!name" must not
    prefixes: tuple[str, ...] = ("",)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)   # other names of a bone, by its name
    switches: tuple[Switch, ...] = ()
    at_rest: tuple[str, ...] = ()                      # controls that are keyed at rest, since they would add a pose
    ik: Mapping[str, IkLimb] = field(default_factory=dict)                 # by left_arm, right_arm, left_leg, right_leg
    shown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)     # by slot, bones that deform if not the keyed
    optional: frozenset[str] = frozenset()             # names among `bones` and `shown` that many such rigs lack
    source: str = ""                                   # from where the names are known

    @property
    def is_control_rig(self) -> bool:
        """Whether its bones are controls, whose parents hang on constraints."""
        return bool(self.shown)
