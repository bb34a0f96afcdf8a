"""`build.py capture`: sets up what is missing, captures, and writes the scenes."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from commands.blender import script_command
from commands.setup import ready_backend
from motion.refusal import Refusal

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "assets/sample/sample.mp4"
SAMPLE_OUT = Path("mambocap-sample")
WRITE_SCENE = ROOT / "addon/write_scene.py"


def run(argv: list[str]) -> int:
    """Capture clips; every option but --out is the backend's own and goes on to it."""
    if "-h" in argv or "--help" in argv:
        return subprocess.run([str(ready_backend()), "-m", "backend", "capture", "--help"], cwd=ROOT).returncode
    rest, out = without_option(argv, "--out")
    _, device = without_option(rest, "--device")
    clips_or_values = [argument for argument in without_option(rest, "--device")[0] if not argument.startswith("-")]
    if not clips_or_values:
        rest, out = [str(SAMPLE), *rest], out or str(SAMPLE_OUT)
    if not out:
        raise Refusal("no-out", "It is not said where the results go.", "Add --out and a folder.")
    return _capture(rest, Path(out), device or "auto")


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
    """The folders under `out` in which people were captured since this time (seconds since the epoch)."""
    motions = [*out.glob("person_*/motion.npz"), *out.glob("*/person_*/motion.npz")]
    return sorted({path.parents[1] for path in motions if path.stat().st_mtime >= since})


def _capture(arguments: list[str], out: Path, device: str) -> int:
    python = ready_backend(device)
    started = time.time() - 2.0   # some file systems keep times to two seconds
    command = [str(python), "-m", "backend", "capture", *_absolute(arguments), "--out", str(out.resolve())]
    captured = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    if captured.returncode == 0:
        for folder in scene_folders(out, started):
            _write_scene(folder)
    sys.stdout.write(captured.stdout)
    return captured.returncode


def _absolute(arguments: list[str]) -> list[str]:
    """The arguments with existing files named from the root, since the backend starts in its own folder."""
    return [str(Path(argument).resolve()) if Path(argument).exists() else argument for argument in arguments]


def _write_scene(folder: Path) -> None:
    print(f"Writing {folder / 'scene.blend'}", file=sys.stderr)
    written = subprocess.run(script_command(WRITE_SCENE, str(folder.resolve())), capture_output=True, text=True)
    if not (folder / "scene.blend").exists() or written.returncode != 0:
        last = (written.stderr.strip() or written.stdout.strip() or f"code {written.returncode}").splitlines()[-1]
        print(f"scene.blend was not written to {folder} ({last}); the motion files are complete.", file=sys.stderr)
