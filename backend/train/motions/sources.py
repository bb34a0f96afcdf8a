"""Which recordings lie in a folder, loose or in archives, and whose they are."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from backend.train.motions.containers import (
    ARCHIVES,
    RECORDINGS,
    SKELETONS,
    archive_files,
    is_archive,
)
from motion.recordings.acclaim import parse_acclaim
from motion.recordings.bvh import parse_bvh
from motion.recordings.recording import Recording
from motion.recordings.smartbody import joints_shared, parse_smartbody
from motion.recordings.text_file import TextFile, read_text_file
from motion.refusal import Refusal

INDEX = "index.csv"
OWN_LICENCE = "unknown: yours"
_MOST_FILES = 200_000


@dataclass(frozen=True)
class Found:
    """One recording, not yet read."""

    name: str         # source/path without its suffix, unique
    source: str
    subject: str
    action: str
    licence: str
    container: Path   # the archive, or the folder
    member: str       # path in there
    skeleton: str     # path in there of the file that has the skeleton, empty where the recording has it itself


def find_recordings(folder: Path) -> tuple[list[Found], list[str]]:
    """The recordings of `folder`, archive by archive, and a sentence for each archive that cannot be used.

    An index.csv says whose they are, how they are licensed and which skeleton they have; without one the subject is
    called like the sub-folder and the source like `folder`. Raises Refusal when there is no folder or nothing in it.
    """
    if not folder.is_dir():
        raise Refusal("no-such-folder", f"There is no folder {folder}.", "Name the folder with your recordings.")
    found, faults = _by_index(folder) if (folder / INDEX).is_file() else _by_walking(folder)
    if not found and not faults:
        raise Refusal("no-recordings", f"There are no recordings in {folder}.",
                      "Put .bvh, .asf with .amc, or .sk with .skm files there, loose or in archives.")  # fmt: skip
    return _with_distinct_names(sorted(found, key=lambda each: (each.container, each.member))), faults


def read_recording(found: Found) -> Recording:
    """Read it. Raises Refusal with one sentence when it cannot be read."""
    motion, name = _text_of(found, found.member), PurePosixPath(found.member).stem
    suffix = PurePosixPath(found.member).suffix.lower()
    if suffix == ".bvh":
        return parse_bvh(motion, name)
    if not found.skeleton:
        raise Refusal("no-skeleton", f"{motion.name} lies there without its skeleton.",
                      f"Put its {'.asf' if suffix == '.amc' else '.sk'} file beside it.")  # fmt: skip
    if suffix == ".amc":
        return parse_acclaim(motion, _text_of(found, found.skeleton), name)
    return parse_smartbody(motion, _fitting_skeleton(found, motion), name)


def _fitting_skeleton(found: Found, motion: TextFile) -> TextFile:
    """The named skeleton if it has all joints that the motion moves, else the one beside it that has most of them."""
    named = _text_of(found, found.skeleton)
    most, moved = joints_shared(motion, named)
    if most == moved:
        return named
    best = named
    for member in skeletons_by_likeness(found.member, _beside(found.container)):
        other = _text_of(found, member)
        shared, _ = joints_shared(motion, other)
        if shared > most:
            best, most = other, shared
    return best


def _by_index(folder: Path) -> tuple[list[Found], list[str]]:
    try:
        with (folder / INDEX).open(encoding="utf-8", newline="") as lines:
            rows = [row for row, _ in zip(csv.DictReader(lines), range(_MOST_FILES))]
        found = [_of_row(folder, row) for row in rows]
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        raise Refusal("bad-index", f"{folder / INDEX} is no index of recordings.",
                      "Give it the columns archive, path, source, subject, skeleton, action and licence, or take it "
                      "away.") from error  # fmt: skip
    missing = sorted({each.container.name for each in found if not each.container.exists()})
    there = [each for each in found if each.container.exists()]
    return there, [f"{name} is in the index and not in {folder}." for name in missing]


def _of_row(folder: Path, row: dict[str, str]) -> Found:
    source, path = row["source"], PurePosixPath(row["path"])
    container = folder / PurePosixPath(row["archive"]).name
    if not container.exists():   # unpacked
        container = folder / _stem(container.name)
    return Found(_name(source, path), source, row["subject"], row["action"], row["licence"], container, str(path),
                 row["skeleton"])  # fmt: skip


def _by_walking(folder: Path) -> tuple[list[Found], list[str]]:
    loose, archives = _walked(folder)
    found = _of_container(folder, folder, loose)
    faults = []
    for archive in archives:
        try:
            found += _of_container(folder, archive, list(_archive(archive)))
        except Refusal as refusal:
            faults.append(refusal.sentence)
    return found, faults


def _walked(folder: Path) -> tuple[list[str], list[Path]]:
    """Paths of loose recordings and skeletons, and archives, in a steady order; links to folders are not followed."""
    loose: list[str] = []
    archives: list[Path] = []
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(parent, name)
            if is_archive(path):
                archives.append(path)
            elif path.suffix.lower() in RECORDINGS + SKELETONS:
                loose.append(path.relative_to(folder).as_posix())
        if len(loose) > _MOST_FILES:
            break
    return loose, archives


def _of_container(folder: Path, container: Path, members: list[str]) -> list[Found]:
    source = folder.resolve().name
    inside = PurePosixPath(_stem(container.relative_to(folder).as_posix())) if container != folder else PurePosixPath()
    skeletons = [member for member in members if member.lower().endswith(SKELETONS)]
    found = []
    for member in members:
        path = PurePosixPath(member)
        if path.suffix.lower() in RECORDINGS:
            whole = inside / path
            subject = whole.parent.name or source
            found.append(Found(_name(source, whole), source, subject, path.stem.replace("_", " "), OWN_LICENCE,
                               container, member, skeleton_of(member, skeletons)))  # fmt: skip
    return found


def skeleton_of(member: str, skeletons: list[str]) -> str:
    """The skeleton file of its kind that lies nearest to a recording, and there the one named most like it."""
    return next(iter(skeletons_by_likeness(member, skeletons)), "")


def skeletons_by_likeness(member: str, skeletons: list[str]) -> list[str]:
    """Those of its kind, nearest to a recording first, and named most like it."""
    path = PurePosixPath(member)
    kinds = {".amc": (".asf", ".asx"), ".skm": (".sk",)}.get(path.suffix.lower(), ())
    right_kind = [each for each in skeletons if each.lower().endswith(kinds)] if kinds else []

    def likeness(skeleton: str) -> tuple[int, int]:
        other = PurePosixPath(skeleton)
        folders = len(_common(path.parent.parts, other.parent.parts))
        return folders, len(_common(path.stem, other.stem))

    return sorted(right_kind, key=likeness, reverse=True)


def _common(a: tuple[str, ...] | str, b: tuple[str, ...] | str) -> list[str]:
    same = [x == y for x, y in zip(a, b)]
    return list(a[: same.index(False)] if False in same else a[: len(same)])


def _name(source: str, path: PurePosixPath) -> str:
    parts = path.with_suffix("").parts
    return "/".join((source, *(parts[1:] if parts[0] == source and len(parts) > 1 else parts)))


def _with_distinct_names(found: list[Found]) -> list[Found]:
    seen: dict[str, int] = {}
    distinct = []
    for each in found:
        count = seen[each.name] = seen.get(each.name, 0) + 1
        distinct.append(each if count == 1 else Found(f"{each.name} ({count})", *_but_name(each)))
    return distinct


def _but_name(each: Found) -> tuple:
    return (each.source, each.subject, each.action, each.licence, each.container, each.member, each.skeleton)


def _stem(name: str) -> str:
    return next((name[: -len(suffix)] for suffix in ARCHIVES if name.lower().endswith(suffix)), name)


@lru_cache(maxsize=1)
def _beside(container: Path) -> list[str]:
    """All skeletons of an archive or a folder."""
    names = list(_archive(container)) if container.is_file() else _walked(container)[0]
    return [name for name in names if name.lower().endswith(SKELETONS)]


@lru_cache(maxsize=1)   # recordings come archive by archive
def _archive(path: Path) -> dict[str, bytes]:
    return archive_files(path)


def _text_of(found: Found, member: str) -> TextFile:
    if found.container.is_dir():
        return _loose_text(found.container, member)
    data = _archive(found.container).get(member)
    if data is None:
        data = _in_other_parts(found.container, member)
    return TextFile(PurePosixPath(member).name, _decoded(data).splitlines())


def _loose_text(folder: Path, member: str) -> TextFile:
    path = folder / member
    others = sorted(folder.parent.glob(f"{_without_part(folder.name)}*")) if not path.exists() else []
    return read_text_file(next((other / member for other in others if (other / member).exists()), path))


@lru_cache(maxsize=64)
def _in_other_parts(archive: Path, member: str) -> bytes:
    """A file from the other parts of an archive that was cut: the skeleton lies in one of them only."""
    for other in sorted(archive.parent.glob(f"{_without_part(_stem(archive.name))}*")):
        if other != archive and is_archive(other):
            data = archive_files(other).get(member)
            if data is not None:
                return data
    raise Refusal("no-such-file", f"{archive.name} holds no {member}.", "Put it beside the recording.")


def _without_part(stem: str) -> str:
    return stem.rstrip("0123456789")


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
