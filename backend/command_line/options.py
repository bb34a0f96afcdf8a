"""The command line's options, made from the settings' data classes so that no two doors disagree."""

from __future__ import annotations

import argparse
import inspect
import tokenize
import typing
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from io import StringIO
from typing import Any

from backend.settings import Settings, choices, plain_type

FLAGS = {   # that say more than the name of the field, or as much in fewer words
    "detect.model": "--detector",
    "camera.motion": "--camera",
    "camera.path_file": "--camera-file",
    "hypotheses.samples": "--hypotheses",
    "hypotheses.steps": "--hypotheses-steps",
    "hypotheses.seed": "--hypotheses-seed",
    "hypotheses.aggregate": "--hypotheses-aggregate",
    "hypotheses.draws_each": "--hypotheses-draws-each",
    "hypotheses.noise": "--hypotheses-noise",
    "hypotheses.fit_rounds": "--hypotheses-fit-rounds",
    "world.hints.vertical": "--vertical",
    "world.hints.upright_at_s": "--upright-at-s",
    "world.hints.floor_at_s": "--floor-at-s",
    "world.clean_up.feet": "--feet",
    "world.clean_up.strength": "--planting",
    "world.clean_up.smoothing": "--smoothing",
    "world.clean_up.plant_hands": "--plant-hands",
}
DESTINATION = "setting:"   # before the path of a setting, so that options of the command itself stay apart


@dataclass(frozen=True)
class Option:
    """One setting as an option of the command line."""

    path: str            # such as "video.in_s"
    kind: Any            # annotation of the field
    default: Any
    note: str            # the comment beside the field, else what its data class says of itself
    flag: str            # such as "--in-s"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add an option for every setting, grouped by stage."""
    groups: dict[str, argparse._ArgumentGroup] = {}
    for option in all_options():
        stage = option.path.split(".")[0] if "." in option.path else "machine"
        if stage not in groups:
            groups[stage] = parser.add_argument_group(stage)
        groups[stage].add_argument(option.flag, **_arguments(option))


def chosen_settings(options: argparse.Namespace) -> dict[str, Any]:
    """What was said on the command line, as `request.json` holds it."""
    chosen: dict[str, Any] = {}
    for name, value in vars(options).items():
        if name.startswith(DESTINATION):
            *groups, last = name.removeprefix(DESTINATION).split(".")
            inner = chosen
            for group in groups:
                inner = inner.setdefault(group, {})
            inner[last] = value
    return chosen


def all_options() -> list[Option]:
    """One option per setting; names that two stages share carry the stage in front, those of a group the group."""
    found = list(_options_of(Settings, ""))
    shared = Counter(path.split(".")[-1] for path, *_ in found)
    return [Option(*each, flag=_flag(each[0], shared[each[0].split(".")[-1]] > 1)) for each in found]


def _flag(path: str, is_shared: bool) -> str:
    if path in FLAGS:
        return FLAGS[path]
    _, *inside = path.split(".")
    words = path if is_shared or not inside else ".".join(inside)
    return "--" + words.replace(".", "-").replace("_", "-")


def _options_of(kind: type, where: str) -> Iterator[tuple[str, Any, Any, str]]:
    notes, kinds = field_notes(kind), typing.get_type_hints(kind)
    for each in fields(kind):
        path = f"{where}.{each.name}" if where else each.name
        if is_dataclass(kinds[each.name]):
            yield from _options_of(kinds[each.name], path)
        else:
            yield path, kinds[each.name], each.default, notes.get(each.name, (kind.__doc__ or "").splitlines()[0])


def _arguments(option: Option) -> dict[str, Any]:
    plain = plain_type(option.kind)
    note = option.note.replace("%", "%%")
    words = note if option.default in (None, "", False) else f"{note} (default {option.default})"
    arguments: dict[str, Any] = {"dest": DESTINATION + option.path, "default": argparse.SUPPRESS, "help": words}
    if plain is bool:
        return {**arguments, "action": argparse.BooleanOptionalAction}
    metavar = "FILE" if option.path.endswith("_file") else {float: "NUMBER", int: "COUNT"}.get(plain, "TEXT")
    allowed = choices(option.path, option.kind)
    return {**arguments, "type": plain, "metavar": None if allowed else metavar, "choices": allowed or None}


def field_notes(kind: type) -> dict[str, str]:
    """The comment that stands beside each field of a data class in its source."""
    notes: dict[str, str] = {}
    name = ""
    for token in tokenize.generate_tokens(StringIO(inspect.getsource(kind)).readline):
        if token.type == tokenize.NAME and token.line.lstrip().startswith(f"{token.string}:"):
            name = token.string
        elif token.type == tokenize.COMMENT and name and token.line.lstrip().startswith(f"{name}:"):
            notes[name] = token.string.lstrip("# ").strip()
    return notes
