"""What the artist says of the world for a capture: upright edges, a moment to stand upright, a foot on the floor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import bpy
from bpy.props import FloatProperty, StringProperty

from ..motion.refusal import Refusal

TIMES = ("upright_at_s", "floor_at_s")   # as the backend calls them
Line = tuple[float, float, float, float, float]   # x1, y1, x2, y2 in px of the upright picture, seconds


class MambocapHints(bpy.types.PropertyGroup):
    """Only what is set is said. Seconds count from the first picture of the footage, wherever In is."""

    upright_at_s: FloatProperty(
        name="Upright At", min=0.0, precision=3, description="When the first person stands upright, in seconds",
    )  # fmt: skip
    floor_at_s: FloatProperty(
        name="On the Floor At", min=0.0, precision=3,
        description="When the lower foot of the first person stands on the floor, in seconds",
    )  # fmt: skip
    vertical: StringProperty(
        name="Upright Edges", description="Edges of the scene that are upright, as x1 y1 x2 y2 seconds, with ; between"
    )


def is_said(hints: MambocapHints) -> bool:
    return bool(hints.vertical) or any(hints.is_property_set(name) for name in TIMES)


def lines_of(text: str) -> list[Line]:
    """The upright edges of a text; what is no line is left out."""
    return list(_lines(text))


def add_line(hints: MambocapHints, line: Line) -> None:
    hints.vertical = _text([*lines_of(hints.vertical), line])


def remove_line(hints: MambocapHints, index: int) -> None:
    hints.vertical = _text(line for place, line in enumerate(lines_of(hints.vertical)) if place != index)


def fields_from(hints: MambocapHints, start_s: float) -> dict[str, Any]:
    """The backend's words for its stage "world", for a take that starts `start_s` after the footage's first picture.

    Raises Refusal for what was said of pictures before that.
    """
    said: dict[str, Any] = {name: _from_start(getattr(hints, name), start_s)
                            for name in TIMES if hints.is_property_set(name)}  # fmt: skip
    if lines := lines_of(hints.vertical):
        said["vertical"] = _text((*line[:4], _from_start(line[4], start_s)) for line in lines)
    return {"hints": said} if said else {}


def show(hints: MambocapHints, world: Mapping[str, Any], start_s: float) -> None:
    """The way back of fields_from(), into hints of which none is set."""
    fields = world.get("hints", {})
    for name in TIMES:
        if isinstance(fields.get(name), (int, float)):
            setattr(hints, name, fields[name] + start_s)
    if lines := lines_of(str(fields.get("vertical", ""))):
        hints.vertical = _text((*line[:4], line[4] + start_s) for line in lines)


def _from_start(time_s: float, start_s: float) -> float:
    from_start_s = round(time_s - start_s, 4)   # Blender keeps 32 bits
    if from_start_s < 0.0:
        raise Refusal("hint-before-in", f"What you said of the world at {time_s:.2f} s of the footage lies before In.",
                      "Clear it under World, or move In to the front.")  # fmt: skip
    return from_start_s


def _lines(text: str) -> Iterator[Line]:
    for part in text.split(";"):
        try:
            x1, y1, x2, y2, time_s = (float(word) for word in part.split())
        except ValueError:
            continue
        yield x1, y1, x2, y2, time_s


def _text(lines: Iterable[Line]) -> str:
    return "; ".join(f"{x1:.1f} {y1:.1f} {x2:.1f} {y2:.1f} {time_s:.4f}" for x1, y1, x2, y2, time_s in lines)


def register() -> None:
    bpy.utils.register_class(MambocapHints)


def unregister() -> None:
    bpy.utils.unregister_class(MambocapHints)
