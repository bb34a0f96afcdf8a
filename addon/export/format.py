"""What a format of export says of itself, and what the programs want that read FBX."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from .exported import Export

Layout = Literal["blender", "y_up_m", "y_up_cm"]


@dataclass(frozen=True)
class Preset:
    """What one program wants of an FBX file."""

    name: str
    description: str
    layout: Layout               # of the numbers in the file: Blender's own, or Y up as the program has it
    one_root: bool = False       # several bones without a parent get one
    object_name: str | None = None   # of the armature; None: as the artist called it
    scale_option: str = "FBX_SCALE_NONE"


# Unreal takes an object above the bones for a bone, unless it is called Armature, stands at the top, and has one
# child (FindSkeletonRoot in Interchange's UfbxScene.cpp, GetRootSkeleton in FbxSkeletalMeshImport.cpp).
PRESETS: Mapping[str, Preset] = {
    "UNREAL": Preset("Unreal", "Centimetres, one root bone, and no bone made of the armature object",
                     "y_up_cm", one_root=True, object_name="Armature"),
    "UNITY": Preset("Unity", "Metres, Y up; no turn and no scale on any object",
                    "y_up_m", scale_option="FBX_SCALE_ALL"),
    "MIXAMO": Preset("Maya, MotionBuilder, Mixamo", "Centimetres, Y up; no turn and no scale on any object", "y_up_cm"),
    "BLENDER": Preset("Blender", "Metres, Z up, as Blender itself writes FBX", "blender"),
}  # fmt: skip


@dataclass(frozen=True)
class Format:
    """One kind of file."""

    name: str
    suffix: str
    description: str
    write: Callable[[Path, Export], str]   # into a file that may go; returns a note on what it lacks, else nothing
    options: tuple[str, ...] = ()    # of MambocapExport, which of them matter: preset, order, centimetres, mesh, bones
    operator: str = ""               # of Blender's exporter, empty where we write ourselves
