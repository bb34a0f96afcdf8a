"""From this machine's paths to the user's: in the files of a take and in what is said of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from backend.batch.task import Outcome
from motion.job import Failure, Result
from motion.whole_files import written_whole

TEXTS = (".json", ".jsonl", ".log")


class UserWords:
    """Puts the user's folders in place of their copies on this machine."""

    def __init__(self, users: Mapping[str, str]) -> None:
        """`users`: the folder of a copy to the user's own."""
        self._users = sorted(users.items(), key=lambda pair: -len(pair[0]))   # the innermost first

    def of(self, text: str) -> str:
        for copy, users in self._users:
            text = text.replace(copy, users)
        return text

    def of_json(self, text: str, in_ascii: bool = True) -> str:
        """The same for JSON's way of writing texts, with letters beyond ASCII as they are or as their numbers."""
        for copy, users in self._users:
            before, after = (json.dumps(each, ensure_ascii=in_ascii)[1:-1] for each in (copy, users))
            text = text.replace(before, after)
        return text

    def of_outcome(self, outcome: Outcome) -> Outcome:
        if isinstance(outcome, Failure):
            return replace(outcome, sentence=self.of(outcome.sentence), mend=self.of(outcome.mend))
        if isinstance(outcome, Result):
            cameras = tuple(replace(each, clip=self.of(each.clip), doubts=tuple(map(self.of, each.doubts)))
                            for each in outcome.cameras)  # fmt: skip
            return replace(outcome, warnings=tuple(map(self.of, outcome.warnings)), cameras=cameras)
        return outcome

    def put_into(self, path: Path) -> None:
        """Change a take's file, a motion or a text, to what it would be on the user's machine, byte by byte."""
        if path.name == "motion.npz":
            self._into_motion(path)
        elif path.suffix in TEXTS:
            before = path.read_bytes().decode("utf-8", "surrogateescape")
            after = self.of(before) if path.suffix == ".log" else self.of_json(before)
            if after != before:
                with written_whole(path) as stream:
                    stream.write(after.encode("utf-8", "surrogateescape"))

    def _into_motion(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        paths = [str(text) for text in np.ravel(arrays["video_path"])]
        ours = [self.of(text) for text in paths]
        settings = self.of_json(str(arrays["settings"]), in_ascii=False)
        if ours == paths and settings == str(arrays["settings"]):
            return
        arrays["video_path"], arrays["settings"] = np.array(ours, dtype=np.str_), np.array(settings)
        with written_whole(path) as stream:
            np.savez_compressed(stream, **arrays)
