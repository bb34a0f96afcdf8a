"""What the artist says about a capture, kept in the scene, and its translation for the backend."""

import math
from pathlib import Path
from typing import Any

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, PointerProperty, StringProperty

from ..motion.job import Request
from ..motion.places import actors_folder
from ..motion.refusal import Refusal
from . import world_hints
from .choose_footage import is_picture, measured

_FILE = "FILE"   # the detector that is a file of the user's
SOLVED = "SOLVED"   # the camera whose path is in a file


def _footage_chosen(settings: "MambocapSettings", context: bpy.types.Context) -> None:
    settings.first_frame, settings.last_frame = 1, 0
    settings.frame_count, settings.fps, settings.width_px, settings.height_px = 0, 0.0, 0, 0
    settings.property_unset("hints")   # which are of other pictures
    if (film := measured(settings.clip_path)) is not None:
        settings.width_px, settings.height_px = film.width_px, film.height_px
        settings.frame_count, settings.last_frame, settings.fps = film.frame_count, film.frame_count, film.fps


class MambocapSettings(bpy.types.PropertyGroup):
    """The defaults here are the backend's own, so that an untouched panel asks for nothing."""

    clip: StringProperty(
        name="Footage", subtype="FILE_PATH", update=_footage_chosen,
        description="The film, or the first picture of a sequence",
    )  # fmt: skip
    width_px: IntProperty()
    height_px: IntProperty()
    frame_count: IntProperty()
    fps: FloatProperty()
    first_frame: IntProperty(name="In", default=1, min=1, description="First frame of the footage to capture")
    last_frame: IntProperty(name="Out", default=0, min=0, description="Last frame of the footage to capture")
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
        items=[
            ("heavy", "Heavy", "The largest network: the truest poses"),
            ("full", "Full", "The middle network: faster, less true"),
            ("lite", "Lite", "The smallest network, to see whether a clip works at all"),
            (_FILE, "File", "A network or keypoints of your own"),
        ],
        description="Which network looks for poses",
    )
    detector_file: StringProperty(
        name="Detector File", subtype="FILE_PATH",
        description="A pose landmarker (.task), a network such as RTMPose (.onnx), or the keypoints of another "
                    "detector (.json: OpenPose, COCO, Halpe)",
    )  # fmt: skip
    lifter: EnumProperty(
        name="Lifter",
        items=[
            ("network", "Network", "The trained network: the truest poses, and how sure it is of them"),
            ("direct", "Direct", "Joints straight from the landmarks by geometry, to compare"),
        ],
        description="What turns the landmarks into a body in space",
    )
    hands: BoolProperty(name="Hands", default=True, description="Look for the fingers too, which takes longer")
    most_people: IntProperty(
        name="Most People", default=4, min=1, max=20, description="How many people are looked for at most"
    )
    set_height: BoolProperty(name="Body Height", description="Give the person's height instead of estimating it")
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


def request_from(settings: MambocapSettings, preferences: bpy.types.AddonPreferences | None) -> Request:
    """What the backend is asked to do; only what differs from its defaults. Raises Refusal without usable footage."""
    clip = settings.clip_path
    device, smplx_file = (preferences.device, preferences.smplx_file) if preferences is not None else ("auto", "")
    if clip is None or not clip.exists():
        raise Refusal("no-such-file", f"There is no file {clip or 'chosen'}.", "Choose footage that exists.")
    stages = {
        "video": video_fields(settings), "detect": _detect(settings),
        "camera": _lens(settings) | _camera_motion(settings), "body": _body(settings, smplx_file),
        "lift": _changed(settings, "lifter"), "world": world_hints.fields_from(settings.hints, start_s(settings)),
        "device": "" if device == "auto" else device,
    }  # fmt: skip
    asked = {name: value for name, value in stages.items() if value}
    return Request((str(clip.resolve()),), asked, preview=settings.preview, actor_folder=str(actors_folder()))


def show_request(settings: MambocapSettings, request: Request) -> None:
    """Put a request back into the panel; what it does not say becomes the default."""
    for name in settings.bl_rna.properties.keys():
        if name not in ("rna_type", "name"):
            settings.property_unset(name)
    settings.clip, settings.preview = request.clips[0], request.preview
    video, detect, camera, body, lift, world = (
        request.settings.get(stage, {}) for stage in ("video", "detect", "camera", "body", "lift", "world"))
    settings.set_recorded_fps = "recorded_fps" in video
    settings.lens = "MM" if "focal_mm" in camera else "FOV" if "fov_deg" in camera else "AUTO"
    settings.set_height = "height_m" in body
    said = {
        "recorded_fps": video.get("recorded_fps"), "mirrored": video.get("mirrored"),
        "turn": str(video["turn_deg"]) if "turn_deg" in video else None,
        "quality": detect.get("quality"), "hands": detect.get("hands"), "most_people": detect.get("most_people"),
        "focal_mm": camera.get("focal_mm"), "height_m": body.get("height_m"), "actor": body.get("actor"),
        "lifter": lift.get("lifter"), "path_file": camera.get("path_file"),
        "camera_motion": SOLVED if camera.get("path_file") else camera.get("motion"),
        "fov": math.radians(camera["fov_deg"]) if "fov_deg" in camera else None,
    }  # fmt: skip
    for name, value in said.items():
        if value is not None:
            setattr(settings, name, value)
    _show_detector(settings, detect.get("model", "heavy"))
    if (fps := _fps_of_frames(settings)) > 0.0:
        settings.first_frame = round(video.get("in_s", 0.0) * fps) + 1
        settings.last_frame = round(video.get("out_s", settings.frame_count / fps) * fps)
    world_hints.show(settings.hints, world, start_s(settings))


