"""The job type for Flamenco asks our own command for what it can do, for every take once, and never for a bad path."""

from __future__ import annotations

import argparse
import json
import re
import shlex
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.command_line.batch_options import add_batch
from backend.command_line.options import all_options, chosen_settings
from backend.settings import choices
from tests.assets.made_up_flamenco import RefusedJobError, Task, compiled, job_type

DOCUMENT = Path(__file__).parents[2] / "docs/flamenco.md"
FOLDERS = {"source": "/mnt/footage/shoot 12", "out": "{takes}/shoot 12"}
# Of `AvailableJobSetting` in Flamenco's API.
KEYS = {"key", "type", "subtype", "choices", "propargs", "description", "label", "default", "eval", "evalInfo",
        "visible", "required", "editable"}  # fmt: skip
TYPES = {"string": str, "int32": int, "float": float, "bool": bool}
SUBTYPES = {None, "file_path", "dir_path", "file_name", "hashed_file_path"}
VISIBLE = {None, "visible", "hidden", "submission", "web"}


def arguments_of(task: Task) -> list[str]:
    """What stands behind build.py in a task."""
    assert task.command == "exec" and set(task.parameters) == {"exe", "args"}
    assert task.parameters["exe"] == "{mambocapPython}"
    program, *arguments = task.parameters["args"]
    assert program == "{mambocap}/build.py"
    return arguments


def understood(task: Task) -> argparse.Namespace:
    """What our own command line makes of a task."""
    arguments = arguments_of(task)
    assert arguments[0] == "batch"
    return batch_parser().parse_args(arguments[1:])


@cache
def batch_parser() -> argparse.ArgumentParser:
    """The command line of `build.py batch`."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    add_batch(parser, with_settings=True)
    return parser


def settings_by_key() -> dict[str, dict]:
    return {setting["key"]: setting for setting in job_type()["settings"]}


@given(parts=st.integers(1, 40))
def test_the_parts_are_all_takes_once(parts):
    *captures, report = compiled(**FOLDERS, parts=parts)
    assert [understood(task).part for task in captures] == [(number, parts) for number in range(1, parts + 1)]
    assert not any(understood(task).report for task in captures)
    assert understood(report).report and understood(report).part is None


def test_captures_wait_for_nothing_and_the_report_for_all_of_them():
    *captures, report = compiled(**FOLDERS, parts=7)
    assert not any(task.waits_for for task in captures)
    assert report.waits_for == tuple(task.name for task in captures)
    assert len({task.name for task in captures}) == 7


def test_workers_need_no_task_type_of_their_own():
    assert {task.type for task in compiled(**FOLDERS, parts=2)} == {"misc"}


def test_a_broken_clip_fails_no_task():
    """Else the farm tries its part three times, blocks workers, and ends the job before the report."""
    assert all(understood(task).failed_is_fine for task in compiled(**FOLDERS, parts=2))


@given(quality=st.sampled_from(["best", "fast"]), device=st.sampled_from(["auto", "cpu", "cuda"]),
       preview=st.booleans(), retry=st.booleans())  # fmt: skip
def test_every_choice_reaches_our_command(quality, device, preview, retry):
    task, _ = compiled(**FOLDERS, parts=1, quality=quality, device=device, preview=preview, retry=retry)
    options = understood(task)
    assert chosen_settings(options) == {"device": device, "detect": {"quality": quality}}
    assert (options.preview, options.retry) == (preview, retry)


@pytest.mark.parametrize(("key", "path"), [("quality", "detect.quality"), ("device", "device")])
def test_offered_is_what_there_is(key, path):
    (option,) = (option for option in all_options() if option.path == path)
    assert set(settings_by_key()[key]["choices"]) == set(choices(path, option.kind))
    assert settings_by_key()[key]["default"] == option.default


def test_captures_and_report_look_for_the_same_takes():
    said = {(options.source, options.out, options.cameras) for options in
            map(understood, compiled(**FOLDERS, parts=3, cameras="*_cam?"))}  # fmt: skip
    assert said == {(Path(FOLDERS["source"]), Path(FOLDERS["out"]), "*_cam?")}


def test_cameras_are_looked_for_as_by_our_command_where_nothing_is_said():
    usual = batch_parser().parse_args(["footage", "--out", "takes"]).cameras
    for cameras in ({}, {"cameras": ""}):
        assert {understood(task).cameras for task in compiled(**FOLDERS, parts=1, **cameras)} == {usual}


def test_more_options_are_split_as_in_a_shell():
    task, report = compiled(**FOLDERS, parts=1, more="--height-m 1.8 --actor 'Jo Doe'")
    assert chosen_settings(understood(task))["body"] == {"height_m": 1.8, "actor": "Jo Doe"}
    assert "--height-m" not in arguments_of(report)


@given(name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_path_arrives_as_it_was_whatever_its_name(name):
    task, _ = compiled(source=f"/mnt/{name}", out=f"T:\\{name}", parts=1)
    assert arguments_of(task)[1:4] == [f"/mnt/{name}", "--out", f"T:\\{name}"]


def test_what_is_left_out_is_the_default():
    defaults = {key: setting["default"] for key, setting in settings_by_key().items() if "default" in setting}
    assert compiled(**FOLDERS) == compiled(**FOLDERS, **defaults) == compiled(**FOLDERS, **dict.fromkeys(defaults))


@pytest.mark.parametrize("path", ["", "shoot", "./shoot", "C:shoot", "~/shoot"])
@pytest.mark.parametrize(("key", "label"), [("source", "Footage"), ("out", "Results")])
def test_a_path_that_workers_cannot_find_is_refused_by_its_name(path, key, label):
    with pytest.raises(RefusedJobError, match=label):
        compiled(**{**FOLDERS, key: path})


@pytest.mark.parametrize("parts", [0, -3, 2.5, 1001, 1e12, "four"])
def test_a_senseless_number_of_parts_is_refused(parts):
    with pytest.raises(RefusedJobError, match="Parts"):
        compiled(**FOLDERS, parts=parts)


@pytest.mark.parametrize(("said", "sent"), [("//../shoot", "/show/shoot"), ("{takes}/a", "{takes}/a"), ("", "")])
@pytest.mark.parametrize("key", ["source", "out"])
def test_blenders_relative_paths_are_sent_whole(said, sent, key):
    settings = SimpleNamespace(**{key: said})
    found = eval(settings_by_key()[f"{key}_path"]["eval"], {}, {"settings": settings, "abspath": absolute})
    assert found == sent
    if sent:
        task, _ = compiled(**{**FOLDERS, key: said, f"{key}_path": found}, parts=1)
        assert sent in arguments_of(task)


def absolute(path: str) -> Path:
    """Flamenco's `abspath` for a .blend in /show/scenes."""
    return Path("/show") / path.removeprefix("//../")


