"""Times for people."""

from __future__ import annotations

LEAST_SPENT_S = 2.0   # before that, the speed of work says nothing about its end


def clock(seconds: float) -> str:
    """Such as 0:07 or 1:03:20."""
    minutes, rest_s = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest_s:02d}" if minutes >= 60 else f"{minutes}:{rest_s:02d}"


def time_left(spent_s: float, done: int, of: int) -> str:
    """Such as "1:03 left", of work of which `done` of so many parts took `spent_s`; empty where it cannot be told."""
    return f"{clock(spent_s * (of - done) / done)} left" if of and done and spent_s >= LEAST_SPENT_S else ""
