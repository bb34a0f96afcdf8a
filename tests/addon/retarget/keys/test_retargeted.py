from __future__ import annotations

import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon.retarget.keys.correction_layer import add_correction_layer  # noqa: E402
from mambocap.addon.retarget.keys.reduce import reduce_keys  # noqa: E402
from mambocap.addon.retarget.keys.retargeted import is_retargeted  # noqa: E402
from mambocap.addon.retarget.retarget_character import Wish, retarget_character  # noqa: E402
from mambocap.motion.retarget.settings import RetargetSettings  # noqa: E402

from bench.rigs.all_rigs import made_up_rigs  # noqa: E402
from bench.rigs.in_blender import build  # noqa: E402
from motion.retarget.mapping.rig_mapping import RigMapping  # noqa: E402
from tests.addon.made_up_takes import empty_scene  # noqa: E402
from tests.addon.retarget.made_up_source import made_up_source  # noqa: E402


def test_a_retargeted_character_stays_one_with_fewer_keys_and_a_layer_over_them() -> None:
    empty_scene()
    rig = made_up_rigs()["mixamo"]
    character = build(rig)
    assert not is_retargeted(character)
    wish = Wish(RigMapping(rig.slots, family="mixamo"), RetargetSettings())
    retarget_character(character, made_up_source(), wish, lambda share, words: None)
    assert is_retargeted(character)
    reduce_keys(character, 0.01)
    assert is_retargeted(character)
    add_correction_layer(character)
    assert is_retargeted(character)


def test_other_things_are_none() -> None:
    empty_scene()
    character = build(made_up_rigs()["mixamo"])
    character.animation_data_create().action = bpy.data.actions.new("By hand")
    assert not is_retargeted(character) and not is_retargeted(bpy.data.objects.new("Empty", None))
