"""The words that Blender and the backend exchange through a job folder, each said once.

A job folder holds `request.json` (written by whoever asks), `events.jsonl` (one JSON object a line, appended by the
backend), `backend.log`, an optional empty file `cancel` (asks the backend to stop and is taken away when obeyed),
`lock` (the process id of a running backend, empty afterwards), and at the end either `result.json` or `error.json`.
A run that fails leaves the results of the run before it alone. Paths in results are relative to the job folder.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from .refusal import Refusal
from .whole_files import remove, unwritable, written_whole

PROTOCOL_VERSION = 1
LARGEST_FILE_BYTES = 16 << 20   # a larger request or result is broken or hostile

REQUEST, EVENTS, LOG, CANCEL, RESULT, ERROR, LOCK, LIVE_PICTURE = (
    "request.json", "events.jsonl", "backend.log", "cancel", "result.json", "error.json", "lock", "live.jpg",
)  # fmt: skip

MOTION, PREVIEW, CACHE = "motion.npz", "preview.mp4", "cache"   # the first in each person's folder
THUMBNAIL = "thumbnail.png"   # of a person, in the same folder
LEFT_OUT = "people_left_out"  # folder with a picture of everybody who was found and is not in the take
PROXY = "proxy.mp4"   # the footage upright and of constant rate, where Blender could not show the file itself in time
SCENE = "scene.blend"   # written beside the results by `build.py capture`
DONE, OUR_BUG, USER_CAN_MEND, CANCELLED = 0, 1, 2, 3   # exit codes of the backend

STAGES: dict[str, str] = {   # in the order of work, with the words for people
    "open": "Opening the footage",
    "detect": "Finding people",
    "track": "Following people",
    "camera": "Following the camera",
    "lift": "Lifting to 3D",
    "rig": "Bringing the cameras together",
    "hypotheses": "Looking for other poses",
    "world": "Placing on the floor",
    "write": "Writing the motion",
    "proxy": "Preparing the footage for Blender",
    "preview": "Drawing the preview",
}


def proxy_name(camera: int) -> str:
    """The proxy of a motion's camera, 0 the first: proxy.mp4, proxy_02.mp4, ... Its pictures begin with the clip's."""
    return PROXY if camera == 0 else f"proxy_{camera + 1:02d}.mp4"


@dataclass(frozen=True)
class Request:
    """What a capture is asked to do.

    Relative paths count from the job folder. `settings` holds only what differs from the defaults, stage by stage:
    {"video": {"in_s": 2.5}, "device": "cpu"}.
    """

    clips: tuple[str, ...]
    settings: dict[str, Any] = field(default_factory=dict)
    preview: bool = True
    actor_folder: str = ""   # where the files of known actors lie; empty: none is read or kept
    protocol: int = PROTOCOL_VERSION

    def write(self, job: Path) -> None:
        """Write `request.json` into the job folder as write_wish() does."""
        write_wish(job, REQUEST, asdict(self))


@dataclass(frozen=True)
class Event:
    """One line of `events.jsonl`."""

    stage: str
    done: int = 0
    of: int = 0              # 0 where the whole is not known
    people: int = 0
    message: str = ""        # one sentence for the user, or empty
    seconds: float = 0.0     # since the start of the run
    clip: int = 0            # of which clip, from 1, where each of several goes through a stage; else 0
    clips: int = 0           # of how many

    @property
    def doing(self) -> str:
        """What is done, for people: "Finding people, clip 2 of 3"."""
        stage = STAGES.get(self.stage, self.stage.capitalize())
        return f"{stage}, clip {self.clip} of {self.clips}" if self.clip else stage

    def line(self) -> str:
        return json.dumps(asdict(self)) + "\n"


@dataclass(frozen=True)
class PersonResult:
    """One captured person: what the closing line of a capture says."""

    folder: str
    frames: int
    seconds: float             # of work from the footage to this motion, all people together, without the preview
    frames_per_second: float   # of that work
    reprojection_px: float | None   # mean over the visible landmarks, None without one
    seen_share: float          # of the frames, 0..1
    number: int = 0            # by which edits of people name this person; 0 where people cannot be edited
    thumbnail: str = ""        # path of a small picture, empty without one
    first_s: float = 0.0       # seconds of the take at which the person is seen first
    last_s: float = 0.0        # and last
    quality: dict[str, Any] = field(default_factory=dict)   # the card, as motion/quality/card.py reads it


@dataclass(frozen=True)
class LeftOut:
    """Somebody who was found and is not in the take, because the user said so."""

    number: int
    why: str                   # "dropped" or "merged into 1"
    thumbnail: str = ""        # as in PersonResult
    first_s: float = 0.0
    last_s: float = 0.0


@dataclass(frozen=True)
class CameraResult:
    """What was found out about one of several cameras. The first clip's is the one that others are compared with."""

    clip: str                  # as the request names it
    used: bool = True          # False: what it saw does not fit the others and has no part in the motion
    offset_s: float = 0.0      # by the first clip's time, when this clip begins
    offset_frames: float = 0.0   # the same in frames of the first clip
    offset_sigma_frames: float = 0.0   # how surely
    clock_rate: float = 1.0    # seconds of this clip in one of the first's
    angle_deg: float = 0.0     # between the directions from the person to the first camera and to this one
    distance_m: float = 0.0    # between the first camera and this one
    focal_mm: float = 0.0      # 35 mm equivalent
    confidence: float = 1.0    # 0..1
    doubts: tuple[str, ...] = ()   # a sentence each, with what to do


