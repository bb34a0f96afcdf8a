"""`build.py batch`: sets up what is missing and captures all takes of a folder or a list."""

from __future__ import annotations

import os

from commands.capture import exit_code, without_option
from commands.pass_on import call_module
from commands.setup import BACKEND, ready_backend


def run(argv: list[str]) -> int:
    """All options are the backend's own."""
    _, device = without_option(argv, "--device")
    arguments = ["batch", *argv, "--with-parent", str(os.getpid())]   # farms kill only the process that they started
    return exit_code(call_module(ready_backend(device or "auto"), BACKEND, arguments).returncode, "batch")
