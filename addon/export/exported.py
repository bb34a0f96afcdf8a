"""One motion on its way into a file: what formats may ask of it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import bpy

from ...motion.arrays import Indices
from ...motion.refusal import Refusal
from .build_stand_in import Built, built
from .copied_meshes import meshes_of
from .export_choices import ExportChoices
from .exporters_progress import frames_reported
from .format import Layout as LayoutName
from .plain_bones import plain_bones
from .seen_motion import SeenMotion, seen_motion
from .stand_in import Layout, StandIn, layout_of, stand_in_of

Report = Callable[[float], None]   # of the share that is done


@dataclass(frozen=True, eq=False)
class Export:
    """A character's motion at whole frames of the scene, seen as Blender shows it."""

    character: bpy.types.Object
    name: str                       # of the motion, as the file is called
    choices: ExportChoices
    frames: Indices                 # [T]
    context: bpy.types.Context
    looking: Report                 # at the rig
    exporting: Report               # as Blender's exporter looks once more

    def seen(self, bones: Sequence[int]) -> SeenMotion:
        """Some bones, by their places in the armature, in the world of the scene: Z up, Blender's units."""
        return seen_motion(self.character, bones, self.frames, self.context.scene, self.looking)

    def stand_in(self, layout: LayoutName = "blender", one_root: bool = False) -> StandIn:
        """A plain character in the axes and the unit of a file: the bones that the artist chose, none of them held."""
        return self._stand_in(self._layout(layout), one_root)

    @cached_property
    def meshes(self) -> list[bpy.types.Object]:
        """Those that the bones move, if wanted."""
        return meshes_of(self.character, self.context.scene) if self.choices.mesh else []

    @contextlib.contextmanager
    def built(
        self, layout: LayoutName = "blender", one_root: bool = False, object_name: str | None = None
    ) -> Iterator[Built]:
        """A stand-in and copies of the meshes, for Blender's exporters. Raises Refusal for what these say."""
        axes, scene = self._layout(layout), self.context.scene
        plain = self._stand_in(axes, one_root)
        with built(self.character, self.meshes, plain, axes, scene, self.name, object_name) as made, \
                self._in_words(), frames_reported(made.scene, self.exporting):  # fmt: skip
            yield made

    def _stand_in(self, layout: Layout, one_root: bool) -> StandIn:
        bones = plain_bones(self.character, self.choices.deform_only, one_root)
        return stand_in_of(self.seen(bones.sources), bones, layout)

    def _layout(self, name: LayoutName) -> Layout:
        units = self.context.scene.unit_settings
        return layout_of(name, units.scale_length if units.system != "NONE" else 1.0)

    @contextlib.contextmanager
    def _in_words(self) -> Iterator[None]:
        """What Blender's exporter could not do, in words."""
        try:
            yield
        except RuntimeError as error:
            said = str(error).strip().splitlines()[-1] if str(error).strip() else "it did not say why"
            name = self.choices.kind.name
            raise Refusal("export-failed", f"Blender's {name} exporter could not write this motion ({said}).",
                          "Try without the body, or another format.") from error  # fmt: skip
