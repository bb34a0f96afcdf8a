"""One character into one file, whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import bpy
import numpy as np

from ...motion.refusal import Refusal
from ...motion.whole_files import put_in_place, unwritable
from .export_choices import ExportChoices
from .exported import Export, Report
from .file_names import refuse_bad_name
from .kept_values import values_kept
from .seen_motion import key_range

_ADDONS = {"export_scene.fbx": "FBX format", "export_scene.gltf": "glTF 2.0 format"}
# Shares of the time of an export, the sample with its body, 4.2: looking took 0.06 for glTF, 0.15 for USD, 0.5 for BVH.
_LOOKED_AT, _LOOKED_AT_FOR_OURS = 0.1, 0.5
_EXPORTED = 0.8   # when an exporter has seen all frames: FBX 0.77, glTF 0.5, USD 0.95


def export_motion(
    character: bpy.types.Object, path: Path, choices: ExportChoices, context: bpy.types.Context,
    report: Report = lambda _: None,
) -> str:  # fmt: skip
    """Write what `character` does. Returns a note on what the file lacks, else nothing.

    The scene, the rig and its pose are afterwards as they were. Raises Refusal.
    """
    refuse_missing_exporter(choices)
    refuse_bad_name(path)
    first, last = _range(character, choices)
    frames = np.arange(first, last + 1)
    looking, exporting = _parts(report, choices)
    with values_kept(), _written_beside(path) as temporary:
        export = Export(character, path.stem, choices, frames, context, looking, exporting)
        note = choices.kind.write(temporary, export)
    report(1.0)
    return note


def _parts(report: Report, choices: ExportChoices) -> tuple[Report, Report]:
    """Progress of looking at the rig, and of Blender's exporter while it goes through the frames once more."""
    looked = _LOOKED_AT if choices.kind.operator else _LOOKED_AT_FOR_OURS
    return lambda share: report(looked * share), lambda share: report(looked + (_EXPORTED - looked) * share)


def refuse_missing_exporter(choices: ExportChoices) -> None:
    """Refuse a format of which this Blender has no exporter."""
    module, _, operator = choices.kind.operator.partition(".")
    if not operator or operator in dir(getattr(bpy.ops, module)):
        return
    if choices.kind.operator in _ADDONS:
        raise Refusal("no-exporter", f"Blender's {choices.kind.name} exporter is switched off.",
                      f"Tick {_ADDONS[choices.kind.operator]} under Edit > Preferences > Add-ons.")  # fmt: skip
    raise Refusal("no-exporter", f"This build of Blender comes without {choices.kind.name}.",
                  "Choose another format, or use Blender from blender.org.")  # fmt: skip


def _range(character: bpy.types.Object, choices: ExportChoices) -> tuple[int, int]:
    if choices.first_frame is None or choices.last_frame is None:
        return key_range(character)
    if choices.last_frame < choices.first_frame:
        raise Refusal("no-frames", f"Frame {choices.last_frame} comes before frame {choices.first_frame}.",
                      "Let the last frame come after the first.")  # fmt: skip
    return choices.first_frame, choices.last_frame


@contextlib.contextmanager
def _written_beside(path: Path) -> Iterator[Path]:
    """A name beside `path` that takes its place when all went well. A new folder is made, and goes when it did not."""
    temporary, is_new = path.with_name(f".{os.getpid()}{path.suffix}"), not path.parent.exists()
    try:
        path.parent.mkdir(exist_ok=True)
        temporary.touch()
        yield temporary
        put_in_place(temporary, path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()
        if is_new and not path.exists():
            with contextlib.suppress(OSError):
                path.parent.rmdir()
