"""Makes, completes and renews one virtual environment."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from backend.environments import system_libraries
from backend.environments.lock import held
from backend.environments.long_names import require_short_name
from backend.environments.pins import Pins, read_pins
from backend.environments.pip_command import Pip, forget_half_installed, site_packages
from backend.environments.pythons import find_python, version_of
from backend.environments.telling import Step, Tell
from backend.environments.torch_build import build_for, install_torch
from backend.environments.venv_words import why_venv_failed
from motion.places import environment_folder, environment_python
from motion.refusal import Refusal
from motion.whole_files import put_in_place

MEGA = 1_000_000
AS_TEXT = {"capture_output": True, "encoding": "utf-8", "errors": "replace"}   # of a Python with -X utf8
STAMP = "mambocap.json"  # written last: names the parts that are whole, and the build they were made for


@dataclass(frozen=True)
class Wish:
    """What the user chose. `wheels`: a folder to install from instead of the network."""

    device: str = "auto"
    wheels: Path | None = None
    may_use_apt: bool = False


def is_ready(name: str, parts: tuple[str, ...] = (), device: str = "auto") -> bool:
    """Whether the environment with these added parts is whole and of today's pins. Quick: it starts nothing."""
    folder = environment_folder(name)
    build = _read_stamp(folder)["build"]
    return device in ("auto", build) and not _lacking(folder, tuple(map(read_pins, (name, *parts))), build)


def megabytes(name: str, parts: tuple[str, ...] = (), device: str = "auto") -> tuple[int, int]:
    """(to fetch, on the disk) for what the environment and its added parts still lack."""
    pins = read_pins(name)
    build = _build(name, pins, device)
    lacking = _lacking(environment_folder(name), (pins, *map(read_pins, parts)), build)
    return sum(part.download_mb[build] for part in lacking), sum(part.disk_mb[build] for part in lacking)


def ensure(name: str, parts: tuple[str, ...], wish: Wish, tell: Tell) -> Path:
    """The interpreter of a whole environment, made or completed where needed.

    Raises Refusal for what only the user can mend: no network, no room, no venv module, another installation.
    """
    folder = environment_folder(name)
    if is_ready(name, parts, wish.device):
        return environment_python(folder)
    with held(folder.with_name(f"{name}.lock"), f"the environment {name}"):
        pins = read_pins(name)
        build = _build(name, pins, wish.device)
        system_libraries.provide(pins.libraries, wish.may_use_apt, tell)
        require_short_name(folder)
        _require_room(folder, megabytes(name, parts, wish.device)[1])
        python = _virtual_environment(folder, pins, build, tell)
        for part in _lacking(folder, (pins, *map(read_pins, parts)), build):
            _complete(folder, python, part, build, wish, tell)
    return python


def _lacking(folder: Path, parts: tuple[Pins, ...], build: str) -> list[Pins]:
    """The parts that are not there whole and as pinned today."""
    stamp = _read_stamp(folder)
    if stamp["build"] != build or not environment_python(folder).exists():
        return list(parts)
    return [part for part in parts if stamp["parts"].get(part.name) != part.fingerprint(build)]


def _build(name: str, pins: Pins, device: str) -> str:
    if pins.torch is None:
        return "cpu"
    if device == "auto" and (made_for := _read_stamp(environment_folder(name))["build"]):
        return made_for
    return build_for(device)


def _virtual_environment(folder: Path, pins: Pins, build: str, tell: Tell) -> Path:
    python = environment_python(folder)
    if version_of(python) in pins.pythons and _read_stamp(folder)["build"] in ("", build):
        forget_half_installed(python)
        return python
    base = find_python(pins.pythons)
    if base is None:
        raise Refusal("no-python", f"{pins.name} needs Python {' or '.join(pins.pythons)}, which was not found here.",
                      f"Install Python {pins.pythons[-1]} and start again.")  # fmt: skip
    tell(Step("prepare", "Making the Python environment"))
    shutil.rmtree(folder, ignore_errors=True)
    made = subprocess.run([str(base), "-I", "-X", "utf8", "-m", "venv", str(folder)], **AS_TEXT)
    if made.returncode != 0:
        shutil.rmtree(folder, ignore_errors=True)
        raise why_venv_failed(made.stdout + made.stderr, base, folder)
    _write_stamp(folder, {"build": build, "parts": {}})
    return python


def _complete(folder: Path, python: Path, part: Pins, build: str, wish: Wish, tell: Tell) -> None:
    stamp = _read_stamp(folder)
    stamp["parts"].pop(part.name, None)
    _write_stamp(folder, stamp)
    _install(_pip(folder, python, part, build, wish, tell), part, build)
    tell(Step("try", f"Trying {', '.join(part.imports)}"))
    _try_imports(python, part)
    stamp["parts"][part.name] = part.fingerprint(build)
    _write_stamp(folder, stamp)


def _pip(folder: Path, python: Path, part: Pins, build: str, wish: Wish, tell: Tell) -> Pip:
    return Pip(python, wish.wheels, folder / "install.log", part.download_mb[build], tell)


def _install(pip: Pip, part: Pins, build: str) -> None:
    pip.tell(Step("download", "Fetching packages", 0, pip.expected_mb))
    with tempfile.TemporaryDirectory() as scratch:
        pinned = Path(scratch, "pinned.txt")
        pinned.write_text("\n".join(part.requirements), encoding="utf-8")
        if not pip.wheels:
            pip.install("--no-deps", f"pip=={part.pip}")
        pip.install("--no-deps", "--requirement", str(pinned))
        if part.torch:
            install_torch(pip, part.torch, build, pinned, part.download_mb)


def _try_imports(python: Path, part: Pins) -> None:
    """Import what the part is for: a missing system library or a damaged file shows now, not in the first capture."""
    # bpy's wheels may hang when the interpreter ends, so it ends without ceremony.
    command = f"import os, {', '.join(part.imports)}; os._exit(0)"
    tried = subprocess.run([str(python), "-I", "-X", "utf8", "-c", command], **AS_TEXT)
    if tried.returncode == 0:
        return
    if library := re.search(r"(lib\S+\.so[.\d]*): cannot open shared object", tried.stderr):
        raise system_libraries.refusal({library[1]: part.libraries.get(library[1], f"the package with {library[1]}")})
    last = tried.stderr.strip().splitlines()[-1] if tried.stderr.strip() else f"code {tried.returncode}"
    shutil.rmtree(site_packages(python).parents[2], ignore_errors=True)
    raise Refusal("damaged", f"What was installed for {part.name} does not start ({last}).",
                  "It has been removed; start again.")  # fmt: skip


def _require_room(folder: Path, needed_mb: int) -> None:
    there_mb = sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_symlink()) // MEGA
    free_mb = shutil.disk_usage(next(parent for parent in folder.parents if parent.exists())).free // MEGA
    if free_mb + there_mb < needed_mb:
        raise Refusal("disk-full", f"{folder.parent} has {free_mb} MB free, but {needed_mb - there_mb} MB are needed.",
                      "Free some, or choose another place by the environment variable MAMBOCAP_HOME.")  # fmt: skip


def _read_stamp(folder: Path) -> dict:
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        return {"build": str(stamp["build"]), "parts": dict(stamp["parts"])}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {"build": "", "parts": {}}


def _write_stamp(folder: Path, stamp: dict) -> None:
    temporary = folder / f".{STAMP}.tmp"
    temporary.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    put_in_place(temporary, folder / STAMP)
