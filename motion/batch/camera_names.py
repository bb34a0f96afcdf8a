"""Which part of a clip's name is its camera: what cameras are usually called, or what somebody's pattern says.

Two takes that are taken for one are worse than cameras that are not brought together, so that few names are known:

- `cam`, `camera` or `kamera` with a number or one letter, as a word of its own: jump_cam01, camA_jump, Camera 2;
- `c` with one or two digits at the very end: jump_c1 (three digits are clips on cinema cameras);
- a folder that is so called, around clips that have the same name in each, or around one clip with a name that the
  camera gave: camA/jump and camB/jump, jump/cam1/GX010034 and jump/cam2/GX010071.

Left and right are none, since people walk that way, and numbers alone are takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..refusal import Refusal

_CAMERA = re.compile(
    r"(?:(?:^|(?<=[ _.\-]))(?:[ck]am|[CK]am|[CK]AM)(?:era|ERA)?|(?<=[a-z0-9])[CK]am(?:era)?)"
    r"(?:(\d{1,2})|(?<=[ma])([A-Z])"   # a small letter would be a word's, such as came's
    r"|[ _\-](?!\d+[ _.\-]\d+[ _.\-]\d)(\d{1,2}|[A-Za-z]))"   # and three numbers a date or a time
    r"(?=$|[ _.\-])",
    re.ASCII,
)  # fmt: skip
_C_AT_END = re.compile(r"(?<=[ _.\-])[cC](\d{1,2})$", re.ASCII)
_COUNTED = re.compile(   # names that cameras give, each by its own count or clock
    r"(?:IMG_E?|DSC[FN]?|MVI|MOV|VID|PXL|DJI|GOPR|G[HLPSX]|MAH|SAM|CIMG|CLIP|REC|VIDEO|MOVIE|[CP])?[_-]?\d[\d_-]*",
    re.ASCII | re.IGNORECASE,
)  # fmt: skip
_MARK = "\0"   # stands in a key where the camera's name was


@dataclass(frozen=True)
class Marked:
    """The name of a clip that says which camera it is of."""

    key: tuple[str, ...]     # the same for all cameras of a take, and for nothing else
    camera: str
    name: tuple[str, ...]    # of the take: the folders and the name without the camera
    must_count_up: bool = False      # believed only of cameras that are numbered from 0 or 1 without gaps,
    must_fill_folder: bool = False   # and only where the clip's folder holds nothing but cameras


Marker = Callable[[tuple[str, ...]], Marked | None]   # from a clip's folders and its name without the ending


def by_usual_names(place: tuple[str, ...]) -> Marked | None:
    """What "auto" takes for a camera; None for a clip that names none, or two."""
    if len(place) > 1 and _COUNTED.fullmatch(place[-1]) and _CAMERA.search(place[-2]):
        place = place[:-1]
    found = [(at, match) for at, part in enumerate(place) for match in _CAMERA.finditer(part)]
    at_end = None if found else _C_AT_END.search(place[-1])
    if at_end:
        found = [(len(place) - 1, at_end)]
    cameras = {_plain(match[match.lastindex or 0]) for _, match in found}
    if len(cameras) != 1 or len({at for at, _ in found}) != len(found):
        return None
    cut: list[tuple[str, ...]] = [(part,) for part in place]
    for at, match in found:
        cut[at] = (place[at][: match.start()], place[at][match.end() :])
    key = tuple(_MARK.join(pieces).casefold() for pieces in cut)
    return Marked(key, cameras.pop(), _names(cut), at_end is not None, key[-1] == _MARK)


def by_pattern(text: str) -> Marker:
    """What somebody says that clips are called, such as `*_cam?`. Raises Refusal where that names no camera.

    `*` is any text, `?` any one letter, and what stands in brackets is the camera: `*_(left|right)`, `(*)_take*`.
    Without brackets the camera is what `?` stands for, and without both what a single `*` does. Folders may be named
    as well: `(*)/*`. Capital letters do not matter.
    """
    camera_sign = "(" if "(" in text else "?" if "?" in text else "*" if text.count("*") == 1 else ""
    parts = [list(_words(part, camera_sign)) for part in text.split("/")]
    if not any(kind == "camera" for part in parts for kind, _ in part):
        raise Refusal("bad-pattern", f"The pattern {text} does not say which part of a clip's name is the camera.",
                      "Put that part in brackets: *_(*) or *_(left|right).")  # fmt: skip
    expressions = [_expression(part) for part in parts]

    def marked(place: tuple[str, ...]) -> Marked | None:
        folders, own = place[: -len(parts)], place[-len(parts) :]
        found = [each.fullmatch(part) for each, part in zip(expressions, own, strict=False)]
        if len(own) < len(parts) or not all(found):
            return None
        groups = [group for match in found if match for group in match.groupdict().items()]
        rest = tuple(value for name, value in groups if name.startswith("take"))
        camera = "_".join(_plain(value) for name, value in groups if name.startswith("camera"))
        return Marked(tuple(map(str.casefold, (*folders, _MARK, *rest))), camera, _names([*zip(folders), rest]))

    return marked


def _words(part: str, camera_sign: str) -> Iterator[tuple[str, str]]:
    """The pattern's words with their kinds: "camera", "take", or "mark" for fixed text beside the camera."""
    pieces = re.findall(r"\([^()]*\)|[*?]|[^*?()]+|.", part, re.DOTALL)
    kinds = ["camera" if piece[0] == camera_sign and piece != "(" else
             "take" if piece in "*?" else "fixed" for piece in pieces]  # fmt: skip
    for at, (kind, piece) in enumerate(zip(kinds, pieces, strict=True)):
        beside_camera = "camera" in kinds[max(at - 1, 0) : at + 2]
        yield "mark" if kind == "fixed" and beside_camera else "take" if kind == "fixed" else kind, piece


def _expression(words: list[tuple[str, str]]) -> re.Pattern[str]:
    signs = {"*": ".*", "?": "."}
    text = ""
    for at, (kind, piece) in enumerate(words):
        in_brackets = kind == "camera" and piece[0] == "("
        letters = piece[1:-1] if in_brackets else piece
        inside = "".join("|" if letter == "|" and in_brackets else signs.get(letter, re.escape(letter))
                         for letter in letters)  # fmt: skip
        text += f"(?:{inside})" if kind == "mark" else f"(?P<{kind}{at}>{inside})"
    return re.compile(text, re.IGNORECASE | re.DOTALL)


def _plain(camera: str) -> str:
    return str(int(camera)) if camera.isascii() and camera.isdigit() else camera.casefold()


def _names(cut: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Folders and name of a take from the pieces between which cameras were named."""
    tidy = ("_".join(filter(None, (piece.strip(" _-.") for piece in pieces))) for pieces in cut)
    return tuple(filter(None, tidy))
