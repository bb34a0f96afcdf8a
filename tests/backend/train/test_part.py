"""Parts of a batch, put one behind the other, are the whole batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from backend.train.bank.bank_batches import BankBatches
from backend.train.batches import Batch, Batches, BatchSettings
from backend.train.chance import Chance
from backend.train.errors.by_hand import ErrorsByHand
from backend.train.errors.learned import read_learned
from backend.train.errors.mixed import MixedErrors
from backend.train.lifter.inputs_of import known_lens
from backend.train.lifter.without_features import some_without_features
from backend.train.part import Part
from tests.backend.train.bank.made_up_bank import made_up_bank
from tests.backend.train.made_up_clips import several

ROWS, FRAMES = 13, 30
SETTINGS = BatchSettings(ROWS, FRAMES, exchanged_share=0.2)
BOTH = MixedErrors(read_learned(), ErrorsByHand())


def parts_of(rows: int, count: int) -> list[Part]:
    return [Part.of(rows, number, count) for number in range(count)]


@given(st.integers(1, 200), st.integers(1, 20))
def test_every_row_is_in_one_part_and_parts_are_alike(rows: int, count: int) -> None:
    parts = parts_of(rows, count)
    assert [row for part in parts for row in range(part.first, part.last)] == list(range(rows))
    assert max(part.rows for part in parts) - min(part.rows for part in parts) <= 1


DRAWS: dict[str, Callable[[Chance, int], Tensor]] = {
    "uniform": lambda chance, rows: chance.uniform(2.0, 3.0, rows, 4),
    "normal, each row three times": lambda chance, rows: chance.normal(1.0, 3 * rows, 2),
    "rows along the second axis": lambda chance, rows: chance.normal(1.0, 5, rows, axis=1).T,
    "one of": lambda chance, rows: chance.one_of((0.2, 0.5, 0.3), rows),
    "whole numbers": lambda chance, rows: chance.below(6, rows),
}


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
@settings(max_examples=30)
@given(rows=st.integers(1, 40), count=st.integers(1, 5), seed=st.integers(0, 9))
def test_what_is_drawn_for_a_part_is_what_the_whole_has_there(draw, rows: int, count: int, seed: int) -> None:
    whole = draw(Chance.seeded(seed), rows)
    drawn = [draw(Chance.seeded(seed, part=part), part.rows) for part in parts_of(rows, count) if part.rows]
    assert torch.equal(torch.cat(drawn), whole)


@settings(max_examples=30)
@given(rows=st.integers(1, 40), count=st.integers(1, 5), seed=st.integers(0, 9), share=st.sampled_from([0.0, 0.3, 1.0]))
def test_who_is_chosen_has_the_same_chance_in_a_part_as_in_the_whole(rows, count, seed, share) -> None:
    def chosen_and_more(part: Part) -> tuple[Tensor, Tensor, Tensor]:
        chance = Chance.seeded(seed, part=part)
        chosen, of_them = chance.some(share, part.rows)
        return part.first + chosen, of_them.normal(1.0, len(chosen), 2), chance.uniform(0.0, 1.0, part.rows)

    parts = [chosen_and_more(part) for part in parts_of(rows, count) if part.rows]
    for together, whole in zip(map(torch.cat, zip(*parts, strict=True)), chosen_and_more(Part.of(rows)), strict=True):
        assert torch.equal(together, whole)


def test_rows_that_are_not_the_parts_are_refused() -> None:
    with pytest.raises(ValueError, match="none of a part of 4"):
        Chance.seeded(0, part=Part(0, 4, 8)).uniform(0.0, 1.0, 6)


@cache
def drawn(part: Part | None) -> Batch:
    return Batches(several(4), BOTH, SETTINGS, seed=3, part=part).batch(2)


@cache
def of_bank(part: Part | None) -> Batch:
    batch = BankBatches(made_up_bank(4), ROWS, FRAMES, seed=3, part=part).batch(2)
    return some_without_features(batch, Chance.seeded(4, part=batch.part))


def tensors(rows: Any, name: str = "") -> dict[str, Tensor]:
    """All of a batch by their names."""
    if isinstance(rows, Tensor):
        return {name: rows}
    inner = [tensors(getattr(rows, each.name), f"{name}.{each.name}") for each in fields(rows)] if is_dataclass(
        rows) and not isinstance(rows, Part) else []  # fmt: skip
    return {name: values for each in inner for name, values in each.items()}


# How surely a body hides a landmark changes steeply at its edge, and what is said depends on it: there rounding counts.
STEEP = ("hidden", "detections.landmarks_px", "detections.scores", "detections.landmarks_camera")


@pytest.mark.parametrize("made", [drawn, of_bank])
@pytest.mark.parametrize("count", [2, 5])
def test_parts_of_a_batch_are_the_whole_batch(made, count: int) -> None:
    """To rounding, which differs with how many rows are worked on at a time; who is chosen and seen is the same."""
    parts, whole = [made(part) for part in parts_of(ROWS, count)], tensors(made(None))
    for name, values in whole.items():
        together = torch.cat([tensors(part)[name] for part in parts])
        if name.endswith(STEEP):
            assert (together - values).abs().mean() < (1e-2 if "px" in name else 1e-4), name
        else:
            torch.testing.assert_close(together, values, rtol=1e-5, atol=1e-5, msg=name)
    assert torch.equal(torch.cat([known_lens(part) for part in parts]), known_lens(made(None)))


def test_some_windows_of_a_bank_have_no_features() -> None:
    whole = BankBatches(made_up_bank(4), 300, 5, mirrored_share=0.0).batch(0)
    without = (some_without_features(whole, Chance.seeded(4)).features == 0).flatten(1).all(1)
    assert 0.1 < without.float().mean() < 0.3
