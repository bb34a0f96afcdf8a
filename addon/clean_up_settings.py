"""How the artist wants a person cleaned up, kept on its armature, and running clean-up with that."""

from collections.abc import Mapping

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, PointerProperty, StringProperty

from ..motion.arrays import Indices
from ..motion.clean_up.settings import CleanUpSettings
from ..motion.refusal import Refusal
from .clean_up_take import clean_up_person, show_raw
from .contact_strips import title_of

BOTH_SIDES = ("heel", "ball", "toe", "palm", "knee", "elbow")
POINTS = (*(f"{side}_{part}" for part in BOTH_SIDES for side in ("left", "right")), "seat_left", "seat_right", "back")
_WANTED = ("feet", "strength", "smoothing", "plant_hands")


def _changed(settings: "MambocapCleanUp", context: bpy.types.Context) -> None:
    if settings.live:
        try:
            run(settings.id_data, context)
        except Refusal as refusal:
            settings.outcome = f"{refusal.sentence} {refusal.mend}"


class MambocapCleanUp(bpy.types.PropertyGroup):
    """The defaults are those of CleanUpSettings."""

    feet: EnumProperty(
        name="Feet",
        items=[
            ("auto", "Auto", "Feet that rest are planted"),
            ("always", "Always", "Every foot that is low and slow is planted, to be safe"),
            ("never", "Never", "Nothing is planted, feet and hands stay as captured"),
            ("ground", "Ground Only", "Nothing is planted, feet are only lifted out of the floor"),
        ],
        description="Which feet are planted",
        update=_changed,
    )
    strength: FloatProperty(
        name="Strength", default=CleanUpSettings.strength, min=0.0, max=1.0, subtype="FACTOR", update=_changed,
        description="How firmly what rests is held: 1 keeps it still, 0 leaves it as captured",
    )  # fmt: skip
    smoothing: FloatProperty(
        name="Smoothing", default=CleanUpSettings.smoothing, min=0.0, max=1.0, subtype="FACTOR", update=_changed,
        description="How much jitter is taken away. Hits and footfalls stay",
    )  # fmt: skip
    plant_hands: BoolProperty(
        name="Plant Hands", default=CleanUpSettings.plant_hands, update=_changed,
        description="Plant hands that rest on something, as feet are",
    )  # fmt: skip
    live: BoolProperty(
        name="Live", update=_changed,
        description="Clean up as soon as a setting changes. For takes of up to about a thousand frames",
    )  # fmt: skip
    points: EnumProperty(
        name="Points", options={"ENUM_FLAG"}, default={"left_heel", "left_ball", "left_toe"},
        items=[(name, title_of(name), f"Plant or release the {title_of(name).lower()}. Shift-click for several points",
                "NONE", 1 << number) for number, name in enumerate(POINTS)],
        description="The points that Plant and Release are about",
    )  # fmt: skip
    first_frame: IntProperty(name="From", default=1, description="First frame to plant or release in")
    last_frame: IntProperty(name="To", default=1, description="Last frame to plant or release in")
    shows_raw: BoolProperty(name="As Captured", description="Whether the keys are those before clean-up")
    outcome: StringProperty(name="Outcome", description="What clean-up changed")


def settings_of(person: bpy.types.Object) -> CleanUpSettings:
    panel = person.mambocap_clean_up
    return CleanUpSettings(**{name: getattr(panel, name) for name in _WANTED})


def take_over_settings(person: bpy.types.Object, other: bpy.types.Object) -> None:
    """Give `person` the settings of `other`, running nothing."""
    panel, others = person.mambocap_clean_up, other.mambocap_clean_up
    is_live, panel.live = panel.live, False
    for name in _WANTED:
        setattr(panel, name, getattr(others, name))
    panel.live = is_live


def run(
    person: bpy.types.Object, context: bpy.types.Context,
    new_words: Mapping[str, Indices] | None = None, forget: bool = False,
) -> str:  # fmt: skip
    """Clean a person up with its settings (see clean_up_person) and say in its panel what changed."""
    words = clean_up_person(person, context, settings_of(person), new_words, forget)
    return _shown(person, words, is_raw=False)


def run_raw(person: bpy.types.Object, context: bpy.types.Context) -> str:
    """Bring a person's captured keys back and say so in its panel."""
    return _shown(person, show_raw(person, context), is_raw=True)


def _shown(person: bpy.types.Object, words: str, is_raw: bool) -> str:
    panel = person.mambocap_clean_up
    panel.shows_raw, panel.outcome = is_raw, words
    return words


def register() -> None:
    bpy.utils.register_class(MambocapCleanUp)
    bpy.types.Object.mambocap_clean_up = PointerProperty(type=MambocapCleanUp)


def unregister() -> None:
    del bpy.types.Object.mambocap_clean_up
    bpy.utils.unregister_class(MambocapCleanUp)
