"""The folder of a batch on the command line, which several parts on several machines may share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from motion.batch.take_names import PARTS
from motion.batch.words import BATCH, REPORT, REPORT_CSV, TABLE, BatchRequest, WantedTake, read_batch
from motion.refusal import Refusal

_CHOOSE = "choose another folder with --out."


def folder_of_part(out: Path, part: tuple[int, int] | None) -> Path:
    """Where `batch.json` and `table.json` of a part lie; its takes lie in `out` as all others do."""
    return out / PARTS / f"{part[0]}_of_{part[1]}" if part else out


def batches_in(out: Path) -> list[Path]:
    """The folders of the batch and of all parts that were begun in `out`."""
    return [path.parent for path in (out / BATCH, *sorted(out.glob(f"{PARTS}/*/{BATCH}"))) if path.is_file()]


def check_folder(out: Path, request: BatchRequest) -> None:
    """Raises Refusal where the results of another batch, or files of others, would be mixed with this one's."""
    batches = batches_in(out)
    foreign = [name for name in (TABLE, REPORT, REPORT_CSV) if (out / name).exists()]
    if foreign and not batches:
        raise Refusal("foreign-folder", f"{out} holds a {foreign[0]} that is not from a batch here.",
                      "Choose another folder with --out.")  # fmt: skip
    for folder in batches:
        try:
            earlier = read_batch(folder)
        except Refusal:   # damaged: written anew
            continue
        _check_settings(out, earlier, request)
        _check_clips(out, earlier, request)


def _check_settings(out: Path, earlier: BatchRequest, request: BatchRequest) -> None:
    before, now = (_flat({**each.settings, "preview film": each.preview}) for each in (earlier, request))
    others = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
    if others:
        raise Refusal("other-settings", f"{out} holds a batch with other settings ({', '.join(others)}).",
                      f"Give the same settings to go on with it, or {_CHOOSE}")  # fmt: skip


def _check_clips(out: Path, earlier: BatchRequest, request: BatchRequest) -> None:
    """A take may have won or lost a camera, but of wholly other clips it is another take."""
    before: dict[str, WantedTake] = {take.name.casefold(): take for take in earlier.takes}
    for take in request.takes:
        other = before.get(take.name.casefold())
        if other and not set(other.clips) & set(take.clips):
            raise Refusal("other-clips", f"{out} holds a take {take.name} of another clip, {other.clips[0]}.",
                          f"To keep it, {_CHOOSE}")  # fmt: skip


def _flat(settings: dict[str, Any], above: str = "") -> dict[str, Any]:
    """Settings by names such as "video.in_s"."""
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        flat |= _flat(value, f"{above}{name}.") if isinstance(value, dict) else {above + name: value}
    return flat
