"""What the user changes about who is who, after people were found."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from backend.detect.detections import Detections
from motion.arrays import Indices
from motion.people_edits import Edit
from motion.refusal import Refusal

People = dict[int, Indices]     # findings [M] of everybody by number, rising in time; whoever comes first first


def edited(people: People, edits: list[Edit], detections: Detections) -> People:
    """`people` after the `edits` in their order. Numbers stay with people; the later part of a split gets a new one.

    Raises Refusal "bad-people" for a number that nobody has (any more), a time that parts nobody, people of two shots
    to be merged, and edits after which nobody is left. Where nobody was found there is nothing to edit.
    """
    return [people, *(after for _, _, after in _steps(people, edits, detections))][-1]


def left_out(people: People, edits: list[Edit], detections: Detections) -> dict[int, tuple[str, Indices]]:
    """Whom the edits leave out, by number: "dropped" or "merged into 1", and their findings before."""
    gone: dict[int, tuple[str, Indices]] = {}
    for edit, before, after in _steps(people, edits, detections):
        why = f"merged into {edit.people[0]}" if edit.verb == "merge" else "dropped"
        gone |= {number: (why, before[number]) for number in sorted(before.keys() - after.keys())}
    return gone


def _steps(people: People, edits: list[Edit], detections: Detections) -> Iterator[tuple[Edit, People, People]]:
    """Each edit with the people before and after it."""
    now, highest = dict(people), max(people, default=0)
    for edit in edits if people else []:
        _check_numbers(edit, now)
        before, now = now, _ACTIONS[edit.verb](now, edit, detections, highest + 1)
        if not now:
            raise _refused(f"Nobody is left after \"{edit}\".", "Take one of your changes back.")
        highest = max(highest, *now)
        yield edit, before, now


def _dropped(people: People, edit: Edit, detections: Detections, free: int) -> People:
    return {number: findings for number, findings in people.items() if number not in edit.people}


def _only(people: People, edit: Edit, detections: Detections, free: int) -> People:
    return {number: findings for number, findings in people.items() if number in edit.people}


def _first(people: People, edit: Edit, detections: Detections, free: int) -> People:
    (number,) = edit.people
    return {number: people[number], **people}


def _merged(people: People, edit: Edit, detections: Detections, free: int) -> People:
    """Where several of them are seen, the one named first wins."""
    kept, *others = edit.people
    shots = {number: int(detections.shot[detections.picture[people[number][0]]]) for number in edit.people}
    for number in others:
        if shots[number] != shots[kept]:
            raise _refused(f"Person {number} is in another shot than person {kept}.", "Merge people of one shot.")
    findings = np.concatenate([people[number] for number in edit.people])
    pictures, first = np.unique(detections.picture[findings], return_index=True)
    return {number: findings[first] if number == kept else own
            for number, own in people.items() if number not in others}  # fmt: skip


def _split(people: People, edit: Edit, detections: Detections, free: int) -> People:
    (number,) = edit.people
    times_s = detections.times_s[detections.picture[people[number]]]
    later = times_s >= edit.at_s - 1e-6
    if later.all() or not later.any():
        raise _refused(f"Person {number} is seen from {times_s[0]:.2f} to {times_s[-1]:.2f} s, "
                       f"which {edit.at_s:g} s does not part.", "Split at a time between.")  # fmt: skip
    return {**people, number: people[number][~later], free: people[number][later]}


_ACTIONS = {"drop": _dropped, "only": _only, "first": _first, "merge": _merged, "split": _split}


def _check_numbers(edit: Edit, people: People) -> None:
    for place, number in enumerate(edit.people):
        if number not in people:
            raise _refused(f"There is no person {number} for \"{edit}\".", _who_there_is(people))
        if number in edit.people[:place]:
            raise _refused(f"\"{edit}\" names person {number} twice.", "Name everybody once.")


def _who_there_is(people: People) -> str:
    first, *others = sorted(people)
    listed = ", ".join(map(str, (first, *others)))
    return f"There are people {listed}." if others else f"There is only person {first}."


def _refused(sentence: str, mend: str) -> Refusal:
    return Refusal("bad-people", sentence, mend)
