"""Which takes there are to capture: the clips of a folder or a list, those of several cameras brought together."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from ..footage_names import FILMS, PICTURES
from ..refusal import Refusal
from .camera_names import Marked, Marker, by_pattern, by_usual_names
from .footage_in import FoundClip, footage_in, natural
from .take_list import Line, read_list
from .take_names import Draft, named
from .words import WantedTake

AUTO, EACH = "auto", "none"   # for `cameras`: by usual names; each clip a take of its own


def find_takes(source: Path, cameras: str = AUTO) -> list[WantedTake]:
    """The takes of a folder with its sub-folders, or of a list, in natural order.

    `cameras` says which clips are cameras of one take: "auto" by usual names (camera_names.py), "none", or a pattern
    such as `*_cam?`. A list says so itself; only a pattern is asked of those of its lines that name just a clip. The
    same footage gives the same takes with the same names, wherever it lies. Raises Refusal where there is none.
    """
    marker = _marker(cameras)
    if not os.path.exists(source):
        raise Refusal("no-source", f"There is no folder or list {source}.", "Check the name, or choose it again.")
    if source.is_dir():
        clips = footage_in(source)
        if not clips:
            raise Refusal("no-footage", f"There is no footage in {source}.",
                          "Choose a folder with films or image sequences.")  # fmt: skip
        return named(_together(clips, marker, os.path.basename(os.path.abspath(source))), os.path.abspath(source))
    if source.suffix.lower() in {*FILMS, *PICTURES}:
        raise Refusal("no-list", f"{source.name} is a clip, neither a folder nor a list.",
                      "Choose its folder, or capture it alone.")  # fmt: skip
    folder = os.path.dirname(os.path.abspath(source))
    return named(_listed(read_list(source), None if marker is by_usual_names else marker, folder), folder)


def check_some_are_there(takes: Sequence[WantedTake], source: Path) -> None:
    """Raises Refusal for a list of which not a single clip is there, since something is wrong with the list then."""
    clips = [clip for take in takes for clip in take.clips]
    if clips and not any(map(os.path.exists, clips)):
        raise Refusal("no-footage", f"The list {source.name} names no footage that is there, such as {clips[0]}.",
                      "Check its paths, which count from the list, and its drive.")  # fmt: skip


def part(takes: Sequence[WantedTake], k: int, n: int) -> list[WantedTake]:
    """Every n-th take, from the k-th on: all n parts together are all takes. Raises Refusal unless k is in 1 to n."""
    if not 1 <= k <= n:
        raise Refusal("bad-part", f"There is no part {k} of {n}.", f"Choose one from 1 to {max(n, 1)}.")
    return list(takes[k - 1 :: n])


def _marker(cameras: str) -> Marker | None:
    usual: dict[str, Marker | None] = {AUTO: by_usual_names, EACH: None}
    return usual[cameras.casefold()] if cameras.casefold() in usual else by_pattern(cameras)


def _together(clips: Sequence[FoundClip], marker: Marker | None, source_name: str) -> list[Draft]:
    """Drafts of takes in the order of their first clips; of a pattern that no clip fits, a Refusal."""
    marks = [marker(clip.place) if marker else None for clip in clips]
    if marker not in (None, by_usual_names) and not any(marks):
        raise Refusal("no-camera", f"No clip's name fits the pattern of the cameras, such as {clips[0].place[-1]}.",
                      "Change the pattern, or leave it out.")  # fmt: skip
    in_folders = Counter(clip.place[:-1] for clip in clips)
    groups: dict[tuple[str, ...], list[tuple[FoundClip, Marked]]] = defaultdict(list)
    for clip, mark in zip(clips, marks, strict=True):
        if mark:
            groups[mark.key].append((clip, mark))
    group_of = {clip.path: group for group in groups.values() if _is_one_take(group, in_folders) for clip, _ in group}
    drafts: dict[str, Draft] = {}   # by the path of the first clip
    for clip in clips:
        group = group_of.get(clip.path)
        if group is None:
            name = "_".join(clip.place)
            drafts[clip.path] = Draft((name, f"{name}_{clip.ending[1:]}"), (clip.path,))
        elif clip.path == group[0][0].path:
            drafts[clip.path] = _of_cameras(group, source_name)
    return list(drafts.values())


def _is_one_take(group: Sequence[tuple[FoundClip, Marked]], in_folders: Counter[tuple[str, ...]]) -> bool:
    cameras = {mark.camera for _, mark in group}
    if len(group) < 2 or len(cameras) < len(group):
        return False
    if any(mark.must_count_up for _, mark in group) and cameras not in _counted_up(len(group)):
        return False
    own = Counter(clip.place[:-1] for clip, _ in group)
    return not group[0][1].must_fill_folder or all(in_folders[folder] == count for folder, count in own.items())


def _counted_up(count: int) -> list[set[str]]:
    return [set(map(str, range(first, first + count))) for first in (0, 1)]


def _of_cameras(group: Sequence[tuple[FoundClip, Marked]], source_name: str) -> Draft:
    in_order = [clip for clip, _ in sorted(group, key=lambda each: (natural(each[1].camera), each[0].path))]
    name = "_".join(group[0][1].name) or source_name
    return Draft((name, f"{name}_cameras"), tuple(clip.path for clip in in_order))


def _listed(lines: Sequence[Line], marker: Marker | None, folder: str) -> list[Draft]:
    """Drafts of a list's takes in its order."""
    line_of = {line.clips[0]: line.number for line in reversed(lines)}
    alone = [FoundClip(line.clips[0], _place(line.clips[0], folder)) for line in lines if _is_clip(line)]
    drafts = [_of_line(line, folder) for line in lines if not _is_clip(line)]
    drafts += _together(alone, marker, os.path.basename(folder)) if alone else []
    return sorted(drafts, key=lambda draft: min(line_of.get(clip, len(line_of)) for clip in draft.clips))


def _is_clip(line: Line) -> bool:
    return not line.name and len(line.clips) == 1


def _of_line(line: Line, folder: str) -> Draft:
    if line.name:
        return Draft((line.name,), line.clips)
    name = "_".join(_place(line.clips[0], folder))
    return Draft((name, f"{name}_cameras"), line.clips)


def _place(clip: str, folder: str) -> tuple[str, ...]:
    """Folders and name of a clip below the list's folder; of one that lies elsewhere the last folder and the name."""
    parts = Path(os.path.splitext(clip)[0]).parts
    above = Path(folder).parts
    return parts[len(above) :] if parts[: len(above)] == above else parts[-2:]
