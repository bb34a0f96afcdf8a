"""`build.py extension`: builds and validates the zip that Blender installs."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from backend.environments.environment import is_ready
from backend.environments.pins import blender_environments
from backend.environments.pip_command import site_packages
from backend.install import ROOT
from commands.blender import oldest_possible
from commands.setup import ready_python
from motion.places import python_of
from motion.refusal import Refusal

LARGEST_MB = 40.0
# What runs on the user's machine; assets are made by scripts that lie beside them and stay here.
CONTENTS = {
    ".": ("blender_manifest.toml", "__init__.py", "COPYING"),
    "addon": ("**/*",),
    "motion": ("**/*",),
    "backend": ("**/*",),
    "assets": ("**/*",),
}


def run(argv: list[str]) -> int:
    """Build the zip and say where it is."""
    parser = argparse.ArgumentParser(prog="build.py extension", description="Build and validate the extension's zip.")
    parser.add_argument("--output-dir", type=Path, default=ROOT / "dist", help="default: dist/ in the checkout")
    built = build(parser.parse_args(argv).output_dir)
    print(f"{built} ({built.stat().st_size / 1e6:.1f} MB)")
    return 0


def build(output: Path) -> Path:
    """The path of the new zip. Raises Refusal when Blender's validator refuses it or it is too large."""
    manifest = tomllib.loads((ROOT / "blender_manifest.toml").read_text(encoding="utf-8"))
    output.mkdir(parents=True, exist_ok=True)
    target = output / f"{manifest['id']}-{manifest['version']}.zip"
    with tempfile.TemporaryDirectory() as scratch:
        for path in contents():
            copy = Path(scratch, path.relative_to(ROOT))
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        _blender_tool("build", "--source-dir", scratch, "--output-filepath", str(target))
    _blender_tool("validate", str(target))
    if target.stat().st_size > LARGEST_MB * 1e6:
        raise Refusal(
            "large-zip", f"{target} has {target.stat().st_size / 1e6:.0f} MB.", f"Keep it under {LARGEST_MB:.0f} MB."
        )
    return target


def contents() -> list[Path]:
    """The files that belong in the zip."""
    found = {
        path for folder, patterns in CONTENTS.items() for pattern in patterns for path in (ROOT / folder).glob(pattern)
    }
    return sorted(path for path in found if path.is_file() and not _stays_here(path.relative_to(ROOT)))


def _stays_here(path: Path) -> bool:
    made_by_script = path.parts[0] == "assets" and path.suffix == ".py"
    return made_by_script or "__pycache__" in path.parts or path.name.startswith(".")


def _blender_tool(*arguments: str) -> None:
    """Blender's own program for extensions: a plain Python file that comes with its module."""
    name = next((name for name in reversed(blender_environments()) if is_ready(name)), None) or oldest_possible()
    python = ready_python(name)
    tool = next(
        site_packages(python_of(name)).glob("bpy/*/scripts/addons_core/bl_pkg/cli/blender_ext.py")
    )
    ran = subprocess.run([str(python), str(tool), *arguments], capture_output=True, text=True, errors="replace")
    if ran.returncode != 0:
        print(ran.stdout + ran.stderr, file=sys.stderr)
        raise Refusal("invalid-extension", f"Blender's validator refuses the extension ({arguments[0]}).", "See above.")
