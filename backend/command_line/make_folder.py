"""The folder that --out names."""

from __future__ import annotations

from pathlib import Path

from motion.refusal import Refusal
from motion.whole_files import unwritable


def make_folder(folder: Path) -> None:
    """Raises Refusal where that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise Refusal("out-is-a-file", f"{folder} cannot be a folder, since a file has that name.",
                      "Choose another folder with --out.") from error  # fmt: skip
    except OSError as error:
        raise unwritable(folder, error) from error
