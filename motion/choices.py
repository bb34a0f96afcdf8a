"""The detectors and lifters that a capture may be made with, as their modules in the backend declare themselves.

A module declares itself by two texts, TITLE (of the choice in a panel) and NOTE (what it is, for a tooltip). They are
read without running the module, so that Blender can offer what only the backend's environment can run.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_BACKEND = Path(__file__).resolve().parents[1] / "backend"
DETECTORS = _BACKEND / "detect" / "other"
LIFTERS = _BACKEND / "lift" / "lifters"
_USUAL = ("network", "direct")     # stand before the others, which go by their names


@dataclass(frozen=True)
class Choice:
    """What a module says of itself."""

    title: str
    note: str


def detectors() -> Mapping[str, Choice]:
    """The detectors that are modules, by name."""
    return declared_in(DETECTORS)


def lifters() -> Mapping[str, Choice]:
    """All lifters by name, the usual one first."""
    return declared_in(LIFTERS)


@functools.cache
def declared_in(folder: Path) -> Mapping[str, Choice]:
    """What the modules of a folder declare, by their names; those without TITLE and NOTE are no choice."""
    texts = {path.stem: _texts(path) for path in sorted(folder.glob("*.py"))}
    found = {name: Choice(said["TITLE"], said["NOTE"]) for name, said in texts.items()
             if {"TITLE", "NOTE"} <= said.keys()}  # fmt: skip
    return {name: found[name] for name in sorted(found, key=_place)}


def _place(name: str) -> tuple[int, str]:
    return (_USUAL.index(name) if name in _USUAL else len(_USUAL)), name


def _texts(path: Path) -> dict[str, str]:
    """The texts that a module gives names to."""
    lines = ast.parse(path.read_text(encoding="utf-8"), str(path)).body
    said = [(line.targets[0] if isinstance(line, ast.Assign) else line.target, line.value)
            for line in lines if isinstance(line, (ast.Assign, ast.AnnAssign))]  # fmt: skip
    return {name.id: value.value for name, value in said if isinstance(name, ast.Name)
            and isinstance(value, ast.Constant) and isinstance(value.value, str)}  # fmt: skip
