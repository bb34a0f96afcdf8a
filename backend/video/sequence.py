"""Image sequences: which pictures belong together, and their numbers."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from motion import footage_names
from motion.refusal import Refusal


def is_picture(path: Path) -> bool:
    return path.suffix.lower() in footage_names.PICTURES and not path.name.startswith(".")


def pictures_in(folder: Path) -> list[Path]:
    """The longest sequence in a folder, in order. Raises Refusal when it holds no picture."""
    sequences: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for path in folder.iterdir():
        if is_picture(path):
            sequences[_family(path)].append(path)
    if not sequences:
        raise Refusal("no-pictures", f"The folder {folder.name} holds no pictures.",
                      "Choose a film, or a folder with PNG, JPEG or TIFF pictures.")  # fmt: skip
    longest = max(sorted(sequences), key=lambda family: len(sequences[family]))
    return sorted(sequences[longest], key=_order)


def pictures_from(first: Path) -> list[Path]:
    """The sequence that starts with the picture `first`, in order; that picture alone when its name has no number."""
    if picture_number(first) is None:
        return [first]
    family = [path for path in first.parent.iterdir() if is_picture(path) and _family(path) == _family(first)]
    return sorted((path for path in family if _order(path) >= _order(first)), key=_order)


def picture_number(path: Path) -> int | None:
    """The number that a picture's name ends with: 12 of shot_0012.png."""
    return footage_names.picture_number(path.stem)


def _family(path: Path) -> tuple[str, str]:
    return footage_names.sequence_name(path.stem), path.suffix.lower()


def _order(path: Path) -> tuple[int, str]:
    number = picture_number(path)
    return (-1 if number is None else number, path.name)
