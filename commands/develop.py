"""`build.py dev`: links the checkout into the installed Blenders, so that a change is live after a reload."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

from backend.install import ROOT
from commands.blender import OLDEST_BLENDER
from motion.refusal import Refusal

PLACE = Path("extensions/user_default/mambocap")


def run(argv: list[str]) -> int:
    """Link the checkout, or take the links away again."""
    options = _parser().parse_args(argv)
    folder = options.blender_config or config_folder()
    versions = version_folders(folder)
    if not versions:
        raise Refusal("no-blender", f"{folder} holds no settings of Blender 4.2 or newer.",
                      "Start Blender once, or name the folder by --blender-config.")  # fmt: skip
    for version in versions:
        link = version / PLACE
        print(unlink(link) if options.remove else make_link(link))
    if not options.remove:
        print("In Blender: Preferences > Add-ons, enable Mambocap; after a change F3 > Reload Scripts.")
    return 0


def config_folder() -> Path:
    """Where Blender keeps the user's settings on this system."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", "")) / "Blender Foundation/Blender"
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/Blender"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "blender"


def version_folders(folder: Path) -> list[Path]:
    """The settings of every Blender that has extensions."""
    versions = [path for path in folder.glob("*") if re.fullmatch(r"\d+\.\d+", path.name)]
    return sorted(path for path in versions if tuple(map(int, path.name.split("."))) >= OLDEST_BLENDER)


def make_link(link: Path) -> str:
    """Link the checkout there and say so. Raises Refusal when something else lies in its place."""
    if link.resolve() == ROOT:
        return f"{link} is linked already."
    if link.is_symlink():
        link.unlink()
    elif link.exists():
        raise Refusal("in-the-way", f"{link} is an installed Mambocap.", "Remove it in Blender's preferences first.")
    link.parent.mkdir(parents=True, exist_ok=True)
    if sys.platform == "win32":  # a junction needs no rights, a symbolic link does
        subprocess.run(["cmd", "/c", "mklink", "/J", str(link), str(ROOT)], check=True, capture_output=True)
    else:
        link.symlink_to(ROOT, target_is_directory=True)
    return f"{link} is linked to {ROOT}."


def unlink(link: Path) -> str:
    """Take the link away, and nothing but a link to this checkout."""
    if not link.exists() or link.resolve() != ROOT:
        return f"{link} is no link to this checkout."
    os.rmdir(link) if sys.platform == "win32" else link.unlink()
    return f"{link} is gone."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="build.py dev", description="Link this checkout into the installed Blenders.")
    parser.add_argument(
        "--blender-config", type=Path, metavar="DIR", help=f"Blender's settings (default: {config_folder()})"
    )
    parser.add_argument("--remove", action="store_true", help="take the links away")
    return parser
