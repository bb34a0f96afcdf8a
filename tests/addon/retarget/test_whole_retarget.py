"""A motion whose truth is known on a character of every family, as Blender shows it, and nothing else changed."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon.retarget.retarget_character import Outcome, Wish, retarget_character  # noqa: E402
from mambocap.addon.retarget.sources import Source  # noqa: E402
from mambocap.motion.refusal import Refusal  # noqa: E402
from mambocap.motion.retarget.settings import RetargetSettings  # noqa: E402
from mathutils import Matrix  # noqa: E402

from bench.rigs.all_rigs import made_up_rigs  # noqa: E402
from bench.rigs.characters import Character, made_up_character, rigify_character, seen_on  # noqa: E402
from bench.rigs.made_up_motion import CLAPS, FRAMES, HANDSTAND, ROLL, performance  # noqa: E402
from bench.rigs.measures import (  # noqa: E402
    LEGS,
    Seen,
    fastest_deg,
    limb_errors_deg,
    slides_m,
    trunk_errors_deg,
)
from tests.addon.made_up_takes import empty_scene  # noqa: E402
from tests.addon.retarget import rigify_rig  # noqa: E402
from tests.addon.retarget.made_up_armature import curves_of_action  # noqa: E402
from tests.addon.retarget.rig_state import all_data, moved_paths, rig_state  # noqa: E402

MOTION = performance()
SOURCE = Source(MOTION, 1.0 + np.arange(FRAMES), "Made up")
ALL = np.arange(FRAMES)
AS_ASKED, SOLVED = RetargetSettings(solve_feet=False, hands="free"), RetargetSettings()
RIGS = (*made_up_rigs(), "rigify")
# A twist bone may turn against the bone that it hangs on, so that it is faster than anything in the source.
FASTER = 1.5


@dataclass(frozen=True, eq=False)
class Trial:
    """What came of a motion on one character."""

    limb_errors: dict[str, float]       # as the artist reads them
    seen: Seen
    changed: set[str]                   # data paths of the character, but for those keyed or driven
    new_data: set[tuple[str, str]]      # beside the action


def character_named(name: str) -> Character:
    """As new in an empty scene."""
    if name == "rigify":
        return rigify_character(rigify_rig.rigify_character())
    empty_scene()
    return made_up_character(made_up_rigs()[name])


def moved(character: Character, settings: RetargetSettings = AS_ASKED, ik: bool = False) -> Outcome:
    wish = Wish(character.mapping, settings, ik=ik)
    return retarget_character(character.thing, SOURCE, wish, lambda share, words: None)


@functools.cache
def trial(name: str, settings: RetargetSettings) -> Trial:
    character = character_named(name)
    before, data_before = rig_state(character.thing), all_data()
    outcome = moved(character, settings)
    seen = seen_on(character, SOURCE.frames)
    after, may_move = rig_state(character.thing), moved_paths(character.thing, curves_of_action(outcome.action))
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)} - may_move
    new_data = all_data() - data_before - {("ACTION", outcome.action.name)}
    return Trial(outcome.limb_errors, seen, changed, new_data)


@pytest.mark.parametrize("name", RIGS)
def test_limbs_point_as_the_sources_do(name):
    errors = limb_errors_deg(trial(name, AS_ASKED).seen, MOTION, ALL)
    assert {limb: error.max() for limb, error in errors.items() if error.max() > 0.5} == {}


@pytest.mark.parametrize("name", RIGS)
def test_hips_chest_and_head_turn_as_the_sources_do(name):
    errors = trunk_errors_deg(trial(name, AS_ASKED).seen, MOTION, ALL)
    assert {part: error.max() for part, error in errors.items() if error.max() > 0.5} == {}


@pytest.mark.parametrize("name", RIGS)
def test_no_bone_flips_in_turns_all_the_way_round_and_upside_down(name):
    most = FASTER * fastest_deg(MOTION.R_world_from_joint)
    turns = trial(name, AS_ASKED).seen.turns
    # Rigify itself turns the second half of a limb's part half-way to its neighbour, the shortest way round.
    rolled = [bone for bone in turns if name == "rigify" and bone.endswith(".001") and "arm." in bone]
    speeds = {bone: fastest_deg(R if bone not in rolled else R[: ROLL[0]]) for bone, R in turns.items()}
    assert {bone: speed for bone, speed in speeds.items() if speed > most} == {}


@pytest.mark.parametrize("name", RIGS)
def test_standing_feet_do_not_slide_when_they_are_solved(name):
    slides = slides_m(trial(name, SOLVED).seen, MOTION, ALL)
    assert slides.max() < 0.002


@pytest.mark.parametrize("name", RIGS)
def test_solving_feet_keeps_the_legs_directions(name):
    errors = limb_errors_deg(trial(name, SOLVED).seen, MOTION, ALL)
    # The toon's hips are wider than its legs are long, so that its feet stand beside them.
    most = 8.0 if name != "toon" else 10.0
    assert {leg: errors[leg].max() for leg in LEGS if errors[leg].max() > most} == {}


@pytest.mark.parametrize("name", [name for name in RIGS if name != "toon"])   # which has no fingers that show the palms
def test_palms_meet_where_the_source_claps_and_stay_where_it_stands_on_its_hands(name):
    places = trial(name, SOLVED).seen.places
    palms = [0.5 * (places[f"{side}_index"] + places[f"{side}_pinky"]) for side in ("left", "right")]
    for first, last in CLAPS:
        assert np.linalg.norm(palms[0] - palms[1], axis=-1)[first : last + 1].max() < 0.03
    for palm in palms:
        on_floor = palm[HANDSTAND[0] : HANDSTAND[1] + 1]
        assert np.linalg.norm(np.diff(on_floor, axis=0), axis=-1).max() < 0.005


@pytest.mark.parametrize("name", RIGS)
def test_nothing_of_the_character_changes_but_what_is_keyed(name):
    for settings in (AS_ASKED, SOLVED):
        assert trial(name, settings).changed == set()


@pytest.mark.parametrize("name", RIGS)
def test_the_only_new_thing_in_the_file_is_the_action(name):
    assert trial(name, AS_ASKED).new_data == set()


@pytest.mark.parametrize("name", RIGS)
def test_the_errors_that_the_artist_reads_are_small(name):
    assert {limb: error for limb, error in trial(name, AS_ASKED).limb_errors.items() if error > 0.5} == {}


@pytest.mark.parametrize("name", ["mixamo", "auto_rig_pro", "rigify"])
def test_wherever_the_character_stands_its_limbs_point_as_the_sources_do(name):
    character = character_named(name)
    stand = bpy.data.objects.new("Stand", None)
    bpy.context.scene.collection.objects.link(stand)
    stand.matrix_world = Matrix.LocRotScale((2.0, -1.0, 0.5), Matrix.Rotation(0.7, 3, (1.0, 2.0, 3.0)), (1.7,) * 3)
    character.thing.parent = stand
    character.thing.location = (0.3, 4.0, -0.2)
    bpy.context.view_layer.update()
    moved(character)
    assert worst_limb_deg(character) < 0.5


@pytest.mark.parametrize("name", ["auto_rig_pro", "mmd", "rigify"])
def test_ik_controls_bring_limbs_where_the_source_has_them(name):
    character = character_named(name)
    moved(character, ik=True)
    assert worst_limb_deg(character) < 0.5


def test_doing_it_twice_gives_the_same_and_keeps_the_first_action():
    character = character_named("unreal_ue5")
    first = moved(character).action
    values = values_of(first)
    second = moved(character).action
    assert second != first
    assert first.use_fake_user
    assert values_of(first) == values
    assert values_of(second) == values


@pytest.mark.parametrize("name", ["mixamo", "rigify"])
def test_a_library_override_can_be_moved_and_its_file_stays_as_it_is(name, tmp_path):
    character, path = character_named(name), tmp_path / "character.blend"
    bpy.data.libraries.write(str(path), {character.thing}, fake_user=True)
    saved = path.read_bytes()
    linked = linked_from(path, character.thing.name)
    with pytest.raises(Refusal, match="linked from another file"):
        moved(replace(character, thing=linked))
    overridden = replace(character, thing=linked.override_create(remap_local_usages=True))
    action = moved(overridden).action
    assert action.library is None
    assert worst_limb_deg(overridden) < 0.5
    assert overridden.thing.data.library is not None
    assert path.read_bytes() == saved


def worst_limb_deg(character: Character) -> float:
    some = ALL[::25]
    errors = limb_errors_deg(seen_on(character, SOURCE.frames[some]), MOTION, some)
    return max(float(error.max()) for error in errors.values())


def values_of(action: bpy.types.Action) -> dict[tuple[str, int], list[float]]:
    return {(curve.data_path, curve.array_index): [key.co[1] for key in curve.keyframe_points]
            for curve in curves_of_action(action)}  # fmt: skip


def linked_from(path: Path, name: str) -> bpy.types.Object:
    """The character from its file in another, empty scene."""
    empty_scene()
    with bpy.data.libraries.load(str(path), link=True) as (_, wanted):
        wanted.objects = [name]
    linked = bpy.data.objects[name]
    bpy.context.scene.collection.objects.link(linked)
    return linked
