"""Windows as far as it can be played here: modules that only exist there, and what it refuses."""

from __future__ import annotations

import errno
import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]


class ByteLocks:
    """msvcrt: a byte of a file belongs to the handle that locked it; others are refused, within one process too."""

    LK_NBLCK, LK_UNLCK = 2, 0

    def __init__(self) -> None:
        self._holders: dict[tuple[int, int, int], int] = {}

    def locking(self, handle: int, how: int, length: int) -> None:
        about = os.fstat(handle)
        byte = about.st_dev, about.st_ino, os.lseek(handle, 0, os.SEEK_CUR)
        holder = self._holders.get(byte)
        if length != 1 or (holder is not None if how == self.LK_NBLCK else holder != handle):
            raise OSError(errno.EACCES, "Permission denied")
        if how == self.LK_NBLCK:
            self._holders[byte] = handle
        else:
            del self._holders[byte]


class Kernel:
    """kernel32 with some processes: a handle is a process's number, and a process never ends while it is waited for."""

    WAIT_ENDED, WAIT_TIMED_OUT = 0, 258

    def __init__(self, *alive: int) -> None:
        self.alive, self.opened, self.closed = set(alive), [], []
        self.while_waiting: Callable[[], None] = lambda: None

    def OpenProcess(self, wish: int, inherits: bool, process: int) -> int:  # noqa: N802
        if process not in self.alive:
            return 0
        self.opened.append(process)
        return process

    def WaitForSingleObject(self, handle: int, timeout_ms: int) -> int:  # noqa: N802
        self.while_waiting()
        return self.WAIT_TIMED_OUT if handle in self.alive else self.WAIT_ENDED

    def CloseHandle(self, handle: int) -> None:  # noqa: N802
        self.closed.append(handle)


def as_on_windows(file: str, monkeypatch: pytest.MonkeyPatch, **modules: Any) -> ModuleType:
    """A module of the checkout, imported as Windows would, beside the one that this system has."""
    monkeypatch.setattr(sys, "platform", "win32")
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    name = file.removesuffix(".py").replace("/", ".")
    spec = importlib.util.spec_from_file_location(f"{name}_on_windows", ROOT / file)
    assert spec is not None and spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    loaded.__package__ = name.rpartition(".")[0]
    spec.loader.exec_module(loaded)
    return loaded


def not_on_windows(reason: str) -> pytest.MarkDecorator:
    """A test that needs what Windows has not."""
    return pytest.mark.skipif(sys.platform == "win32", reason=reason)


def kernel_of(*alive: int) -> tuple[Kernel, SimpleNamespace]:
    """A kernel, and what `ctypes.windll` would be."""
    kernel = Kernel(*alive)
    return kernel, SimpleNamespace(kernel32=kernel)


def busy(times: int, do: Callable[..., Any]) -> Callable[..., Any]:
    """`do`, which Windows refuses so many times, as while a virus scanner has the file open."""
    left = times

    def refused(*arguments: Any, **named: Any) -> Any:
        nonlocal left
        left -= 1
        if left >= 0:
            raise PermissionError(errno.EACCES, "Access is denied", *map(str, arguments[:1]))
        return do(*arguments, **named)

    return refused
