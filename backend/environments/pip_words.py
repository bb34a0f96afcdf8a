"""Why pip failed, in one sentence and its mend."""

from __future__ import annotations

import re
from pathlib import Path

from backend.environments.long_names import too_long
from motion.refusal import Refusal

_NO_ROOM = re.compile(r"No space left on device|not enough space on the disk", re.I)
_NO_NETWORK = re.compile(r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|"
                         r"Connection (?:refused|reset|aborted|broken)|"
                         r"Name or service not known|Network is unreachable|"
                         r"Temporary failure in name resolution|getaddrinfo failed|IncompleteRead", re.I)  # fmt: skip
_NO_BUILD = re.compile(r"No matching distribution found for ([^\s;(]+)")


def why_pip_failed(said: list[str], code: int, folder: Path, wheels: Path | None, log: Path) -> Refusal:
    """The refusal for a pip that ended with `code`, from the last lines that it `said`.

    `folder` is the environment, `wheels` the folder it installed from, None for the network.
    """
    text = "\n".join(said)
    if _NO_ROOM.search(text):
        return Refusal("disk-full", f"The disk is full: the packages do not fit into {folder}.",
                       "Free some space and start again; what has been fetched is kept.")  # fmt: skip
    if "Long Path" in text:   # pip's hint, on Windows alone
        return too_long(folder)
    no_build = _NO_BUILD.search(text)
    if no_build and wheels:
        return Refusal("no-such-wheel",
                       f"{wheels} has no wheel of {no_build[1]} that fits this machine and its Python.",
                       "Add it to the folder, or install from the network.")  # fmt: skip
    if _NO_NETWORK.search(text):
        return Refusal("no-network", "The package index could not be reached.", "Check the connection and start again, "
                       "or install from a folder of wheels (--wheels FOLDER).")  # fmt: skip
    if no_build:
        return Refusal("no-such-package", f"No build of {no_build[1]} fits this machine and its Python.",
                       "Use a 64-bit Python 3.11, 3.12 or 3.13 on Linux, Windows or macOS.")  # fmt: skip
    if "Permission denied" in text:
        return Refusal("unwritable", f"The packages could not be written to {folder} (permission denied).",
                       "Choose another place by the environment variable MAMBOCAP_HOME.")  # fmt: skip
    errors = [line.removeprefix("ERROR: ").rstrip(".") for line in said if line.startswith("ERROR")]
    return Refusal("pip-failed", f"pip ended with {errors[-1] if errors else f'code {code}'}.",
                   f"Start again; if it fails the same way, {log} says more.")  # fmt: skip
