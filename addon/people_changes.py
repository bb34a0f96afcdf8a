"""Edits of people as the panel shows them: what waits to be applied, in words. Knows nothing of Blender."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..motion.job import Request
from ..motion.people_edits import Edit, edits_text, read_edits
from ..motion.refusal import Refusal


@dataclass(frozen=True)
class Change:
    """One difference between the edits that a take was made with and those that are wanted."""

    edit: Edit
    words: str


def known_edits(text: str) -> list[Edit]:
    """The edits of a text that may come from anywhere; one that cannot be read says nothing."""
    try:
        return read_edits(text)
    except Refusal:
        return []


def changes(made_with: Sequence[Edit], wanted: Sequence[Edit]) -> list[Change]:
    """What is to be taken back, and what is to be added."""
    back = [Change(edit, _words_of_undoing(edit)) for edit in made_with if edit not in wanted]
    return back + [Change(edit, words_of(edit)) for edit in wanted if edit not in made_with]


def without_change(made_with: Sequence[Edit], wanted: Sequence[Edit], edit: Edit) -> list[Edit]:
    """The wanted edits once more when a change is given up."""
    if edit in wanted:
        return [each for each in wanted if each != edit]
    kept = [each for each in made_with if each in wanted or each == edit]
    return kept + [each for each in wanted if each not in made_with]


def brought_back(edits: Sequence[Edit], number: int) -> list[Edit]:
    """The edits without what leaves this person out."""
    return [edit for each in edits if (edit := _sparing(each, number)) is not None]


def _sparing(edit: Edit, number: int) -> Edit | None:
    """An edit that does not leave this person out, None when nothing is left of it."""
    if edit.verb == "only" and number not in edit.people:
        return replace(edit, people=(*edit.people, number))
    if edit.verb == "drop":
        people = tuple(person for person in edit.people if person != number)
        return replace(edit, people=people) if people else None
    if edit.verb == "merge" and number in edit.people[1:]:
        people = tuple(person for person in edit.people if person != number)
        return replace(edit, people=people) if len(people) > 1 else None
    return edit


def fate(added: Sequence[Edit], number: int) -> str:
    """What waits for a person who is in the take, empty for nothing."""
    for edit in added:
        if edit.verb == "drop" and number in edit.people or edit.verb == "only" and number not in edit.people:
            return "Will be dropped"
        if edit.verb == "merge" and number in edit.people[1:]:
            return f"Will go into {name_of(edit.people[0])}"
    moments = [f"{edit.at_s:.2f} s" for edit in added if edit.verb == "split" and number in edit.people]
    if moments:
        return f"Will be split at {_listed(moments)}"
    return "Will come first" if any(edit.verb == "first" and number in edit.people for edit in added) else ""


def leaves(added: Sequence[Edit], number: int) -> bool:
    """Whether a person who is in the take will not be in it."""
    return fate(added, number).startswith(("Will be dropped", "Will go into"))


def words_of(edit: Edit) -> str:
    """One edit as a sentence without its full stop, such as "Merge Person 3 into Person 1"."""
    first, *others = (name_of(number) for number in edit.people)
    if edit.verb == "merge":
        return f"Merge {_listed(others)} into {first}"
    if edit.verb == "split":
        return f"Split {first} at {edit.at_s:.2f} s"
    people = _listed([first, *others])
    return {"drop": f"Drop {people}", "only": f"Keep only {people}", "first": f"Put {people} first"}[edit.verb]


def _words_of_undoing(edit: Edit) -> str:
    if edit.verb == "drop":
        return f"Bring back {_listed(map(name_of, edit.people))}"
    if edit.verb == "merge":
        return f"Bring back {_listed(map(name_of, edit.people[1:]))}"
    return {"split": f"Do not split {name_of(edit.people[0])} at {edit.at_s or 0.0:.2f} s",
            "only": f"Keep more than {_listed(map(name_of, edit.people))}",
            "first": f"Do not put {name_of(edit.people[0])} first"}[edit.verb]  # fmt: skip


def name_of(number: int) -> str:
    return f"Person {number}"


def _listed(names: Sequence[str]) -> str:
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last


def asking_for(request: Request, edits: Sequence[Edit]) -> Request:
    """The same request with these edits of people."""
    settings = {name: value for name, value in request.settings.items() if name != "track"}
    track = {name: value for name, value in request.settings.get("track", {}).items() if name != "people"}
    if edits:
        track["people"] = edits_text(edits)
    return replace(request, settings={**settings, **({"track": track} if track else {})})


def edits_in(request: Request) -> list[Edit]:
    """The edits of people that a request asks for."""
    track = request.settings.get("track", {})
    return known_edits(str(track.get("people", ""))) if isinstance(track, dict) else []


def find_the_same_people(one: Request, other: Request) -> bool:
    """Whether two requests look at the same footage in the same way, so that numbers mean the same people."""
    return one.clips == other.clips and all(
        one.settings.get(stage, {}) == other.settings.get(stage, {}) for stage in ("video", "detect")
    )
