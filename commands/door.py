"""The door of build.py: finds the command and turns what the user can mend into words."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Callable, Sequence

from backend.command_line.names import BUILD
from commands import batch, capture, cluster, develop, extension, pass_on, run_tests, setup
from motion.job import DONE, USER_CAN_MEND
from motion.refusal import Refusal

STOPPED = 130   # as shells say of a program that Ctrl+C ended


@dataclass(frozen=True)
class Command:
    """One command. `run` gets the arguments behind its name and returns the exit code."""

    usage: str
    does: str
    run: Callable[[list[str]], int]


COMMANDS: dict[str, Command] = {
    "capture": Command(
        "capture [CLIP ...] --out DIR", "footage in; motion.npz, preview.mp4 and scene.blend out", capture.run
    ),
    "batch": Command("batch SOURCE --out DIR", "capture all takes of a folder or a list, with a report", batch.run),
    "setup": Command(
        "setup [--device cpu|cuda]", "make the environments beforehand; resumes where it was stopped", setup.run
    ),
    "cluster": Command("cluster start|join|status|stop", "machines that work on batches together", cluster.run),
    "doctor": Command("doctor [--json]", "say what is here and what is missing", pass_on.doctor),
    "test": Command("test [pytest options]", "all tests, the add-on's inside Blender's module", run_tests.run),
    "bench": Command("bench NAME [--json FILE]", "print a table of measurements", pass_on.bench),
    "extension": Command("extension", "build and validate the zip that Blender installs", extension.run),
    "dev": Command("dev", "link this checkout into the installed Blenders", develop.run),
}


def main(argv: Sequence[str]) -> int:
    """Run a command; returns the exit code: 0 done, 1 our bug, 2 the user can mend it."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.reconfigure(errors="backslashreplace")   # not every name of a file can be written in its encoding
    if not argv or argv[0] in ("-h", "--help", "help"):
        print(usage())
        return DONE
    command = COMMANDS.get(argv[0])
    if command is None:
        print(f"There is no command {argv[0]!r}. There are {', '.join(COMMANDS)}.", file=sys.stderr)
        return USER_CAN_MEND
    try:
        return command.run(list(argv[1:]))
    except Refusal as refusal:
        print(f"{refusal.sentence} {refusal.mend}", file=sys.stderr)
        return USER_CAN_MEND
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return STOPPED


def usage() -> str:
    """The page that `python3 build.py` prints."""
    rows = [f"  {BUILD} {command.usage:<30} {command.does}" for command in COMMANDS.values()]
    return "\n".join(["Mambocap: footage in, keyframed armature out. Commands:", "", *rows, "",
                      f"Start with `{BUILD} capture`: it sets up what is missing and captures a sample clip.",
                      "Every command explains itself with --help."])  # fmt: skip
