"""What the artist says about a capture, kept in the scene."""

from collections.abc import Mapping
from pathlib import Path

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    FloatProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)

from ..motion import choices
from . import world_hints
from .lasting_items import lasting_items
from .multiview.clips import MambocapClip, remove
from .multiview.multiview_settings import MambocapMultiview

DETECTOR_FILE = "FILE"   # the detector that is a file of the user's
SOLVED = "SOLVED"        # the camera whose path is in a file
_NETWORKS = (
    ("heavy", "Heavy", "The largest network: the truest poses"),
    ("full", "Full", "The middle network: faster, less true"),
    ("lite", "Lite", "The smallest network, to see whether a clip works at all"),
)
_FILE = (DETECTOR_FILE, "File", "A network or keypoints of your own")
_NUMBERED = ("heavy", "full", "lite", DETECTOR_FILE)


def _declared(modules: Mapping[str, choices.Choice]) -> list[tuple[str, str, str]]:
    return [(name, each.title, each.note) for name, each in modules.items()]


def _first_path(settings: "MambocapSettings") -> str:
    return settings.clips[0].path if settings.clips else ""


def _set_first_path(settings: "MambocapSettings", path: str) -> None:
    if path:
        (settings.clips[0] if settings.clips else settings.clips.add()).path = path
    elif settings.clips:
        remove(settings, 0)


