"""From a request to the files of a take: opens the footage, captures, writes the motions and the preview."""

from __future__ import annotations

import contextlib
import logging
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from backend.body.actor import body_model
from backend.cameras.focal import focal_px
from backend.cameras.path_file import with_lens_of_file
from backend.detect.live_picture import LivePicture
from backend.device import choose_device
from backend.hypotheses.hypotheses import check_flow, flow_version
from backend.job.cache import Cache
from backend.job.footages import calibrated, footages_of
from backend.job.proxies import write_proxies
from backend.job.run import WRITING
from backend.job.thumbnails import seen_from_to_s, thumbnails_png
from backend.job.watch import Watch
from backend.lift.lift_track import check_lifter, lifter_version
from backend.multiview.fuse.fused_lift import check_views_lifter, views_lifter_version
from backend.one_clip import Footage
from backend.pipeline import Cast, Person, capture, capture_together
from backend.preview.draw_preview import draw_preview
from backend.progress import Cancelled
from backend.settings import Settings, settings_from
from backend.track.tracks import Track
from backend.versions import versions
from backend.video.clip import Clip
from motion.job import (
    CACHE,
    LEFT_OUT,
    LIVE_PICTURE,
    MOTION,
    PREVIEW,
    THUMBNAIL,
    LeftOut,
    PersonResult,
    Request,
    Result,
    read_result,
)  # fmt: skip
from motion.motion_file import write_motion
from motion.quality.card import quality_card
from motion.quality.measures import posed, reprojection_px
from motion.refusal import Refusal
from motion.smplx_file import gender_in
from motion.whole_files import put_in_place, remove, unwritable

log = logging.getLogger(__name__)


def make_take(job: Path, request: Request, watch: Watch) -> Result:
    """Capture the request's clips into the job folder. Raises Refusal or Cancelled; earlier results stay until then."""
    began_s = time.monotonic()
    with watch.stage("open"):
        settings = settings_from(request.settings)
        _check_what_comes_late(settings, len(request.clips))
        footages = footages_of(job, request, settings, watch)
    actors = job / request.actor_folder if request.actor_folder else None
    try:
        cast = _captured(footages, actors, watch, Cache(job / CACHE), LivePicture(job / LIVE_PICTURE))
    finally:
        with contextlib.suppress(OSError):   # what went wrong in the capture says more
            remove(job / LIVE_PICTURE)
    with watch.stage("write"):
        cast = replace(cast, people=[_signed(person, cast.clips[0], settings, index == 0)
                                     for index, person in enumerate(cast.people)])  # fmt: skip
        thumbnails = _write_people(job, cast)
    seconds = time.monotonic() - began_s
    write_proxies(job, cast.clips, watch)
    preview = _preview(job, cast.clips, cast.people, settings, watch) if request.preview else ""
    figures = tuple(_figures(index, person, thumbnails[index], seconds) for index, person in enumerate(cast.people))
    left_out = tuple(map(_left_out, cast.left_out, thumbnails[len(cast.people) :]))
    cameras = tuple(replace(found, clip=said) for said, found in zip(request.clips, cast.findings, strict=False))
    return Result(figures, preview, watch.stages_s, tuple(watch.warnings), left_out, settings.track.people, cameras)


def _captured(
    footages: Sequence[Footage], actors: Path | None, watch: Watch, cache: Cache, live: LivePicture
) -> Cast:
    if len(footages) == 1:
        if footages[0].settings.multiview.calibration_file:
            watch.warn("The calibration has no part in a take of one clip; add the clips of the other cameras.")
        return capture(footages[0].clip, footages[0].settings, actors, watch, cache, live)
    calibrated_footages, known = calibrated(footages, watch)
    return capture_together(calibrated_footages, known, actors, watch, cache, live)


def _check_what_comes_late(settings: Settings, clip_count: int) -> None:
    """A wrong body model, a damaged lifter and a card that is not there are told before the work, not after it."""
    if settings.device != "auto":
        choose_device(settings.device)
    check_lifter(settings.lift)
    if clip_count > 1 and settings.asks_for_views_lifter:
        check_views_lifter()
    if settings.asks_for_hypotheses:
        check_flow()
    if settings.body.smplx_file:
        body_model(settings.body)


def _write_people(job: Path, cast: Cast) -> list[str]:
    """Write every person's motion and everybody's picture aside, then put them in place of an earlier run's.

    Returns the paths of the pictures, of those left out behind the people's; empty for whoever has none.
    """
    pictures_png = _pictures_png(cast)
    paths = [f"{_name(index)}/{THUMBNAIL}" for index in range(len(cast.people))]
    paths += [f"{LEFT_OUT}/{track.number:02d}.png" for track in cast.left_out]
    with _aside(job) as folder:
        for name in {LEFT_OUT, *map(_name, range(len(cast.people)))}:
            (folder / name).mkdir()
        for index, person in enumerate(cast.people):
            write_motion(folder / _name(index) / MOTION, person.motion)
        for path, png in zip(paths, pictures_png, strict=True):
            if png:
                (folder / path).write_bytes(png)
        written = _put_in_place(folder, job)
    _remove_outdated(job, written)
    return [path if Path(path) in written else "" for path in paths]


