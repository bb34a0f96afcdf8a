"""What a panel would show, without a window."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import bpy


class Layout:
    """Takes all that a panel draws, in its order."""

    def __init__(self, drawn: list[tuple[str, str, str]] | None = None) -> None:
        self.drawn: list[tuple[str, str, str]] = [] if drawn is None else drawn   # what it is, its text, its icon
        self.buttons: list[tuple[str, SimpleNamespace]] = []

    def label(self, text: str = "", icon: str = "NONE") -> None:
        self.drawn.append(("label", text, icon))

    def progress(self, factor: float = 0.0, text: str = "", **_: Any) -> None:
        assert 0.0 <= factor <= 1.0
        self.drawn.append(("progress", text, "NONE"))

    def operator(self, name: str, text: str = "", icon: str = "NONE", **_: Any) -> SimpleNamespace:
        self.drawn.append((name, text, icon))
        button = SimpleNamespace()
        self.buttons.append((name, button))
        return button

    def prop(self, owner: Any, name: str, text: str = "", **_: Any) -> None:
        assert name in owner.bl_rna.properties, name
        self.drawn.append(("prop", text, name))

    def prop_search(self, owner: Any, name: str, where: Any, names: str, **_: Any) -> None:
        assert name in owner.bl_rna.properties and names in where.bl_rna.properties, (name, names)
        self.drawn.append(("search", getattr(owner, name), names))

    def template_list(self, kind: str, _: str, owner: Any, name: str, *__: Any, **___: Any) -> None:
        assert name in owner.bl_rna.properties, name
        self.drawn.append(("list", kind, name))

    def separator(self, **_: Any) -> None:
        pass

    def _part(self, **_: Any) -> Layout:
        part = Layout(self.drawn)
        part.buttons = self.buttons
        return part

    row = column = split = box = _part


def drawn_by(panel: type[bpy.types.Panel]) -> Layout:
    layout = Layout()
    panel.draw(SimpleNamespace(layout=layout), bpy.context)
    return layout
