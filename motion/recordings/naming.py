"""Which joint of a recording is which of ours, by the names that capture systems and programs give them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..refusal import Refusal
from .recording import Recording

FAMILIES = Path(__file__).resolve().parents[2] / "assets" / "recorded_joints.json"

SIDES = {
    "left": {"Left": "Left", "left": "left", "L": "L", "l": "l", "Lf": "Lf"},
    "right": {"Left": "Right", "left": "right", "L": "R", "l": "r", "Lf": "Rt"},
}
_MIDDLE = ("pelvis", "neck", "head")
_NEEDED_MIDDLE, _NEEDED_SIDE = ("pelvis", "head"), ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")


@dataclass(frozen=True)
class Naming:
    """Where our joints are in one recording: indices into its joints."""

    family: str
    joints: Mapping[str, int]   # by our names; also left_forearm (turns with the wrist) and left_thumb, and right
    spine: tuple[int, ...]      # from the lowest to the one that carries the collars
    noisy: frozenset[str]       # joints whose turns this family does not record well
    short_trunk: bool = False   # the uppermost part of the trunk is missing
    toy: bool = False           # the figure has no human proportions


def naming_of(recording: Recording, path: Path = FAMILIES) -> Naming:
    """The known family whose names fit, else the likeliest joint for each of ours.

    Raises Refusal naming the joints that could not be found.
    """
    table = json.loads(path.read_text(encoding="utf-8"))
    for family in table["families"]:
        naming = _named_by(family, recording)
        if not _missing(naming):
            return naming
    naming = _guessed(table["words"], recording)
    missing = _missing(naming)
    if missing:
        raise Refusal(
            "unknown-joints", f"{recording.name} has no joint that looks like {', '.join(missing)}.",
            "Give its joints the names that MotionBuilder, Mixamo or SMPL-X use.",
        )  # fmt: skip
    return naming


def _named_by(family: dict, recording: Recording) -> Naming:
    index = {name: joint for joint, name in enumerate(recording.joint_names)}
    wanted = _sided(family["joints"])
    return Naming(
        family=family["name"],
        joints={ours: index[theirs] for ours, theirs in wanted.items() if theirs in index},
        spine=tuple(index[name] for name in family["spine"] if name in index),
        noisy=frozenset(_sided(dict.fromkeys(family["noisy"], ""))),
        short_trunk=family.get("short_trunk", False),
        toy=family.get("toy", False),
    )


def _sided(names: Mapping[str, str]) -> dict[str, str]:
    """Names by our joints, those of the limbs twice."""
    both = {joint: name for joint, name in names.items() if joint in _MIDDLE}
    for side, words in SIDES.items():
        both |= {f"{side}_{joint}": name.format_map(words) for joint, name in names.items() if joint not in _MIDDLE}
    return both


def _missing(naming: Naming) -> list[str]:
    needed = [*_NEEDED_MIDDLE, *(f"{side}_{joint}" for joint in _NEEDED_SIDE for side in SIDES)]
    missing = [joint.replace("_", " ") for joint in needed if joint not in naming.joints]
    return missing if naming.spine else [*missing, "spine"]


def _guessed(words: Mapping[str, list[str]], recording: Recording) -> Naming:
    plain = [_side_and_word(name) for name in _without_prefix(recording.joint_names)]
    joints: dict[str, int] = {}
    for side in ("", "left", "right"):
        for joint in words:
            if (joint in _MIDDLE) == (side == "") and joint != "spine":
                found = _first(plain, side, words[joint], taken=set(joints.values()))
                if found is not None:
                    joints[f"{side}_{joint}".strip("_")] = found
    spine = tuple(i for i, (side, word) in enumerate(plain) if side == "" and word in words["spine"])
    return Naming("by likeness", joints, spine, frozenset())


def _first(plain: list[tuple[str, str]], side: str, words: list[str], taken: set[int]) -> int | None:
    for word in words:
        for joint, name in enumerate(plain):
            if name == (side, word) and joint not in taken:
                return joint
    return None


def _without_prefix(names: tuple[str, ...]) -> list[str]:
    """Names without what all but a few begin with, such as "mixamorig:"."""
    starts = [match.group() for name in names if (match := re.match(r"[A-Za-z0-9]+[:_-]", name))]
    common = max(set(starts), key=starts.count, default="")
    return [name.removeprefix(common) if starts.count(common) > len(names) / 2 else name for name in names]


def _side_and_word(name: str) -> tuple[str, str]:
    """The side that a name tells ("left", "right" or "") and the rest in small letters without separators."""
    begin = re.match(r"(?:(left|right|lft|rgt)[ _.-]?|([lr])[ _.-]|([lrLR])(?=[A-Z]))(.+)", name, re.IGNORECASE)
    if begin and (begin.group(3) is None or name[1].isupper()):
        side, rest = begin.group(1) or begin.group(2) or begin.group(3), begin.group(4)
    else:
        end = re.match(r"(.+?)[ _.-]?(?:(left|right)|(?<=[ _.-])([lr])|(?<=[a-z])(Lf|Rt|L|R))$", name)
        side, rest = (end.group(2) or end.group(3) or end.group(4), end.group(1)) if end else ("", name)
    sides = {"l": "left", "r": "right"}
    return sides.get(side[:1].lower(), ""), re.sub(r"[^a-z0-9]", "", rest.lower())
