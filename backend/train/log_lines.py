"""The log of a run: a line of JSON for each validation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from motion.whole_files import unwritable


def append_line(path: Path, figures: Mapping[str, Any]) -> None:
    """Raises Refusal when the disk refuses."""
    try:
        with path.open("a", encoding="utf-8") as log:
            log.write(json.dumps(figures) + "\n")
    except OSError as error:
        raise unwritable(path, error) from error
