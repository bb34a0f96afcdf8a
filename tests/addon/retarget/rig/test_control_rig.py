from __future__ import annotations

import time

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon.retarget.panel.found_mapping import found_mapping, tables  # noqa: E402
from mambocap.addon.retarget.rig import control_rig as module  # noqa: E402
from mambocap.addon.retarget.rig.control_rig import needs_measuring, prepared  # noqa: E402
from mambocap.addon.retarget.rig.held_values import HeldValue  # noqa: E402
from mambocap.motion.refusal import Refusal  # noqa: E402
from mambocap.motion.retarget.mapping.rig_table import IkLimb, RigTable, Switch  # noqa: E402

from tests.addon.made_up_takes import empty_scene  # noqa: E402
from tests.addon.retarget.odd_rigs import ARM, ARM_BONES, arm_rig, constrained, reached_rig  # noqa: E402
from tests.addon.retarget.rig_state import rig_state  # noqa: E402
from tests.addon.retarget.rigify_rig import FK_BONES, rigify_character, rigify_override  # noqa: E402


def rigify_state(ik: bool = False) -> tuple[bpy.types.Object, module.ControlState]:
    character = rigify_character()
    return character, prepared(character, found_mapping(character), tables()["rigify_control"], FK_BONES, ik)


def values(held: tuple[HeldValue, ...]) -> dict[str, float]:
    return {value.path: value.value for value in held}


@pytest.mark.parametrize("ik", [False, True])
def test_the_rig_is_as_it_was(ik: bool) -> None:
    character = rigify_character()
    animate(character)
    character.pose.bones["hand_fk.L"].rotation_quaternion = (0.8, 0.0, 0.6, 0.0)   # by hand, without a key
    character.pose.bones["torso"].location = (0.3, 0.2, 0.1)                       # where there is a key
    character.pose.bones["chest"].rotation_quaternion = (0.6, 0.8, 0.0, 0.0)
    bpy.context.view_layer.update()
    before, limits = rig_state(character), character.pose.bones["torso"].id_properties_ui("neck_follow").as_dict()
    prepared(character, found_mapping(character), tables()["rigify_control"], FK_BONES, ik)
    after = rig_state(character)
    assert dict(before.items() ^ after.items()) == {}
    assert character.pose.bones["torso"].id_properties_ui("neck_follow").as_dict() == limits
    assert_animated(character)