def _pictures_png(cast: Cast) -> list[bytes]:
    """One of each person and of everybody left out, from the clip in which they were followed."""
    followed = [*((person.track, person.camera) for person in cast.people), *((track, 0) for track in cast.left_out)]
    pictures = [b""] * len(followed)
    for camera, clip in enumerate(cast.clips):
        numbers = [number for number, (_, own) in enumerate(followed) if own == camera]
        for number, png in zip(numbers, thumbnails_png(clip, [followed[n][0] for n in numbers]), strict=True):
            pictures[number] = png
    return pictures


def _put_in_place(folder: Path, job: Path) -> set[Path]:
    """Move all files under `folder` to the same places in the job. Returns their paths in it."""
    written = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    for path in written:
        (job / path).parent.mkdir(exist_ok=True)
        put_in_place(folder / path, job / path)
    return written


def _signed(person: Person, clip: Clip, settings: Settings, is_first: bool) -> Person:
    """The person with all that the motion's file says of where it comes from and how good it is."""
    gender = gender_in(Path(settings.body.smplx_file).name)
    made_by = {**versions(), "lifter": lifter_version(settings.lift)}
    if len(person.motion.cameras) > 1 and settings.asks_for_views_lifter:
        made_by["views lifter"] = views_lifter_version()
    if settings.asks_for_hypotheses:
        made_by["flow"] = flow_version()
    motion = replace(person.motion, actor=settings.body.actor if is_first else "", gender=gender,
                     settings=settings.to_dict(), versions=made_by)  # fmt: skip
    lens_known = focal_px(clip, with_lens_of_file(settings.camera, clip))[1] != "guess"
    card = quality_card(motion, person.body, is_first and settings.body.names_somebody, lens_known)
    return replace(person, motion=replace(motion, quality=card.to_dict()))


@contextlib.contextmanager
def _aside(job: Path) -> Iterator[Path]:
    """A folder in the job for results that are not complete yet."""
    folder = job / WRITING
    try:
        folder.mkdir()
        yield folder
    except OSError as error:
        raise unwritable(Path(error.filename or folder), error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_outdated(job: Path, written: set[Path]) -> None:
    """Remove the last run's preview and what it has of people and this one has not; nothing that no run has written."""
    earlier = read_result(job) or Result(())
    folders = [Path(LEFT_OUT), *(Path(_name(index)) for index in range(len(earlier.people)))]
    outdated = {folder / name for folder in folders[1:] for name in (MOTION, THUMBNAIL)}
    outdated |= {Path(LEFT_OUT) / f"{other.number:02d}.png" for other in earlier.left_out}
    outdated |= {Path(PREVIEW)} if earlier.preview == PREVIEW else set()
    for path in outdated - written:
        with contextlib.suppress(OSError):
            (job / path).unlink()
    for folder in folders:
        with contextlib.suppress(OSError):
            (job / folder).rmdir()   # refused while anything is in it


def _preview(job: Path, clips: Sequence[Clip], people: Sequence[Person], settings: Settings, watch: Watch) -> str:
    """Draw the preview; a take without it is still a take, so that what goes wrong here is only told."""
    motions, bodies = [each.motion for each in people], [each.body for each in people]
    try:
        with watch.stage("preview") as report:
            draw_preview(clips[0], motions, bodies, job / PREVIEW, settings.preview, report,
                         choose_device(settings.device), watch.warn_once, clips[1:])  # fmt: skip
        return PREVIEW
    except Refusal as refusal:
        watch.warn(f"There is no preview: {refusal.sentence} {refusal.mend}")
    except Cancelled:
        raise
    except Exception:
        log.exception("the preview failed")
        watch.warn("There is no preview; the fault is ours, and the log says why.")
    return ""


def _figures(index: int, person: Person, thumbnail: str, seconds: float) -> PersonResult:
    motion = person.motion
    seen_s = motion.times_s[motion.seen]
    return PersonResult(
        folder=_name(index),
        frames=motion.frame_count,
        seconds=seconds,
        frames_per_second=motion.frame_count / seconds,
        reprojection_px=reprojection_px(motion, posed(motion, person.body)),
        quality=dict(motion.quality),
        seen_share=float(motion.seen.mean()),
        number=person.track.number if person.camera == 0 else 0,
        thumbnail=thumbnail,
        first_s=float(seen_s[0]) if len(seen_s) else 0.0,
        last_s=float(seen_s[-1]) if len(seen_s) else 0.0,
    )


def _left_out(track: Track, thumbnail: str) -> LeftOut:
    return LeftOut(track.number, track.left_out, thumbnail, *seen_from_to_s(track))


def _name(index: int) -> str:
    return f"person_{index:02d}"
