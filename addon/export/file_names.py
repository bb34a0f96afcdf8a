"""Names of files that every system can write."""

from __future__ import annotations

import re
from pathlib import Path

from ...motion.refusal import Refusal

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')   # by Windows, the strictest
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_LONGEST_BYTES = 240   # of 255, for the temporary name beside it


def refuse_bad_name(path: Path) -> None:
    """Refuse a name that some system cannot write, and a folder that is neither there nor could be made in another."""
    if not path.stem.strip(" .") or _FORBIDDEN.search(path.name) or _RESERVED.fullmatch(path.stem):
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
    safe = _FORBIDDEN.sub("_", name).strip(" .") or "motion"
    return f"_{safe}" if _RESERVED.fullmatch(safe) else safe


def numbered(path: Path, taken: set[Path]) -> Path:
    """`path`, or the first of "path 2", "path 3" ... that is neither there nor among `taken`."""
    number, free = 1, path
    while free in taken or free.exists():
        number += 1
        free = path.with_name(f"{path.stem} {number}{path.suffix}")
    return free
