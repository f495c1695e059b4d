"""Pictures of every page, in both languages, light and dark, from invented people.

python -m tests.gui.gallery [--out docs/gallery/screens] [--only NAME...] [--size 1280x800] [--themes light,dark]
"""

from __future__ import annotations

import argparse
import gc
import io
import shutil
import tempfile
from pathlib import Path

from PIL import Image

from gui import i18n
from gui.qt import QtCore, QtWidgets
from gui.theme import THEMES, application
from gui.widgets.banner import Banner
from tests.gui.scenes import SCENES, Stage, store

HERE = Path(__file__).parents[2] / "docs" / "gallery" / "screens"
SHOWN = {
    "first_user": "The first start: the first user, or invented people to look around with",
    "sign_in": "Signing in", "locked": "Locked: a session that is open goes on, and STOP works",
    "today": "A therapist's day", "patients": "Finding a patient",
    "patient": "A patient: who it is, as last time, the file",
    "patient_two": "Another patient", "new_patient": "A new patient", "worklist": "A worklist from the clinic",
    "handover": "Handover to a colleague", "nobody_to_prepare": "Nobody is being prepared",
    "prepare": "Before the start: pain, fatigue, device check, straps", "train": "Training",
    "train_curves": "Training, with curves", "train_stopped": "The emergency stop was pressed",
    "practising": "Practice: an incident, with a virtual patient", "practised": "How it was answered",
    "trainer": "Practice with virtual patients", "audit": "Who looked at whose data",
    "patient_file": "Limits, goals, what hurts",
    "train_spasm": "After a spasm: three ways on, and the note", "nothing_ended": "No session has just ended",
    "after": "After the session", "library": "The exercises", "plan": "A plan, seen in the workspace and rehearsed",
    "teach": "Teaching a movement by hand", "review": "A session looked at afterwards",
    "review_two": "One that is signed",
    "progress": "Progress: what has changed, beyond the noise", "progress_dose": "Dose and pain",
    "progress_own": "The patient's own page", "scales": "Clinical scales", "research": "A researcher's protocols",
    "devices": "A technician's page", "users": "An administrator's page",
}  # fmt: skip
HEAD = """\
# Every page

All people are invented. English in the light, Italian in the dark; high contrast is a third look. Made by
`python -m tests.gui.gallery`; do not edit.
"""
COLOURS = 96  # of a palette: windows are flat, and pictures stay small


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--themes", default="light,dark")
    parser.add_argument("--languages", default="en,it")
    args = parser.parse_args()
    width, height = (int(n) for n in args.size.split("x"))
    args.out.mkdir(parents=True, exist_ok=True)
    gc.disable()  # workers would collect this thread's widgets (gui.event_loop)
    application()
    with tempfile.TemporaryDirectory() as folder:
        store(Path(folder)).close()
        for language in args.languages.split(","):
            for theme in args.themes.split(","):
                own = Path(folder) / f"{language}-{theme}"  # each begins with the same day
                own.mkdir()
                shutil.copy(Path(folder) / "clinic.db", own)
                clinic = store(own)
                i18n.use(language)
                stage = Stage(clinic, own, theme=THEMES[theme])
                stage.shell.setMinimumSize(100, 100)
                stage.shell.resize(width, height)
                for scene in SCENES:
                    if args.only and scene.name not in args.only:
                        continue
                    stage.show(scene)
                    path = args.out / f"{scene.name}-{language}-{theme}.png"
                    save(stage.shell, path)
                    print(path)
                stage.close()
                clinic.close()
    write_page(args.out)


def write_page(folder: Path) -> None:
    """README.md beside the pictures: each page once in English, once in Italian."""
    parts = [HEAD]
    for scene in SCENES:
        there = [f"{scene.name}-{which}.png" for which in ("en-light", "it-dark")]
        there = [name for name in there if (folder / name).exists()]
        if there:
            words = SHOWN.get(scene.name, scene.name.replace("_", " ").capitalize())
            parts.append(f"## {words}\n\n" + "\n".join(f"![{words}]({name})" for name in there) + "\n")
    (folder / "README.md").write_text("\n".join(parts), encoding="utf-8")


def save(window: QtWidgets.QWidget, path: Path) -> None:
    for banner in window.findChildren(Banner):
        banner.pulse(lit=True, paused=0.0)  # the sign of an alarm blinks
    buffer = QtCore.QBuffer()
    buffer.open(QtCore.QIODevice.OpenModeFlag.WriteOnly)
    window.grab().save(buffer, "PNG")
    picture = Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGB")
    picture.quantize(COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    main()
