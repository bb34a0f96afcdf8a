"""Whether a batch goes on with what lies in its folder, or would overwrite the results of another one."""

from __future__ import annotations

from typing import Any

from ..refusal import Refusal
from .words import BatchRequest, WantedTake


def check_same_batch(earlier: BatchRequest, request: BatchRequest, place: str, choose: str) -> None:
    """Raises Refusal where `request` has other settings than the batch that was run at `place`, or other clips.

    `choose` says how to choose another folder, as the end of a sentence.
    """
    before, now = (_flat({**each.settings, "preview film": each.preview}) for each in (earlier, request))
    others = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
    if others:
        raise Refusal("other-settings", f"{place} holds a batch with other settings ({', '.join(others)}).",
                      f"Give the same settings to go on with it, or {choose}")  # fmt: skip
    _check_clips(earlier, request, place, choose)


def _check_clips(earlier: BatchRequest, request: BatchRequest, place: str, choose: str) -> None:
    """A take may have won or lost a camera, but of wholly other clips it is another take."""
    before: dict[str, WantedTake] = {take.name.casefold(): take for take in earlier.takes}
    for take in request.takes:
        other = before.get(take.name.casefold())
        if other and not set(other.clips) & set(take.clips):
            raise Refusal("other-clips", f"{place} holds a take {take.name} of another clip, {other.clips[0]}.",
                          f"To keep it, {choose}")  # fmt: skip


def _flat(settings: dict[str, Any], above: str = "") -> dict[str, Any]:
    """Settings by names such as "video.in_s"."""
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        flat |= _flat(value, f"{above}{name}.") if isinstance(value, dict) else {above + name: value}
    return flat
