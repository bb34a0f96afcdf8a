"""The quality card of a person where it is kept: as text on the armature, anew whenever its keys are written."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import bpy
import numpy as np

from ..motion.body import Body
from ..motion.motion import Motion
from ..motion.quality.card import GRADES, Grade, QualityCard, card_from, card_of_text, quality_card

QUALITY = "mambocap_quality"   # on a person's armature
_ICONS = bpy.types.UILayout.bl_rna.functions["label"].parameters["icon"].enum_items.keys()
COLOUR_ICONS = "STRIP_COLOR_" if "STRIP_COLOR_01" in _ICONS else "SEQUENCE_COLOR_"   # before Blender 5; 01 to 09
GRADE_ICONS: dict[Grade, str] = {"good": f"{COLOUR_ICONS}04", "fair": f"{COLOUR_ICONS}03", "poor": f"{COLOUR_ICONS}01"}
_SCALE = ("size_percent", "depth_percent")   # what clean-up cannot change


def keep_card(person: bpy.types.Object, motion: Motion, body: Body) -> None:
    """Keep the card that a motion's file brings; one that brings none is measured."""
    card = card_from(motion.quality)
    if card is None:
        card = quality_card(motion, body, _says(motion.settings, "body", "height_m", "actor"),
                            _says(motion.settings, "camera", "focal_mm", "fov_deg"))  # fmt: skip
    _keep(person, card)


def measure_again(person: bpy.types.Object, motion: Motion, body: Body, size_is_known: bool = False) -> None:
    """Keep the card of the motion whose keys a person has now."""
    card, before = quality_card(motion, body, size_is_known), card_of(person)
    if before is not None:
        size, depth = (before.values.get(name) for name in _SCALE)
        own = card.values["size_percent"]
        if size_is_known and None not in (size, depth, own):   # what the lens adds to the doubt of the depth stays
            size, depth = own, float(np.sqrt(max(depth**2 - size**2, 0.0) + own**2))
        card = replace(card, values={**card.values, **dict(zip(_SCALE, (size, depth), strict=True))})
    _keep(person, card)


def card_of(person: bpy.types.Object) -> QualityCard | None:
    """None for people of takes that were brought in before there were cards."""
    return _read(str(person.get(QUALITY, "")))


def grade_of(people: list[bpy.types.Object]) -> Grade | None:
    """The worst of several people's grades, None when nobody has one."""
    grades = [card.grade for person in people if (card := card_of(person)) is not None]
    return max(grades, key=GRADES.index, default=None)


def _keep(person: bpy.types.Object, card: QualityCard) -> None:
    person[QUALITY] = json.dumps(card.to_dict())


def _says(settings: Mapping[str, Any], stage: str, *names: str) -> bool:
    said = settings.get(stage)
    return isinstance(said, dict) and any(said.get(name) for name in names)


@functools.lru_cache(maxsize=64)
def _read(text: str) -> QualityCard | None:
    return card_of_text(text)
