"""The bones of a character by parts of the body: rows that the artist can change, and their list."""

from collections import Counter

import bpy
from bpy.props import BoolProperty, StringProperty

from ....motion.retarget.limb_errors import title_of as limb_of
from ....motion.retarget.mapping.limb_lengths import BonePlaces, odd_limbs
from ....motion.retarget.mapping.rig_mapping import RigMapping
from ....motion.retarget.slots import FINGERS, NEEDED_SLOTS, SLOTS, part_of
from . import changed

PARTS = [
    ("BODY", "Body", "Hips, spine, head, arms and legs"),
    ("FINGERS", "Fingers", "Fingers, from the palm outwards"),
    ("TWIST", "Twist", "Bones that share the turn of a forearm, a shin and so on"),
]

_TITLE_SHARE = {"BODY": 0.41, "FINGERS": 0.31, "TWIST": 0.41}   # of a row's width: what the longest title needs


def _bone_chosen(row: "MambocapBone", context: bpy.types.Context) -> None:
    row.is_doubtful = False
    changed.tell(row.id_data)


class MambocapBone(bpy.types.PropertyGroup):
    """One bone of a slot. Its `name` is what the list shows and is searched for."""

    slot: StringProperty(name="Slot", description="The part of the body")
    bone: StringProperty(name="Bone", description="The character's bone of this part; empty for none",
                         update=_bone_chosen)  # fmt: skip
    is_doubtful: BoolProperty(name="Doubtful", description="Likely, but look whether it is the right bone")


def title_of(slot: str) -> str:
    """Such as "Left Upper Arm"."""
    return slot.replace("_", " ").title()


def _short(title: str) -> str:
    """A row's title for the width of a sidebar: "Upper Arm L"; twists have a part of the list of their own."""
    side, _, part = title.partition(" ")
    return f"{part} {side[0]}".replace(" Twist", "") if side in ("Left", "Right") else title


def list_part_of(slot: str) -> str:
    """In which part of the list a slot stands."""
    if part_of(slot) in FINGERS:
        return "FINGERS"
    return "TWIST" if slot.endswith("_twist") else "BODY"


def fill(rows: bpy.types.bpy_prop_collection, mapping: RigMapping) -> None:
    """Show a mapping: a row for each bone, an empty one for each slot without."""
    rows.clear()
    for slot in SLOTS:
        for bone in mapping.bones.get(slot, ("",)):
            row = rows.add()
            row.slot, row.bone = slot, bone
            row.is_doubtful = slot in mapping.doubts
    number_chains(rows)


def number_chains(rows: bpy.types.bpy_prop_collection) -> None:
    """Give each row its title, "Spine 1" and so on where there are several."""
    counts = Counter(row.slot for row in rows)
    seen: Counter[str] = Counter()
    for row in rows:
        seen[row.slot] += 1
        row.name = f"{title_of(row.slot)} {seen[row.slot]}" if counts[row.slot] > 1 else title_of(row.slot)


def bones_in(rows: bpy.types.bpy_prop_collection) -> dict[str, tuple[str, ...]]:
    """Bones by slot, as the rows say them now."""
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        slot, bone = row.slot, row.bone
        if bone:
            found[slot] = (*found.get(slot, ()), bone)
    return found


def doubts_in(rows: bpy.types.bpy_prop_collection) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.slot for row in rows if row.is_doubtful))


def problem_of(row: MambocapBone, rows: bpy.types.bpy_prop_collection, armature: bpy.types.Armature) -> str:
    """What is wrong with a row, in words; "" where nothing is."""
    if not row.bone:
        is_needed = row.slot in NEEDED_SLOTS and not any(other.bone for other in rows if other.slot == row.slot)
        return f"{row.name} needs a bone" if is_needed else ""
    if row.bone not in armature.bones:
        return f"{armature.name} has no bone {row.bone}"
    other = next((other for other in rows if other.bone == row.bone and other != row), None)
    return f"{row.bone} is also {other.name}" if other is not None else ""


def questions_in(rows: bpy.types.bpy_prop_collection, armature: bpy.types.Armature) -> dict[str, str]:
    """What is odd about the lengths of limbs as the rows have them now, in a sentence by slot."""
    known = {slot: names for slot, names in bones_in(rows).items() if all(name in armature.bones for name in names)}
    return odd_limbs(known, _places_in(armature.bones))


def words_of(row: MambocapBone, rows: bpy.types.bpy_prop_collection, armature: bpy.types.Armature) -> str:
    """What is wrong or doubtful about a row, "" where nothing is."""
    if words := problem_of(row, rows, armature) or questions_in(rows, armature).get(row.slot, ""):
        return words
    return f"{row.bone} is likely, but look whether it is the right bone" if row.is_doubtful else ""


def rows_to_check(rows: bpy.types.bpy_prop_collection, armature: bpy.types.Armature) -> list[int]:
    """Which rows have something wrong or doubtful now."""
    asked = questions_in(rows, armature)
    return [index for index, row in enumerate(rows)
            if row.is_doubtful or row.slot in asked or problem_of(row, rows, armature)]  # fmt: skip


def row_of_limb(rows: bpy.types.bpy_prop_collection, limb: str) -> int | None:
    """The first row of a limb as errors name it: "Left Forearm", "Fingers"; of its own name rather than another's."""
    of_limb = [index for index, row in enumerate(rows) if limb_of(row.slot) == limb]
    return min(of_limb, key=lambda index: title_of(rows[index].slot) != limb, default=None)


def _places_in(bones: bpy.types.bpy_prop_collection) -> BonePlaces:
    def parent(name: str) -> str:
        above = bones[name].parent
        return above.name if above is not None else ""

    return BonePlaces(lambda name: bones[name].head_local, lambda name: bones[name].tail_local, parent)


class MAMBOCAP_UL_bones(bpy.types.UIList):
    bl_idname = "MAMBOCAP_UL_bones"

    def draw_item(self, context, layout, data, item, icon, active_data, active_propname, index=0, flt_flag=0) -> None:
        armature = data.character.data
        split = layout.split(factor=_TITLE_SHARE[data.part], align=True)
        split.alert = bool(problem_of(item, data.bones, armature))
        asks = item.is_doubtful or item.slot in questions_in(data.bones, armature)
        if split.alert or asks:
            title = split.row()
            title.alignment = "LEFT"
            title.operator("mambocap.choose_row", text=_short(item.name), icon="ERROR" if split.alert else "QUESTION",
                           emboss=False).row = index  # fmt: skip
        else:
            split.label(text=_short(item.name))
        split.prop_search(item, "bone", armature, "bones", text="", icon="NONE")

    def filter_items(self, context, data, propname) -> tuple[list[int], list[int]]:
        wanted = self.filter_name.lower()
        shown = [list_part_of(row.slot) == data.part and wanted in f"{row.name} {_short(row.name)} {row.bone}".lower()
                 for row in getattr(data, propname)]  # fmt: skip
        return [self.bitflag_filter_item if is_shown else 0 for is_shown in shown], []


_CLASSES = (MambocapBone, MAMBOCAP_UL_bones)

register, unregister = bpy.utils.register_classes_factory(_CLASSES)
