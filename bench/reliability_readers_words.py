"""Readers of the words that Blender and the backend exchange, and of what an artist keeps or types."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from backend.settings import settings_from
from bench.reliability_reader import Reader
from motion.batch.take_list import read_list
from motion.batch.words import BatchRequest, BatchTable, TakeRow, WantedTake, read_batch, read_table
from motion.contacts.edited import said_in, text_of
from motion.corrections.edits import Exchange, Ignore, LandmarkDrag, Pin, PoseKey
from motion.corrections.edits_file import edits_text, read_edits
from motion.hypotheses.uses import Use, read_uses, uses_text
from motion.job import (
    EVENTS,
    CameraResult,
    Event,
    Failure,
    LeftOut,
    PersonResult,
    Request,
    Result,
    read_events,
    read_failure,
    read_request,
    read_result,
)
from motion.people_edits import read_edits as read_people_edits
from motion.quality.card import card_of_text
from motion.retarget.mapping.mapping_file import load_mapping, save_mapping
from motion.retarget.mapping.rig_mapping import RigMapping
from motion.retarget.mapping.tables import FOLDER, read_tables

_TEXT = "kept.json"
_TYPED = "typed.txt"
_LIST = ('take,clips\n# monday\nwalk, cam1/walk.mp4, cam2/walk.mp4\n"jump, high", a.mp4\n\nrun;b.mov;c.mov\n'
         'dance.mp4\nKölner Straße\tx/ü.mp4\ty/ü.mp4\n')  # fmt: skip
_CARD = {"grade": "good", "values": {"seen_percent": 99.5, "reprojection_percent": None}, "camera": "static",
         "check": [{"from_s": 0.5, "to_s": 1.0, "why": "feet slide"}]}  # fmt: skip


def _request(folder: Path) -> None:
    settings = {"video": {"in_s": 0.5, "last_frame": 90, "turn_deg": 90}, "device": "cpu", "body": {"height_m": 1.8},
                "detect": {"most_people": 3, "hands": True}, "lift": {"lifter": "network"}}  # fmt: skip
    Request(("a.mp4", "b.mp4"), settings, True, "actors").write(folder)


def _read_request(folder: Path) -> Any:
    return settings_from(read_request(folder).settings)


def _events(folder: Path) -> None:
    lines = (json.dumps(vars(Event(stage, 3, 90, 2, "Found 2", 1.5, 1, 2))) for stage in ("open", "detect", "write"))
    (folder / EVENTS).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _result(folder: Path) -> None:
    people = tuple(PersonResult(f"person_{number}", 90, 3.5, 25.0, 2.5, 0.9, number, quality=_CARD)
                   for number in (1, 2))  # fmt: skip
    left_out = (LeftOut(3, "dropped"),)
    Result(people, "preview.mp4", {"detect": 3.5}, ("A word.",), left_out, "drop 3",
           (CameraResult("a.mp4"), CameraResult("b.mp4", doubts=("It moved.",)))).write(folder)  # fmt: skip


def _batch(folder: Path) -> None:
    takes = (WantedTake("walk", ("/films/a.mp4", "/films/b.mp4")), WantedTake("jump", ("/films/c.mp4",)))
    BatchRequest(takes, {"device": "cpu"}, workers=2, actor_folder="actors").write(folder)


def _table(folder: Path) -> None:
    rows = tuple(TakeRow(name, (f"{name}.mp4",), state, of=90, done=30)
                 for name, state in (("walk", "done"), ("run", "failed"), ("jump", "working")))  # fmt: skip
    BatchTable(rows, True, 30.0, 2, "this machine", "It works.").write(folder)


def _read_table(folder: Path) -> Any:
    table = read_table(folder)
    return table and (table.counts, table.share)


def _read_events(folder: Path) -> Any:
    return read_events(folder)[0] or None


def _corrections() -> str:
    still = np.tile(np.eye(3), (55, 1, 1))
    return edits_text([PoseKey(1.25, still, np.ones(3)), Exchange(0.5, 1.5, "legs"), Ignore(0.0, 2.0, "left_arm"),
                       Pin("right_foot", 1.0, 2.0, np.ones((4, 3))),
                       LandmarkDrag(0.3, "left_wrist", np.array([10.5, 20.25]), 2)])  # fmt: skip


def _contacts() -> str:
    return text_of({"left_heel": np.array([1, 1, 0, -1, -1, 0]), "right_ball": np.array([0, 0, 1, 1, 0, 0])})


def _rig_tables(folder: Path) -> None:
    for name in ("rigify_control.json", "mixamo.json"):
        shutil.copyfile(FOLDER / name, folder / name)


def _mapping(folder: Path) -> None:
    bones = {"pelvis": ("Hips",), "spine": ("Spine", "Spine1"), "left_hand": ("Hand.L",), "head": ("Head",)}
    save_mapping(RigMapping(bones, family="mixamo", title="Mixamo", score=0.9, doubts=("head",)), folder / _TEXT)


def _kept(text: str, read: Callable[[str], Any], file: str = _TEXT, share: float = 1.0) -> Reader:
    """Of a text that is kept in a scene or typed."""
    return Reader(lambda folder: (folder / file).write_text(text, encoding="utf-8"),
                  lambda folder: read((folder / file).read_bytes().decode("utf-8", "replace")), share)  # fmt: skip


WORD_READERS: dict[str, Reader] = {
    "request.json": Reader(_request, _read_request, 2.0),
    "events.jsonl": Reader(_events, _read_events, 2.0),
    "result.json": Reader(_result, read_result),
    "error.json": Reader(lambda folder: Failure("bad", "It is bad.", "Mend it.", 3).write(folder), read_failure),
    "batch.json": Reader(_batch, read_batch),
    "table.json": Reader(_table, _read_table),
    "list of takes": Reader(lambda folder: (folder / "takes.csv").write_text(_LIST, encoding="utf-8"),
                            lambda folder: read_list(folder / "takes.csv"), 1.5),
    "rig tables": Reader(_rig_tables, read_tables, 2.0),
    "saved mapping": Reader(_mapping, lambda folder: load_mapping(folder / _TEXT), 1.5),
    "corrections": _kept(_corrections(), read_edits),
    "used poses": _kept(uses_text([Use(0, "left_arm", 0.1, 0.5, 0.1), Use(1, "body", 0.0, 0.3, 0.0)]), read_uses),
    "said of contacts": _kept(_contacts(), lambda text: said_in(text, 6)),
    "quality card": _kept(json.dumps(_CARD), card_of_text),
    "people's edits": _kept("merge 1 3; drop 2; split 1 at 12.5; only 1; first 3", read_people_edits, _TYPED),
}  # fmt: skip
