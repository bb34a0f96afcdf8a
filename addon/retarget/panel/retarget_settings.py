"""What the artist says about retargeting, in the panel: kept in the scene, and with the character what is its own."""

import dataclasses

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    FloatProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)

from ....motion.refusal import Refusal
from ....motion.retarget.mapping.rig_mapping import RigMapping
from ....motion.retarget.settings import RetargetSettings
from ...clean_up_take import is_person
from ..rig.read_rig import refuse_unusable
from . import changed
from .character import Remembered, remember, remembered
from .found_mapping import found_mapping, has_ik_controls
from .mapping_list import PARTS, MambocapBone, bones_in, doubts_in, fill
from .source_limits import keyed_limits

_SETTINGS = tuple(field.name for field in dataclasses.fields(RetargetSettings))
CHOICES = (*_SETTINGS, "set_path_scale", "ik_controls", "reference", "reference_pose")   # remembered with the character
_BY_LEGS = RetargetSettings.path_scale


def _told(settings: "MambocapRetarget", context: bpy.types.Context) -> None:
    changed.tell(settings.id_data)


def _source_chosen(settings: "MambocapRetarget", context: bpy.types.Context) -> None:
    """What was said of another source is no longer so."""
    _forget_outcome(settings)
    settings.problem = _why_unusable(settings.character)
    changed.tell(settings.id_data)


def _all_frames_chosen(settings: "MambocapRetarget", context: bpy.types.Context) -> None:
    """Whoever wants some frames begins with those that there are."""
    limits = keyed_limits(context)
    if limits and not (settings.is_property_set("first_frame") or settings.is_property_set("last_frame")):
        with changed.quietly():
            settings.first_frame, settings.last_frame = limits
    changed.tell(settings.id_data)


def _character_chosen(settings: "MambocapRetarget", context: bpy.types.Context) -> None:
    show_character(settings)
    changed.tell(settings.id_data)


def _is_character(settings: "MambocapRetarget", thing: bpy.types.Object) -> bool:
    return thing.type == "ARMATURE" and not is_person(thing)


def _is_person(settings: "MambocapRetarget", thing: bpy.types.Object) -> bool:
    return is_person(thing)


def _is_source(settings: "MambocapRetarget", thing: bpy.types.Object) -> bool:
    return thing.type == "ARMATURE" and thing != settings.character


class MambocapLimbError(bpy.types.PropertyGroup):
    """How far a limb (its `name`) is from what was asked."""

    degrees: FloatProperty(name="Degrees", description="Between the limb that was asked for and the rig's")
    solved: FloatProperty(name="Solved", description="By how much feet and hands that reach turned it")


