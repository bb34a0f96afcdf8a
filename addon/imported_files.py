"""The people of motion files that are imported: archives of SMPL-X motion and recordings of motion capture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..motion.body import BodyModel
from ..motion.motion_file import y_up_to_z_up
from ..motion.recordings.onto_body import lay_on_body
from ..motion.recordings.open_recording import SUFFIXES as RECORDINGS
from ..motion.recordings.open_recording import open_recording
from ..motion.recordings.to_motion import motion_of
from .people import Person, read_people

SUFFIXES = (".npz", *RECORDINGS)


def grouped_by_take(paths: Sequence[Path]) -> dict[tuple[str, Path], list[Path]]:
    """Files by the name and folder of the take that they belong to: people of one capture together, any other alone.

    A take is called after its file, with the suffix where two files differ in nothing else.
    """
    takes: dict[tuple[str, Path], list[Path]] = {}
    paths = [path.absolute() for path in paths]
    alike = Counter(path.with_suffix("") for path in paths)
    for path in paths:
        captured = path.name == "motion.npz" and path.parent.name.startswith("person_")
        name = path.stem if alike[path.with_suffix("")] == 1 else path.name
        key = (path.parent.parent.name, path.parent.parent) if captured else (name, path.parent)
        takes.setdefault(key, []).append(path)
    return takes


def people_in(paths: Sequence[Path], model: BodyModel, y_up: bool) -> list[Person]:
    """The people of one take's files; `y_up` turns archives that do not say which axis is up.

    Raises Refusal for the first file that cannot be read.
    """
    if paths[0].suffix.lower() in RECORDINGS:
        return [_recorded_person(path, model) for path in paths]
    people = read_people(list(paths), model)
    return [_turned_up(person) for person in people] if y_up else people


def _recorded_person(path: Path, model: BodyModel) -> Person:
    body = model.shaped([])
    return Person("Person 1", motion_of(lay_on_body(open_recording(path), body), body), path)


def _turned_up(person: Person) -> Person:
    return person if person.motion.cameras else replace(person, motion=y_up_to_z_up(person.motion), y_up=True)
