"""Endless rows of batches, each of which depends on its number alone."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")


class EndlessBatches(ABC, Generic[Item]):
    """An endless row: number n is the same on every run and every device, whatever came before it."""

    def __init__(self, seed: int) -> None:
        self.seed, self.next = seed, 0

    @abstractmethod
    def batch(self, number: int) -> Item:
        """The batch of this number."""

    def state(self) -> dict[str, int]:
        return {"seed": self.seed, "next": self.next}

    def restore(self, state: dict[str, int]) -> None:
        """Go on as the batches went on whose `state` this is."""
        self.seed, self.next = state["seed"], state["next"]

    def __iter__(self) -> Iterator[Item]:
        while True:
            yield self.__next__()

    def __next__(self) -> Item:
        self.next += 1
        return self.batch(self.next - 1)


def mixed_seed(seed: int, number: int) -> int:
    """One seed of two numbers, far from those of their neighbours (the finaliser of splitmix64)."""
    mask = (1 << 64) - 1
    z = (seed * 0x9E3779B97F4A7C15 + number * 0xD1B54A32D192ED03 + 0x9E3779B97F4A7C15) & mask
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
    return (z ^ (z >> 31)) >> 1
