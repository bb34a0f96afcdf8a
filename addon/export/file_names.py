"""Names of files that every system can write."""

from __future__ import annotations

from pathlib import Path

from ...motion.file_names import FORBIDDEN, is_device, portable_name, same_somewhere
from ...motion.refusal import Refusal

_LONGEST_BYTES = 240   # of 255, for the temporary name beside it
_ENDING_BYTES = 10     # for the format's ending and a number


def refuse_bad_name(path: Path) -> None:
    """Refuse a name that some system cannot write, and a folder that is neither there nor could be made in another."""
    if not path.stem.strip(" .") or FORBIDDEN.search(path.name) or is_device(path.stem):
        raise Refusal("bad-name", f"{path.name} cannot be the name of a file.",
                      'Use letters, numbers, spaces and dashes, and none of < > : " / \\ | ? *.')  # fmt: skip
    if len(path.name.encode()) > _LONGEST_BYTES:
        raise Refusal("bad-name", f"The name {path.name[:40]}... is too long.",
                      f"Use fewer than {_LONGEST_BYTES} letters.")  # fmt: skip
    folder = path.parent
    if not folder.is_dir() and (folder.exists() or not folder.parent.is_dir()):
        raise Refusal("no-folder", f"There is no folder {folder}.", "Choose a folder that exists.")


def safe_name(name: str) -> str:
    """A name such as "Take - Person" with what a system cannot write taken out."""
    return portable_name(name, _LONGEST_BYTES - _ENDING_BYTES) or "motion"


def is_among(path: Path, taken: set[Path]) -> bool:
    """Whether one of the paths is the same file, here or on Windows and macOS, to which Walk and walk are one."""
    return same_somewhere(str(path)) in {same_somewhere(str(other)) for other in taken}


def numbered(path: Path, taken: set[Path]) -> Path:
    """`path`, or the first of "path 2", "path 3" ... that is neither there nor among `taken`."""
    number, free = 1, path
    while is_among(free, taken) or free.exists():
        number += 1
        free = path.with_name(f"{path.stem} {number}{path.suffix}")
    return free
