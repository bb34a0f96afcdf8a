"""What the artist knows of several cameras, and its translation for the backend."""

from pathlib import Path
from typing import Any

import bpy
from bpy.props import BoolProperty, StringProperty

from ...motion.refusal import Refusal


class MambocapMultiview(bpy.types.PropertyGroup):
    """The defaults here are the backend's own (backend/multiview/settings.py)."""

    synchronised: BoolProperty(
        name="Started Together",
        description="All clips began at the same moment, as cameras do that are started by one signal. "
                    "Else the moments are found from the motion and the sound",
    )  # fmt: skip
    sound: BoolProperty(
        name="Use Sound", default=True,
        description="Where all clips have sound, let it help to find when each of them began",
    )  # fmt: skip
    calibration_file: StringProperty(
        name="Calibration", subtype="FILE_PATH",
        description="Cameras that were calibrated elsewhere: a file of OpenCV or Anipose (.toml), a folder of COLMAP, "
                    "or what Use Scene Cameras has written (.json). Empty: they are found from the motion",
    )  # fmt: skip


def fields_from(multiview: MambocapMultiview) -> dict[str, Any]:
    """What differs from the defaults. Raises Refusal when there is no such calibration file."""
    fields: dict[str, Any] = {}
    if multiview.calibration_file:
        path = Path(bpy.path.abspath(multiview.calibration_file))
        if not path.exists():
            raise Refusal("no-calibration-file", f"There is no calibration file {path}.",
                          "Choose one under Footage, or empty the field.")  # fmt: skip
        fields["calibration_file"] = str(path.resolve())
    if multiview.synchronised:
        fields["synchronised"] = True
    if not multiview.sound:
        fields["sound"] = False
    return fields


def show(multiview: MambocapMultiview, fields: dict[str, Any]) -> None:
    """Show these fields of a request on a group that is at its defaults."""
    for name in ("synchronised", "sound", "calibration_file"):
        if name in fields:
            setattr(multiview, name, fields[name])


def register() -> None:
    bpy.utils.register_class(MambocapMultiview)


def unregister() -> None:
    bpy.utils.unregister_class(MambocapMultiview)
