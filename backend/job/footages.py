"""The clips of a request, opened and checked before the work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from backend.cameras.path_file import solved_camera_of
from backend.job.watch import Watch
from backend.multiview.known.for_clips import of_clips
from backend.multiview.known.known_cameras import KnownCameras
from backend.multiview.known.read_known import read_known_cameras
from backend.one_clip import Footage, Lens
from backend.settings import Settings
from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from motion.job import Request
from motion.refusal import Refusal


def footages_of(job: Path, request: Request, settings: Settings, watch: Watch) -> list[Footage]:
    """Of every clip what is known before its pictures are looked at. Raises Refusal for footage that cannot be used."""
    _check_of_several(len(request.clips), settings)
    footages = []
    for number, name in enumerate(request.clips):
        own = settings if number == 0 else of_another(settings)
        footages.append(Footage(open_clip(job / name, own.video), own))
        for sentence in footages[-1].clip.warnings:
            watch.warn(sentence)
    _check_different(footages)
    _check_words_of(footages[0])
    return footages


def of_another(settings: Settings) -> Settings:
    """The settings that hold for a clip that is not the take's first.

    How the footage is read, detection and lens are the same; which part is used, who is who and a solved camera are
    words of the first clip.
    """
    video, whole = settings.video, VideoSettings()
    return replace(
        settings, track=replace(settings.track, people=""), camera=replace(settings.camera, path_file=""),
        video=replace(video, in_s=whole.in_s, out_s=whole.out_s, first_frame=whole.first_frame,
                      last_frame=whole.last_frame),
    )  # fmt: skip


def calibrated(footages: Sequence[Footage], watch: Watch) -> tuple[list[Footage], KnownCameras | None]:
    """The same with the lenses of the calibration file, and its cameras in the order of the clips; None without one.

    Raises Refusal for a file that is none or of other cameras.
    """
    file = footages[0].settings.multiview.calibration_file
    if not file:
        return list(footages), None
    sizes_px = [(each.clip.width_px, each.clip.height_px) for each in footages]
    known = of_clips(read_known_cameras(Path(file)), [each.name for each in footages], sizes_px)
    for sentence in known.warnings:
        watch.warn(sentence)
    lenses = [Lens(*parts) for parts in zip(known.K, known.distortion, map(bool, known.fisheye), strict=True)]
    return [replace(each, lens=lens) for each, lens in zip(footages, lenses, strict=True)], known


def _check_of_several(count: int, settings: Settings) -> None:
    if count > 1 and settings.detect.uses_keypoints:
        raise Refusal("keypoints-of-one", f"A file of keypoints is of one clip, and this take has {count}.",
                      "Choose a network to find people with, or capture each clip on its own.")  # fmt: skip


def _check_different(footages: Sequence[Footage]) -> None:
    """Raises Refusal where one film is in a take twice."""
    hashes = [each.clip.sha256 for each in footages]
    for later, sha256 in enumerate(hashes):
        if (earlier := hashes.index(sha256)) < later:
            one, other = footages[earlier].name, footages[later].name
            same = f"{one} is in the take twice" if one == other else f"{one} and {other} are the same film"
            raise Refusal("same-clip", f"{same}.", "Leave one of them out, or choose the clip of another camera.")


def _check_words_of(first: Footage) -> None:
    """A camera file and times that do not belong to the clip are told now, not after the work."""
    if first.settings.camera.path_file:
        solved_camera_of(first.settings.camera, first.clip)
    first.settings.world.hints.check_within(float(first.clip.times_s[-1]))
