"""A mapping as JSON, to keep with a character or to give to another one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ...refusal import Refusal
from ...whole_files import written_whole
from ..slots import SLOTS
from .rig_mapping import RigMapping

LARGEST_TEXT_BYTES = 200_000
MOST_IN_CHAIN, LONGEST_NAME = 60, 250
_FORMAT = "mambocap-bones-1"


def mapping_text(mapping: RigMapping) -> str:
    """The text that mapping_of_text() reads."""
    said = {
        "format": _FORMAT, "family": mapping.family, "title": mapping.title, "score": mapping.score,
        "doubts": list(mapping.doubts), "bones": {slot: list(names) for slot, names in mapping.bones.items()},
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False, indent=1)


def mapping_of_text(text: str | bytes, called: str = "The text") -> RigMapping:
    """The mapping in a text. Raises Refusal "bad-mapping", whose sentence begins with `called`, for others."""
    try:
        if len(text) > LARGEST_TEXT_BYTES:
            raise ValueError("too large")
        return _mapping(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise Refusal("bad-mapping", f"{called} holds no mapping of bones.",
                      "Choose a file that Save Mapping wrote.") from error  # fmt: skip


def save_mapping(mapping: RigMapping, path: Path) -> None:
    """Raises Refusal when the file cannot be written."""
    with written_whole(path, "w") as stream:
        stream.write(mapping_text(mapping))


def load_mapping(path: Path) -> RigMapping:
    """Raises Refusal "bad-mapping" with the file's name when it cannot be read or is something else."""
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST_TEXT_BYTES + 1)
    except OSError as error:
        words = f"{path.name} cannot be read: {error.strerror}."
        raise Refusal("bad-mapping", words, "Choose another file.") from error
    return mapping_of_text(data, path.name)


def _mapping(said: Any) -> RigMapping:
    if not isinstance(said, dict) or said.get("format") != _FORMAT or not isinstance(said.get("bones"), dict):
        raise ValueError("no mapping")
    doubts, score = said.get("doubts", []), said.get("score", 1.0)
    if not isinstance(doubts, list) or not all(_text(slot) in SLOTS for slot in doubts):
        raise ValueError("doubts")
    if not isinstance(score, (int, float)) or isinstance(score, bool) or not 0.0 <= score <= 1.0:
        raise ValueError("score")
    return RigMapping(
        {slot: _names(names) for slot, names in said["bones"].items()},
        family=_text(said.get("family", "")), title=_text(said.get("title", "")), score=float(score),
        doubts=tuple(doubts),
    )  # fmt: skip


def _names(said: Any) -> tuple[str, ...]:
    if not isinstance(said, list) or len(said) > MOST_IN_CHAIN:
        raise ValueError("names")
    return tuple(_text(name) for name in said)


def _text(said: Any) -> str:
    if not isinstance(said, str) or len(said) > LONGEST_NAME:
        raise ValueError("text")
    return said
