"""Names of files and folders that Windows, macOS and Linux all take."""

from __future__ import annotations

import re
import unicodedata

FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\ud800-\udfff]')   # by Windows, the strictest
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])( *\..*)?", re.IGNORECASE)   # of Windows


def portable_name(text: str, longest_bytes: int) -> str:
    """The text with what a system cannot write taken out, and cut; empty where nothing is left."""
    clean = FORBIDDEN.sub("_", unicodedata.normalize("NFC", text)).strip(" .")
    clean = clean.encode()[:longest_bytes].decode("utf-8", "ignore").rstrip(" .")
    return f"_{clean}" if is_device(clean) else clean


def is_device(name: str) -> bool:
    """Whether Windows takes a file of this name for a device, such as aux.mp4."""
    return _DEVICES.fullmatch(name) is not None


def same_somewhere(name: str) -> str:
    """Names for which this is the same are one file on Windows or macOS."""
    return unicodedata.normalize("NFC", name.casefold())
