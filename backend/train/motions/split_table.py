"""Who is trained on, chosen on and judged on."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

TABLE = Path(__file__).with_name("split.csv")


@dataclass(frozen=True)
class SplitRule:
    """One line; `subject` and `clip` may hold * and ?, an empty one fits all."""

    source: str
    subject: str
    clip: str     # the last part of a clip's name
    split: str

    def fits(self, source: str, subject: str, clip: str) -> bool:
        asked = ((self.subject, subject), (self.clip, clip))
        return self.source == source and all(fnmatchcase(name, pattern or "*") for pattern, name in asked)


def read_split_rules(path: Path = TABLE) -> tuple[SplitRule, ...]:
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(SplitRule(**row) for row in csv.DictReader(lines))


def split_of(rules: tuple[SplitRule, ...], source: str, subject: str, clip: str) -> str:
    """The split of the first line that fits; nobody who is not named is kept from training."""
    return next((rule.split for rule in rules if rule.fits(source, subject, clip)), "train")