def _show_detector(settings: MambocapSettings, model: str) -> None:
    name = model.removeprefix("pose_landmarker_")   # as earlier versions called them
    is_file = name not in settings.bl_rna.properties["detector"].enum_items
    settings.detector, settings.detector_file = (_FILE, model) if is_file else (name, "")


def video_fields(settings: MambocapSettings) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if (fps := _fps_of_frames(settings)) > 0.0:
        if settings.first_frame > 1:
            fields["in_s"] = (settings.first_frame - 1) / fps
        if 0 < settings.last_frame < settings.frame_count:
            fields["out_s"] = settings.last_frame / fps
    if settings.set_recorded_fps:
        fields["recorded_fps"] = _said(settings.recorded_fps)
    if settings.mirrored:
        fields["mirrored"] = True
    if settings.turn != "0":
        fields["turn_deg"] = int(settings.turn)
    return fields


def true_fps(settings: MambocapSettings) -> float:
    """Pictures of the footage a second of the take; 0 where Blender cannot read it."""
    return settings.recorded_fps if settings.set_recorded_fps and settings.fps > 0.0 else settings.fps


def start_s(settings: MambocapSettings) -> float:
    """Seconds of the take from the first picture of the footage to In."""
    fps = true_fps(settings)
    return (settings.first_frame - 1) / fps if fps > 0.0 else 0.0


def _fps_of_frames(settings: MambocapSettings) -> float:
    """Frames of the footage a second of its own time; 0 where Blender cannot read it. Pictures have no other rate."""
    has_no_rate = settings.clip_path is not None and is_picture(settings.clip_path)
    return settings.recorded_fps if has_no_rate and settings.set_recorded_fps else settings.fps


def _detect(settings: MambocapSettings) -> dict[str, Any]:
    said = {"model": _model(settings)} if settings.detector != "heavy" else {}
    return said | _changed(settings, "quality", "hands", "most_people")


def _changed(settings: MambocapSettings, *names: str) -> dict[str, Any]:
    """Those of the settings that differ from their defaults."""
    return {
        name: getattr(settings, name)
        for name in names
        if getattr(settings, name) != settings.bl_rna.properties[name].default
    }


def _model(settings: MambocapSettings) -> str:
    """The name of a network, or the path of a file. Raises Refusal when there is no such file."""
    if settings.detector != _FILE:
        return settings.detector
    path = Path(bpy.path.abspath(settings.detector_file))
    if not settings.detector_file or not path.exists():
        raise Refusal("no-detector-file", f"There is no detector file {path if settings.detector_file else 'chosen'}.",
                      "Choose one, or another detector, under Quality and People.")  # fmt: skip
    return str(path.resolve())


def _camera_motion(settings: MambocapSettings) -> dict[str, Any]:
    """Raises Refusal when the camera is said to be solved and there is no file of it."""
    if settings.camera_motion != SOLVED:
        return {} if settings.camera_motion == "auto" else {"motion": settings.camera_motion}
    path = Path(bpy.path.abspath(settings.path_file))
    if not settings.path_file or not path.is_file():
        raise Refusal("no-camera-file", f"There is no camera file {path if settings.path_file else 'chosen'}.",
                      "Choose one under Camera and Film, or press Use Blender's Solved Camera there.")  # fmt: skip
    return {"path_file": str(path.resolve())}


def _lens(settings: MambocapSettings) -> dict[str, Any]:
    if settings.lens == "MM":
        return {"focal_mm": _said(settings.focal_mm)}
    if settings.lens == "FOV":
        return {"fov_deg": _said(math.degrees(settings.fov))}
    return {}


def _body(settings: MambocapSettings, smplx_file: str) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if settings.set_height:
        fields["height_m"] = _said(settings.height_m)
    if settings.actor.strip():
        fields["actor"] = settings.actor.strip()
    if smplx_file:
        fields["smplx_file"] = bpy.path.abspath(smplx_file)
    return fields


def _said(number: float) -> float:
    """The number that was typed; Blender keeps it in single precision."""
    return round(number, 4)


def register() -> None:
    bpy.utils.register_class(MambocapSettings)
    bpy.types.Scene.mambocap = PointerProperty(type=MambocapSettings)


def unregister() -> None:
    del bpy.types.Scene.mambocap
    bpy.utils.unregister_class(MambocapSettings)
