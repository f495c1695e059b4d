"""The last seconds of a session, played in a small workspace."""

from __future__ import annotations

from gui.i18n import shown_number, tr
from gui.qt import Qt, QtWidgets
from gui.theme import GRID, Theme
from gui.viewmodels.handover import FRAMES, Replay
from gui.widgets.buttons import IconButton
from gui.widgets.plain import Row, muted
from gui.widgets.workspace import Workspace

TRAIL = 45  # pictures: 1.5 s


class ReplayView(QtWidgets.QWidget):
    """Stands on its last picture until it is played. `tick` says how late it is, once a frame."""

    def __init__(self, replay: Replay, theme: Theme) -> None:
        super().__init__()
        self.replay = replay
        self.at = len(replay.pictures) - 1
        self._since: float | None = None
        self.workspace = Workspace(replay.box, replay.middle, replay.force_scale)
        self.workspace.setAccessibleName(tr("Replay of the last session, seen from above"))
        self.play = IconButton(tr("Play"), "fa6s.play", tr("Play the last seconds"))
        self.play.clicked.connect(self._toggle)
        self.slider = QtWidgets.QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(tr("Place in the replay"))
        self.slider.setRange(0, len(replay.pictures) - 1)
        self.slider.setValue(self.at)
        self.slider.valueChanged.connect(self._moved)
        self.time = muted(wrap=False)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.workspace, 1)
        row = Row(self.play, spacing=GRID)
        row.addWidget(self.slider, 1)
        row.addWidget(self.time)
        layout.addLayout(row)
        self.dress(theme)
        self._show(self.at)

    @property
    def playing(self) -> bool:
        return self._since is not None

    def dress(self, theme: Theme) -> None:
        self.play.dress(theme)
        self.workspace.dress(theme)

    def tick(self, now: float) -> None:
        if self._since is None:
            return
        if self._since < 0.0:
            self._since = now - self.at / FRAMES
        at = int((now - self._since) * FRAMES)
        if at >= len(self.replay.pictures):
            self._since = None
            self.play.say(tr("Play"), "fa6s.play", tr("Play the last seconds"))
            at = len(self.replay.pictures) - 1
        self.slider.blockSignals(True)
        self.slider.setValue(at)
        self.slider.blockSignals(False)
        self._show(at)

    def _toggle(self) -> None:
        if self.playing:
            self._since = None
            self.play.say(tr("Play"), "fa6s.play", tr("Play the last seconds"))
            return
        if self.at >= len(self.replay.pictures) - 1:
            self.slider.setValue(0)
        self._since = -1.0
        self.play.say(tr("Pause"), "fa6s.pause", tr("Pause the replay"))

    def _moved(self, at: int) -> None:
        """By hand: it goes on from there."""
        if self.playing:
            self._since = -1.0
        self._show(at)

    def _show(self, at: int) -> None:
        self.at = at
        pictures = self.replay.pictures
        self.workspace.see(pictures[at], [p.hand for p in pictures[max(0, at - TRAIL) : at + 1]])
        self.time.setText(f"{shown_number(at / FRAMES, 1)} / {shown_number(len(pictures) / FRAMES, 1, 's')}")
