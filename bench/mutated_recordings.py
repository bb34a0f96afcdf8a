"""Feeds the readers of recordings with damaged files: python -m bench.mutated_recordings --count 100000.

Small whole files of each format are made up and damaged at random, byte by byte and line by line. Whatever comes, a
reader gives a recording of finite numbers or a Refusal of one sentence and one mend, soon.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Callable

import numpy as np

from motion.recordings.acclaim import parse_acclaim
from motion.recordings.bvh import parse_bvh
from motion.recordings.recording import Recording
from motion.recordings.smartbody import parse_smartbody
from motion.recordings.text_file import TextFile, decoded
from motion.refusal import Refusal

LONGEST_S = 2.0    # of the processor, for a file of a hundred lines
_WORDS = (b"nan", b"-inf", b"1e999", b"1e308", b"-1.6e-014", b"99999999999999999999", b"-1", b"0", b"{", b"}", b"root",
          b"JOINT", b"End Site", b"MOTION", b"Frames:", b"\x00", b"\xff\xfe", b"#", b":", b"begin", b"end", b"1_0",
          b"channels", b"Quat", b"kt", b"fr", b"2000000", b"0x10", b"", b"\n", b"\r", b"\xc2\x85")  # fmt: skip


def made_up_bvh() -> dict[str, bytes]:
    joint = "JOINT {}\n{{\nOFFSET {}\nCHANNELS 3 Zrotation Xrotation Yrotation\n"
    end = "End Site\n{\nOFFSET 0 0 9\n}\n"
    head = ("HIERARCHY\nROOT Hips\n{\nOFFSET 0 0 0\n"
            "CHANNELS 6 Xposition Yposition Zposition Zrotation Yrotation Xrotation\n")  # fmt: skip
    legs = "".join(joint.format(f"{side}Leg", f"{x} -45 0") + joint.format(f"{side}Foot", "0 -45 0") + end + "}\n}\n"
                   for side, x in (("Left", 9), ("Right", -9)))  # fmt: skip
    head += legs + joint.format("Head", "0 70 0") + end + "}\n}\n"
    rows = "".join(" ".join(f"{0.5 * row + column:.3f}" for column in range(21)) + "\n" for row in range(4))
    return {"walk.bvh": (head + f"MOTION\nFrames: 4\nFrame Time: 0.0333333\n{rows}").encode()}


def made_up_acclaim() -> dict[str, bytes]:
    bones = {"lfemur": "0.342 -0.94 0", "ltibia": "0.342 -0.94 0", "lowerback": "0 1 0", "head": "0 1 0"}
    data = "".join(f"begin\nid {number}\nname {name}\ndirection {direction}\nlength 7.5\naxis 0 -90 20 XYZ\n"
                   "dof rx rz\nlimits (-160.0 20.0)\n(-60.0 70.0)\nend\n"
                   for number, (name, direction) in enumerate(bones.items(), 1))  # fmt: skip
    asf = ("# made up\n:version 1.10\n:name made-up\n:units\nmass 1.0\nlength 0.45\nangle deg\n:root\n"
           "order TX TY TZ RX RY RZ\naxis XYZ\nposition 0 0 0\norientation 0 0 0\n:bonedata\n" + data +
           ":hierarchy\nbegin\nroot lfemur lowerback\nlfemur ltibia\nlowerback head\nend\n")  # fmt: skip
    frames = "".join(f"{frame}\nroot 1 {frame} 2.5 10 -20 30\n" + "".join(f"{bone} 1.5 -1.6e-014\n" for bone in bones)
                     for frame in range(1, 4))  # fmt: skip
    return {"walk.amc": (":FULLY-SPECIFIED\n:DEGREES\n# fps 60\n" + frames).encode(), "person.asf": asf.encode()}


def made_up_smartbody() -> dict[str, bytes]:
    channel = "channel XPos 0 free\nchannel Quat\n"
    turn = "prerot axis 0 0 1 ang 30\npostrot axis 0 0 1 ang -30\n"
    sk = ("# made up\nset_name made-up\nskeleton\nroot base\n{ offset 0 0.95 0\n"
          f"{channel}joint spine\n{{ offset 0 0.6 0\n{turn}{channel}}}\n"
          f"joint l_knee\n{{ offset 0.1 -0.9 0\n{turn}channel Quat\n}}\n}}\nend\n")  # fmt: skip
    names = ["base XPos", "base YPos", "base ZPos", "base Quat", "spine Quat", "l_knee Quat", "other Quat"]
    values = (" ".join(f"{0.01 * (frame + column):.4f}" for column in range(15)) for frame in range(4))
    rows = "".join(f"kt {frame / 30:.6f} fr {row}\n" for frame, row in enumerate(values))
    skm = 'SkMotion\nname "made-up"\nchannels 7\n' + "\n".join(names) + f"\nframes 4\n{rows}\nready time: 0.1\n"
    return {"walk.skm": skm.encode(), "person.sk": sk.encode()}


FORMATS: dict[str, tuple[Callable[[], dict[str, bytes]], Callable[..., Recording]]] = {
    "BVH": (made_up_bvh, parse_bvh),
    "ASF/AMC": (made_up_acclaim, parse_acclaim),
    "SK/SKM": (made_up_smartbody, parse_smartbody),
}


@dataclass
class Outcome:
    """What became of the damaged files of one format."""

    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)     # by code
    longest_s: float = 0.0
    faults: list[str] = field(default_factory=list)


def mutated(content: bytes, rng: np.random.Generator) -> bytes:
    """The content with one fault, or seldom a few: the first often hides the others."""
    for _ in range(rng.geometric(0.7)):
        content = _FAULTS[rng.integers(len(_FAULTS))](content, rng)
    return content


def _byte_changed(content: bytes, rng: np.random.Generator) -> bytes:
    place = int(rng.integers(len(content) + 1))
    return content[:place] + bytes([rng.integers(256)]) + content[place + int(rng.integers(2)) :]


def _cut(content: bytes, rng: np.random.Generator) -> bytes:
    start, end = np.sort(rng.integers(len(content) + 1, size=2))
    return content[:start] if rng.random() < 0.5 else content[:start] + content[min(end, start + 80) :]


def _line_moved(content: bytes, rng: np.random.Generator) -> bytes:
    """A line is left out, doubled or put elsewhere."""
    lines = content.split(b"\n")
    source, target = rng.integers(len(lines), size=2)
    line = lines[source] if rng.random() < 0.5 else lines.pop(source)
    if rng.random() < 0.7:
        lines.insert(int(target), line)
    return b"\n".join(lines)


def _word_replaced(content: bytes, rng: np.random.Generator) -> bytes:
    words = content.split(b" ")
    words[rng.integers(len(words))] = _WORDS[rng.integers(len(_WORDS))]
    return b" ".join(words)


def _number_changed(content: bytes, rng: np.random.Generator) -> bytes:
    digits = [place for place, byte in enumerate(content) if 48 <= byte < 58]
    if not digits:
        return content
    place = digits[rng.integers(len(digits))]
    return content[:place] + str(int(rng.integers(10 ** rng.integers(1, 9)))).encode() + content[place + 1 :]


_FAULTS = (_byte_changed, _cut, _line_moved, _word_replaced, _number_changed)


def feed(kind: str, count: int, rng: np.random.Generator) -> Outcome:
    """Reads `count` damaged files of one kind of FORMATS."""
    make, parse = FORMATS[kind]
    whole, outcome = make(), Outcome()
    for _ in range(count):
        damaged = dict(whole)
        name = list(whole)[rng.integers(len(whole))]
        damaged[name] = mutated(whole[name], rng)
        files = [TextFile(name, decoded(content).splitlines()) for name, content in damaged.items()]
        start = time.process_time()
        _read(parse, files, outcome)
        outcome.longest_s = max(outcome.longest_s, time.process_time() - start)
    if outcome.longest_s > LONGEST_S:
        outcome.faults.append(f"one file took {outcome.longest_s:.1f} s")
    return outcome


def _read(parse: Callable[..., Recording], files: list[TextFile], outcome: Outcome) -> None:
    try:
        recording = parse(*files, "walk")
        finite = np.isfinite(recording.joint_from_parent).all() and np.isfinite(recording.R_parent_from_joint).all()
        if not (finite and np.isfinite(recording.rest_joints).all() and recording.rate_hz > 0):
            outcome.faults.append("a recording with numbers that are not finite")
        outcome.read += 1
    except Refusal as refusal:
        outcome.refused[refusal.code] += 1
        if not (refusal.sentence.endswith(".") and refusal.mend.endswith(".")) or "\n" in refusal.sentence:
            outcome.faults.append(f"no plain sentence: {refusal.sentence!r}")
    except Exception as error:        # that there is none is what is looked for
        outcome.faults.append(repr(error))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000, help="damaged files, over all formats")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    faults = 0
    for kind in FORMATS:
        outcome = feed(kind, options.count // len(FORMATS), np.random.default_rng(options.seed))
        refused = ", ".join(f"{number} {code}" for code, number in outcome.refused.most_common())
        print(f"{kind}: {outcome.read} read, refused: {refused}; longest {1000 * outcome.longest_s:.0f} ms; "
              f"{len(outcome.faults)} faults", *sorted(set(outcome.faults))[:20], sep="\n  ")  # fmt: skip
        faults += len(outcome.faults)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
