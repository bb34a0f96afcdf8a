"""Where the heavy arithmetic runs, and what happens when the graphics card is too small for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from motion.refusal import Refusal

Items = TypeVar("Items", bound=Sequence)
Result = TypeVar("Result")
Tell = Callable[[str], None]

DEVICE_SETTINGS = ("auto", "cuda", "cpu")
SMALLER_BATCHES = "The graphics card ran out of memory, so it is given less at a time, which takes a little longer."
ON_TO_THE_CPU = "The graphics card has too little memory for this, so the rest runs on the slower processor."


def choose_device(setting: str) -> str:
    """"cuda" or "cpu" for a setting of DEVICE_SETTINGS; "auto" takes CUDA where torch sees it.

    Raises Refusal for "cuda" without a card that torch can use, and for a setting that is none.
    """
    if setting not in DEVICE_SETTINGS:
        raise Refusal("unknown-device", f"There is no device called {setting}.",
                      f"Choose one of {', '.join(DEVICE_SETTINGS)}.")  # fmt: skip
    if setting == "cpu":
        return "cpu"
    import torch  # not above: a run that is told to use the CPU must start fast

    if torch.cuda.is_available():
        return "cuda"
    if setting == "cuda":
        raise Refusal("no-cuda", "Device cuda was asked for, but no NVIDIA card that the backend can use was found.",
                      "Choose the device auto or cpu, or install the backend for CUDA and its driver.")  # fmt: skip
    return "cpu"


def in_batches(
    function: Callable[[Items, str], Result], items: Items, device: str, batch_size: int, tell: Tell
) -> Iterator[Result]:
    """function(batch, device) for consecutive slices of `items`, in order; what is yielded is never computed again.

    When the card's memory runs out, the batch is halved, down to one item, and then the rest goes to the CPU in
    batches of the first size; `tell` hears each of the two once. For several arrays pass a range and index them.
    """
    start, size, told = 0, batch_size, False
    while start < len(items):
        fitted, result = _fitted(function, items[start : start + size], device)
        if fitted:
            start += size
            yield result
        elif size > 1:
            size //= 2
            if not told:
                tell(SMALLER_BATCHES)
            told = True
        else:
            device, size = "cpu", batch_size
            tell(ON_TO_THE_CPU)


def _fitted(function: Callable[[Items, str], Result], batch: Items, device: str) -> tuple[bool, Result | None]:
    """Whether the card had the memory for the batch, and the result."""
    if device == "cpu":
        return True, function(batch, device)
    import torch

    try:
        return True, function(batch, device)
    except torch.OutOfMemoryError:
        pass
    # Only here, outside the except block, has the traceback let go of the tensors of the failed call.
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    return False, None
