"""How the application looks: three palettes, one accent colour, red for stop only, an 8 px grid, large type.

Text has a contrast of at least 4.5:1, graphics 3:1, in every palette (a test computes it).
"""

from __future__ import annotations

from typing import NamedTuple

from gui.qt import QtGui, QtWidgets

GRID = 8  # px
TARGET = 48  # px: least height and width of anything to press
FAR = 30  # px: type that must be read from two metres
NEAR = 16  # px: type for the person at the keyboard


class Theme(NamedTuple):
    """Colours by what they are for."""

    name: str
    ground: str  # behind everything
    surface: str  # cards, plots, fields
    text: str
    muted: str  # less important text
    line: str  # outlines and grids
    accent: str  # what to press, what to reach
    on_accent: str
    stop: str
    on_stop: str
    caution: str  # behind a warning
    on_caution: str
    good: str
    first: str  # curves: x
    second: str  # curves: y
    arm: str
    force: str


LIGHT = Theme(
    "light", ground="#EEF1F5", surface="#FFFFFF", text="#17202B", muted="#4A5765", line="#C3CCD6", accent="#0067A8",
    on_accent="#FFFFFF", stop="#C4161C", on_stop="#FFFFFF", caution="#FFE9A8", on_caution="#4A3500", good="#00734F",
    first="#0067A8", second="#B84E00", arm="#7B8896", force="#8A3B78",
)  # fmt: skip
DARK = Theme(
    "dark", ground="#10151B", surface="#1A212A", text="#EDF1F5", muted="#A9B5C2", line="#3B4755", accent="#5AB6F0",
    on_accent="#05202F", stop="#D0262C", on_stop="#FFFFFF", caution="#4B3A00", on_caution="#FFE39A", good="#46C79A",
    first="#5AB6F0", second="#E69F45", arm="#7A8899", force="#DD8FC8",
)  # fmt: skip
CONTRAST = Theme(
    "contrast", ground="#000000", surface="#161616", text="#FFFFFF", muted="#CFCFCF", line="#FFFFFF", accent="#FFD83D",
    on_accent="#000000", stop="#D0262C", on_stop="#FFFFFF", caution="#FFFFFF", on_caution="#000000", good="#5DF2B2",
    first="#5AB6F0", second="#FFB04D", arm="#BFC7D0", force="#FF9BE2",
)  # fmt: skip
THEMES = {theme.name: theme for theme in (LIGHT, DARK, CONTRAST)}


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    a, b = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (a + 0.05) / (b + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255.0 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def palette(theme: Theme) -> QtGui.QPalette:
    role, colours = QtGui.QPalette.ColorRole, QtGui.QPalette()
    for which, colour in {
        role.Window: theme.ground, role.WindowText: theme.text, role.Base: theme.surface, role.Text: theme.text,
        role.AlternateBase: theme.ground, role.Button: theme.surface, role.ButtonText: theme.text,
        role.Highlight: theme.accent, role.HighlightedText: theme.on_accent, role.PlaceholderText: theme.muted,
        role.ToolTipBase: theme.surface, role.ToolTipText: theme.text, role.Link: theme.accent,
    }.items():  # fmt: skip
        colours.setColor(which, QtGui.QColor(colour))
    return colours


def style_sheet(theme: Theme) -> str:
    """The few rules that Fusion and the palette do not give."""
    t = theme
    return f"""
    QWidget {{ font-size: {NEAR}px; }}
    QFrame[card="true"] {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: 8px; }}
    QLabel[far="true"] {{ font-size: {FAR}px; font-weight: 600; }}
    QLabel[title="true"] {{ font-size: 20px; font-weight: 600; }}
    QLabel[strong="true"] {{ font-weight: 600; }}
    QLabel[muted="true"] {{ color: {t.muted}; }}
    QLabel[problem="true"] {{ background: {t.caution}; color: {t.on_caution}; border-radius: 8px; padding: 12px; }}
    QPushButton {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.muted}; border-radius: 8px;
                   padding: 0 16px; min-height: {TARGET}px; }}
    QPushButton:hover {{ border: 2px solid {t.accent}; }}
    QPushButton:focus {{ border: 3px solid {t.accent}; }}
    QPushButton:pressed {{ background: {t.ground}; border: 3px solid {t.accent}; }}
    QPushButton:checked {{ background: {t.accent}; color: {t.on_accent}; border: 2px solid {t.accent}; }}
    QPushButton:checked:focus {{ border: 4px solid {t.text}; }}
    QPushButton:disabled {{ color: {t.muted}; background: {t.ground}; border: 1px dashed {t.line}; }}
    QPushButton:checked:disabled {{ color: {t.muted}; background: {t.ground}; border: 2px solid {t.muted}; }}
    QPushButton[kind="go"] {{ background: {t.accent}; color: {t.on_accent}; border: 2px solid {t.accent}; }}
    QPushButton[kind="go"]:focus {{ border: 3px solid {t.text}; }}
    QPushButton[kind="go"]:disabled {{ background: {t.ground}; color: {t.muted}; border: 1px dashed {t.line}; }}
    QPushButton[kind="stop"] {{ background: {t.stop}; color: {t.on_stop}; border: 4px solid {t.stop}; }}
    QPushButton[kind="stop"]:focus {{ border: 4px solid {t.text}; }}
    QPushButton[kind="stop"]:disabled {{ background: {t.ground}; color: {t.muted}; border: 1px dashed {t.line}; }}
    QPushButton[big="true"] {{ font-size: {FAR}px; font-weight: 700; min-height: 96px; }}
    QPushButton[big="true"][low="true"] {{ min-height: 60px; }}
    QPushButton[large="true"] {{ font-size: 20px; font-weight: 600; min-height: 64px; }}
    QLineEdit {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.muted};
                 placeholder-text-color: {t.muted}; border-radius: 8px; padding: 0 12px; min-height: {TARGET}px; }}
    QLineEdit:focus, QListWidget:focus, QComboBox:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus,
    QTableView:focus, QTabBar:focus, QDateEdit:focus {{ border: 3px solid {t.accent}; }}
    QComboBox, QAbstractSpinBox {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.muted};
                 border-radius: 8px; padding: 0 12px; min-height: {TARGET}px; }}
    QComboBox::drop-down {{ border: none; width: 40px; }}
    QComboBox::down-arrow {{ image: none; width: 0; height: 0; margin-right: 16px;
                 border-left: 6px solid {t.surface}; border-right: 6px solid {t.surface};
                 border-top: 8px solid {t.text}; }}
    QAbstractSpinBox QLineEdit, QComboBox QLineEdit {{ border: none; padding: 0 12px; min-height: 0; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ subcontrol-origin: border; width: 40px;
                 border: none; }}
    QAbstractSpinBox::up-button {{ subcontrol-position: top right; }}
    QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; }}
    QAbstractSpinBox::up-arrow, QAbstractSpinBox::down-arrow {{ image: none; width: 0; height: 0;
                 border-left: 6px solid {t.surface}; border-right: 6px solid {t.surface}; }}
    QAbstractSpinBox::up-arrow {{ border-bottom: 7px solid {t.text}; }}
    QAbstractSpinBox::down-arrow {{ border-top: 7px solid {t.text}; }}
    QPlainTextEdit {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.muted}; border-radius: 8px;
                 padding: 8px; }}
    QCheckBox, QRadioButton {{ spacing: 12px; min-height: {TARGET}px; }}
    QCheckBox::indicator, QRadioButton::indicator {{ width: 24px; height: 24px; background: {t.surface};
                 border: 2px solid {t.muted}; border-radius: 4px; }}
    QRadioButton::indicator {{ border-radius: 14px; }}
    QCheckBox::indicator:checked, QRadioButton::indicator:checked {{ border: 2px solid {t.text};
                 background: qradialgradient(cx: 0.5, cy: 0.5, fx: 0.5, fy: 0.5, radius: 0.5, stop: 0 {t.accent},
                 stop: 0.62 {t.accent}, stop: 0.68 {t.surface}, stop: 1 {t.surface}); }}
    QCheckBox:focus, QRadioButton:focus {{ border: 3px solid {t.accent}; border-radius: 8px; }}
    QTableView {{ background: {t.surface}; alternate-background-color: {t.ground}; gridline-color: {t.line};
                 border: 1px solid {t.muted}; border-radius: 8px; }}
    QTableView::item {{ padding: 2px 8px; }}
    QHeaderView {{ background: transparent; border: none; }}
    QHeaderView::section:horizontal:first {{ border-top-left-radius: 7px; }}
    QHeaderView::section:horizontal:last {{ border-top-right-radius: 7px; }}
    QHeaderView::section:horizontal:only-one {{ border-top-left-radius: 7px; border-top-right-radius: 7px; }}
    QHeaderView::section {{ background: {t.ground}; color: {t.text}; border: none; padding: 8px; font-weight: 600; }}
    QTabBar::tab {{ min-height: {TARGET}px; min-width: 56px; padding: 0 16px; color: {t.text};
                 border-bottom: 4px solid transparent; }}
    QTabBar::tab:selected {{ border-bottom: 4px solid {t.accent}; font-weight: 600; }}
    QTabBar {{ qproperty-drawBase: 0; }}
    QTabWidget::pane {{ border: none; }}
    QScrollArea {{ border: none; background: transparent; }}
    QScrollArea > QWidget > QWidget {{ background: transparent; }}
    QScrollBar:vertical {{ background: transparent; width: 14px; margin: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: 14px; margin: 0; }}
    QScrollBar::handle {{ background: {t.arm}; border: 3px solid {t.ground}; border-radius: 7px; }}
    QScrollBar::handle:vertical {{ min-height: 48px; }}
    QScrollBar::handle:horizontal {{ min-width: 48px; }}
    QScrollBar::handle:hover {{ background: {t.accent}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QSlider {{ min-height: {TARGET}px; }}
    QSlider::groove:horizontal {{ background: {t.line}; height: 8px; border-radius: 4px; }}
    QSlider::sub-page:horizontal {{ background: {t.accent}; border-radius: 4px; }}
    QSlider::handle:horizontal {{ background: {t.accent}; width: 40px; margin: -16px 0; border-radius: 20px; }}
    QSlider:focus {{ border: 3px solid {t.accent}; border-radius: 8px; }}
    QPushButton[rail="true"] {{ background: transparent; border: none; border-radius: 8px; padding: 4px;
                 font-size: 14px; min-height: 64px; }}
    QPushButton[rail="true"]:checked {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.line};
                 border-left: 4px solid {t.accent}; font-weight: 600; }}
    QPushButton[rail="true"] QLabel {{ font-size: 14px; }}
    QPushButton[rail="true"]:focus {{ border: 3px solid {t.accent}; }}
    QPushButton[chip="true"] {{ border-radius: 24px; }}
    QPushButton[answer="true"] {{ font-size: 22px; font-weight: 600; padding: 0 4px; min-width: {TARGET - 10}px; }}
    QPushButton[line="true"] {{ text-align: left; padding: 0 16px; }}
    QLabel[notice="true"] {{ background: {t.caution}; color: {t.on_caution}; border-radius: 8px; padding: 8px 12px; }}
    QListWidget {{ background: {t.surface}; border: 1px solid {t.muted}; border-radius: 8px; padding: 4px; }}
    QListWidget::item {{ padding: 8px; min-height: {TARGET}px; border-radius: 4px; }}
    QListWidget::item:selected {{ background: {t.accent}; color: {t.on_accent}; }}
    QProgressBar {{ background: {t.line}; border: none; border-radius: 6px; min-height: 12px; max-height: 12px; }}
    QProgressBar::chunk {{ background: {t.accent}; border-radius: 6px; }}
    """


def dress(application: QtWidgets.QApplication, theme: Theme) -> None:
    """Put the whole application into this theme; nothing where it is in it already, since it visits every widget."""
    if application.property("theme") == theme.name:
        return
    application.setProperty("theme", theme.name)
    if application.style().objectName() != "fusion":
        application.setStyle("Fusion")
    application.setPalette(palette(theme))
    application.setStyleSheet(style_sheet(theme))


def application(theme: Theme = LIGHT) -> QtWidgets.QApplication:
    """The one application, made if there is none, dressed."""
    app = QtWidgets.QApplication.instance() or QtWidgets.QApplication(["rehab"])
    assert isinstance(app, QtWidgets.QApplication)
    app.setApplicationName("rehab")
    app.setApplicationDisplayName("rehab")
    font = app.font()
    font.setPixelSize(NEAR)
    app.setFont(font)
    dress(app, theme)
    return app
