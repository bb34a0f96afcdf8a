"""All people of all takes, or all retargeted characters, one file each; what fails does not stop the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import bpy

from ...motion.refusal import Refusal
from ..retarget.keys.retargeted import is_retargeted
from ..take_scene import takes_in
from ..takes import people_of
from .export_choices import ExportChoices
from .export_motion import export_motion
from .file_names import is_among, numbered, safe_name

Existing = Literal["NUMBER", "REPLACE", "SKIP"]


@dataclass(frozen=True)
class Summary:
    """What a batch came to."""

    written: tuple[Path, ...]
    skipped: tuple[Path, ...]   # there already, and left alone
    notes: tuple[str, ...]      # what a file lacks, a sentence each
    failures: tuple[str, ...]   # what could not be written and why, a sentence each

    @property
    def in_words(self) -> str:
        """Such as "Written: Dance - Ann.bvh and 3 more, to /film/out. 1 failed"."""
        parts = [f"Written: {_named(self.written)}, to {self.written[0].parent}" if self.written else "No file written"]
        if self.skipped:
            parts.append(f"Skipped, as already there: {_named(self.skipped)}")
        if self.failures:
            parts.append(f"{len(self.failures)} failed")
        return ". ".join(parts)


def everybody_in(scene: bpy.types.Scene, what: str) -> list[tuple[bpy.types.Object, str]]:
    """Who is exported together, each with the name of its file, such as "Dance - Person 1" or "Ybot".

    what: "TAKES" for all people of takes, "RETARGETED" for all characters with a motion that Retarget made.
    """
    if what == "RETARGETED":
        return [(thing, safe_name(thing.name)) for thing in scene.objects if is_retargeted(thing)]
    return [(person, safe_name(f"{take.name} - {_without(take.name, person.name)}"))
            for take in takes_in(scene) for person in people_of(take)]  # fmt: skip


def export_all(
    everybody: Sequence[tuple[bpy.types.Object, str]], folder: Path,
    choices_of: Callable[[bpy.types.Object], ExportChoices], existing: Existing, context: bpy.types.Context,
    report: Callable[[float], None] = lambda _: None,
) -> Summary:  # fmt: skip
    """Write a file for everybody. Where a file of that name is there, `existing` says what happens; two of one name
    in a batch get numbers.

    Raises Refusal when there is nobody.
    """
    if not everybody:
        raise Refusal("nobody", "This scene has nobody to export together.",
                      "Capture footage, import a motion or retarget one first.")
    written: list[Path] = []
    skipped: list[Path] = []
    notes: list[str] = []
    failures: list[str] = []
    for place, (character, name) in enumerate(everybody):
        choices = choices_of(character)
        path = folder / f"{name}{choices.kind.suffix}"
        is_given = is_among(path, set(written))
        if existing == "SKIP" and path.exists() and not is_given:
            skipped.append(path)
            continue
        path = numbered(path, set(written)) if existing == "NUMBER" or is_given else path
        try:
            notes.append(export_motion(character, path, choices, context, _part(report, place, len(everybody))))
            written.append(path)
        except Refusal as refusal:
            whose = "" if character.name in refusal.sentence else f"{character.name}: "
            failures.append(f"{whose}{refusal.sentence} {refusal.mend}")
    return Summary(tuple(written), tuple(skipped), tuple(note for note in notes if note), tuple(failures))


def _part(report: Callable[[float], None], place: int, count: int) -> Callable[[float], None]:
    return lambda share: report((place + share) / count)


def _named(paths: Sequence[Path]) -> str:
    """Such as "Dance - Ann.bvh and 3 more"."""
    return f"{paths[0].name} and {len(paths) - 1} more" if len(paths) > 1 else paths[0].name


def _without(take: str, person: str) -> str:
    return person.removeprefix(take).strip() or person
