"""The tables of assets/rigs: how the bones of known rigs are called.

One JSON file a kind of rig, which users may add to. In names `*` stands for the word of a side, and such an entry for
both sides; a name that ends in `?` is one that many of these rigs lack.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...refusal import Refusal
from ..slots import CHAIN_SLOTS, SIDES, SLOTS
from .rig_table import IkLimb, RigTable, Switch

FOLDER = Path(__file__).resolve().parents[3] / "assets" / "rigs"
LARGEST_FILE_BYTES = 200_000
MOST_FILES, MOST_ENTRIES, MOST_IN_CHAIN, LONGEST_TEXT = 200, 500, 60, 250
_KEYS = {"name", "title", "source", "signature", "prefixes", "sides", "centre", "side", "aliases", "switches",
         "at_rest", "ik", "shown"}  # fmt: skip


def read_tables(folder: Path = FOLDER) -> tuple[RigTable, ...]:
    """All tables of a folder, by the names of their files. Raises Refusal "bad-rig-table" naming the file."""
    paths = sorted(folder.glob("*.json"))
    if len(paths) > MOST_FILES:
        raise Refusal("bad-rig-table", f"{folder.name} holds {len(paths)} rig tables.",
                      f"Keep at most {MOST_FILES} there.")  # fmt: skip
    return tuple(_read(path) for path in paths)


def _read(path: Path) -> RigTable:
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        raise _refused(path.name, f"cannot be read: {error.strerror}") from error
    return table_of_text(data, path.name)


def table_of_text(data: bytes | str, file_name: str) -> RigTable:
    """The table that a file holds. Raises Refusal "bad-rig-table" with the file's name for anything else."""
    if len(data) > LARGEST_FILE_BYTES:
        raise _refused(file_name, f"is larger than {LARGEST_FILE_BYTES // 1000} kB")
    try:
        said = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _refused(file_name, "is no JSON") from error
    try:
        return _table(said)
    except ValueError as error:
        raise _refused(file_name, str(error)) from error


def _refused(file_name: str, words: str) -> Refusal:
    return Refusal("bad-rig-table", f"The rig table {file_name} {words}.", "Mend or remove that file.")


def _table(said: Any) -> RigTable:
    said = _mapping(said, "table")
    if unknown := sorted(set(said) - _KEYS):
        raise ValueError(f"has an entry that is not known, {unknown[0]}")
    words = {side: _text(word, "sides") for side, word in _mapping(said.get("sides", {}), "sides").items()}
    if said.get("side") and set(words) != set(SIDES):
        raise ValueError("does not say the words for left and right")
    bones, optional = _bones(said, words)
    shown, shown_optional = _bones(_mapping(said.get("shown", {}), "shown"), words)
    return RigTable(
        name=_text(said.get("name"), "name"),
        title=_text(said.get("title"), "title"),
        source=_text(said.get("source", ""), "source"),
        bones=bones,
        shown=shown,
        optional=optional | shown_optional,
        signature=_names(said.get("signature", []), "signature"),
        prefixes=("", *_names(said.get("prefixes", []), "prefixes")),
        aliases=_aliases(said, words),
        switches=tuple(one for each in _list(said.get("switches", []), "switches") for one in _switch(each, words)),
        at_rest=tuple(_each_side(_names(said.get("at_rest", []), "at_rest"), words)),
        ik=_ik(said, words),
    )


def _bones(said: Mapping[str, Any], words: Mapping[str, str]) -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    """Bones by slot, without the question marks, and those that had one."""
    slots = {slot: _names(names, slot) for slot, names in _mapping(said.get("centre", {}), "centre").items()}
    for slot, names in _mapping(said.get("side", {}), "side").items():
        for side, word in words.items():
            slots[f"{side}_{slot}"] = tuple(name.replace("*", word) for name in _names(names, slot))
    for slot, names in slots.items():
        if slot not in SLOTS:
            raise ValueError(f"has a slot that is not known, {slot}")
        if len(names) > 1 and slot not in CHAIN_SLOTS:
            raise ValueError(f"has several bones for {slot}")
    optional = frozenset(name[:-1] for names in slots.values() for name in names if name.endswith("?"))
    return {slot: tuple(name.removesuffix("?") for name in names) for slot, names in slots.items()}, optional


def _aliases(said: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    listed = {name: _names(others, "aliases") for name, others in _mapping(said.get("aliases", {}), "aliases").items()}
    return {
        name.replace("*", word): tuple(other.replace("*", word) for other in others)
        for name, others in listed.items()
        for word in (words.values() if "*" in name else ("*",))
    }


def _switch(said: Any, words: Mapping[str, str]) -> list[Switch]:
    said = _mapping(said, "switch")
    bone, slots = _text(said.get("bone"), "switch"), _names(said.get("slots", []), "switch")
    sides = words.items() if "*" in bone else [("", "")]
    switched = {side: tuple(f"{side}_{slot}".lstrip("_") for slot in slots) for side, _ in sides}
    for slot in (slot for slots in switched.values() for slot in slots):
        if slot not in SLOTS:
            raise ValueError(f"has a slot that is not known, {slot}")
    called, fk, ik = _text(said.get("property"), "switch"), *(_number(said.get(way), "switch") for way in ("fk", "ik"))
    return [Switch(bone.replace("*", word), called, fk, ik, switched[side]) for side, word in sides]


def _ik(said: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, IkLimb]:
    limbs = {}
    for limb, parts in _mapping(said.get("ik", {}), "ik").items():
        parts = dict(_mapping(parts, "ik"))
        at_rest = _names(parts.pop("at_rest", []), "at_rest")
        if limb not in ("arm", "leg") or not {"end"} <= set(parts) <= {"end", "pole", "toe"}:
            raise ValueError(f"has IK for {limb} that is not end, pole, toe and at_rest of arm or leg")
        names = {part: _text(name, "ik") for part, name in parts.items()}
        for side, word in words.items():
            limbs[f"{side}_{limb}"] = IkLimb(**{part: name.replace("*", word) for part, name in names.items()},
                                             at_rest=tuple(name.replace("*", word) for name in at_rest))  # fmt: skip
    return limbs


def _each_side(names: tuple[str, ...], words: Mapping[str, str]) -> list[str]:
    return [name.replace("*", word) for name in names for word in (words.values() if "*" in name else ("*",))]


def _mapping(said: Any, what: str) -> dict[str, Any]:
    if not isinstance(said, dict) or len(said) > MOST_ENTRIES or any(len(key) > LONGEST_TEXT for key in said):
        raise ValueError(f"has no right {what}")
    return said


def _list(said: Any, what: str) -> list[Any]:
    if not isinstance(said, list) or len(said) > MOST_IN_CHAIN:
        raise ValueError(f"has no right {what}")
    return said


def _text(said: Any, what: str) -> str:
    if not isinstance(said, str) or len(said) > LONGEST_TEXT or (said in ("", "?") and what != "source"):
        raise ValueError(f"has no right {what}")
    return said


def _names(said: Any, what: str) -> tuple[str, ...]:
    """One name or a list of them."""
    return tuple(_text(name, what) for name in _list([said] if isinstance(said, str) else said, what))


def _number(said: Any, what: str) -> float | None:
    if said is None:
        return None
    if not isinstance(said, (int, float)) or isinstance(said, bool) or not abs(said) < 1e6:
        raise ValueError(f"has no right {what}")
    return float(said)
