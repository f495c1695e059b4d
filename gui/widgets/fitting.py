"""One line that says as much as it has room for, in whole words."""

from __future__ import annotations

from gui.qt import Qt, QtCore, QtGui, QtWidgets


class Fitting(QtWidgets.QLabel):
    """Never makes its window wider. Shows the first of its forms that has room, longest first; what a shorter one
    leaves out is in the tool tip and is read aloud. Only where not even the last has room does that end in "…".
    """

    def __init__(self, *forms: str) -> None:
        super().__init__()
        self.forms: tuple[str, ...] = ()
        self.say(*forms)

    def say(self, *forms: str) -> None:
        if forms != self.forms:
            self.forms = forms
            self.setText(forms[0] if forms else "")
            self.setToolTip(self.text())

    @property
    def shown(self) -> str:
        room, metrics = self.contentsRect().width(), self.fontMetrics()
        for form in self.forms:
            if metrics.horizontalAdvance(form) <= room:
                return form
        return metrics.elidedText(self.forms[-1], Qt.TextElideMode.ElideRight, room) if self.forms else ""

    def minimumSizeHint(self) -> QtCore.QSize:  # noqa: N802 - Qt's name
        return QtCore.QSize(0, super().minimumSizeHint().height())

    def sizeHint(self) -> QtCore.QSize:  # noqa: N802
        return self.minimumSizeHint()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802
        self.style().drawItemText(
            QtGui.QPainter(self), self.contentsRect(), int(self.alignment()), self.palette(), True, self.shown,
            self.foregroundRole(),
        )  # fmt: skip