@dataclass(frozen=True)
class Result:
    """What a finished run leaves in `result.json`."""

    people: tuple[PersonResult, ...]
    preview: str = ""        # path of the film, empty when none was asked for or it could not be drawn
    stages_s: dict[str, float] = field(default_factory=dict)   # seconds that each stage took in this run
    warnings: tuple[str, ...] = ()   # a sentence each
    left_out: tuple[LeftOut, ...] = ()
    people_edits: str = ""   # the user's edits that these people come from, see people_edits.py
    cameras: tuple[CameraResult, ...] = ()   # of a take of several clips, in their order

    def write(self, job: Path) -> None:
        write_json(job / RESULT, asdict(self))


@dataclass(frozen=True)
class Failure:
    """What a run that did not finish leaves in `error.json`; code "cancelled" when it was asked to stop."""

    code: str
    sentence: str
    mend: str
    log_line: int = 0        # line of `backend.log` where the reason begins

    def write(self, job: Path) -> None:
        write_json(job / ERROR, asdict(self))


def write_json(path: Path, value: Any) -> None:
    # In ASCII, since a file name with bytes that are no text cannot be written as UTF-8.
    with written_whole(path, "w") as stream:
        json.dump(value, stream, indent=1)


def write_wish(folder: Path, name: str, value: Any) -> None:
    """Write what is asked of the backend, whole or not at all; an old wish to cancel is forgotten.

    Raises Refusal when the folder cannot be written.
    """
    try:
        remove(folder / CANCEL)
    except OSError as error:
        raise unwritable(folder / CANCEL, error) from error
    write_json(folder / name, value)


def check_protocol(value: dict[str, Any]) -> None:
    """Raises Refusal for a request of an extension that says more than this backend understands."""
    protocol = value.get("protocol", PROTOCOL_VERSION)
    if isinstance(protocol, (int, float)) and protocol > PROTOCOL_VERSION:
        raise Refusal("newer-request", "The extension is newer than the installed backend.",
                      "Press Install Backend in the preferences of Mambocap.")  # fmt: skip


