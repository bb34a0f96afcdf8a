"""An operator that says in one line what it did, or what keeps it from it."""

from __future__ import annotations

from collections.abc import Callable

from ..motion.refusal import Refusal


class TellsRefusals:
    """For classes that are operators, too."""

    def _try(self, do: Callable[[], str]) -> set[str]:
        try:
            words = do()
        except Refusal as refusal:
            self.report({"ERROR"}, f"{refusal.sentence} {refusal.mend}")
            return {"CANCELLED"}
        self.report({"INFO"}, words)
        return {"FINISHED"}
