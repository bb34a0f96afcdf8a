"""The house: folders that are known, and imports that run one way, addon -> motion <- backend."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Iterator

from tests.tiny_ones import shown

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = {"addon", "motion", "backend", "commands", "assets", "bench", "tests", "docs"}
OURS = {"addon", "backend", "bench", "commands", "motion", "mambocap"}
STANDARD = set(sys.stdlib_module_names)
LARGEST_FILE_LINES = 300
LONGEST_MAP_LINES, WIDEST_MAP_LINE = 150, 160
# What runs before there is any environment.
WITHOUT_PACKAGES = ["build.py", "__init__.py", "backend/install.py", "motion/places.py", "motion/refusal.py"]


def files(*folders: str) -> list[Path]:
    return sorted(
        path for folder in folders for path in (ROOT / folder).rglob("*.py") if "__pycache__" not in path.parts
    )


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """(first name of the module, relative level) of every import, those inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], 0) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0], node.level


def outside(path: Path, allowed: set[str]) -> set[str]:
    """What a file imports absolutely beyond the standard library and `allowed`."""
    return {name for name, level in imported(path) if level == 0} - STANDARD - allowed


def steps_out_of(folder: str, path: Path) -> Iterator[str]:
    """The neighbours of `folder` that a file reaches by relative imports."""
    depth = len(path.relative_to(ROOT / folder).parts)
    yield from (name for name, level in imported(path) if level > depth)


def offenders(paths: list[Path], allowed: set[str]) -> dict[str, set[str]]:
    """The files that import more than they may, with what."""
    return {path.relative_to(ROOT).as_posix(): found for path in paths if (found := outside(path, allowed))}


def test_motion_needs_numpy_and_nothing_else():
    assert offenders(files("motion"), {"numpy"}) == {}
    assert not [path for path in files("motion") if list(steps_out_of("motion", path))]


def test_the_addon_knows_blender_and_motion_but_not_the_backend():
    blenders_own = {"bpy", "bpy_extras", "bmesh", "mathutils", "gpu", "gpu_extras", "blf", "addon_utils", "numpy"}
    assert offenders(files("addon"), blenders_own) == {}
    assert {name for path in files("addon") for name in steps_out_of("addon", path)} <= {"motion"}


def test_the_backend_knows_motion_but_neither_blender_nor_the_addon():
    forbidden = {"bpy", "bmesh", "mathutils", "addon", "bench", "commands", "mambocap", "smplx"}
    assert not [path for path in files("backend") if {name for name, level in imported(path) if level == 0} & forbidden]


def test_what_makes_the_environments_needs_only_the_standard_library():
    early = [path for path in files("commands", "backend/environments") if path.name != "pytest_here.py"]
    assert offenders([*early, *(ROOT / name for name in WITHOUT_PACKAGES)], OURS) == {}


def test_installing_imports_no_package_even_by_a_detour():
    code = "import sys, commands.door; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {name.split(".")[0] for name in said.stdout.split()} <= STANDARD | OURS | {"__main__"}


def test_the_benchmarks_are_never_imported_by_the_product():
    for path in files("addon", "motion", "backend", "commands"):
        assert "bench" not in {name for name, level in imported(path) if level == 0}, path


def test_the_extensions_door_does_not_import_blender_before_it_is_registered():
    top = ast.parse((ROOT / "__init__.py").read_text(encoding="utf-8")).body
    assert not [node for node in top if isinstance(node, (ast.Import, ast.ImportFrom))]


def test_all_folders_of_the_house_are_known():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode == 0:
        found = {line.split("/")[0] for line in tracked.stdout.splitlines() if "/" in line and not line.startswith(".")}
        assert found <= FOLDERS


def test_files_stay_short():
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines())
        for path in files("addon", "motion", "backend", "commands")
    }
    assert not {path.name: length for path, length in lengths.items() if length > LARGEST_FILE_LINES}


def test_no_file_is_a_dumping_ground():
    empty_words = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager"}
    assert not [path for path in files("addon", "motion", "backend", "bench", "commands") if path.stem in empty_words]


def pages() -> list[Path]:
    """The map and the pages of design behind it."""
    return [ROOT / "ARCHITECTURE.md", *sorted((ROOT / "docs/design").glob("*.md"))]


def test_the_map_fits_one_page():
    lines = pages()[0].read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST_MAP_LINES
    assert not [line for line in lines if len(line) > WIDEST_MAP_LINE and not line.startswith("|")]


def test_every_page_of_design_is_on_the_map():
    assert not [page.name for page in pages()[1:] if page.name not in pages()[0].read_text(encoding="utf-8")]


def test_every_file_that_the_pages_name_is_there():
    there = [f"/{path.relative_to(ROOT).as_posix()}" for folder in FOLDERS for path in (ROOT / folder).rglob("*.*")]
    there += [f"/{path.name}" for path in ROOT.glob("*.*")] + [f"/{path}" for path in shown()]
    for page in pages():
        text = page.read_text(encoding="utf-8")
        named = re.findall(r"`([\w./-]+\.(?:py|md))\b", text)
        assert named and not [name for name in named if not any(path.endswith(f"/{name}") for path in there)], page.name
        linked = re.findall(r"\]\(([^)#:]+)\)", text)
        assert not [link for link in linked if not (page.parent / link).is_file()], page.name
