"""A web server on this machine that breaks connections, as the network does."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Store:
    """What a server has, how it fails, and what it was asked for."""

    files: dict[str, bytes]
    bytes_a_connection: int | None      # after which a connection breaks
    connections: int | None             # after which nobody is answered any more
    knows_ranges: bool
    address: str = ""
    ranges: list[str] = field(default_factory=list)
    bytes_sent: int = 0


@contextlib.contextmanager
def store(files: dict[str, bytes], bytes_a_connection: int | None = None, connections: int | None = None,
          knows_ranges: bool = True) -> Iterator[Store]:  # fmt: skip
    """A server that sends `files` by their paths while the block runs."""
    found = Store(files, bytes_a_connection, connections, knows_ranges)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(found))
    found.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler_of(found: Store) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if found.connections == 0:
                return      # closes without a word
            if found.connections is not None:
                found.connections -= 1
            data = found.files.get(self.path)
            if data is None:
                self.send_error(404)
                return
            self._send(data, self._first_byte())

        def _first_byte(self) -> int:
            asked = self.headers.get("Range")
            if asked:
                found.ranges.append(asked)
            return int(asked.removeprefix("bytes=").rstrip("-")) if asked and found.knows_ranges else 0

        def _send(self, data: bytes, first: int) -> None:
            if first >= len(data) > 0 and first:
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(data)}")
                self.end_headers()
                return
            self.send_response(206 if first else 200)
            if first:
                self.send_header("Content-Range", f"bytes {first}-{len(data) - 1}/{len(data)}")
            self.send_header("Content-Length", str(len(data) - first))
            self.end_headers()
            sent = data[first:][: found.bytes_a_connection]
            self.wfile.write(sent)
            found.bytes_sent += len(sent)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
