"""All settings of a run: the stages' own data classes side by side, and the strict way in from JSON."""

from __future__ import annotations

import difflib
import math
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, is_dataclass
from typing import Any

from backend.body.actor import BodySettings
from backend.cameras.focal import CameraSettings
from backend.detect.detector import DetectSettings
from backend.device import DEVICE_SETTINGS
from backend.hypotheses.settings import HypothesesSettings
from backend.lift.wanted import LiftSettings
from backend.multiview.settings import MultiviewSettings
from backend.preview.draw_preview import PreviewSettings
from backend.track.follow import TrackSettings
from backend.video.clip import VideoSettings
from backend.world.place import WorldSettings
from motion.choices import lifters
from motion.refusal import Refusal


@dataclass(frozen=True)
class Settings:
    """The whole settings of a capture; what is not said is the stages' default."""

    video: VideoSettings = field(default_factory=VideoSettings)
    detect: DetectSettings = field(default_factory=DetectSettings)
    track: TrackSettings = field(default_factory=TrackSettings)
    camera: CameraSettings = field(default_factory=CameraSettings)
    body: BodySettings = field(default_factory=BodySettings)
    lift: LiftSettings = field(default_factory=LiftSettings)
    multiview: MultiviewSettings = field(default_factory=MultiviewSettings)
    hypotheses: HypothesesSettings = field(default_factory=HypothesesSettings)
    world: WorldSettings = field(default_factory=WorldSettings)
    preview: PreviewSettings = field(default_factory=PreviewSettings)
    device: str = "auto"   # auto, cuda or cpu: where the heavy arithmetic runs

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds them; settings_from() gives the same settings back."""
        return asdict(self)

    @property
    def asks_for_views_lifter(self) -> bool:
        """Of a take of several clips."""
        return self.multiview.fusion != "triangulation" and self.lift.lifter == "network"

    @property
    def asks_for_hypotheses(self) -> bool:
        """The direct lift does not say how sure it is, so that nothing can be drawn about it."""
        return self.hypotheses.samples > 0 and self.lift.lifter == "network"


def settings_from(value: Mapping[str, Any]) -> Settings:
    """Settings from what differs from the defaults, such as {"video": {"in_s": 2.5}, "device": "cpu"}.

    Raises Refusal for every name that is unknown and every value that is not of the right kind or out of range, of
    which the stages' data classes say in their own words what is senseless.
    """
    return _filled(Settings, value, "")


LIMITS: dict[str, tuple[float, float]] = {   # of numbers that no data class checks itself
    "detect.most_people": (1, 50),
    "detect.search_s": (0.0, 60.0),
    "detect.search_everywhere_s": (0.0, 60.0),
}
CHOICES: dict[str, tuple[Any, ...]] = {
    "device": DEVICE_SETTINGS,
    "lift.lifter": tuple(lifters()),
}


def _filled(kind: type, value: Any, where: str) -> Any:
    """A data class from a mapping; `where` is the path of names down to here, for the sentences."""
    if not isinstance(value, Mapping):
        raise _refused(where, f"must be a group of settings, not {_shown(value)}")
    types_of = typing.get_type_hints(kind)
    for name in value:
        if name not in types_of:
            raise _unknown(str(name), where, list(types_of))
    path = f"{where}." if where else ""
    return kind(**{name: _checked(types_of[name], given, path + name) for name, given in value.items()})


def _checked(kind: Any, value: Any, where: str) -> Any:
    if is_dataclass(kind):
        return _filled(kind, value, where)
    if value is None and type(None) in typing.get_args(kind):
        return None
    plain = plain_type(kind)
    checked = _as_type(plain, value, where)
    low, high = LIMITS.get(where, (-math.inf, math.inf))
    if plain in (int, float) and not low <= checked <= high:
        raise _refused(where, f"must lie between {low:g} and {high:g}, not at {checked:g}")
    allowed = choices(where, kind)
    if allowed and checked not in allowed:
        raise _refused(where, f"must be one of {_listed(allowed)}, not {_shown(value)}")
    return checked


def _as_type(plain: type, value: Any, where: str) -> Any:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e15
    if plain is float and is_number:
        return float(value)
    if plain is int and is_number and value == int(value):
        return int(value)
    if plain in (bool, str) and isinstance(value, plain):
        return value
    kinds = {float: "a number", int: "a whole number", bool: "true or false", str: "a text"}
    raise _refused(where, f"must be {kinds[plain]}, not {_shown(value)}")


def plain_type(kind: Any) -> type:
    """float, int, bool or str for the annotation of a setting, with or without None, or of Literal texts."""
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        kind = next(part for part in typing.get_args(kind) if part is not type(None))
    return type(typing.get_args(kind)[0]) if typing.get_origin(kind) is typing.Literal else kind


def choices(where: str, kind: Any) -> tuple[Any, ...]:
    """The only values that a setting may have, empty when there is no such list."""
    return typing.get_args(kind) if typing.get_origin(kind) is typing.Literal else CHOICES.get(where, ())


def _unknown(name: str, where: str, known: Sequence[str]) -> Refusal:
    near = difflib.get_close_matches(name, known, n=1)
    mend = f"Did you mean {near[0]}?" if near else f"Known are {_listed(known)}."
    place = f" in {where}" if where else ""
    return Refusal("bad-settings", f"There is no setting called {_shown(name)}{place}.", mend)


def _refused(where: str, problem: str) -> Refusal:
    return Refusal("bad-settings", f"The setting {where or 'file'} {problem}.", "Correct it, or leave it out.")


def _shown(value: Any) -> str:
    text = " ".join((value if isinstance(value, str) else repr(value)).split())
    return f"\"{text[:40]}{'…' if len(text) > 40 else ''}\""


def _listed(values: Sequence[Any]) -> str:
    return ", ".join(str(value) for value in values)

