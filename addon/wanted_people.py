"""What a take's people are to be: kept on the take's empty, so that it is saved and undone with the file."""

from collections.abc import Sequence
from pathlib import Path

import bpy

from ..motion.people_edits import Edit, edits_text
from . import backend_process
from .people_changes import known_edits, leaves
from .people_list import Listed, everybody_in, result_of
from .take_scene import MADE_WITH, NUMBER
from .takes import active_take, job_of

WANTED = "mambocap_people_wanted"   # on a take's empty: the edits as they are to be


def made_with(take: bpy.types.Object) -> list[Edit]:
    """The edits that a take was built after."""
    return known_edits(str(take.get(MADE_WITH, "")))


def wanted(take: bpy.types.Object) -> list[Edit]:
    """The edits that are to be."""
    return known_edits(str(take[WANTED])) if WANTED in take else made_with(take)


def added(take: bpy.types.Object) -> list[Edit]:
    """The edits that wait to be applied."""
    return [edit for edit in wanted(take) if edit not in made_with(take)]


def set_wanted(take: bpy.types.Object, edits: Sequence[Edit]) -> None:
    take[WANTED] = edits_text(edits)


def is_behind(take: bpy.types.Object, job: Path) -> bool:
    """Whether the capture of a take was solved with other edits since the take was built."""
    return (backend_process.state(job) == "finished"
            and known_edits(result_of(job).people_edits) != made_with(take))  # fmt: skip


def active_number(context: bpy.types.Context) -> int:
    """The number of the person that the active object belongs to, 0 for nobody."""
    thing = context.view_layer.objects.active
    while thing is not None and NUMBER not in thing:
        thing = thing.parent
    return int(thing[NUMBER]) if thing is not None else 0


def active_person(context: bpy.types.Context) -> Listed | None:
    """The active person of the active take as the capture knows them."""
    job, number = job_of(active_take(context)), active_number(context)
    return next((each for each in everybody_in(job) if each.number == number), None) if job is not None else None


def others(context: bpy.types.Context) -> list[Listed]:
    """Everybody else who is and will be in the active take."""
    take, number = active_take(context), active_number(context)
    return [each for each in everybody_in(job_of(take))
            if not each.why_left_out and each.number != number and not leaves(added(take), each.number)]  # fmt: skip
