"""Windows takes 259 letters for a whole path unless its owner allows more, and packages need most of them."""

from __future__ import annotations

import sys
from pathlib import Path

from motion.refusal import Refusal

LONGEST = 259
LONGEST_INSIDE = 172   # below site-packages: a licence in torch 2.13.0
SITE_PACKAGES = "Lib/site-packages"
_KEY = r"SYSTEM\CurrentControlSet\Control\FileSystem"


def require_short_name(folder: Path) -> None:
    """Refuse an environment in which packages would have files whose names Windows does not take."""
    if sys.platform == "win32" and not _may_be_long_on_windows():
        if len(str(folder / SITE_PACKAGES)) + 1 + LONGEST_INSIDE > LONGEST:
            raise too_long(folder)


def too_long(folder: Path) -> Refusal:
    return Refusal("long-name", f"Some files of the packages have names that are too long for Windows in {folder}.",
                   "Choose a place with a shorter name, such as C:/Mambocap, by the environment variable MAMBOCAP_HOME."
                   )  # fmt: skip


def _may_be_long_on_windows() -> bool:
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _KEY) as key:   # type: ignore[attr-defined]
            return winreg.QueryValueEx(key, "LongPathsEnabled")[0] == 1   # type: ignore[attr-defined, no-any-return]
    except OSError:
        return False
