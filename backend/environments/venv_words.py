"""Why a virtual environment could not be made, in one sentence and its mend."""

from __future__ import annotations

from pathlib import Path

from backend.environments.pythons import version_of
from motion.refusal import Refusal


def why_venv_failed(said: str, base: Path, folder: Path) -> Refusal:
    """The refusal for a `base -m venv folder` that failed with these words."""
    if "ensurepip" in said or "No module named venv" in said:
        return Refusal("no-venv", f"{base} cannot make virtual environments: its venv module is missing.",
                       f"Install it, on Debian and Ubuntu by `sudo apt-get install -y python{version_of(base)}-venv`, "
                       "then start again.")  # fmt: skip
    if "No space left" in said:
        return Refusal(
            "disk-full", f"The disk is full: {folder} could not be made.", "Free some space and start again."
        )
    reason = said.strip().splitlines()[-1] if said.strip() else "no reason given"
    return Refusal("unwritable", f"{folder} could not be made ({reason}).",
                   "Choose another place by the environment variable MAMBOCAP_HOME.")  # fmt: skip
