"""A few takes of made-up people who walk."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from backend.train.multiview.found_rigs import RigErrors
from backend.train.multiview.lost import Losses
from backend.train.multiview.take_batches import TakeBatch, TakeBatches, TakeSettings, only_views
from backend.train.people import BatchSettings
from tests.backend.train.made_up_clips import several

EXACT = RigErrors(unknown_share=0.0, exact_share=1.0)
NOTHING_LOST = Losses(view_share=0.0, limb_share=0.0, late_frames=0.0)


def takes(settings: TakeSettings, seed: int = 2) -> TakeBatches:
    return TakeBatches(several(3, 60), None, settings, seed=seed)


@cache
def some_takes(views: int = 3, exact: bool = True, batch_size: int = 6) -> TakeBatch:
    """Seen without error; exact: nothing is lost and the rig is right."""
    settings = TakeSettings(BatchSettings(batch_size, 24), only_views(views))
    return takes(replace(settings, rig=EXACT, losses=NOTHING_LOST) if exact else settings).batch(0)
