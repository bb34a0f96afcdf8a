"""What an environment holds, read from pins.toml."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass, field
from pathlib import Path

PINS_FILE = Path(__file__).with_name("pins.toml")
TESTS = "tests"  # the part that comes on top of an environment in which tests run
CLUSTER = "cluster"  # and the one on top of the backend's that works on batches with other machines


@dataclass(frozen=True)
class TorchPins:
    """The version of torch, and where the builds lie that the ordinary index does not have."""

    version: str
    cpu_index: str
    cuda_index: str
    cuda_tag: str


@dataclass(frozen=True)
class Pins:
    """One environment, or one part that is added to it."""

    name: str
    requirements: tuple[str, ...]
    imports: tuple[str, ...]  # must succeed before the environment counts as made
    pythons: tuple[str, ...] = ()  # newest last
    libraries: dict[str, str] = field(default_factory=dict)  # Linux: shared library -> Debian package
    download_mb: dict[str, int] = field(default_factory=dict)  # by build: "cpu", "cuda"
    disk_mb: dict[str, int] = field(default_factory=dict)
    torch: TorchPins | None = None
    pip: str = ""

    def fingerprint(self, build: str) -> str:
        """Changes when anything that decides what is installed changes."""
        decisive = {**asdict(self), "build": build, "download_mb": None, "disk_mb": None, "libraries": None}
        return hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()


def read_pins(name: str) -> Pins:
    """The pins of an environment such as "backend" or "bpy-4.2.23", or of a part such as "tests"."""
    table = _table()
    own = dict(table[name])
    base = table.get(own.pop("also", ""), {})
    torch = TorchPins(**table["torch"]) if own.pop("with_torch", False) else None
    return Pins(
        name=name,
        requirements=(*base.get("requirements", ()), *own.pop("requirements")),
        imports=tuple(own.pop("imports")),
        pythons=tuple(own.pop("pythons", ())),
        libraries=own.pop("libraries", base.get("libraries", {})),
        torch=torch,
        pip=table["pip"],
        download_mb=_by_build(own.pop("download_mb")),
        disk_mb=_by_build(own.pop("disk_mb")),
        **own,
    )


def _by_build(megabytes: int | dict[str, int]) -> dict[str, int]:
    return megabytes if isinstance(megabytes, dict) else {"cpu": megabytes, "cuda": megabytes}


def environment_names() -> tuple[str, ...]:
    """All environments there are, oldest Blender first."""
    return tuple(name for name, value in _table().items() if isinstance(value, dict) and "pythons" in value)


def blender_environments() -> tuple[str, ...]:
    """The environments with a bpy wheel, oldest first."""
    return tuple(name for name in environment_names() if name.startswith("bpy-"))


def _table() -> dict:
    return tomllib.loads(PINS_FILE.read_text(encoding="utf-8"))
