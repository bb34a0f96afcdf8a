"""Model files: where they lie, and how they are made from what the networks' makers published."""

from __future__ import annotations

from pathlib import Path

from motion.places import models_folder
from motion.refusal import Refusal

MODEL_SUFFIX = ".task"


def find_model(name_or_path: str) -> Path:
    """The file of an installed model, such as "pose_landmarker_heavy", or of one named by its path.

    Raises Refusal "missing-model".
    """
    for path in (models_folder() / f"{name_or_path}{MODEL_SUFFIX}", Path(name_or_path).expanduser()):
        if path.is_file():
            return path
    raise Refusal("missing-model", f"The model {name_or_path} is not installed in {models_folder()}.",
                  "Run `python3 build.py setup` to fetch it.")  # fmt: skip
