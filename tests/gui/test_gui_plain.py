"""The plain parts of pages."""

from __future__ import annotations

from gui.theme import application
from gui.widgets.plain import Problem, breakable


def test_a_long_path_may_break_at_its_slashes_and_short_words_stay_as_they_are():
    said = breakable("no file /a/rather/long/path/to/a/recording and 3 m/s")
    assert said == "no file /\u200ba/\u200brather/\u200blong/\u200bpath/\u200bto/\u200ba/\u200brecording and 3 m/s"
    assert breakable("C:\\Users\\anna\\recordings\\today").count("\u200b") == 4


def test_a_problem_with_a_path_in_it_needs_no_more_width_than_its_longest_piece(qtbot):
    application()
    problem = Problem("What went wrong")
    qtbot.addWidget(problem)
    problem.say("cannot read /home/anna/.local/share/rehab/sessions/2026-03-02_demo_0001/manifest.json")
    assert problem.minimumSizeHint().width() < 400
