"""How far a capture is and how long it still takes, from the events of its job folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ..motion.job import Event, read_events

# Shares of the whole time, measured on four seconds of one person; all that counts is how they compare. A proxy is
# needed for some footage only, and cameras are brought together where there are several: small shares keep the bar from
# running backwards where they are.
SHARES = {"open": 1.0, "detect": 69.0, "track": 1.0, "camera": 8.0, "lift": 2.0, "rig": 3.0, "hypotheses": 1.0,
          "world": 1.5, "write": 1.0, "proxy": 3.0, "preview": 25.0}  # fmt: skip


@dataclass
class Watch:
    """The events of one run, read as they come."""

    job: Path
    with_preview: bool = True
    offset: int = 0
    latest: Event | None = None
    stage_began_s: float = 0.0
    messages: list[str] = field(default_factory=list)

    def read_on(self) -> bool:
        """Read what was appended; True when there was anything."""
        events, self.offset = read_events(self.job, self.offset)
        for event in events:
            if self.latest is None or event.stage != self.latest.stage:
                self.stage_began_s = event.seconds
            if event.message and event.message not in self.messages[-1:]:
                self.messages.append(event.message)
            self.latest = event
        return bool(events)

    @property
    def people(self) -> int:
        return self.latest.people if self.latest else 0

    @property
    def share_of_stage(self) -> float:
        """0..1; 0 while the stage does not know its whole."""
        event = self.latest
        return min(1.0, event.done / event.of) if event and event.of else 0.0

    @property
    def share(self) -> float:
        """0..1 of the whole capture."""
        if self.latest is None or self.latest.stage not in SHARES:
            return 0.0
        before, now, later = self._shares()
        return (before + now * self.share_of_stage) / (before + now + later)

    @property
    def seconds_left(self) -> float | None:
        """From this stage's own speed, the later stages by their usual share of it; None while nothing is known."""
        if self.latest is None or self.latest.stage not in SHARES or self.share_of_stage < 0.02:
            return None
        _, now, later = self._shares()
        stage_s = (self.latest.seconds - self.stage_began_s) / self.share_of_stage
        return stage_s * (1.0 - self.share_of_stage + later / now)

    def _shares(self) -> tuple[float, float, float]:
        """Shares of what comes before this stage, of the stage, and of what comes after it."""
        stage = self.latest.stage
        shares = {name: share for name, share in SHARES.items() if name in (stage, *self._stages_asked_for())}
        here = list(shares).index(stage)
        values = list(shares.values())
        return sum(values[:here]), values[here], sum(values[here + 1 :])

    def _stages_asked_for(self) -> list[str]:
        return [name for name in SHARES if self.with_preview or name != "preview"]

    @property
    def words(self) -> str:
        """The stage for people, such as "Finding people, clip 2 of 3"."""
        return self.latest.doing if self.latest else "Starting"

    @property
    def count(self) -> str:
        """Such as "120 of 300"; empty while the whole is not known, and where the clip's number takes its place."""
        event = self.latest
        return f"{event.done:,} of {event.of:,}" if event and event.of and not event.clip else ""


def duration_words(seconds: float) -> str:
    """Such as "40 s", "3 min", "1 h 20 min"."""
    if seconds < 59.5:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60.0)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"

