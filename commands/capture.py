"""`build.py capture`: sets up what is missing, captures, and writes the scenes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from backend.command_line.names import SAMPLE_OUT
from backend.install import ROOT
from commands.blender import script_command
from commands.pass_on import call_module
from commands.setup import BACKEND, ready_backend
from motion.file_lock import is_held
from motion.job import CANCELLED, DONE, LOCK, OUR_BUG, USER_CAN_MEND
from motion.refusal import Refusal

NOTE = "Note: "   # with which addon/write_scene.py begins what the user should know of a scene
OWN_CODES = (DONE, OUR_BUG, USER_CAN_MEND, CANCELLED)   # with which the backend ends by itself
WRITE_SCENE = ROOT / "addon/write_scene.py"


def run(argv: list[str]) -> int:
    """Capture clips; all options are the backend's own, which knows them from clips and those with a value."""
    if "-h" in argv or "--help" in argv:
        return call_module(ready_backend(), BACKEND, ["capture", "--help"]).returncode
    (_, out), (_, device) = without_option(argv, "--out"), without_option(argv, "--device")
    return _capture(argv, Path(out or SAMPLE_OUT), device or "auto")


def without_option(argv: list[str], name: str) -> tuple[list[str], str]:
    """The arguments without an option and its value, and the value, empty where it was not given."""
    rest, value, arguments = [], "", iter(argv)
    for argument in arguments:
        if argument == name:
            value = next(arguments, "")
        elif argument.startswith(f"{name}="):
            value = argument.partition("=")[2]
        else:
            rest.append(argument)
    return rest, value


def scene_folders(out: Path, since: float) -> list[Path]:
    """The folders under `out` in which people were captured since this time (seconds since the epoch).

    Not those in which another capture is still at work, which writes its scene itself.
    """
    if not os.path.isdir(out):   # nor need its name be one that there can be
        return []
    motions = [*out.glob("person_*/motion.npz"), *out.glob("*/person_*/motion.npz")]
    folders = sorted({path.parents[1] for path in motions if path.stat().st_mtime >= since})
    return [folder for folder in folders if not is_held(folder / LOCK)]


def _capture(arguments: list[str], out: Path, device: str) -> int:
    python = ready_backend(device)
    started = time.time() - 2.0  # some file systems keep times to two seconds
    captured = call_module(python, BACKEND, ["capture", *arguments], stdout=subprocess.PIPE)
    # Also where some clip failed: the people of the others are complete.
    codes = [write_scene(folder) for folder in scene_folders(out, started)]
    sys.stdout.write(captured.stdout)
    return exit_code(captured.returncode) or max(codes, default=DONE)


def exit_code(returned: int, work: str = "capture") -> int:
    """The backend's own exit code; of one that could not end by itself, it is said what happened to which work."""
    if returned in OWN_CODES:
        return returned
    was_killed = returned in (-signal.SIGTERM, -9)   # 9: SIGKILL, which Windows does not know
    how = "was killed, perhaps because the memory was not enough" if was_killed else f"crashed (code {returned})"
    print(f"The backend {how}. Start the {work} again to go on; finished stages are kept.", file=sys.stderr)
    return USER_CAN_MEND if was_killed else OUR_BUG


def write_scene(folder: Path) -> int:
    """Write scene.blend for the people in a folder; says why where it cannot, the motion files are complete anyway.

    Returns DONE when it is written, USER_CAN_MEND when only the user can mend what is wrong, else OUR_BUG.
    """
    print(f"Writing {folder / 'scene.blend'}", file=sys.stderr)
    try:
        command = script_command(WRITE_SCENE, str(folder.resolve()))
    except Refusal as refusal:
        print(f"{refusal.sentence} {refusal.mend}", file=sys.stderr)
        return USER_CAN_MEND
    written = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace")
    if written.returncode == 0:
        print(*(line for line in written.stderr.splitlines(keepends=True) if line.startswith(NOTE)), sep="", end="",
              file=sys.stderr)  # fmt: skip
        return DONE
    last = (written.stderr.strip() or written.stdout.strip() or f"code {written.returncode}").splitlines()[-1]
    if written.returncode == USER_CAN_MEND:   # the last line is the sentence and its mend
        print(last, file=sys.stderr)
        return USER_CAN_MEND
    print(f"scene.blend was not written to {folder}: {last}", file=sys.stderr)
    return OUR_BUG
