"""Tables and files of figures."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any, Sequence

from motion.whole_files import written_whole


def print_table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A table in plain text, columns as wide as they need."""
    cells = [[_shown(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    for row in cells:
        first, *others = (f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True))
        print("  ".join((f"{row[0]:<{widths[0]}}", *others)))


def machine_line() -> str:
    """What the figures were taken on."""
    return f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def write_figures(path: Path | None, figures: dict[str, Any]) -> None:
    if path is not None:
        with written_whole(path, "w") as stream:
            json.dump(figures, stream, indent=1)


def _shown(cell: Any) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, float):
        return f"{cell:.3g}" if abs(cell) < 10 else f"{cell:.1f}"
    return str(cell)
