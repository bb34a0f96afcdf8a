"""When each of several clips began, by what their microphones heard."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from backend.multiview.sync.onsets import onsets_of
from backend.multiview.sync.sound import heard_alike
from backend.multiview.sync.soundtrack import sound_of
from backend.video.clip import Clip


def heard_starts_s(clips: Sequence[Clip]) -> dict[tuple[int, int], float]:
    """By pair of clips, the lower number first: when the second began by the clock of the first.

    Pairs that do not surely hear the same are absent.
    """
    onsets = {}
    for number, clip in enumerate(clips):
        if (sound := sound_of(clip)) is not None:
            onsets[number] = onsets_of(sound)
    matches = {(one, other): heard_alike(onsets[one], onsets[other]) for one, other in combinations(onsets, 2)}
    return {pair: match.start_s for pair, match in matches.items() if match is not None}
