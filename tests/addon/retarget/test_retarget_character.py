from __future__ import annotations

import time

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon.retarget import retarget_character as module  # noqa: E402
from mambocap.addon.retarget.keys import write_keys  # noqa: E402
from mambocap.addon.retarget.retarget_character import Wish, plan, retarget_character, show_frame  # noqa: E402
from mambocap.addon.retarget.sources import Source  # noqa: E402
from mambocap.motion.refusal import Refusal  # noqa: E402
from mambocap.motion.retarget.source.sampled_source import sampled  # noqa: E402
from mathutils import Matrix  # noqa: E402

from bench.rigs.all_rigs import made_up_rigs  # noqa: E402
from bench.rigs.in_blender import build  # noqa: E402
from bench.rigs.made_up_motion import performance  # noqa: E402
from motion.retarget.mapping.rig_mapping import RigMapping  # noqa: E402
from motion.retarget.settings import RetargetSettings  # noqa: E402
from motion.skeleton import JOINT  # noqa: E402
from tests.addon.made_up_takes import empty_scene  # noqa: E402

FREE = RetargetSettings(solve_feet=False, hands="free")
RIGS, PERFORMANCE = made_up_rigs(), performance()
LIMBS = {"upper_arm": ("shoulder", "elbow"), "forearm": ("elbow", "wrist"), "thigh": ("hip", "knee"),
         "shin": ("knee", "ankle")}  # fmt: skip
CHILD = {"upper_arm": "forearm", "forearm": "hand", "thigh": "shin", "shin": "foot"}


def quietly(share: float, words: str) -> None:
    assert 0.0 <= share <= 1.0 and words


@pytest.fixture
def source() -> Source:
    return Source(PERFORMANCE, np.arange(PERFORMANCE.frame_count) + 5.0, "Show")


@pytest.fixture
def character() -> bpy.types.Object:
    empty_scene()
    return build(RIGS["mixamo"])


def wish(name: str = "mixamo", settings: RetargetSettings = FREE, **others) -> Wish:
    return Wish(RigMapping(RIGS[name].slots, family=name), settings, **others)


def state_of(character: bpy.types.Object) -> tuple:
    """Everything of a character that retargeting must leave alone."""
    bones = [(bone.name, tuple(np.array(bone.matrix_local).ravel()), bone.length, bone.use_deform)
             for bone in character.data.bones]  # fmt: skip
    pose = [(bone.name, bone.rotation_mode, tuple(bone.location), tuple(bone.rotation_quaternion),
             tuple(bone.rotation_euler), tuple(bone.scale),
             tuple((c.name, c.type, c.mute, c.influence) for c in bone.constraints)) for bone in character.pose.bones]
    animation = character.animation_data
    drivers = [(driver.data_path, driver.driver.expression) for driver in animation.drivers] if animation else []
    collections = [(each.name, each.is_visible) for each in character.data.collections]
    action = animation.action if animation else None
    return (bones, pose, drivers, collections, tuple(character.users_collection), action and action.name,
            action and action.use_fake_user, animation is not None, [each.name for each in bpy.data.actions],
            bpy.context.scene.frame_current, tuple(np.array(character.matrix_world).ravel()))  # fmt: skip


def turned_from_source_deg(character: bpy.types.Object, name: str, source: Source, frame: int) -> float:
    """The largest angle between a limb that Blender shows and the source's, at a frame of the source."""
    bpy.context.scene.frame_set(int(source.frames[frame]))
    seen = character.evaluated_get(bpy.context.evaluated_depsgraph_get())
    slots, joints = RIGS[name].slots, source.pose.joints_world[frame]
    worst = 0.0
    for side in ("left", "right"):
        for part, (start, end) in LIMBS.items():
            heads = [np.array(seen.matrix_world @ seen.pose.bones[slots[f"{side}_{each}"][0]].head)
                     for each in (part, CHILD[part])]  # fmt: skip
            ours, theirs = heads[1] - heads[0], joints[JOINT[f"{side}_{end}"]] - joints[JOINT[f"{side}_{start}"]]
            cosine = ours @ theirs / np.linalg.norm(ours) / np.linalg.norm(theirs)
            worst = max(worst, np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))
    return worst


