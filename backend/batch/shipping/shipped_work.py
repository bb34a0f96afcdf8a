"""Doing a task on a machine that does not see the driver's files: they are brought first and the results sent back."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from backend.batch.shipping.entries import Entry, entries_under
from backend.batch.shipping.node_folder import drop, local_folder, local_path, lock_of, node_folder
from backend.batch.shipping.sender import Wanted
from backend.batch.shipping.transfer import Files, bring, is_here, machine_full, send
from backend.batch.shipping.user_words import UserWords
from backend.batch.task import Outcome, Task
from motion.job import ERROR, LIVE_PICTURE, LOCK, REQUEST, RESULT, Failure, read_object, write_json
from motion.refusal import Refusal
from motion.whole_files import DISK_FULL, unwritable

OF_THIS_MACHINE = frozenset({REQUEST, LOCK, LIVE_PICTURE})   # in a job folder, never sent back
LAST = (RESULT, ERROR)   # what says that a take is over comes when all else is there

log = logging.getLogger(__name__)


def do_shipped(task: Task, batch: str, files: Files, do: Callable[[Task], Outcome]) -> Outcome:
    """Do a task on copies of its files, and send back what it left. Never raises; what is said names the user's files.

    `do` gets the task with its job folder on this machine.
    """
    try:
        folder = node_folder(batch)
        drop(folder, files.no_longer_needed())
        wanted = files.wanted(task.job)
        words = _words(folder, task.job, wanted)
        _bring_footage(folder, task.job, wanted, files)
        mirrors = [_Mirror(folder, each, files) for each in (task.job, wanted.actor_folder) if each]
        _write_request(local_folder(folder, task.job), wanted, folder)
        outcome = do(replace(task, job=str(local_folder(folder, task.job))))
        if isinstance(outcome, Failure) and outcome.code == "disk-full":
            raise machine_full("what is computed")
        for mirror in mirrors:
            mirror.send_back(words)
        return words.of_outcome(outcome)
    except Refusal as refusal:
        return Failure(refusal.code, refusal.sentence, refusal.mend)
    except OSError as error:
        log.exception("files could not be sent")
        return _not_sent(error)


def _not_sent(error: OSError) -> Failure:
    """In words; the error is the driver's where it names a file."""
    if error.filename and error.errno in DISK_FULL:
        full = unwritable(Path(error.filename), error)
        return Failure(full.code, full.sentence, full.mend)
    what = error.filename or f"The folder for temporary files of {socket.gethostname()}"
    return Failure("out-of-reach", f"{what} cannot be used ({error.strerror or error}).",
                   "Check its drive, its name and your permissions, and start again.")  # fmt: skip


class _Mirror:
    """A folder of the driver's, and its copy that all processes of this machine share."""

    def __init__(self, folder: Path, path: str, files: Files) -> None:
        """Bring what changed there."""
        self._theirs, self._ours, self._files = Path(path), local_folder(folder, path), files
        self._lock = lock_of(folder, path)
        with self._lock:
            self._ours.mkdir(parents=True, exist_ok=True)
            self._there = _by_name(files.inside(path), self._theirs)
            for inside, entry in self._there.items():
                bring(entry, self._ours / inside, files)

    def send_back(self, words: UserWords) -> None:
        """Send what the work wrote, whole files each, and remove what it removed."""
        with self._lock:
            for inside in self._written():
                words.put_into(self._ours / inside)
                send(self._ours / inside, str(self._theirs / inside), self._files)
            for inside, entry in self._there.items():
                if not (self._ours / inside).exists():
                    self._files.remove(entry.path)

    def _written(self) -> list[str]:
        """What the driver has not, also of an earlier try on this machine that did not come to sending."""
        here = _by_name(entries_under(self._ours), self._ours)
        return sorted((inside for inside in here
                       if inside not in self._there or not is_here(self._there[inside], self._ours / inside)),
                      key=lambda inside: (inside in LAST, inside))  # fmt: skip


def _by_name(entries: Iterable[Entry], folder: Path) -> dict[str, Entry]:
    """Entries by their paths inside of a folder, but those that belong to one machine."""
    inside = {Path(entry.path).relative_to(folder).as_posix(): entry for entry in entries}
    return {name: entry for name, entry in inside.items() if name not in OF_THIS_MACHINE}


def _bring_footage(folder: Path, job: str, wanted: Wanted, files: Files) -> None:
    """Two processes that need the same bring it once."""
    for path in wanted.files.values():
        root = local_path(folder, path).parent
        with lock_of(folder, path):
            for entry in files.belonging(job, path):
                bring(entry, root / Path(entry.path).relative_to(Path(path).parent), files)


def _write_request(job: Path, wanted: Wanted, folder: Path) -> None:
    """The request by this machine's paths."""
    local = {word: str(local_path(folder, path)) for word, path in wanted.files.items()}
    request = _renamed(dict(wanted.request), local)
    if wanted.actor_folder:
        request["actor_folder"] = str(local_folder(folder, wanted.actor_folder))
    if read_object(job / REQUEST) != request:
        write_json(job / REQUEST, request)


def _renamed(value: Any, names: dict[str, str]) -> Any:
    """A JSON value in which the texts that name files do so by other paths."""
    if isinstance(value, dict):
        return {key: _renamed(each, names) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_renamed(each, names) for each in value]
    return names.get(value, value) if isinstance(value, str) else value


def _words(folder: Path, job: str, wanted: Wanted) -> UserWords:
    folders: Iterable[str] = filter(None, (job, wanted.actor_folder))
    users = {str(local_folder(folder, each)): each for each in folders}
    users |= {str(local_path(folder, path).parent): str(Path(path).parent) for path in wanted.files.values()}
    users |= {str(local_path(folder, path)): word for word, path in wanted.files.items()}
    return UserWords(users)