class MambocapSettings(bpy.types.PropertyGroup):
    """The defaults here are the backend's own, so that an untouched panel asks for nothing."""

    clips: CollectionProperty(
        type=MambocapClip, name="Clips", description="One clip a camera. The first gives the take its clock and rate"
    )
    active_clip: IntProperty(name="Clip", description="The clip that is chosen in the list")
    clip: StringProperty(
        name="Footage", subtype="FILE_PATH", get=_first_path, set=_set_first_path,
        description="The film, or the first picture of a sequence",
    )  # fmt: skip
    multiview: PointerProperty(
        type=MambocapMultiview, name="Several Cameras", description="What is known of several cameras"
    )
    first_frame: IntProperty(name="In", default=1, min=1, description="First frame of the (first) footage to capture")
    last_frame: IntProperty(name="Out", default=0, min=0, description="Last frame of the (first) footage to capture")
    set_recorded_fps: BoolProperty(
        name="Recorded At", description="The film plays at another rate than it was recorded at, as slow motion does"
    )
    recorded_fps: FloatProperty(
        name="Frames per Second", default=120.0, min=1.0, max=1000.0, precision=2,
        description="Frames a second at which the camera recorded",
    )  # fmt: skip
    mirrored: BoolProperty(name="Mirrored", description="The footage is a mirror image, as front cameras often make it")
    turn: EnumProperty(
        name="Turn",
        items=[
            ("0", "As Filmed", "Trust what the file says about up and down"),
            ("90", "90° Clockwise", "Turn the picture a quarter to the right"),
            ("180", "Upside Down", "Turn the picture by half"),
            ("270", "90° Counter-Clockwise", "Turn the picture a quarter to the left"),
        ],
        description="How to turn the picture so that people stand upright",
    )
    lens: EnumProperty(
        name="Lens",
        items=[
            ("AUTO", "Automatic", "From the file when it says so, else that of a usual phone"),
            ("MM", "Focal Length", "As the 35 mm equivalent"),
            ("FOV", "Field of View", "The angle along the long side of the picture"),
        ],
        description="Where the focal length of the camera is from",
    )
    focal_mm: FloatProperty(
        name="Focal Length", default=26.0, min=4.0, max=2000.0, precision=1, unit="CAMERA",
        description="35 mm equivalent; main cameras of phones have 24 to 30 mm",
    )  # fmt: skip
    fov: FloatProperty(
        name="Field of View", default=1.13, min=0.0175, max=2.967, subtype="ANGLE",
        description="Angle along the long side of the picture; most phones have 55° to 75°",
    )  # fmt: skip
    camera_motion: EnumProperty(
        name="Camera",
        items=[
            ("auto", "Automatic", "The background of the footage tells how the camera moved"),
            ("static", "Stands", "The camera stands still, as on a tripod"),
            ("turning", "Turns", "The camera turns and zooms but stays in its place"),
            ("travelling", "Travels", "The camera moves through the scene, as one that is carried"),
            (SOLVED, "Solved", "The camera was tracked already: its path is taken as it is, from a file"),
        ],
        description="How the camera moved",
    )
    path_file: StringProperty(
        name="Camera File", subtype="FILE_PATH",
        description="The path of the solved camera (.json). Use Blender's Solved Camera writes one",
    )  # fmt: skip
    hints: PointerProperty(type=world_hints.MambocapHints, name="World", description="What is known of the world")
    quality: EnumProperty(
        name="Quality",
        items=[
            ("best", "Best", "Looks twice at every picture, the second time mirrored"),
            ("fast", "Fast", "Looks once: half the time, a little less true"),
        ],
        description="How thoroughly every picture is looked at",
    )
    detector: EnumProperty(
        name="Detector",
        items=lasting_items([*_NETWORKS, *_declared(choices.detectors()), _FILE], _NUMBERED),
        description="What looks for poses",
    )
    detector_file: StringProperty(
        name="Detector File", subtype="FILE_PATH",
        description="A pose landmarker (.task), a network such as RTMPose (.onnx), or the keypoints of another "
                    "detector (.json: OpenPose, COCO, Halpe)",
    )  # fmt: skip
    lifter: EnumProperty(
        name="Lifter",
        items=lasting_items(_declared(choices.lifters()), ("network", "direct")),
        description="What turns the landmarks into a body in space",
    )
    hands: BoolProperty(name="Hands", default=True, description="Look for the fingers too, which takes longer")
    most_people: IntProperty(
        name="Most People", default=4, min=1, max=20, description="How many people are looked for at most"
    )
    set_height: BoolProperty(
        name="Body Height",
        description="Give the first person's height instead of estimating it. With several cameras it fixes the "
                    "scale of the whole take",
    )  # fmt: skip
    height_m: FloatProperty(
        name="Height", default=1.70, min=0.5, max=2.6, unit="LENGTH", precision=3,
        description="From the floor to the top of the head, without shoes",
    )  # fmt: skip
    actor: StringProperty(
        name="Actor", description="The person's name: the body is then measured once and used by all takes of that name"
    )
    preview: BoolProperty(
        name="Preview Film", default=True, description="Draw a film with the body over the footage beside the take"
    )

    @property
    def clip_path(self) -> Path | None:
        """The chosen footage, None when there is none."""
        return Path(bpy.path.abspath(self.clip)) if self.clip else None

    @property
    def has_several_clips(self) -> bool:
        return len(self.clips) > 1

    @property
    def width_px(self) -> int:
        """Of the first clip, like the next three; 0 where Blender cannot read it."""
        return self.clips[0].width_px if self.clips else 0

    @property
    def height_px(self) -> int:
        return self.clips[0].height_px if self.clips else 0

    @property
    def frame_count(self) -> int:
        return self.clips[0].frame_count if self.clips else 0

    @property
    def fps(self) -> float:
        return self.clips[0].fps if self.clips else 0.0

    def first_clip_changed(self) -> None:
        """Forget what was said of other pictures."""
        self.first_frame, self.last_frame = 1, self.frame_count
        self.property_unset("hints")


def true_fps(settings: MambocapSettings) -> float:
    """Pictures of the footage a second of the take; 0 where Blender cannot read it."""
    return settings.recorded_fps if settings.set_recorded_fps and settings.fps > 0.0 else settings.fps


def start_s(settings: MambocapSettings) -> float:
    """Seconds of the take from the first picture of the footage to In."""
    fps = true_fps(settings)
    return (settings.first_frame - 1) / fps if fps > 0.0 else 0.0


def register() -> None:
    bpy.utils.register_class(MambocapSettings)
    bpy.types.Scene.mambocap = PointerProperty(type=MambocapSettings)


def unregister() -> None:
    del bpy.types.Scene.mambocap
    bpy.utils.unregister_class(MambocapSettings)
