"""The application's window: the rail of places, the page, the strip of the open session, and STOP, always there.

    ┌──────┬──────────────────────────────────────────┐
    │      │ title                 who  lock  theme    │
    │ rail ├──────────────────────────────────────────┤
    │      │ session strip (when one is open, elsewhere)│
    │      │ page                                       │
    └──────┴──────────────────────────────────────────┘
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from gui import i18n
from gui.i18n import tr
from gui.qt import Qt, QtCore, QtGui, QtWidgets, Signal, Slot
from gui.theme import GRID, LIGHT, THEMES, Theme, dress
from gui.viewmodels.desk import Desk, Step
from gui.views import places
from gui.views.page import Page
from gui.widgets.buttons import IconButton
from gui.widgets.enter import EnterPresses
from gui.widgets.listening import Listening
from gui.widgets.plain import Row, clear, muted, title
from gui.widgets.sounder import Sounder
from gui.widgets.space import SpaceStops
from gui.widgets.strip import SessionStrip

if TYPE_CHECKING:
    from rehab.clinic.records import User

FRAME = 33  # ms: 30 frames a second
RAIL = 108  # px


class Shell(QtWidgets.QMainWindow):
    """Shows where the desk goes. `closed` comes once the window may go and no session is open any more."""

    closed = Signal()

    def __init__(self, desk: Desk, *, theme: Theme = LIGHT) -> None:
        super().__init__()
        self.desk, self._theme = desk, theme
        desk.roles = {place.name: place.roles for place in places.PLACES}
        self._pages: dict[str, Page] = {}
        self.page: Page | None = None
        self._closing = False
        self.setWindowTitle(QtWidgets.QApplication.applicationDisplayName())
        self.setMinimumSize(800, 500)  # a screen of 1280 × 800 at 150 %, with the platform's own bars
        self.resize(1280, 800)
        self._build()
        application = QtWidgets.QApplication.instance()
        assert application is not None
        keys = (EnterPresses(), SpaceStops(self.stop, self._disarmed))
        self._listening = Listening(keys=keys, touched=desk.touched)
        application.installEventFilter(self._listening)
        self.sounder = Sounder(desk.alarms, self)
        desk.when_going(self._go)
        desk.when_signed_in(self._welcome)
        self._timer = QtCore.QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.frame)
        self._timer.start(FRAME)
        self.dress(theme)
        desk.home()

    # parts ----------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.rail = QtWidgets.QVBoxLayout()
        self.rail.setSpacing(GRID)
        self.rail.setContentsMargins(GRID // 2, 2 * GRID, GRID // 2, 2 * GRID)
        side = QtWidgets.QWidget()
        side.setFixedWidth(RAIL)
        side.setLayout(self.rail)
        self._side = side
        self.heading, self.who = title(wrap=False), muted(wrap=False)
        self.back_button = IconButton("", "fa6s.arrow-left", tr("Back"))
        self.lock_button = IconButton("", "fa6s.lock", tr("Lock the screen, or let somebody else take over"))
        self.theme_button = IconButton("", "fa6s.circle-half-stroke", tr("Light, dark or high contrast"))
        self.language_button = IconButton("", "fa6s.language", tr("English or Italian"))
        self.back_button.clicked.connect(self.desk.back)
        self.lock_button.clicked.connect(self.desk.lock)
        self.theme_button.clicked.connect(self._next_theme)
        self.language_button.clicked.connect(self._next_language)
        head = Row(
            self.back_button, self.heading, None, self.who, self.language_button, self.theme_button, self.lock_button,
            spacing=GRID,
        )  # fmt: skip
        head.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        self.strip = SessionStrip(self.desk)
        self.strip.stopped.connect(self.stop)
        self.stack = QtWidgets.QStackedWidget()
        right = QtWidgets.QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addLayout(head)
        right.addWidget(self.strip)
        right.addWidget(self.stack, 1)
        whole = QtWidgets.QWidget()
        both = QtWidgets.QHBoxLayout(whole)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(0)
        both.addWidget(side)
        both.addLayout(right, 1)
        self.setCentralWidget(whole)

    def _fill_rail(self) -> None:
        clear(self.rail)
        acting, here = self.desk.acting, self.desk.went[-1].place if self.desk.went else ""
        shown = acting is not None and not self.desk.locked
        self._side.setVisible(shown)
        for widget in (self.lock_button, self.who):
            widget.setVisible(shown)
        self.back_button.setVisible(shown and len(self.desk.went) > 1)
        if acting is None or not shown:
            return
        self.who.setText(acting.user.full_name)
        for place in places.on_the_rail(frozenset(acting.user.roles)):
            button = RailButton(tr(place.label), place.icon)
            button.setChecked(place.name == here)
            button.dress(self._theme)
            button.clicked.connect(partial(self.desk.go, place.name))
            self.rail.addWidget(button)
        self.rail.addStretch(1)

    # going ----------------------------------------------------------------------------------------------------------

    def _go(self, step: Step) -> None:
        if self.page is not None:
            self.page.leave()
        page = self._pages.get(step.place)
        if page is None:
            page = self._pages[step.place] = places.make(step.place, self.desk)
            page.dress(self._theme)
            self.stack.addWidget(_scrolling(page) if page.SCROLLS else page)
        self.page = page
        self.stack.setCurrentWidget(_outermost(page, self.stack))
        page.enter(**step.what)
        self._fill_rail()
        self.frame()

    @Slot()
    def frame(self) -> None:
        """Thirty times a second."""
        self.desk.refresh()
        if self.desk.run is not None:
            self.desk.run.refresh()
        if self.page is not None:
            self.page.refresh()
            self.heading.setText(self.page.title)
        self.strip.refresh(self.desk.went[-1].place if self.desk.went else "")
        self.sounder.refresh(self.desk.run)
        if self._closing and (self.desk.run is None or self.desk.run.over) and not self.desk.busy:
            self.close()

    # looks ----------------------------------------------------------------------------------------------------------

    def dress(self, theme: Theme) -> None:
        """Everything in these colours. A style sheet visits every widget there is, so pages are made anew after it."""
        application = QtWidgets.QApplication.instance()
        assert isinstance(application, QtWidgets.QApplication)
        with _waiting():
            if theme is not self._theme and self._pages:
                self._forget_pages()
                self._dress(application, theme)
                self._go(self.desk.went[-1])
            else:
                self._dress(application, theme)

    def _dress(self, application: QtWidgets.QApplication, theme: Theme) -> None:
        self._theme = theme
        dress(application, theme)
        for button in (self.back_button, self.lock_button, self.theme_button, self.language_button):
            button.dress(theme)
        for rail_button in self._side.findChildren(RailButton):
            rail_button.dress(theme)
        self.strip.dress(theme)
        for page in self._pages.values():
            page.dress(theme)

    def _welcome(self, user: User) -> None:
        """The language and the colours of who signs in; nothing of who was here before is kept on a page."""
        i18n.use(user.language)
        self._forget_pages(but=self.page)  # it is the one that signs in, and goes when it has done so
        self._build()
        self.dress(THEMES.get(user.theme, self._theme))

    def _forget_pages(self, but: Page | None = None) -> None:
        """At once, `but` one: that a little later."""
        if self.page is not None:
            self.page.leave()
        for page in self._pages.values():
            outer = _outermost(page, self.stack)
            self.stack.removeWidget(outer)
            outer.hide()
            outer.deleteLater()
            if page is not but:
                QtCore.QCoreApplication.sendPostedEvents(outer, QtCore.QEvent.Type.DeferredDelete)
        self._pages.clear()
        self.page = None

    def speak(self, language: str) -> None:
        """Another language: every page is made anew, the present one with what it showed."""
        with _waiting():
            i18n.use(language)
            self._forget_pages()
            self._build()
            self.dress(self._theme)
            if self.desk.went:
                self._go(self.desk.went[-1])

    @Slot()
    def _next_theme(self) -> None:
        names = list(THEMES)
        self.dress(THEMES[names[(names.index(self._theme.name) + 1) % len(names)]])
        self._prefer(i18n.language(), self._theme.name)

    @Slot()
    def _next_language(self) -> None:
        names = list(i18n.LANGUAGES)
        now = i18n.language()
        wanted = names[(names.index(now) + 1) % len(names)] if now in names else names[0]
        self._prefer(wanted, self._theme.name)  # first: what the page then asks of the store comes in this language
        self.speak(wanted)

    def _prefer(self, language: str, theme: str) -> None:
        """Remember both for this user."""
        if (acting := self.desk.acting) is not None:
            self.desk.ask(tr("Saving"), lambda: acting.users.preferences(language=language, theme=theme))

    # stopping -------------------------------------------------------------------------------------------------------

    def _disarmed(self) -> bool:
        """The open session's arm has no power: a person may write."""
        run = self.desk.run
        return run is None or run.over or (run.training is not None and run.training.disarmed)

    def stop(self) -> bool:
        """STOP, if a session is open; whether it was."""
        run = self.desk.run
        if run is None or run.over or run.training is None:
            return False
        run.training.stop()
        return True

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Stop first, close the recording, write the report, save; then the window goes."""
        run = self.desk.run
        if run is not None and not run.over:
            run.end()
        elif run is not None and run.may_follow:
            run.give_up()
        if (run is not None and not run.over) or self.desk.busy:
            self._closing = True
            event.ignore()
            return
        self._timer.stop()
        application = QtWidgets.QApplication.instance()
        if application is not None:
            application.removeEventFilter(self._listening)
        if run is not None:
            run.close()
        self.sounder.close()
        self.desk.close()
        self.closed.emit()
        super().closeEvent(event)


class RailButton(IconButton):
    """Icon over words."""

    def __init__(self, words: str, icon: str) -> None:
        super().__init__("", icon, words)
        self.setProperty("rail", True)
        self.setCheckable(True)
        self.setMinimumHeight(72)
        self._label = QtWidgets.QLabel(words)
        self._label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._picture = QtWidgets.QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._picture.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, GRID, 0, GRID)
        column.setSpacing(4)
        column.addWidget(self._picture)
        column.addWidget(self._label)

    def dress(self, theme: Theme) -> None:
        super().dress(theme)
        if hasattr(self, "_picture"):
            self._picture.setPixmap(self.icon().pixmap(24, 24))
            self.setIcon(QtGui.QIcon())


@contextmanager
def _waiting() -> Iterator[None]:
    """The cursor of somebody who is waited for: what follows may take a moment."""
    QtWidgets.QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
    try:
        yield
    finally:
        QtWidgets.QApplication.restoreOverrideCursor()


def _scrolling(page: Page) -> QtWidgets.QScrollArea:
    area = QtWidgets.QScrollArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def _outermost(page: QtWidgets.QWidget, stack: QtWidgets.QStackedWidget) -> QtWidgets.QWidget:
    widget = page
    while stack.indexOf(widget) < 0 and (parent := widget.parentWidget()) is not None:
        widget = parent
    return widget
