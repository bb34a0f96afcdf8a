"""A file from a web server that goes on where it broke off, even in another run."""

from __future__ import annotations

import http.client
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from enum import Enum
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from motion.whole_files import unwritable

WAIT_S = 5.0            # for the server's next word: one out of reach must not hold up an installation with other ways
PIECE_BYTES = 1 << 18


class SourceError(Exception):
    """A source gave nothing; the text says why."""


class _Outcome(Enum):
    WHOLE, BROKEN, OF_ANOTHER_FILE = range(3)


def download(address: str, partial: Path) -> None:
    """Fill the file `partial`, which may hold the beginning from an earlier try, with all that lies at `address`.

    After a broken connection it goes on as long as each try brings something. Raises SourceError, which leaves what
    came, and Refusal where it cannot be written.
    """
    outcome = _Outcome.BROKEN
    while outcome is not _Outcome.WHOLE:
        had = _size(partial)
        outcome = _try(address, partial, had)
        if outcome is _Outcome.OF_ANOTHER_FILE:
            partial.unlink()
        elif outcome is _Outcome.BROKEN and _size(partial) <= had:
            raise SourceError(f"{urlsplit(address).netloc} broke off after {_size(partial) / 1e6:.1f} MB")


def _try(address: str, partial: Path, had: int) -> _Outcome:
    request = urllib.request.Request(address, headers={"Range": f"bytes={had}-"} if had else {})
    try:
        with urllib.request.urlopen(request, timeout=WAIT_S) as response:
            return _received(response, partial, had)
    except urllib.error.HTTPError as error:
        if error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and had:    # nothing lies behind what there is
            return _Outcome.WHOLE if _range_of(error)[1] == had else _Outcome.OF_ANOTHER_FILE
        raise SourceError(f"{urlsplit(address).netloc} says {error.code} {error.reason}") from error
    except (OSError, http.client.HTTPException) as error:
        why = getattr(error, "reason", error)
        raise SourceError(f"{urlsplit(address).netloc} could not be reached ({why})") from error


def _received(response: http.client.HTTPResponse, partial: Path, had: int) -> _Outcome:
    """A server that knows no ranges sends all from the beginning, whatever it was asked for."""
    goes_on = response.status == HTTPStatus.PARTIAL_CONTENT
    first, whole = _range_of(response) if goes_on else (0, _length(response))
    if goes_on and first != had:
        return _Outcome.OF_ANOTHER_FILE if had else _Outcome.BROKEN
    _write(partial, "ab" if goes_on else "wb", _pieces(response))
    return _Outcome.WHOLE if whole is None or _size(partial) == whole else _Outcome.BROKEN


def _pieces(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """All that comes until the end or until the connection breaks."""
    try:
        while piece := response.read(PIECE_BYTES):
            yield piece
    except (OSError, http.client.HTTPException):
        return


def _write(path: Path, mode: str, pieces: Iterator[bytes]) -> None:
    try:
        with open(path, mode) as stream:
            stream.writelines(pieces)
    except OSError as error:
        raise unwritable(path, error) from error


def _range_of(response: http.client.HTTPResponse | urllib.error.HTTPError) -> tuple[int | None, int | None]:
    """First byte and length of the whole file from "bytes 100-199/200" or "bytes */200", None where not said."""
    found = re.fullmatch(r"bytes (?:(\d+)-\d+|\*)/(\d+|\*)", response.headers.get("Content-Range", ""))
    first, whole = found.groups() if found else (None, None)
    return (int(first) if first else None), (int(whole) if whole and whole != "*" else None)


def _length(response: http.client.HTTPResponse) -> int | None:
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else None


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