def test_the_settings_are_of_the_form_that_flamenco_documents():
    assert set(job_type()) == {"label", "description", "settings"}
    keys = [setting["key"] for setting in job_type()["settings"]]
    assert len(set(keys)) == len(keys) and all(key.isidentifier() for key in keys)
    for setting in job_type()["settings"]:
        assert set(setting) <= KEYS
        assert setting.get("subtype") in SUBTYPES and setting.get("visible") in VISIBLE
        assert isinstance(setting.get("default", TYPES[setting["type"]]()), TYPES[setting["type"]])
        assert setting.get("default", "") in setting.get("choices", [setting.get("default", "")])


def test_the_document_has_every_setting_and_variable():
    document = DOCUMENT.read_text(encoding="utf-8")
    shown = [setting["label"] for setting in job_type()["settings"] if setting.get("visible") != "web"]
    assert not [label for label in shown if f"| *{label}* |" not in document]
    task, _ = compiled(**FOLDERS, parts=1)
    variables = re.findall(r"\{(\w+)\}", task.parameters["exe"] + task.parameters["args"][0])
    assert len(variables) == 2
    assert not [name for name in variables if f"\n  {name}:\n" not in document]


def test_the_job_in_the_document_is_accepted():
    (job,) = map(json.loads, re.findall(r"```json\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL))
    assert job["type"] == "mambocap" and set(job["settings"]) <= set(settings_by_key())
    *captures, _ = compiled(**job["settings"])
    assert [understood(task).part for task in captures][-1] == (job["settings"]["parts"],) * 2


def test_the_commands_in_the_document_are_understood():
    lines = re.findall(r"^ +python3 build\.py (batch .*)$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(lines) >= 2
    for line in lines:
        batch_parser().parse_args(shlex.split(line)[1:])
