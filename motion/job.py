"""The words that Blender and the backend exchange through a job folder, each said once.

A job folder holds `request.json` (written by whoever asks), `events.jsonl` (one JSON object a line, appended by the
backend), `backend.log`, an optional empty file `cancel` (asks the backend to stop), and at the end either
`result.json` or `error.json`. Paths in results are relative to the job folder.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .refusal import Refusal
from .whole_files import written_whole

PROTOCOL_VERSION = 1

REQUEST, EVENTS, LOG, CANCEL, RESULT, ERROR, LOCK, LIVE_PICTURE = (
    "request.json", "events.jsonl", "backend.log", "cancel", "result.json", "error.json", "lock", "live.jpg",
)  # fmt: skip

STAGES: dict[str, str] = {   # in the order of work, with the words for people
    "open": "Opening the footage",
    "detect": "Finding people",
    "track": "Following people",
    "lift": "Lifting to 3D",
    "world": "Placing on the floor",
    "write": "Writing the motion",
    "preview": "Drawing the preview",
}


@dataclass(frozen=True)
class Request:
    """What a capture is asked to do. `settings` holds only what differs from the defaults, stage by stage."""

    clips: tuple[str, ...]
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    preview: bool = True
    actor_folder: str = ""   # where the files of known actors lie; empty: none is read or kept
    protocol: int = PROTOCOL_VERSION

    def write(self, job: Path) -> None:
        """Write `request.json` into the job folder, whole or not at all."""
        write_json(job / REQUEST, asdict(self))


@dataclass(frozen=True)
class Event:
    """One line of `events.jsonl`."""

    stage: str
    done: int = 0
    of: int = 0              # 0 where the whole is not known
    people: int = 0
    message: str = ""        # one sentence for the user, or empty
    seconds: float = 0.0     # since the start of the run

    def line(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False) + "\n"


@dataclass(frozen=True)
class PersonResult:
    """One captured person: what the closing line of a capture says."""

    folder: str
    frames: int
    seconds: float
    frames_per_second: float
    reprojection_px: float
    seen_share: float


def write_json(path: Path, value: Any) -> None:
    with written_whole(path, "w") as stream:
        json.dump(value, stream, ensure_ascii=False, indent=1)


def read_request(job: Path) -> Request:
    """The request of a job folder. Raises Refusal when it is missing, damaged or of a newer protocol."""
    value = read_object(job / REQUEST)
    if value is None:
        raise Refusal("no-request", f"{job} holds no readable {REQUEST}.", "Start the capture again.")
    if value.get("protocol", 0) > PROTOCOL_VERSION:
        raise Refusal("newer-request", "The extension is newer than the installed backend.",
                      "Press Install Backend in the preferences of Mambocap.")  # fmt: skip
    clips, settings = value.get("clips"), value.get("settings", {})
    if not isinstance(clips, list) or not clips or not all(isinstance(c, str) for c in clips) or not isinstance(settings, dict):
        raise Refusal("bad-request", f"{REQUEST} names no clips.", "Choose footage and start the capture again.")
    return Request(tuple(clips), settings, bool(value.get("preview", True)), str(value.get("actor_folder", "")))


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
        return Event(str(value["stage"]), int(value.get("done", 0)), int(value.get("of", 0)), int(value.get("people", 0)),
                     str(value.get("message", "")), float(value.get("seconds", 0.0)))  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def read_object(path: Path) -> dict[str, Any] | None:
    """The JSON object in a file, None when there is no such file or it holds something else."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None
