"""A page with a picture of every clip, to leaf through."""

from __future__ import annotations

import html
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import cv2

from backend.train.motions.one_recording import Prepared
from backend.train.motions.stick_figures import strip
from backend.train.motions.training_clip import TrainingClip
from motion.refusal import Refusal
from motion.whole_files import put_in_place, unwritable

PAGE, PICTURES = "index.html", "pictures"
_JPEG_QUALITY = 70

_HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Prepared motion</title><style>
body{font:13px/1.4 sans-serif;margin:1em;background:#f4f4f4;color:#222}
figure{display:inline-block;width:1042px;max-width:98%;margin:4px;padding:6px;background:#fff}
img{display:block;width:100%;height:auto}figcaption b{font-size:14px}.cut{color:#a40}
.key i{font-style:normal;font-weight:bold}input{font:inherit;width:24em}</style>
<h1>Prepared motion</h1>
<p class="key">Ten poses of each clip, from the side and from the front.
<i style="color:#dc3c3c">left</i>, <i style="color:#1e6edc">right</i>;
<i style="color:#28a028">dots</i> mark soles and palms that rest; the grey line is the floor.
<p><input placeholder="show only names, sources, splits with ..." oninput="for(const f of
document.querySelectorAll('figure'))f.hidden=!f.innerText.toLowerCase().includes(this.value.toLowerCase())">
"""


def write_report(folder: Path, prepared: list[Prepared], show: Callable[[int, str], None]) -> None:
    """Draw all clips into `folder`; it appears whole or not at all. Raises Refusal as `check_report_folder`."""
    check_report_folder(folder)
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        (unfinished / PICTURES).mkdir(parents=True)
        _write(unfinished, prepared, show)
        shutil.rmtree(folder, ignore_errors=True)
        put_in_place(unfinished, folder)
    except OSError as error:
        raise unwritable(folder, error) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def check_report_folder(folder: Path) -> None:
    """Raises Refusal unless `folder` is new, empty or an older report: what is in it will be deleted."""
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / PAGE).is_file())):
        raise Refusal("report-folder-full", f"{folder} holds something else than a report.", "Name a new folder.")


def _write(folder: Path, prepared: list[Prepared], show: Callable[[int, str], None]) -> None:
    page = [_HEAD]
    for index, each in enumerate(prepared):
        for number, clip in enumerate(each.clips):
            picture = f"{PICTURES}/{index:05d}_{number}.jpg"
            _, data = cv2.imencode(".jpg", strip(clip), [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
            (folder / picture).write_bytes(data.tobytes())
            page.append(_figure(picture, clip, each))
        show(index + 1, each.name)
    page += [_left_out(each for each in prepared if not each.clips)]
    (folder / PAGE).write_text("\n".join(page), encoding="utf-8")


def _figure(picture: str, clip: TrainingClip, whole: Prepared) -> str:
    origin = clip.origin
    teaches = [what for what in ("path", "speed", "contacts") if getattr(clip.teaches, what)]
    teaches.insert(0, f"{sum(clip.teaches.joints)} joints")
    words = [f"<b>{_safe(origin.name)}</b> {_safe(origin.source)}, subject {_safe(origin.subject)}, {origin.split}, "
             f"{origin.start_s:.1f} s + {clip.seconds:.1f} s: {_safe(origin.action)}. {_safe(origin.licence)}",
             f"teaches {', '.join(teaches)}; lifted by {100 * whole.lifted_m:.1f} cm"]  # fmt: skip
    faults = [*whole.not_taught, *(f"{seconds:.2f} s cut: {why}" for why, seconds in whole.cut_s.items())]
    if faults:
        words.append(f'<span class="cut">{_safe("; ".join(faults))}</span>')
    return (f'<figure><img loading="lazy" width="1040" height="264" src="{picture}" alt="">'
            f"<figcaption>{'<br>'.join(words)}</figcaption></figure>")  # fmt: skip


def _left_out(prepared: Iterable[Prepared]) -> str:
    rows = [f"<li>{_safe(each.name)}: {_safe(each.refusal or '; '.join(each.cut_s) or 'too short')}"
            for each in prepared]  # fmt: skip
    return f"<h2>Left out</h2><ul>{''.join(rows)}</ul></html>"


def _safe(text: str) -> str:
    return html.escape(text, quote=True)