def read_request(job: Path) -> Request:
    """The request of a job folder. Raises Refusal when it is missing, damaged or of a newer protocol."""
    value = read_object(job / REQUEST)
    if value is None:
        raise Refusal("no-request", f"{job} holds no readable {REQUEST}.", "Start the capture again.")
    check_protocol(value)
    clips, settings = value.get("clips"), value.get("settings", {})
    if not isinstance(clips, list) or not clips or not all(_is_path(clip) for clip in clips):
        raise Refusal("bad-request", f"{REQUEST} names no clips.", "Choose footage and start the capture again.")
    actor_folder = value.get("actor_folder", "")
    if not isinstance(settings, dict) or not (actor_folder == "" or _is_path(actor_folder)):
        raise Refusal("bad-request", f"{REQUEST} is damaged.", "Start the capture again.")
    return Request(tuple(clips), settings, value.get("preview", True) is not False, actor_folder)


def read_result(job: Path) -> Result | None:
    """The result of a job folder, None without one; what an older backend did not say is the default."""
    value = read_object(job / RESULT)
    if value is None:
        return None
    warnings = value.get("warnings")
    return Result(
        tuple(read_all(PersonResult, value.get("people"))), str(value.get("preview", "")),
        warnings=tuple(map(str, warnings)) if isinstance(warnings, list) else (),
        left_out=tuple(read_all(LeftOut, value.get("left_out"))), people_edits=str(value.get("people_edits", "")),
        cameras=read_cameras(value.get("cameras")),
    )  # fmt: skip


def read_failure(job: Path) -> Failure | None:
    """Why the last run in a job folder did not finish, None where nothing says so."""
    value = read_object(job / ERROR)
    if value is None:
        return None
    return Failure(*(str(value.get(name, "")) for name in ("code", "sentence", "mend")))


def read_cameras(values: Any) -> tuple[CameraResult, ...]:
    """Cameras from a list of JSON objects; what is damaged is passed over."""
    return tuple(read_all(CameraResult, values))


_READ: dict[str, Any] = {   # by the field's annotation
    "str": str, "int": int, "bool": bool,
    "tuple[str, ...]": lambda value: tuple(map(str, value)) if isinstance(value, list) else (),
    "float": float, "float | None": lambda value: None if value is None else float(value),
    "dict[str, Any]": lambda value: value if isinstance(value, dict) else {},
}  # fmt: skip


def read_all(kind: type[Any], values: Any) -> Iterator[Any]:
    """The data classes `kind` of a list of objects; what is damaged is passed over."""
    for value in values if isinstance(values, list) else []:
        with contextlib.suppress(TypeError, ValueError, OverflowError):
            yield kind(**{f.name: _READ[f.type](value[f.name]) for f in fields(kind) if f.name in value})


def _is_path(value: Any) -> bool:
    return isinstance(value, str) and value != "" and "\0" not in value


def read_events(job: Path, offset: int = 0) -> tuple[list[Event], int]:
    """Events appended since byte `offset`, and the offset to go on from; a half-written line waits."""
    try:
        with open(job / EVENTS, "rb") as stream:
            stream.seek(offset)
            text = stream.read()
    except OSError:
        return [], offset
    whole = text[: text.rfind(b"\n") + 1]
    events = [event for line in whole.splitlines() if (event := _event(line)) is not None]
    return events, offset + len(whole)


def _event(line: bytes) -> Event | None:
    try:
        value = json.loads(line)
        done, of, people, clip, clips = (int(value.get(name, 0)) for name in ("done", "of", "people", "clip", "clips"))
        message, seconds = str(value.get("message", "")), float(value.get("seconds", 0.0))
        return Event(str(value["stage"]), done, of, people, message, seconds, clip, clips)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def read_object(path: Path) -> dict[str, Any] | None:
    """The JSON object in a file, None when there is no such file or it holds something else."""
    try:
        with open(path, encoding="utf-8") as stream:
            value = json.loads(stream.read(LARGEST_FILE_BYTES))
    except (OSError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
