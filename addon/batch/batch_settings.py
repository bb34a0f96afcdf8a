"""What the artist says about a batch, kept in the scene."""

from itertools import compress
from pathlib import Path

import bpy
from bpy.props import BoolProperty, CollectionProperty, EnumProperty, IntProperty, PointerProperty, StringProperty

from ...motion.batch.find_takes import AUTO
from . import watched
from .seen_batch import Places

OUT = "Mambocap"   # the folder for the takes where none is chosen


def _places_changed(settings: "MambocapBatch", context: bpy.types.Context) -> None:
    watched.find(settings.id_data)


class MambocapBatchRow(bpy.types.PropertyGroup):
    """A take in the table, by its name; all else is in what was seen of the batch."""

    wanted: BoolProperty(name="Import", default=True, description="Import this take with Import Chosen")


class MambocapBatch(bpy.types.PropertyGroup):
    """Of the footage and of how it is captured; what is looked for in each clip is the Capture panel's to say."""

    source: EnumProperty(
        name="Footage From",
        items=[
            ("FOLDER", "Folder", "Every film in a folder and the folders in it"),
            ("LIST", "List", "The clips that a file lists, with the cameras of each take"),
        ],
        description="Where the clips of the batch are named",
        update=_places_changed,
    )
    folder: StringProperty(
        name="Footage", subtype="DIR_PATH", update=_places_changed,
        description="The folder of footage. Films named alike but for their camera, such as jump_cam01 and "
                    "jump_cam02, are one take",
    )  # fmt: skip
    list_file: StringProperty(
        name="List", subtype="FILE_PATH", update=_places_changed,
        description="A text or CSV file with a take a line: its name, then its clips, one of each camera",
    )  # fmt: skip
    out: StringProperty(
        name="Results", subtype="DIR_PATH", update=_places_changed,
        description=f"The folder for the takes, the table and the report. Empty: a folder {OUT} in that of the footage",
    )  # fmt: skip
    cameras: StringProperty(
        name="Camera Names", update=_places_changed,
        description="Which part of a clip's name is its camera, in brackets, where it is not cam1 or camA: "
                    "*_(left|right). The word none makes each clip a take. Empty: by the usual names",
    )  # fmt: skip
    preview: BoolProperty(
        name="Preview Films",
        description="Draw a film with the body over the footage for every take, which takes longer",
    )  # fmt: skip
    workers: IntProperty(
        name="Workers", default=0, min=0, max=1024,
        description="How many parts of clips are worked on at the same time. 0: as many as the processor, its memory "
                    "and the graphics card allow",
    )  # fmt: skip
    cluster: StringProperty(
        name="Cluster",
        description="Address of the Ray cluster that does the work, or auto for the one that runs here. Empty: this "
                    "machine alone",
    )  # fmt: skip
    ship: BoolProperty(
        name="Send Footage",
        description="The machines of the cluster do not see the folder of the footage: send it to them",
    )  # fmt: skip
    rows: CollectionProperty(type=MambocapBatchRow, name="Takes", description="The takes of the batch")
    active_row: IntProperty(name="Take", description="The take that is chosen in the table")

    @property
    def places(self) -> Places | None:
        """Where footage and takes are, None while neither is chosen."""
        said = self.folder if self.source == "FOLDER" else self.list_file
        source = Path(bpy.path.abspath(said)) if said else None
        if source is None and not self.out:
            return None
        folder = Path(bpy.path.abspath(self.out)) if self.out else self._beside(source)
        return Places(source, folder, self.cameras.strip() or AUTO)

    def _beside(self, source: Path) -> Path:
        return source / OUT if self.source == "FOLDER" else source.with_name(f"{OUT} {source.stem}")

    @property
    def chosen_rows(self) -> list[str]:
        """Names of the takes with a check mark; drawn panels ask, and there may be thousands."""
        wanted = [False] * len(self.rows)
        self.rows.foreach_get("wanted", wanted)
        return list(compress(self.rows.keys(), wanted))


_CLASSES = (MambocapBatchRow, MambocapBatch)


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Scene.mambocap_batch = PointerProperty(type=MambocapBatch)


def unregister() -> None:
    del bpy.types.Scene.mambocap_batch
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
