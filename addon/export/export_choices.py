"""What is to be exported, and how."""

from __future__ import annotations

from dataclasses import dataclass

from .format import PRESETS, Format, Preset


@dataclass(frozen=True)
class ExportChoices:
    """The choices of one export, the same for all characters of a batch."""

    format: str                      # a key of FORMATS
    preset: str = "UNREAL"           # a key of PRESETS, for FBX
    mesh: bool = True                # the meshes that the bones move
    deform_only: bool = False        # only bones that move meshes, and the nesting among them
    order: str = "ZXY"               # of the turns in BVH
    centimetres: bool = True         # in BVH, else metres
    first_frame: int | None = None   # of the scene; None: from the first key on
    last_frame: int | None = None    # included; None: to the last key

    @property
    def kind(self) -> Format:
        from .formats import FORMATS  # whose modules need these choices

        return FORMATS[self.format]

    @property
    def fbx(self) -> Preset:
        return PRESETS[self.preset]