def test_the_rig_is_as_it_was_when_something_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    character = rigify_character()
    animate(character)
    before = rig_state(character)

    def breaks(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(module, "measured_carriage", breaks)
    with pytest.raises(RuntimeError, match="broken"):
        prepared(character, found_mapping(character), tables()["rigify_control"], FK_BONES)
    assert rig_state(character) == before
    assert_animated(character)


def animate(character: bpy.types.Object) -> None:
    """An action with keys on torso and a switch, and an NLA track."""
    torso = character.pose.bones["torso"]
    for frame, height in ((1, 0.0), (10, 0.5)):
        torso.location.z = height
        torso.keyframe_insert("location", frame=frame)
    character.pose.bones["thigh_parent.L"].keyframe_insert('["IK_FK"]', frame=1)
    track = character.animation_data.nla_tracks.new()
    track.strips.new("low", 1, character.animation_data.action).blend_type = "ADD"
    bpy.context.scene.frame_set(5)


def assert_animated(character: bpy.types.Object) -> None:
    animation = character.animation_data
    assert animation.action is not None and animation.use_nla
    if hasattr(animation, "action_slot"):
        assert animation.action_slot is not None
    low = character.pose.bones["torso"].location.z
    bpy.context.scene.frame_set(10)
    assert character.pose.bones["torso"].location.z != pytest.approx(low, abs=1e-3)


def test_rigify_is_keyed_by_fk_with_head_and_neck_going_along() -> None:
    character, state = rigify_state()
    held = values(state.held)
    for name in ("upper_arm_parent.L", "upper_arm_parent.R", "thigh_parent.L", "thigh_parent.R"):
        assert held[f'pose.bones["{name}"]["IK_FK"]'] == 1.0
    assert held['pose.bones["torso"]["neck_follow"]'] == held['pose.bones["torso"]["head_follow"]'] == 1.0
    assert state.notes == () and state.ik == {} and set(state.bones) == set(FK_BONES)
    carriers = {name: state.carriage.bones[state.carriage.carriers[k]] for k, name in enumerate(state.carriage.bones)}
    assert (carriers["spine_fk"], carriers["thigh_fk.L"]) == ("spine_fk.001", "spine_fk")
    assert (carriers["head"], carriers["neck"], carriers["f_index.01.R"]) == ("neck", "spine_fk.003", "hand_fk.R")


def test_controls_that_would_add_a_pose_are_held_at_rest() -> None:
    _, state = rigify_state()
    rest = [value for value in state.held if value.group == "chest"]
    assert [value.value for value in rest] == [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]
    assert [value.path.rpartition(".")[2] for value in rest] == ["location"] * 3 + ["rotation_quaternion"] * 4
    assert [value.index for value in rest] == [0, 1, 2, 0, 1, 2, 3]


def test_with_ik_the_switches_say_so_and_the_controls_are_known() -> None:
    _, state = rigify_state(ik=True)
    held = values(state.held)
    assert held['pose.bones["thigh_parent.R"]["IK_FK"]'] == 0.0
    assert held['pose.bones["upper_arm_parent.L"]["pole_vector"]'] == 1.0
    assert state.ik["left_leg"] == IkLimb("foot_ik.L", "thigh_ik_target.L", "toe_ik.L",
                                           ("foot_heel_ik.L", "foot_spin_ik.L"))  # fmt: skip
    assert {"hand_ik.R", "upper_arm_ik_target.R"} <= set(state.ik_carriage.bones)


def test_a_rig_of_706_bones_takes_no_second() -> None:
    character = rigify_character()
    mapping = found_mapping(character)
    start = time.perf_counter()
    prepared(character, mapping, tables()["rigify_control"], FK_BONES)
    assert time.perf_counter() - start < 2.0   # 0.14 s on a busy machine


def test_a_library_override_is_measured_as_the_original() -> None:
    _, original = rigify_state()
    character = rigify_override()
    assert character.override_library is not None and character.data.library is not None
    before = rig_state(character)
    state = prepared(character, found_mapping(character), tables()["rigify_control"], FK_BONES)
    assert rig_state(character) == before
    assert state.held == original.held and state.carriage.bones == original.carriage.bones
    np.testing.assert_allclose(state.carriage.unposed_heads, original.carriage.unposed_heads, atol=1e-6)


def test_a_plain_skeleton_needs_no_measuring() -> None:
    empty_scene()
    character = arm_rig()
    assert not needs_measuring(character, ARM_BONES)
    state = prepared(character, ARM, None, ARM_BONES)
    assert (state.bones, state.carriage, state.held, state.notes) == (ARM_BONES, None, (), ())


def test_ik_that_would_turn_keyed_bones_is_switched_off_and_said() -> None:
    empty_scene()
    character = reached_rig()
    state = prepared(character, ARM, None, ARM_BONES)
    assert values(state.held) == {'pose.bones["forearm"].constraints["IK"].influence': 0.0}
    assert state.notes == ("IK of forearm is switched off by a key: it would turn keyed bones.",)
    assert character.pose.bones["forearm"].constraints["IK"].influence == 1.0


def test_ik_on_a_bone_below_counts_as_far_as_its_chain_goes() -> None:
    empty_scene()
    end = {"held": ("hand", (0.85, 0.0, 1.42), (0.9, 0.0, 1.42), 0.0),
           "beyond": ("held", (0.9, 0.0, 1.42), (0.95, 0.0, 1.42), 0.0)}  # fmt: skip
    for chain_count, is_off in ((2, False), (3, True), (0, True)):
        character = arm_rig(end)
        constrained(character, "beyond", "IK", "root", chain_count=chain_count)
        assert bool(prepared(character, ARM, None, ARM_BONES).held) == is_off


def test_a_constraint_that_only_adds_stays() -> None:
    empty_scene()
    character = arm_rig()
    constrained(character, "hand", "COPY_ROTATION", "root", mix_mode="BEFORE",
                target_space="LOCAL", owner_space="LOCAL")  # fmt: skip
    assert prepared(character, ARM, None, ARM_BONES).held == ()


def test_a_muted_constraint_stays() -> None:
    empty_scene()
    character = reached_rig()
    character.pose.bones["forearm"].constraints["IK"].mute = True
    assert prepared(character, ARM, None, ARM_BONES).held == ()


def test_a_driven_influence_is_said_and_not_keyed() -> None:
    empty_scene()
    character = reached_rig()
    character.pose.bones["forearm"].constraints["IK"].driver_add("influence").driver.expression = "0.5"
    state = prepared(character, ARM, None, ARM_BONES)
    assert state.held == ()
    assert state.notes[0] == "IK of forearm is driven, so that bones may not obey their keys."


def test_a_constraint_that_the_switch_turns_off_by_a_driver_needs_no_word() -> None:
    empty_scene()
    character = reached_rig()
    character.pose.bones["hand"]["ik"] = 1.0
    driver = character.pose.bones["forearm"].constraints["IK"].driver_add("influence").driver
    driver.type, target = "SUM", driver.variables.new().targets[0]
    target.id, target.data_path = character, 'pose.bones["hand"]["ik"]'
    bpy.context.view_layer.update()
    state = prepared(character, ARM, RigTable("t", "T", {}, switches=(Switch("hand", "ik", 0.0),)), ARM_BONES)
    assert values(state.held) == {'pose.bones["hand"]["ik"]': 0.0} and state.notes == ()


def test_bones_that_a_driver_turns_get_no_keys() -> None:
    empty_scene()
    character = arm_rig()
    character.pose.bones["forearm"].driver_add("rotation_quaternion", 1).driver.expression = "0.3"
    state = prepared(character, ARM, None, ARM_BONES)
    assert state.bones == tuple(name for name in ARM_BONES if name != "forearm") == state.carriage.bones
    assert state.notes == ("forearm is driven and gets no keys.",)


def test_hips_that_a_driver_turns_are_refused() -> None:
    empty_scene()
    character = arm_rig()
    character.pose.bones["hips"].driver_add("rotation_quaternion", 1).driver.expression = "0.3"
    with pytest.raises(Refusal, match="A driver turns hips of Arm, so that no key can"):
        prepared(character, ARM, None, ARM_BONES)


@pytest.mark.parametrize("before", [0, 0.0, False])
def test_a_switch_keeps_its_type(before: float) -> None:
    empty_scene()
    character = arm_rig()
    character.pose.bones["hand"]["follow"] = before
    table = RigTable("t", "T", {}, switches=(Switch("hand", "follow", 1.0, slots=("left_hand",)),))
    seen = []
    measure = module.measured_carriage

    def watched(*given: object, **more: object):
        seen.append(character.pose.bones["hand"]["follow"])
        return measure(*given, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "measured_carriage", watched)
        state = prepared(character, ARM, table, ARM_BONES)
    after = character.pose.bones["hand"]["follow"]
    assert [(type(value), value) for value in (*seen, after)] == [(type(before), 1), (type(before), 0)]
    assert values(state.held) == {'pose.bones["hand"]["follow"]': 1.0}


@pytest.fixture
def toggle_of_an_add_on():
    """A number on bones as mmd_tools has it, which sets the influence of IK constraints that reach for the bone."""
    def switch(bone: bpy.types.PoseBone, _: object) -> None:
        for other in bone.id_data.pose.bones:
            for constraint in other.constraints:
                if getattr(constraint, "subtarget", "") == bone.name:
                    constraint.influence = bone.mmd_ik_toggle

    bpy.types.PoseBone.mmd_ik_toggle = bpy.props.BoolProperty(default=True, update=switch)
    yield
    del bpy.types.PoseBone.mmd_ik_toggle


def test_what_an_add_on_switches_by_its_own_code_is_keyed_too(toggle_of_an_add_on: None) -> None:
    empty_scene()
    character = reached_rig()
    constrained(character, "chest", "COPY_LOCATION", "reach", influence=0.3)
    table = RigTable("t", "T", {}, switches=(Switch("reach", "mmd_ik_toggle", 0.0, 1.0, ("left_hand",)),))
    before = rig_state(character)
    assert values(prepared(character, ARM, table, ARM_BONES).held) == {
        'pose.bones["reach"].mmd_ik_toggle': 0.0,
        'pose.bones["forearm"].constraints["IK"].influence': 0.0,
        'pose.bones["chest"].constraints["Copy Location"].influence': 0.0,
    }
    assert rig_state(character) == before


def test_switches_of_limbs_that_are_not_mapped_and_of_bones_that_lack_are_left_out() -> None:
    empty_scene()
    character = arm_rig()
    character.pose.bones["hand"]["follow"] = 0.0
    switches = (Switch("hand", "follow", 1.0, slots=("right_hand",)), Switch("gone", "follow", 1.0),
                Switch("hand", "lacks", 1.0))  # fmt: skip
    assert prepared(character, ARM, RigTable("t", "T", {}, switches=switches), ARM_BONES).held == ()


def test_names_of_a_table_are_found_with_their_prefix() -> None:
    empty_scene()
    character = arm_rig({"my:switch": ("root", (0.0, 0.0, 0.0), (0.0, 0.0, 1.0), 0.0)})
    character.pose.bones["my:switch"]["ik"] = 1.0
    table = RigTable("t", "T", {}, prefixes=("", "my:"), switches=(Switch("switch", "ik", 0.0),))
    assert values(prepared(character, ARM, table, ARM_BONES).held) == {'pose.bones["my:switch"]["ik"]': 0.0}


def test_it_is_said_when_ik_is_wanted_and_there_is_none() -> None:
    empty_scene()
    state = prepared(arm_rig(), ARM, None, ARM_BONES, ik=True)
    assert state.notes == ("Arm has no IK controls that are known, so that none got keys.",)


def test_ik_that_is_wanted_stays_on() -> None:
    empty_scene()
    character = reached_rig()
    table = RigTable("t", "T", {}, ik={"left_arm": IkLimb("reach")})
    state = prepared(character, ARM, table, ARM_BONES, ik=True)
    assert state.held == () and state.notes == ()
    assert np.all(state.carriage.carriers == [-1, 0, 1, 2, 3, 4])
    assert character.pose.bones["forearm"].constraints["IK"].influence == 1.0
