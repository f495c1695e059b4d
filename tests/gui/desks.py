"""A desk with somebody signed in and the shell around it, for pages that need no clinic."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from gui.theme import LIGHT, Theme
from gui.viewmodels.desk import Desk, Step
from gui.viewmodels.run import SessionRun
from gui.views.shell import Shell


def desk_with(run: SessionRun | None, **options: Any) -> Desk:
    """Somebody is signed in, and the training page is where they begin."""
    clinic: Any = SimpleNamespace(empty=False)
    desk = Desk(clinic, **options)
    acting: Any = SimpleNamespace(user=SimpleNamespace(full_name="Anna Bianchi", roles=("therapist",), id=1))
    desk.acting = acting
    desk.run = run
    desk.home = lambda: desk.go("train")  # type: ignore[method-assign]
    desk.went.append(Step("train", {}))
    return desk


def shell_of(desk: Desk, theme: Theme = LIGHT) -> Shell:
    shell = Shell(desk, theme=theme)
    shell.show()
    return shell
