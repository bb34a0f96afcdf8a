"""Damaged files for every reader: nothing hangs, nothing needs much memory, and nobody sees an error but a sentence.

One of them again: python -m bench.reliability_mutations READER NUMBER --seed SEED
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.reliability_reader import ACCEPTED, REFUSED, Part, Tried, went_well
from bench.reliability_readers import READERS, numbers_of
from bench.reliability_try import LONGEST_S, MEMORY_BOUND_MB, damage, tried
from bench.reliability_workers import by_workers
from bench.tables import print_table

if TYPE_CHECKING:
    from bench.reliability import Amounts

STRETCH = 250     # damaged files that a worker takes at a time
_SHOWN = 3     # failures that are printed of each reader and kind


@dataclass
class OfReader:
    """What became of all that one reader was given."""

    kinds: Counter[str] = field(default_factory=Counter)   # by Tried.kind
    slowest_ms: float = 0.0                                 # of the processor

    def add(self, one: Tried) -> None:
        self.kinds[one.kind] += 1
        self.slowest_ms = max(self.slowest_ms, one.milliseconds)

    def figures(self) -> dict[str, Any]:
        tried_in_all, accepted, refused = self.kinds.total(), self.kinds[ACCEPTED], self.kinds[REFUSED]
        return {"tried": tried_in_all, "accepted": accepted, "refused": refused,
                "failures": tried_in_all - accepted - refused, "slowest_ms": round(self.slowest_ms, 1)}  # fmt: skip


def figures(folder: Path, amounts: Amounts) -> dict[str, Any]:
    """`mutations`, `mutation_failures` and `mutations_by_reader`; prints a table and how to repeat what failed."""
    start_s = time.monotonic()
    counts = numbers_of(amounts.mutations)
    parts = [Part(name, first, min(first + STRETCH, count), amounts.seed)
             for first in range(0, max(counts.values()), STRETCH)
             for name, count in counts.items() if first < count]  # fmt: skip
    found = {name: OfReader() for name in READERS}
    for part, one in by_workers(parts, folder, tried):
        found[part.reader].add(one)
        if not went_well(one) and found[part.reader].kinds[one.kind] <= _SHOWN:
            _say(part.reader, one, amounts.seed)
    _print(found, time.monotonic() - start_s)
    by_reader = {name: each.figures() for name, each in found.items() if each.kinds}
    return {
        "mutations": sum(row["tried"] for row in by_reader.values()),
        "mutation_failures": sum(row["failures"] for row in by_reader.values()),
        "mutations_by_reader": by_reader,
    }


def _say(reader: str, one: Tried, seed: int) -> None:
    """What failed, at once, and how to repeat it."""
    print(f'{one.kind}\n  {one.damages}: python -m bench.reliability_mutations "{reader}" {one.number} --seed {seed}',
          flush=True)  # fmt: skip


def _print(found: dict[str, OfReader], seconds: float) -> None:
    rows = [(name, *each.figures().values()) for name, each in found.items() if each.kinds]
    print_table(("reader", "tried", "accepted", "refused", "failures", "slowest ms"), rows)
    print(f"{seconds:.0f} s; a file may take {LONGEST_S:.0f} s of the processor, and {MEMORY_BOUND_MB} MB more than a "
          "worker had at first.")  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reader", choices=READERS)
    parser.add_argument("number", type=int, help="of the damaged file, as a failure names it")
    parser.add_argument("--seed", type=int, default=19)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="only write the damaged files here, unread")
    options = parser.parse_args()
    if options.keep is not None:
        options.keep.mkdir(parents=True, exist_ok=True)
        READERS[options.reader].write(options.keep)
        print(damage(options.reader, options.number, options.seed, options.keep))
        return 0
    with tempfile.TemporaryDirectory(prefix="mambocap_") as folder:
        (one,) = tried(Part(options.reader, options.number, options.number + 1, options.seed), Path(folder))
    print(json.dumps(vars(one), indent=1))
    return 0 if went_well(one) else 1


if __name__ == "__main__":
    raise SystemExit(main())