@pytest.mark.parametrize("name", ("mixamo", "unreal_ue5", "daz_g9"))
def test_limbs_point_as_the_sources_do_and_that_is_what_is_told(source, name):
    empty_scene()
    character = build(RIGS[name])
    outcome = retarget_character(character, source, wish(name), quietly)
    assert max(turned_from_source_deg(character, name, source, frame) for frame in range(0, 400, 57)) < 0.1
    assert max(outcome.limb_errors.values()) < 0.01 and {"Left Forearm", "Fingers", "Spine"} <= set(outcome.limb_errors)
    assert max(outcome.turned_by_solving.values()) < 0.01


def test_a_character_on_a_moved_and_turned_parent_follows_the_source_in_the_world(character, source):
    stage = bpy.data.objects.new("Stage", None)
    bpy.context.scene.collection.objects.link(stage)
    stage.matrix_world = Matrix.LocRotScale((3.0, -1.0, 0.7), Matrix.Rotation(2.1, 3, "Z"), (1.7,) * 3)
    character.parent = stage
    retarget_character(character, source, wish(), quietly)
    assert max(turned_from_source_deg(character, "mixamo", source, frame) for frame in (0, 140, 343)) < 0.1


def test_with_feet_and_hands_solved_it_is_told_how_far_limbs_are_from_the_source(character, source):
    outcome = retarget_character(character, source, wish(settings=RetargetSettings()), quietly)
    assert max(outcome.limb_errors.values()) < 0.01 < max(outcome.turned_by_solving.values())


def test_only_one_new_action_is_left_behind(character, source):
    old = retarget_character(character, source, wish(name="mixamo"), quietly).action
    before = state_of(character)
    outcome = retarget_character(character, source, wish(), quietly)
    after = state_of(character)
    assert [part[0] for part in before[1]] == [part[0] for part in after[1]]
    assert before[0] == after[0] and before[2:5] == after[2:5] and before[9:] == after[9:]
    assert character.animation_data.action == outcome.action != old and old.use_fake_user
    assert outcome.action.name.startswith(f"Show on {character.name}"[:50])
    assert len(bpy.data.actions) == len(before[8]) + 1


def test_planning_changes_nothing(character, source):
    character.pose.bones[3].location = (0.1, 0.2, 0.3)
    before = state_of(character)
    plan(character, source, wish(), quietly)
    assert state_of(character) == before


@pytest.mark.parametrize("step", ("retarget", "channels_of", "write_action", "note_contacts", "let_action_show",
                                  "shown_errors_deg"))  # fmt: skip
@pytest.mark.parametrize("has_old", (False, True))
def test_whatever_fails_the_character_is_as_before(character, source, monkeypatch, step, has_old):
    if has_old:
        retarget_character(character, source, wish(), quietly).action.use_fake_user = False
    else:
        character.pose.bones[3].location = (0.1, 0.2, 0.3)
    before, real = state_of(character), getattr(module, step)

    def failing(*arguments, **options):
        real(*arguments, **options)   # so that what it does must be taken back
        bpy.context.view_layer.update()
        raise RuntimeError(step)

    monkeypatch.setattr(module, step, failing)
    with pytest.raises(RuntimeError, match=step):
        retarget_character(character, source, wish(settings=RetargetSettings(path_scale=2.0)), quietly)
    assert state_of(character) == before


def test_a_frame_that_is_shown_before_committing_is_the_frame_that_is_keyed(character, source):
    made = plan(character, source, wish(settings=RetargetSettings()), quietly)
    show_frame(character, made, 120)
    bpy.context.view_layer.update()
    shown = [np.array(bone.matrix) for bone in character.pose.bones]
    assert character.animation_data is None and not bpy.data.actions
    write_keys.write_action(character, "Show", made.task.source.frames, made.channels, made.held)
    bpy.context.scene.frame_set(int(source.frames[120]))
    np.testing.assert_allclose([np.array(bone.matrix) for bone in character.pose.bones], shown, atol=1e-4)


def test_a_wrong_bone_shows_at_once(character, source):
    slots = dict(RIGS["mixamo"].slots) | {"left_forearm": RIGS["mixamo"].slots["left_index"][:1]}
    slots.pop("left_index")
    outcome = retarget_character(character, source, Wish(RigMapping(slots, "mixamo"), FREE), quietly)
    assert max(outcome.limb_errors, key=outcome.limb_errors.get) in ("Left Upper Arm", "Left Forearm")
    assert max(outcome.limb_errors.values()) > 5.0


