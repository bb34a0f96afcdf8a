"""What must be the same on two machines for their numbers to be the same, besides the code, which is sent."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from backend.command_line.names import BUILD
from backend.versions import versions
from motion.places import models_folder
from motion.refusal import Refusal

MODEL = "the model "
# Read here, since the module that looks after the models needs seconds to be imported.
MODEL_LIST = Path(__file__).resolve().parents[2] / "detect/models/models.json"


@functools.cache
def likeness() -> dict[str, str]:
    """Versions of Python and packages, and digests of the detection models, of this machine, by words for people."""
    names = json.loads(MODEL_LIST.read_text(encoding="utf-8"))["models"]
    return {**versions(), **{f"{MODEL}{name}": _digest(models_folder() / f"{name}.task") for name in names}}


def difference(machine: str, theirs: Mapping[str, str], ours: Mapping[str, str]) -> Refusal | None:
    """The refusal of a machine that would give other numbers than ours; None for one that is like it."""
    for what, version in ours.items():
        other = theirs.get(what, "")
        if other == version:
            continue
        if what.startswith(MODEL):
            has = f"has {'another file of' if other else 'not'} {what}"
            mend = f"Copy the files of {models_folder()} there"
        else:
            has = f"has {what} {other}, and this one has {version or 'none'}" if other else f"has no {what}"
            mend = f"Run `{BUILD} setup --cluster` there with the Mambocap that is here"
        return Refusal("other-machine", f"The machine {machine} {has}.",
                       f"{mend}, or take it out by `{BUILD} cluster stop`.")  # fmt: skip
    return None


def _digest(path: Path) -> str:
    if not path.is_file():
        return ""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:16]
