"""What the artist said about a capture, as the backend is asked for it, and back into the panel."""

import math
from pathlib import Path
from typing import Any

import bpy

from ..motion.job import Request
from ..motion.places import actors_folder
from ..motion.refusal import Refusal
from . import world_hints
from .capture_settings import DETECTOR_FILE, SOLVED, MambocapSettings, start_s
from .film import is_picture
from .multiview import multiview_settings
from .multiview.clips import files_of


def request_from(settings: MambocapSettings, preferences: bpy.types.AddonPreferences | None) -> Request:
    """What the backend is asked to do; only what differs from its defaults. Raises Refusal without usable footage."""
    clips = tuple(map(str, files_of(settings)))
    of_these = {
        "video": video_fields(settings), "camera": _lens(settings) | _camera_motion(settings),
        "world": world_hints.fields_from(settings.hints, start_s(settings)),
    }  # fmt: skip
    asked = settings_for_any_clip(settings, preferences, settings.has_several_clips) | of_these
    asked = {name: value for name, value in asked.items() if value}
    return Request(clips, asked, preview=settings.preview, actor_folder=str(actors_folder()))


def settings_for_any_clip(
    settings: MambocapSettings, preferences: bpy.types.AddonPreferences | None, of_several: bool
) -> dict[str, Any]:
    """What the panel says that is not of the pictures of one clip, as In, Out, a solved camera and the floor are.

    `of_several`: with what is said of several cameras. Raises Refusal where a file that is named is not there.
    """
    device, smplx_file = (preferences.device, preferences.smplx_file) if preferences is not None else ("auto", "")
    moves = settings.camera_motion not in (SOLVED, "auto")
    stages = {
        "video": _film(settings), "detect": _detect(settings),
        "camera": _lens(settings) | ({"motion": settings.camera_motion} if moves else {}),
        "body": _body(settings, smplx_file),
        "multiview": multiview_settings.fields_from(settings.multiview) if of_several else {},
        "lift": _changed(settings, "lifter"), "device": "" if device == "auto" else device,
    }  # fmt: skip
    return {name: value for name, value in stages.items() if value}


def show_request(settings: MambocapSettings, request: Request) -> None:
    """Put a request back into the panel; what it does not say becomes the default."""
    for name in settings.bl_rna.properties.keys():
        if name not in ("rna_type", "name"):
            settings.property_unset(name)
    for clip in request.clips:
        settings.clips.add().path = clip
    settings.preview = request.preview
    multiview_settings.show(settings.multiview, request.settings.get("multiview", {}))
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
    settings.detector, settings.detector_file = (DETECTOR_FILE, model) if is_file else (name, "")


def video_fields(settings: MambocapSettings) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if (fps := _fps_of_frames(settings)) > 0.0:
        if settings.first_frame > 1:
            fields["in_s"] = (settings.first_frame - 1) / fps
        if 0 < settings.last_frame < settings.frame_count:
            fields["out_s"] = settings.last_frame / fps
    return fields | _film(settings)


def _film(settings: MambocapSettings) -> dict[str, Any]:
    """How the film was made and is to be read, whichever part of it."""
    fields: dict[str, Any] = {}
    if settings.set_recorded_fps:
        fields["recorded_fps"] = _said(settings.recorded_fps)
    if settings.mirrored:
        fields["mirrored"] = True
    if settings.turn != "0":
        fields["turn_deg"] = int(settings.turn)
    return fields


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
    if settings.detector != DETECTOR_FILE:
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