class MambocapRetarget(bpy.types.PropertyGroup):
    """Defaults of what RetargetSettings has are those of RetargetSettings, but for where and how far the path goes."""

    source: EnumProperty(
        name="Source", update=_source_chosen, description="Whose motion the character gets",
        items=[
            ("PERSON", "Person", "A person of a take, with the clean-up and the changes made to it"),
            ("FILE", "File", "A BVH, AMC or SKM recording, or AMASS, SMPL-X and Mambocap motion in an npz file"),
            ("ARMATURE", "Armature", "Any armature of the scene, as it moves"),
        ],
    )  # fmt: skip
    person: PointerProperty(
        name="Person", type=bpy.types.Object, poll=_is_person, update=_source_chosen,
        description="Somebody of a take. Empty for the selected one",
    )  # fmt: skip
    file: StringProperty(name="File", subtype="FILE_PATH", update=_source_chosen,
                         description="A motion file: bvh, amc, skm or npz")  # fmt: skip
    up_axis: EnumProperty(
        name="Up Axis", items=[("Z", "Z", "As in AMASS"), ("Y", "Y", "As in most SMPL-X tools")], update=_source_chosen,
        description="Which axis points up in an npz file that does not say so itself",
    )  # fmt: skip
    armature: PointerProperty(
        name="Armature", type=bpy.types.Object, poll=_is_source, update=_source_chosen,
        description="The armature whose motion is taken; its bones are found by themselves",
    )  # fmt: skip
    all_frames: BoolProperty(name="All Frames", default=True, update=_all_frames_chosen,
                             description="Take the whole motion, not only some frames of it")  # fmt: skip
    first_frame: IntProperty(name="From", default=1, update=_told, description="First frame that the character gets")
    last_frame: IntProperty(name="To", default=250, update=_told, description="Last frame that the character gets")
    rate: EnumProperty(
        name="Keys", update=_told, description="How many keys a second the character gets",
        items=[
            ("SCENE", "On Every Frame", "As many as the scene has frames"),
            ("SOURCE", "As the Source", "As many as the source has, between frames where those lie there"),
            ("NUMBER", "By Number", "As many as you say"),
        ],
    )  # fmt: skip
    keys_per_second: FloatProperty(name="Keys a Second", default=30.0, min=1.0, max=1000.0, update=_told,
                                   description="Keys in each second of the scene")  # fmt: skip

    character: PointerProperty(
        name="Character", type=bpy.types.Object, poll=_is_character, update=_character_chosen,
        description="The armature that is to move. Its rig is not changed, it only gets a new action",
    )  # fmt: skip
    bones: CollectionProperty(type=MambocapBone, description="The character's bones by parts of the body")
    active_bone: IntProperty(name="Active Bone", description="The row that is chosen in the list")
    part: EnumProperty(name="Part", items=PARTS, description="Which bones the list shows")
    family: StringProperty(name="Family", description="The kind of rig that was recognised")
    title: StringProperty(name="Found", description="How the bones were found")
    score: FloatProperty(name="Score", default=1.0, min=0.0, max=1.0, subtype="FACTOR",
                         description="How well names, parents and sides fit")  # fmt: skip

    solve_feet: BoolProperty(
        name="Feet Stay Planted", default=RetargetSettings.solve_feet, update=_told,
        description="The legs reach again where feet rested, with the character's own proportions",
    )  # fmt: skip
    hands: EnumProperty(
        name="Hands", default=RetargetSettings.hands, update=_told, description="Where the hands go",
        items=[
            ("contacts", "Where They Touch", "Hands that touch each other, the body or the ground do so again"),
            ("places", "At Source's Places", "Hands reach where the source's are, for props and sets"),
            ("free", "Free", "Hands go where the arms' angles lead them"),
        ],
    )  # fmt: skip
    fingers: BoolProperty(name="Fingers", default=RetargetSettings.fingers, update=_told,
                          description="Fingers move too")  # fmt: skip
    ik_controls: BoolProperty(
        name="IK Controls", update=_told,
        description="Key the controls of hands, feet, elbows and knees instead of the bones of arms and legs",
    )  # fmt: skip
    reference: EnumProperty(
        name="Reference", update=_told, description="Which pose of the character is taken for standing relaxed",
        items=[
            ("rest", "Rest Pose", "The rest pose; arms may hang or be spread"),
            ("pose", "Current Pose", "The pose that the character has when you choose this, kept from then on"),
        ],
    )  # fmt: skip
    reference_pose: StringProperty(name="Reference Pose", options={"HIDDEN"}, description="The pose that is kept")
    root_motion: EnumProperty(
        name="Root Motion", default=RetargetSettings.root_motion, update=_told,
        description="Which bone carries the path over the ground; the root bone can where there is one under Bones",
        items=[
            ("hips", "Hips", "The hips carry everything"),
            ("root", "Root Bone", "The root bone moves over the ground and turns, as game engines want it"),
        ],
    )  # fmt: skip
    in_place: BoolProperty(name="In Place", default=RetargetSettings.in_place, update=_told,
                           description="Without the path over the ground")  # fmt: skip
    mirrored: BoolProperty(name="Mirror", default=RetargetSettings.mirrored, update=_told,
                           description="Exchange left and right")  # fmt: skip
    loop: BoolProperty(name="Loop", default=RetargetSettings.loop, update=_told,
                       description="Lead the end of the motion into its beginning")  # fmt: skip
    start: EnumProperty(
        name="Begin", default="AUTO", update=_told, description="Where the motion begins",
        items=[
            ("AUTO", "Automatic", "Where the source does for a person of a take, which belongs to its set; where it "
             "stands for files and armatures"),
            ("source", "Where the Source Does", "The path lies beside the source's, in the world"),
            ("character", "Where It Stands", "The path begins at the character's own place"),
        ],
    )  # fmt: skip
    set_path_scale: BoolProperty(
        name="Set Path Scale", update=_told,
        description="Say how long the path is beside the source's, which otherwise goes by the length of the legs",
    )  # fmt: skip
    path_scale: FloatProperty(
        name="Path Scale", default=1.0, min=0.01, max=1000.0, soft_max=3.0, update=_told,
        description="How long the path is beside the source's",
    )  # fmt: skip
    action_name: StringProperty(name="Name", description="Name of the new action. Empty for one by itself")

    outcome: StringProperty(name="Outcome", description="What retargeting did")
    notes: StringProperty(name="Notes", description="What to know about the result, a line each")
    made_first: IntProperty(name="First", options={"HIDDEN"}, description="First frame of the motion that was made")
    made_last: IntProperty(name="Last", options={"HIDDEN"}, description="Last frame of the motion that was made")
    limb_errors: CollectionProperty(type=MambocapLimbError, description="How far limbs are from what was asked")
    problem: StringProperty(name="Problem", description="Why the character or its preview cannot be used")
    previewed: PointerProperty(
        name="Previewed", type=bpy.types.Object, options={"HIDDEN"}, description="The character that shows a preview",
    )  # fmt: skip
    kept_pose: StringProperty(
        name="Kept Pose", options={"HIDDEN"}, description="The pose that the previewed character had before",
    )  # fmt: skip


