"""A choice keeps its number whatever else is offered."""

import pytest
from mambocap.addon import capture_settings
from mambocap.addon.export.export_settings import MambocapExport
from mambocap.addon.export.formats import FORMATS, USUAL
from mambocap.addon.lasting_items import lasting_items

pytest_plugins = ["tests.addon.in_blender"]
FIRST = ("heavy", "FILE")


def numbers(*names: str) -> dict[str, int]:
    return {item[0]: item[4] for item in lasting_items([(name, name, "x") for name in names], FIRST)}


def test_a_new_choice_changes_no_number_of_another():
    few, many = numbers("heavy", "waves", "FILE"), numbers("aaa", "heavy", "beside", "waves", "zzz", "FILE")
    assert few.items() <= many.items()
    assert (few["heavy"], few["FILE"]) == (0, 1)
    assert len(set(many.values())) == 6 and all(0 <= number < 2**31 for number in many.values())


@pytest.mark.parametrize("group, name, values", [
    (capture_settings.MambocapSettings, "detector", {"heavy": 0, "full": 1, "lite": 2, "FILE": 3}),
    (capture_settings.MambocapSettings, "lifter", {"network": 0, "direct": 1}),
    (MambocapExport, "format", {key: place for place, key in enumerate(USUAL)}),
])  # fmt: skip
def test_files_saved_before_choices_could_be_added_mean_what_they_meant(extension, group, name, values):
    items = group.bl_rna.properties[name].enum_items
    assert values.items() <= {item.identifier: item.value for item in items}.items()
    assert group.bl_rna.properties[name].default == next(iter(values))


def test_every_format_says_only_options_that_there_are(extension):
    known = MambocapExport.bl_rna.properties
    assert not [option for each in FORMATS.values() for option in each.options if option not in known]