def test_a_bone_that_does_not_obey_shows_in_its_limb(character, source):
    shin = character.pose.bones[RIGS["mixamo"].slots["left_shin"][0]]
    limit = shin.constraints.new("LIMIT_ROTATION")
    limit.use_limit_x = limit.use_limit_y = limit.use_limit_z = True
    limit.owner_space = "LOCAL"
    outcome = retarget_character(character, source, wish(), quietly)
    assert outcome.limb_errors["Left Shin"] > 5.0 > outcome.limb_errors["Right Shin"]


def test_it_is_told_when_something_else_moves_the_character(character, source):
    stage = bpy.data.objects.new("Cart", None)
    bpy.context.scene.collection.objects.link(stage)
    character.parent = stage
    assert not plan(character, source, wish(), quietly).notes
    stage.keyframe_insert("location", frame=1)
    character.keyframe_insert("location", frame=1)
    first, second = plan(character, source, wish(), quietly).notes
    name = character.name
    assert first == f"The old action moved all of {name} too; it now stands where it is at frame 1"
    assert second == f"{name} is moved by Cart; the motion is right where it stands at frame 1"


def test_bones_that_keep_the_pose_of_the_old_action_are_told(character, source):
    finger, at_rest = (character.pose.bones[f"mixamorig:{side}HandIndex1"] for side in ("Left", "Right"))
    finger.rotation_quaternion = (0.8, 0.6, 0.0, 0.0)
    for bone in (finger, at_rest):
        bone.keyframe_insert("rotation_quaternion", frame=1)
    wanted = Wish(RigMapping({slot: names for slot, names in RIGS["mixamo"].slots.items() if "index" not in slot},
                             family="mixamo"), FREE)  # fmt: skip
    assert plan(character, source, wanted, quietly).notes == (
        f"Left as the old action has them at frame 1, without keys: {finger.name}",
    )
    assert not plan(character, source, wish(), quietly).notes


def test_a_hidden_character_gets_its_keys_and_nothing_is_told_of_its_limbs(character, source):
    character.hide_viewport = True
    outcome = retarget_character(character, source, wish(), quietly)
    assert outcome.limb_errors == {}
    assert outcome.notes == (f"{character.name} is hidden, so that nobody looked at how its limbs come out",)
    character.hide_viewport = False
    assert turned_from_source_deg(character, "mixamo", source, 140) < 0.1


def test_a_library_override_gets_the_motion_too(character, source, tmp_path):
    path, name = str(tmp_path / "library.blend"), character.name
    bpy.ops.wm.save_as_mainfile(filepath=path)
    empty_scene()
    with bpy.data.libraries.load(path, link=True) as (inside, outside):
        outside.objects = [name]
    linked = outside.objects[0]
    bpy.context.scene.collection.objects.link(linked)
    with pytest.raises(Refusal, match="Make Library Override"):
        retarget_character(linked, source, wish(), quietly)
    override = linked.override_create(remap_local_usages=True)
    assert max(retarget_character(override, source, wish(), quietly).limb_errors.values()) < 0.01


def test_what_is_not_mapped_is_told_by_name(character, source):
    slots = {slot: bones for slot, bones in RIGS["mixamo"].slots.items() if slot != "left_shin"}
    with pytest.raises(Refusal, match="No bone is known for left shin."):
        retarget_character(character, source, Wish(RigMapping(slots), FREE), quietly)
    assert not bpy.data.actions


def test_an_action_is_called_as_the_artist_says(character, source):
    assert retarget_character(character, source, wish(name="mixamo"), quietly).action.name.startswith("Show on ")
    made = Wish(RigMapping(RIGS["mixamo"].slots), FREE, name="Walk 3")
    assert retarget_character(character, source, made, quietly).action.name == "Walk 3"


def test_a_thousand_frames_take_a_moment(character, capsys):
    pose = sampled(PERFORMANCE, np.linspace(0.0, 399.0, 1000), 75.0)
    source = Source(pose, np.arange(1000) + 1.0, "Show")
    retarget_character(character, source, wish(settings=RetargetSettings()), quietly)
    start = time.process_time()
    retarget_character(character, source, wish(settings=RetargetSettings()), quietly)
    seconds = time.process_time() - start
    with capsys.disabled():
        print(f" 1,000 frames on {len(character.data.bones)} bones in {seconds:.2f} s of processor time ", end="")
    assert seconds < 3.0   # a slow test machine under load; about 0.3 s on one free core
