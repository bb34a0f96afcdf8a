"""The shared libraries that the packages expect from a Linux system."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys

from backend.environments.telling import Step, Tell
from motion.refusal import Refusal


def missing_libraries(libraries: dict[str, str]) -> dict[str, str]:
    """Those of {shared library: Debian package} that this system cannot load."""
    return {library: package for library, package in libraries.items() if not _loads(library)}


def provide(libraries: dict[str, str], may_install: bool, tell: Tell) -> None:
    """Install what is missing where that is possible. Raises Refusal with the command that does it otherwise."""
    missing = missing_libraries(libraries) if sys.platform == "linux" else {}
    if not missing:
        return
    packages = sorted(set(missing.values()))
    if may_install and shutil.which("apt-get") and os.geteuid() == 0:
        tell(Step("prepare", f"Installing system libraries by apt-get: {' '.join(packages)}"))
        _apt_get(packages)
        missing = missing_libraries(libraries)
    if missing:
        raise refusal(missing)


def refusal(missing: dict[str, str]) -> Refusal:
    """Says which libraries are missing and the one command that brings them."""
    command = f"apt-get install -y {' '.join(sorted(set(missing.values())))}"
    return Refusal("system-libraries", f"This system lacks {', '.join(sorted(missing))}.",
                   f"Install them, on Debian and Ubuntu by `sudo {command}`, then start again.")  # fmt: skip


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _apt_get(packages: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    if subprocess.run(install, env=environment, capture_output=True).returncode != 0:
        subprocess.run(["apt-get", "update", "-q"], env=environment, capture_output=True)
        subprocess.run(install, env=environment, capture_output=True)
