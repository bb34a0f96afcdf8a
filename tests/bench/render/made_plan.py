"""A plan for tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bench.render.plan import Plan

PLAN = Plan("march", "rendered_dev", "walk", "made/marcher", 0.3, 1.5, 30.0, "static", "front_left", "landscape",
            "whole", "room", "", 9.0, 0.0, 7)  # fmt: skip


def planned(**changes: Any) -> Plan:
    return replace(PLAN, **changes)
