"""Write a finished capture as a blend file: `python addon/write_scene.py OUT_DIR [--blend scene.blend]`.

Runs with the Python of a bpy wheel, or as `blender -b --python addon/write_scene.py -- OUT_DIR`. Ends with 0 when the
file is written, 2 with one sentence on the error stream when only the user can mend what is wrong, else 1.
"""

from __future__ import annotations

import argparse
import errno
import importlib
import importlib.machinery
import importlib.util
import os
import shutil
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

PACKAGE = "mambocap"
NOTE = "Note: "   # tells notes apart from what Blender itself says on the error stream
ROOM_FOR_A_SCENE_BYTES = 4 << 20   # with less on the disk, this is why a scene could not be written


def main() -> int:
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")   # as build.py reads it on every system
    arguments = _arguments()
    try:
        import bpy
    except ImportError as error:
        print(f"Blender's Python module cannot start ({error}). Run build.py setup, it says what is missing.",
              file=sys.stderr)  # fmt: skip
        return 2
    Refusal = load("motion.refusal").Refusal
    try:
        folder = arguments.folder.absolute()
        written = write_scene(bpy, folder, folder / arguments.blend)
    except Refusal as refusal:
        print(refusal.sentence, refusal.mend, file=sys.stderr)
        return 2
    print(written)
    return 0


def load(name: str) -> ModuleType:
    """A module of the extension, such as "addon.take_scene", under the name that Blender would give it.

    The doors of the extension and of addon/ stay shut: a scene needs no panels.
    """
    root = Path(__file__).resolve().parent.parent
    for package, folder in ((PACKAGE, root), (f"{PACKAGE}.addon", root / "addon")):
        if package not in sys.modules:
            spec = importlib.machinery.ModuleSpec(package, None, is_package=True)
            spec.submodule_search_locations = [str(folder)]
            sys.modules[package] = importlib.util.module_from_spec(spec)
    return importlib.import_module(f"{PACKAGE}.{name}")


def write_scene(bpy: ModuleType, folder: Path, blend: Path) -> Path:
    """Build the take of `folder` in an empty file and save it as `blend`, whole or not at all.

    A file of that name, which its user may have worked on, stays as .blend1, as when Blender saves. Raises Refusal
    when there is no take or the file cannot be written.
    """
    take_scene, put_in_place = load("addon.take_scene"), load("motion.whole_files").put_in_place
    load("addon.people").motion_files(folder)
    # Blender appends .blend to other endings.
    temporary = blend.with_name(f".{blend.stem}.{os.getpid()}.blend")
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.context.preferences.filepaths.save_version = 0
    try:
        # Saved once before, so that the path of the footage can be relative to the file.
        _save(bpy, temporary, blend)
        take = take_scene.build_take(bpy.context.scene, folder, folder.name, _body_model(folder))
        _look_through_camera(bpy)
        _save(bpy, temporary, blend)
        if blend.exists():
            put_in_place(blend, blend.with_suffix(".blend1"))
        put_in_place(temporary, blend)
    finally:
        temporary.unlink(missing_ok=True)
    for note in take_scene.notes_of(take):
        print(f"{NOTE}{note}", file=sys.stderr)
    return blend


def _body_model(folder: Path) -> Any:
    """The family of bodies that the capture was asked for: the user's SMPL-X file while it is there, else ours."""
    open_body = load("motion.body").read_open_body()
    asked = (load("motion.job").read_object(folder / "request.json") or {}).get("settings")
    body = asked.get("body") if isinstance(asked, dict) else None
    chosen = body.get("smplx_file") if isinstance(body, dict) else None
    is_there = isinstance(chosen, str) and chosen and Path(chosen).is_file()
    return load("motion.smplx_file").read_smplx(Path(chosen), open_body) if is_there else open_body


def _save(bpy: ModuleType, temporary: Path, blend: Path) -> None:
    try:
        temporary.touch()
        bpy.ops.wm.save_as_mainfile(filepath=str(temporary), check_existing=False)
    except OSError as error:
        raise load("motion.whole_files").unwritable(blend, error) from error
    except RuntimeError as error:
        if shutil.disk_usage(blend.parent).free < ROOM_FOR_A_SCENE_BYTES:   # of which Blender says "Error: Success"
            raise load("motion.whole_files").unwritable(blend, OSError(errno.ENOSPC, "")) from error
        raise load("motion.refusal").Refusal(
            "unwritable", f"{blend.name} could not be written to {blend.parent} ({str(error).strip()}).",
            "Free some space there, or choose a folder that you may write to.",
        ) from error  # fmt: skip


def _look_through_camera(bpy: ModuleType) -> None:
    """Open the file with the footage in view and the body in its colours."""
    areas = [area for screen in bpy.data.screens for area in screen.areas if area.type == "VIEW_3D"]
    for space in (area.spaces.active for area in areas):
        space.shading.color_type = "VERTEX"
        if bpy.context.scene.camera and space.region_3d:
            space.region_3d.view_perspective = "CAMERA"


def _arguments() -> argparse.Namespace:
    after = sys.argv.index("--") + 1 if "--" in sys.argv else 1   # Blender keeps its own arguments before the dashes
    parser = argparse.ArgumentParser(prog="write_scene.py", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="the folder of a finished capture, with person_00/motion.npz in it")
    parser.add_argument("--blend", default="scene.blend", help="the file to write there (default %(default)s)")
    return parser.parse_args(sys.argv[after:])


def _remove_session_folder(bpy: ModuleType) -> None:
    """Blender's own temporary folder, which it removes only when it ends by itself."""
    folder = Path(bpy.app.tempdir)
    if folder.name.startswith("blender_"):   # where none could be made, it is the one that all programs share
        shutil.rmtree(folder, ignore_errors=True)


def _end(code: int) -> None:
    # Some bpy wheels hang in Python's own way out, when all work is done.
    if "bpy" in sys.modules:
        _remove_session_folder(sys.modules["bpy"])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    try:
        exit_code = main()
    except SystemExit as stop:
        exit_code = stop.code if isinstance(stop.code, int) else 1
    except BaseException:
        traceback.print_exc()
        exit_code = 1
    _end(exit_code)
