"""Files that are wrong or hostile, opened by the extension's own buttons; run by Blender's Python.

`python bench/hostile_in_blender.py FOLDER`, in which `imported`, `mappings` and `tables` hold them. Prints as JSON what
was wrong, by file; nothing where one sentence and its mend were said and the scene is as it was.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import bpy

ROOT = Path(__file__).resolve().parent.parent
LONGEST_S = 20.0
DATA = ("objects", "armatures", "meshes", "actions", "collections", "materials", "scenes", "cameras", "images")
TWO_SENTENCES = re.compile(r"Error: .+[.)] [A-Z].+\.")
sys.path.insert(0, str(ROOT))   # run as a file, Python would look in bench/ only


def main(folder: Path) -> None:
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    register()
    wrong = dict(_all_tried(folder))
    print(json.dumps({name: words for name, words in wrong.items() if words}), flush=True)


def register() -> None:
    """The checkout as the package `mambocap`, switched on."""
    spec = importlib.util.spec_from_file_location("mambocap", ROOT / "__init__.py",
                                                  submodule_search_locations=[str(ROOT)])  # fmt: skip
    package = importlib.util.module_from_spec(spec)
    sys.modules["mambocap"] = package
    spec.loader.exec_module(package)
    bpy.context.preferences.addons.new().module = "mambocap"
    package.register()


def _all_tried(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((folder / "imported").glob("*")):
        yield path.name, _refused(functools.partial(bpy.ops.mambocap.import_motion, filepath=str(path)), path.stem)
    if (folder / "mappings").exists() or (folder / "tables").exists():
        _choose_character()
    for path in sorted((folder / "mappings").glob("*")):
        yield path.name, _refused(functools.partial(bpy.ops.mambocap.load_bones, filepath=str(path)), path.stem)
    for path in sorted((folder / "tables").glob("*")):
        _use_tables(path)
        yield path.name, _refused(_find_bones, "rig table")


def _choose_character() -> None:
    from bench.rigs.all_rigs import made_up_rigs
    from bench.rigs.in_blender import build

    bpy.context.scene.mambocap_retarget.character = build(made_up_rigs()["mixamo"])


def _use_tables(folder: Path) -> None:
    """The folder in the place of assets/rigs, to which users may add."""
    from mambocap.addon.retarget.panel import found_mapping
    from mambocap.motion.retarget.mapping.tables import read_tables

    found_mapping.read_tables = functools.partial(read_tables, folder)
    found_mapping.tables.cache_clear()


def _find_bones() -> None:
    """The panel shows why the bones were not found, where others report it."""
    bpy.ops.mambocap.find_bones()
    if problem := bpy.context.scene.mambocap_retarget.problem:
        raise RuntimeError(f"Error: {problem}")


def _refused(press: Callable[[], object], named: str) -> str:
    """Presses a button; what was wrong about the answer, which is to name this."""
    before, began_s = _seen(), time.monotonic()
    try:
        return f"was taken: {press()}"
    except RuntimeError as error:   # as scripts get what a button reports
        said = str(error).strip()
    if time.monotonic() - began_s > LONGEST_S:
        return f"took {time.monotonic() - began_s:.0f} s"
    if "Traceback" in said or "\n" in said or not TWO_SENTENCES.fullmatch(said) or named not in said:
        return f"said: {said}"
    return "" if _seen() == before else "changed the scene"


def _seen() -> dict[str, int]:
    return {kind: len(getattr(bpy.data, kind)) for kind in DATA}


if __name__ == "__main__":
    main(Path(sys.argv[-1]))
    os._exit(0)   # some bpy wheels hang while the interpreter shuts down
