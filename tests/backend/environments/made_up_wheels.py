"""Wheels that do nothing, and pins that name them: environments that are made in seconds, without network."""

from __future__ import annotations

import zipfile
from pathlib import Path

PINS = """
pip = "26.3"
[torch]
version = "2.13.0"
cpu_index = ""
cuda_index = ""
cuda_tag = ""
[tiny]
pythons = ["3.11", "3.12", "3.13"]
requirements = ["tiny=={version}"]
imports = ["tiny"]
download_mb = 1
disk_mb = {disk_mb}
[tests]
requirements = ["small==1.0"]
imports = ["small"]
download_mb = 1
disk_mb = 1
"""


def write_wheel(folder: Path, name: str, version: str, source: str = "") -> Path:
    """A wheel with one module."""
    info = f"{name}-{version}.dist-info"
    members = {
        f"{name}.py": source or f"version = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{member},,\n" for member in [*members, f"{info}/RECORD"])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for member, text in {**members, f"{info}/RECORD": record}.items():
            wheel.writestr(member, text)
    return path


def write_pins(path: Path, version: str = "1.0", disk_mb: int = 30) -> None:
    """A pins.toml with the environment "tiny"."""
    path.write_text(PINS.format(version=version, disk_mb=disk_mb), encoding="utf-8")
