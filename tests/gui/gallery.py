"""Pictures of every page, in both languages, light and dark, from invented people.

python -m tests.gui.gallery [--out docs/gallery/screens] [--only NAME...] [--size 1280x800] [--themes light,dark]
"""

from __future__ import annotations

import argparse
import io
import tempfile
from pathlib import Path

from PIL import Image

from gui import i18n
from gui.qt import QtCore, QtWidgets
from gui.theme import THEMES, application
from tests.gui.scenes import SCENES, Stage, store

HERE = Path(__file__).parents[2] / "docs" / "gallery" / "screens"
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
    application()
    with tempfile.TemporaryDirectory() as folder:
        clinic = store(Path(folder))
        for language in args.languages.split(","):
            for theme in args.themes.split(","):
                i18n.use(language)
                stage = Stage(clinic, Path(folder), theme=THEMES[theme])
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


def save(window: QtWidgets.QWidget, path: Path) -> None:
    buffer = QtCore.QBuffer()
    buffer.open(QtCore.QIODevice.OpenModeFlag.WriteOnly)
    window.grab().save(buffer, "PNG")
    picture = Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGB")
    picture.quantize(COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    main()
