"""What must hold when things go wrong: kills, damaged and odd input, repetition, length; a table with a row each."""

from __future__ import annotations

import argparse
import importlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.tables import machine_line, print_table, write_figures

PARTS = {   # what --only may name, and the module that measures it
    "kills": "bench.reliability_kills",
    "mutations": "bench.reliability_mutations",
    "inputs": "bench.reliability_inputs",
    "repeats": "bench.reliability_repeats",
    "long": "bench.reliability_long",
}  # fmt: skip


@dataclass(frozen=True)
class Amounts:
    """How much is tried."""

    kills_per_stage: int
    mutations: int
    captures: int
    minutes: float
    seed: int


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kills", type=int, default=50, help="of each stage, at random moments")
    parser.add_argument("--mutations", type=int, default=200_000, help="damaged files in all, shared among the readers")
    parser.add_argument("--captures", type=int, default=30, help="in a row")
    parser.add_argument("--minutes", type=float, default=30.0, help="length of the long clip")
    parser.add_argument("--seed", type=int, default=19, help="of moments and damages")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="measure these parts")


def main(options: argparse.Namespace) -> int:
    """`build.py bench reliability`; 1 where anything was not as it must be."""
    amounts = Amounts(options.kills, options.mutations, options.captures, options.minutes, options.seed)
    figures: dict[str, Any] = {}
    for part in options.only:
        figures |= _measured(part, amounts)
    figures["machine"] = machine_line()
    print_table(("measure", "value"), [(key, _short(value)) for key, value in figures.items()])
    write_figures(options.json, figures)
    return 0 if _all_well(figures) else 1


def _measured(part: str, amounts: Amounts) -> dict[str, Any]:
    """The figures of one part: its keys of the JSON file. Each part prints a table of its own."""
    with tempfile.TemporaryDirectory(prefix="mambocap_") as folder:
        return importlib.import_module(PARTS[part]).figures(Path(folder), amounts)


def _all_well(figures: dict[str, Any]) -> bool:
    failures = ("mutation_failures", "bad_inputs_failed", "repeats_failed")
    return figures.get("kills_identical") == figures.get("kills") and not any(figures.get(key) for key in failures)


def _short(value: Any) -> Any:
    if isinstance(value, (list, dict)):
        return f"{len(value)}: {', '.join(value)}"
    return value