def retarget_settings_of(settings: MambocapRetarget) -> RetargetSettings:
    chosen = {name: getattr(settings, name) for name in _SETTINGS}
    if not settings.set_path_scale:
        chosen["path_scale"] = _BY_LEGS
    if settings.start == "AUTO":
        chosen["start"] = "source" if settings.source == "PERSON" else "character"
    return RetargetSettings(**chosen)


def mapping_of(settings: MambocapRetarget) -> RigMapping:
    """The bones as the list has them now."""
    doubts = doubts_in(settings.bones)
    return RigMapping(bones_in(settings.bones), settings.family, settings.title, settings.score, doubts)


def show_character(settings: MambocapRetarget) -> None:
    """Show what is remembered of the chosen character, else find its bones; and why it cannot be used, if so."""
    with changed.quietly():
        _forget_outcome(settings)
        known = remembered(settings.character) if settings.character is not None else None
        _show_choices(settings, known.choices if known is not None else {})
        if known is None:
            find_again(settings)
            return
        show_mapping(settings, known.mapping)
        settings.problem = _why_unusable(settings.character)


def _why_unusable(character: bpy.types.Object | None) -> str:
    try:
        if character is not None:
            refuse_unusable(character)
    except Refusal as refusal:
        return f"{refusal.sentence} {refusal.mend}"
    return ""


def find_again(settings: MambocapRetarget) -> None:
    """Find the character's bones anew and show them; without a usable character none, and why."""
    mapping, settings.problem = RigMapping({}), ""
    if settings.character is not None:
        try:
            mapping = found_mapping(settings.character)
        except Refusal as refusal:
            settings.problem = f"{refusal.sentence} {refusal.mend}"
    show_mapping(settings, mapping)


def show_mapping(settings: MambocapRetarget, mapping: RigMapping) -> None:
    with changed.quietly():
        fill(settings.bones, mapping)
        settings.family, settings.title, settings.score = mapping.family, mapping.title, mapping.score
        settings.active_bone = 0
        if not has_ik_controls(mapping.family):
            settings.ik_controls = False


def _show_choices(settings: MambocapRetarget, choices: dict[str, object]) -> None:
    for name in CHOICES:
        try:
            setattr(settings, name, choices[name])
        except (KeyError, TypeError):   # of another version of the extension
            settings.property_unset(name)


def _forget_outcome(settings: MambocapRetarget) -> None:
    for name in ("outcome", "notes", "problem"):
        settings.property_unset(name)
    settings.limb_errors.clear()


def _remember(scene: bpy.types.Scene) -> None:
    settings = scene.mambocap_retarget
    mapping = mapping_of(settings)
    if settings.character is None or settings.character.library is not None or not mapping.bones:
        return   # what could not be found is looked for again
    remember(settings.character, Remembered(mapping, {name: getattr(settings, name) for name in CHOICES}))


_CLASSES = (MambocapLimbError, MambocapRetarget)


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Scene.mambocap_retarget = PointerProperty(type=MambocapRetarget)
    changed.listeners.append(_remember)


def unregister() -> None:
    changed.listeners.remove(_remember)
    del bpy.types.Scene.mambocap_retarget
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
