"""Opens a recording by the suffix of its file, and finds the skeleton that belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from ..refusal import Refusal
from .acclaim import read_acclaim
from .bvh import read_bvh
from .recording import Recording
from .smartbody import joints_shared, read_smartbody
from .text_file import read_text_file

# A format each: its file, the skeleton that was given for it, and the metres of its unit, as open_recording() has them.
_READERS: dict[str, Callable[[Path, Path | None, float | None], Recording]] = {
    ".bvh": lambda path, _, unit_m: read_bvh(path, unit_m),
    ".amc": lambda path, skeleton, unit_m: read_acclaim(path, skeleton or _asf_of(path), unit_m),
    ".skm": lambda path, skeleton, unit_m: read_smartbody(path, skeleton or _sk_of(path), unit_m),
}
SUFFIXES = tuple(_READERS)
_ASF_SUFFIXES = (".asf", ".asx")
_SAME = 0.5      # of the joints that a motion moves: a skeleton with fewer is another's


def open_recording(path: Path, skeleton: Path | None = None, unit_m: float | None = None) -> Recording:
    """The recording of a BVH, AMC or SKM file, in metres, Y up.

    AMC and SKM need a second file with the skeleton. Without one given, that of an AMC is the ASF beside it of the
    same name, of the part before an underscore ("14_20.amc": "14.asf") or the only one; that of an SKM is the SK
    beside it that has most of its joints, if there is one such. Raises Refusal when it is missing or not clear,
    or a file is damaged; `unit_m` says the metres of the file's unit instead of the figure's height.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise Refusal("unknown-recording", f"{path.name} is no recording that can be read.",
                      f"Choose a file {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}.")  # fmt: skip
    if not path.is_file():
        raise Refusal("no-such-file", f"There is no file {path}.", "Choose it again.")
    return _READERS[suffix](path, skeleton, unit_m)


def _asf_of(amc: Path) -> Path:
    beside = _beside(amc, _ASF_SUFFIXES)
    for stem in (amc.stem, *_starts(amc.stem)):
        named = [asf for asf in beside if asf.stem.lower() == stem.lower()]
        if named:
            return named[0]
    if len(beside) == 1:
        return beside[0]
    raise _no_skeleton(amc, "ASF", beside)


def _starts(stem: str) -> Iterable[str]:
    """The parts of a name before its underscores, the longest first."""
    words = stem.split("_")
    return ("_".join(words[:count]) for count in range(len(words) - 1, 0, -1))


def _sk_of(skm: Path) -> Path:
    beside = _beside(skm, (".sk",))
    motion = read_text_file(skm)
    shared = {sk: joints_shared(motion, read_text_file(sk)) for sk in beside}
    most, moved = max(shared.values(), default=(0, 1))
    best = [sk for sk in beside if shared[sk][0] == most]
    if most >= _SAME * moved and len(best) == 1:
        return best[0]
    raise _no_skeleton(skm, "SK", beside)


def _beside(path: Path, suffixes: tuple[str, ...]) -> list[Path]:
    return sorted(other for other in path.parent.iterdir() if other.suffix.lower() in suffixes)


def _no_skeleton(path: Path, kind: str, beside: list[Path]) -> Refusal:
    there = f"none of the {len(beside)} {kind} files beside it is certainly its own" if beside else \
        f"there is no {kind} file beside it"  # fmt: skip
    return Refusal("no-skeleton", f"{path.name} needs the skeleton that it was recorded with, and {there}.",
                   f"Give the {kind} file, or lay it beside the motion under the same name.")  # fmt: skip
