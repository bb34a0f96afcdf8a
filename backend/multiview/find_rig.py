"""Where several cameras stood and when each began, from the people whom they filmed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from backend.lift.lift import Lift
from backend.multiview.calibrate.adjust import Adjusted
from backend.multiview.calibrate.first_guess import angle_between_views_rad
from backend.multiview.calibrate.sightings import seen_of
from backend.multiview.calibrate.solve import beside, solved
from backend.multiview.calibrate.unknowns import START, TURN
from backend.multiview.people import Pairing, pairing_at, pairings, people_by_place
from backend.multiview.rig import Rig
from backend.multiview.sync.signals import body_signals, mirrored_signals
from motion.arrays import Array

_PAIR_ROUNDS, _PAIR_MOMENTS = 12, 60    # enough to tell beginnings apart
MIRRORED_BETTER = 0.2   # by which a mirror image agrees better with the first clip than what was filmed
_LEAST_WEIGHT, _LEAST_COST = 1e-3, 1.0    # below which differences are luck
_ERRORS_OVER_PREDICTED = 1.5    # of starts on simulated takes: detectors' errors are less independent than counted


@dataclass(frozen=True)
class ViewEvidence:
    """How surely one camera stands where it is said to, and began when."""

    fits: bool = True               # that what it saw belongs to what the others saw
    start_sigma_s: float = 0.0
    turn_sigma_rad: float = 0.0
    angle_rad: float = 0.0          # at the person, between the directions to the first camera and to this one
    agreement: float = 1.0          # -1..1 of what the body does, as this one and another see it
    mirrored_agreement: float = 0.0    # likewise, if the clip showed a mirror image
    overlap_s: float = 0.0
    rival: float = 0.0              # how well it would fit another beginning, of how well it fits this one
    rival_s: float = 0.0            # and by how much later that would be


@dataclass(frozen=True, eq=False)
class RigFinding:
    """Cameras, clocks and people of V clips. Cameras that do not fit are in the rig without meaning."""

    rig: Rig
    evidence: tuple[ViewEvidence, ...]
    people: tuple[Mapping[int, int], ...]   # the number of the person in each clip that shows them

    @property
    def used(self) -> list[int]:
        return [view for view, each in enumerate(self.evidence) if each.fits]


def find_rig(
    clips: Sequence[Sequence[Lift]], *, lenses_known: Sequence[bool], known: Rig | None = None,
    synchronised: bool = False, starts_s: Mapping[tuple[int, int], float] | None = None,
) -> RigFinding:  # fmt: skip
    """From everybody as each clip's camera alone lifted them; the first clip's camera and clock are those of the rig.

    `known`: cameras calibrated elsewhere, of which only clocks are looked for; `synchronised`: not even these;
    `starts_s`: what else, sound, says of when the second clip of a pair began by the clock of its first.
    """
    search = _Search(clips, lenses_known, known, synchronised, starts_s or {})
    search.connect()
    return search.finding()


@dataclass(frozen=True, eq=False)
class _Way:
    """How one clip may be joined to another."""

    merit: float        # grows with how alike what both saw is, falls with what the adjustment leaves over
    rig: Rig
    pairing: Pairing


class _Search:
    """Clips are joined to the first one by one, each to the one that it agrees best with."""

    def __init__(self, clips: Sequence[Sequence[Lift]], lenses_known: Sequence[bool], known: Rig | None,
                 synchronised: bool, starts_s: Mapping[tuple[int, int], float]) -> None:  # fmt: skip
        self._seen = [[seen_of(lift) for lift in lifts] for lifts in clips]
        self._signals = [[body_signals(lift) for lift in lifts] for lifts in clips]
        self._lenses_known, self._known = lenses_known, known
        self._synchronised, self._told_s = synchronised, starts_s
        self._rig = known or unplaced(np.stack([lifts[0].K for lifts in clips]))
        self._joined: dict[int, list[_Way]] = {0: []}
        self._pairings: dict[tuple[int, int], list[Pairing]] = {}

    def connect(self) -> None:
        while len(self._joined) < len(self._seen):
            ways = [(one, other, pairing) for one in self._joined for other in range(len(self._seen))
                    if other not in self._joined for pairing in self._pairings_of(one, other)[:1]]  # fmt: skip
            if not ways:
                return
            one, other, _ = max(ways, key=lambda way: way[2].weight)
            found = self._ways(one, other)
            if not found or self._mirrored(other) > found[0].pairing.agreement + MIRRORED_BETTER:
                self._pairings[one, other] = []
                continue
            self._rig, self._joined[other] = found[0].rig, found

    def _pairings_of(self, one: int, other: int) -> list[Pairing]:
        if (one, other) not in self._pairings:
            self._pairings[one, other] = self._compared(one, other)
        return self._pairings[one, other]

    def _compared(self, one: int, other: int) -> list[Pairing]:
        if self._synchronised:
            pairing = pairing_at(self._signals[one], self._signals[other], 0.0)
            return [] if pairing is None else [pairing]
        return pairings(self._signals[one], self._signals[other], self._told(one, other))

    def _told(self, one: int, other: int) -> float | None:
        if (one, other) in self._told_s:
            return self._told_s[one, other]
        return -self._told_s[other, one] if (other, one) in self._told_s else None

    def _ways(self, one: int, other: int) -> list[_Way]:
        """How `other` may be joined to `one`, first by the moment at which what both saw agrees best."""
        ways = []
        for pairing in self._pairings_of(one, other):
            rig = self._guess(one, other, pairing)
            found = None if rig is None else self._solve_pair(rig, one, other, pairing)
            if found is not None:
                merit = max(pairing.weight, _LEAST_WEIGHT) / math.sqrt(max(found.cost, _LEAST_COST))
                ways.append(_Way(merit, self._with_pair(rig, found, one, other), pairing))
        return sorted(ways, key=lambda way: -way.merit)

    def _guess(self, one: int, other: int, pairing: Pairing) -> Rig | None:
        starts_s = self._rig.starts_s.copy()
        starts_s[other] = self._rig.first_times_s(one, pairing.start_s)
        rig = replace(self._rig, starts_s=starts_s)
        if self._known is not None:
            return rig
        numbered = list(enumerate(pairing.people))
        return beside({person: self._seen[one][a] for person, (a, _) in numbered},
                      {person: self._seen[other][b] for person, (_, b) in numbered}, rig, one, other)  # fmt: skip

    def _solve_pair(self, rig: Rig, one: int, other: int, pairing: Pairing) -> Adjusted | None:
        people = [{0: self._seen[one][a], 1: self._seen[other][b]} for a, b in pairing.people]
        return solved(people, rig.only([one, other]), clocks=not self._synchronised, poses=self._known is None,
                      lenses_known=[self._lenses_known[view] for view in (one, other)], rounds=_PAIR_ROUNDS,
                      most_moments=_PAIR_MOMENTS)  # fmt: skip

    def _with_pair(self, rig: Rig, found: Adjusted, one: int, other: int) -> Rig:
        """The rig with `other` beside `one` as the pair alone was solved."""
        pair = found.state.rig
        R, places, starts_s = rig.R_first_from_camera.copy(), rig.places_first.copy(), rig.starts_s.copy()
        R[other] = R[one] @ pair.R_first_from_camera[1]
        places[other] = rig.in_first(one, pair.places_first[1])
        starts_s[other] = rig.first_times_s(one, pair.starts_s[1])
        return replace(rig, R_first_from_camera=R, places_first=places, starts_s=starts_s)

    def finding(self) -> RigFinding:
        used = [view in self._joined for view in range(len(self._seen))]
        views = [view for view, each in enumerate(used) if each]
        if len(views) < 2:
            nobody = tuple({0: number} for number in range(len(self._seen[0])))
            return RigFinding(self._rig, tuple(self._lone(view) for view in range(len(used))), nobody)
        groups = people_by_place(self._seen, self._rig, used)
        several = [{views.index(view): self._seen[view][number] for view, number in group.items()}
                   for group in groups if len(group) > 1]  # fmt: skip
        found = solved(several, self._rig.only(views), clocks=not self._synchronised, poses=self._known is None,
                       lenses_known=[self._lenses_known[view] for view in views]) if several else None  # fmt: skip
        if found is not None:
            self._rig = _put_back(self._rig, found.state.rig, views)
            groups = people_by_place(self._seen, self._rig, used)
        shared = {view for group in groups if len(group) > 1 for view in group} | {0}
        groups = people_by_place(self._seen, self._rig, [view in shared for view in range(len(used))])
        evidence = tuple(self._evidence(view, views, found) if view in shared else self._lone(view)
                         for view in range(len(used)))  # fmt: skip
        return RigFinding(self._rig, evidence, tuple(groups))

    def _lone(self, view: int) -> ViewEvidence:
        return ViewEvidence(fits=view == 0, agreement=0.0, mirrored_agreement=self._mirrored(view))

    def _mirrored(self, view: int) -> float:
        """How well the clip would agree with the first one if it were a mirror image."""
        images = [mirrored_signals(each) for each in self._signals[view]]
        return max((each.agreement for each in pairings(self._signals[0], images)), default=0.0) if view else 0.0

    def _evidence(self, view: int, views: list[int], found: Adjusted | None) -> ViewEvidence:
        ways = self._joined[view]
        if not ways or found is None:
            return ViewEvidence()
        pairing, rival = ways[0].pairing, ways[min(1, len(ways) - 1)]
        own = found.state.of_view(views.index(view))
        variances = np.diag(found.covariance)[own]
        people = np.concatenate([points.reshape(-1, 3) for points in found.points])
        return ViewEvidence(
            start_sigma_s=_ERRORS_OVER_PREDICTED * float(np.sqrt(variances[START])),
            turn_sigma_rad=_ERRORS_OVER_PREDICTED * float(np.sqrt(variances[TURN].mean())),
            angle_rad=angle_between_views_rad(np.zeros(3), self._rig.places_first[view], people),
            agreement=pairing.agreement, mirrored_agreement=self._mirrored(view), overlap_s=pairing.overlap_s,
            rival=rival.merit / ways[0].merit if len(ways) > 1 else 0.0,
            rival_s=rival.pairing.start_s - pairing.start_s,
        )  # fmt: skip


def unplaced(K: Array) -> Rig:
    """Cameras [V, 3, 3] of which nothing else is known."""
    count = len(K)
    return Rig(K, np.broadcast_to(np.eye(3), (count, 3, 3)), np.zeros((count, 3)), np.zeros(count), np.ones(count))


def _put_back(rig: Rig, part: Rig, views: list[int]) -> Rig:
    """The rig with some of its cameras, the first among them, as they are in `part`."""
    whole = {name: np.array(getattr(rig, name))
             for name in ("K", "R_first_from_camera", "places_first", "starts_s", "clock_rates")}  # fmt: skip
    for name, values in whole.items():
        values[views] = getattr(part, name)
    return Rig(**whole)
