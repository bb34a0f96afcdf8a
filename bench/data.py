"""Where the measured footage lies: not shipped with the project."""

from __future__ import annotations

import os
from pathlib import Path

from motion.refusal import Refusal

ROOT = Path(__file__).resolve().parent.parent


def data_folder() -> Path:
    """The folder with footage and motion to measure on: MAMBOCAP_DATA, else ../shared/data beside the checkout."""
    folder = Path(os.environ.get("MAMBOCAP_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        raise Refusal("no-data", f"There is no folder {folder} with footage to measure on.",
                      "Set MAMBOCAP_DATA to the folder that holds footage/four_cameras.")  # fmt: skip
    return folder
