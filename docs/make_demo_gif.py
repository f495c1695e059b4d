"""Makes docs/demo.gif: run `python docs/make_demo_gif.py` (needs the `dev` extra, for pillow).

A real session in real time (simulated arm, virtual patient, seed 1) in the real window, drawn offscreen and grabbed ten
times a second. All frames share one palette and nothing is dithered, so that what stands still costs no bytes.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from gui import event_loop
from gui.opening import open_session, write_report
from gui.qt import QtCore, QtGui
from gui.theme import LIGHT, application
from gui.viewmodels.run import Request, SessionRun
from gui.viewmodels.start import patients, protocols
from gui.views.window import MainWindow

GIF = Path(__file__).with_name("demo.gif")
SIZE = (800, 500)  # px
EVERY = 100  # ms between frames
SKIPPED = 6.0  # s from the first motion: by then the traces are full
SHOWN = 8.0  # s
COLOURS = 128
SWATCH = 24  # px: height of the colour samples beside each picture that the palette is made from
MOST_BYTES = 2_500_000


def record(out: Path) -> list[QtGui.QPixmap]:
    """Frames of the window while a session runs; the session is ended and closed afterwards. Empty if it failed."""
    app = application(dark=False)
    request = Request(patient="stroke", seed=1, out=out)
    run = SessionRun(request, open_session, write_report, auto=True, seconds=SKIPPED + SHOWN + 1.0)
    window = MainWindow(lambda _: run, first=request, choices=lambda: (patients(), protocols()))
    frames: list[QtGui.QPixmap] = []

    def grab() -> None:
        if run.moved_for >= SKIPPED and len(frames) < SHOWN * 1000 / EVERY:
            frames.append(window.grab())

    timer = QtCore.QTimer(window)
    timer.setTimerType(QtCore.Qt.TimerType.PreciseTimer)
    timer.timeout.connect(grab)
    timer.start(EVERY)
    window.when_ended(lambda _: app.quit())
    window.show()
    window.begin(request)
    event_loop.run(app, app.quit)
    window.close()
    if run.faulted or run.report is None:
        print(f"the session did not end well: {run.problem or run.folder}; is this machine busy?", file=sys.stderr)
        return []
    return frames


def to_pillow(pixmap: QtGui.QPixmap) -> Image.Image:
    image = pixmap.toImage().convertToFormat(QtGui.QImage.Format.Format_RGB888)
    data = bytes(image.constBits())
    whole = Image.frombytes("RGB", (image.width(), image.height()), data, "raw", "RGB", image.bytesPerLine())
    return whole.resize(SIZE, Image.Resampling.LANCZOS)


def palette_for(images: Sequence[Image.Image]) -> Image.Image:
    """One palette that suits them all; the theme's own colours have a place in it however few pixels they fill."""
    some = images[:: max(1, len(images) // 8)]
    width, height = SIZE
    together = Image.new("RGB", (width, (height + SWATCH) * len(some)))
    colours = [value for value in LIGHT if value.startswith("#")]
    for k, image in enumerate(some):
        top = (height + SWATCH) * k
        together.paste(image, (0, top))
        for n, colour in enumerate(colours):
            box = (width * n // len(colours), top + height, width * (n + 1) // len(colours), top + height + SWATCH)
            together.paste(colour, box)
    return together.quantize(COLOURS, method=Image.Quantize.MEDIANCUT)


def write(images: Sequence[Image.Image], path: Path) -> None:
    """An endless GIF of these frames."""
    palette = palette_for(images)
    flat = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]
    flat[0].save(path, save_all=True, append_images=flat[1:], duration=EVERY, loop=0, optimize=True)


def main() -> int:
    with tempfile.TemporaryDirectory() as out:
        frames = record(Path(out))
    if not frames:
        return 1
    write([to_pillow(frame) for frame in frames], GIF)
    size = GIF.stat().st_size
    print(f"{GIF}: {len(frames)} frames, {size / 1e6:.2f} MB")
    return 0 if size <= MOST_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
