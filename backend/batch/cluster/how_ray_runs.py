"""How Ray is run here, whoever starts it: quiet, and open only to who has the cluster's token.

Standard library only, since build.py asks it too.
"""

from __future__ import annotations

import os
import secrets
import socket
from pathlib import Path

from motion.places import home
from motion.refusal import Refusal

TOKEN = "cluster_token"   # file in the data folder; the same on all machines of a cluster
KNOCK_S = 4.0             # for the head's port to open; Ray itself would try for minutes


def token_file() -> Path:
    return home() / TOKEN


def ray_environment() -> dict[str, str]:
    """This process' environment with what Ray shall run with; what the user set stays."""
    wanted = {
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "1",   # else Ray refuses to join machines other than Linux's
    }
    if token_file().is_file():
        wanted |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN_PATH": str(token_file())}
    return {**wanted, **os.environ}


def make_token() -> bool:
    """Have a token that only this user may read; whether it is a new one."""
    path = token_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with open(descriptor, "w", encoding="ascii") as stream:
        stream.write(secrets.token_hex(32))
    return True


def answers(address: str) -> bool:
    """Whether anything listens at the address of a head, "host:port". Raises Refusal for what is no such address."""
    host, _, port = address.rpartition(":")
    if not host or "/" in host or not port.isdigit() or int(port) > 65535:
        raise Refusal("bad-address", f"{address} is no address of a cluster.",
                      'Say "auto", or the address that `cluster start` printed, such as 10.0.0.5:6379.')  # fmt: skip
    try:
        socket.create_connection((host, int(port)), KNOCK_S).close()
    except OSError:
        return False
    return True
