"""The files that docs/design/tiny-ones.md shows, put where they can be run."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

PAGE = Path(__file__).resolve().parents[1] / "docs/design/tiny-ones.md"
_SHOWN = re.compile(r"\*\*`([\w/.]+)`\*\*\n\n```\w+\n(.*?)\n```", re.DOTALL)


def shown() -> dict[str, str]:
    """The text of each file by its path."""
    return dict(_SHOWN.findall(PAGE.read_text(encoding="utf-8")))


def module_of(path: str, name: str, folder: Path) -> ModuleType:
    """A shown module, written to `folder` and run as if it were the module `name` of the house."""
    file = folder / Path(path).name
    file.write_text(shown()[path] + "\n", encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
