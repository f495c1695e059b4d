"""The session live in a terminal: arm, hand and target in braille, progress, force and speed. Where stdout is not a
terminal, one plain line a trial without control codes."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self, TextIO

from rehab.core.clock import Clock, MonotonicClock
from rehab.core.device import DeviceInfo
from rehab.core.types import Array, Outcome, Trial
from rehab.realtime.ring import RingEvent
from rehab.realtime.snapshot import Look

if TYPE_CHECKING:
    from rich.console import Console, Group, RenderableType
    from rich.table import Table
    from rich.text import Text

PERIOD = 0.1  # s between frames
OFFERED = 0.08  # m: end of the line in the direction that a scanning switch offers
TALL = 22  # lines of a terminal below which the arm is not drawn
WORDS = {
    Outcome.REACHED: "reached",
    Outcome.TIMEOUT: "time was up",
    Outcome.ABORTED: "left out",
    Outcome.STOPPED: "stopped",
}
STYLES = {Outcome.REACHED: "green", Outcome.TIMEOUT: "yellow", Outcome.ABORTED: "dim", Outcome.STOPPED: "red"}


class Watched(Protocol):
    """What the view reads of a session."""

    @property
    def info(self) -> DeviceInfo: ...
    @property
    def state(self) -> str: ...
    def look(self) -> Look | None: ...
    def rows(self) -> Array: ...
    def poll(self) -> list[RingEvent]: ...


class LiveView:
    """`with LiveView(session, total=40) as view:` then `view.update()` as often as you like and `view.trial(trial)` for
    each trial that ended. `update` draws ten times a second and costs nothing in between."""

    def __init__(
        self, session: Watched, *, total: int = 0, stream: TextIO | None = None, clock: Clock | None = None
    ) -> None:
        self.session, self.total = session, total
        self._stream = stream or sys.stdout
        self._clock = clock or MonotonicClock()
        self._next = 0
        self._done: list[Trial] = []
        self._counts = dict.fromkeys(Outcome, 0)
        self._live: Any = None
        self._console: Console | None = None

    def __enter__(self) -> Self:
        if not _can_draw(self._stream):
            return self
        from rich.console import Console
        from rich.live import Live

        from rehab.realtime.health import Health
        from rehab.realtime.picture import Eye

        console = Console(file=self._stream)
        if console.is_dumb_terminal:
            return self
        self._console, self._eye, self._health = console, Eye(self.session.info), Health(self.session.info)
        self._force_limit = self.session.info.limits().force
        self._speed_limit = self.session.info.limits().speed
        self._live = Live(console=console, auto_refresh=False, vertical_overflow="crop")
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._draw()  # the last state stays on the screen
            self._live.stop()
            self._live = None
        elif self._done:
            self._print(f"{len(self._done)} trial{'s' * (len(self._done) != 1)}: {self.tally}")

    @property
    def tally(self) -> str:
        """ "12 reached, 3 time was up"; "no trials" before the first."""
        return ", ".join(f"{n} {WORDS[outcome]}" for outcome, n in self._counts.items() if n) or "no trials"

    def update(self) -> None:
        """Draw, if it is time to."""
        if self._live is not None and self._clock.now_ns() >= self._next:
            self._next = self._clock.now_ns() + round(PERIOD * 1e9)
            self._draw()

    def trial(self, trial: Trial) -> None:
        """One more trial has ended."""
        self._done.append(trial)
        self._counts[trial.outcome] += 1
        if self._live is None:
            self._print(trial_line(trial, self.total))

    def say(self, line: str) -> None:
        """A line to the person at the terminal, above the picture."""
        if self._live is not None:
            self._live.console.print(line, markup=False)
        else:
            self._print(line)

    def _print(self, line: str) -> None:
        print(line, file=self._stream, flush=True)

    def _draw(self) -> None:
        for event in self.session.poll():
            if event.kind == "limits":
                self._health.hear(event.data)
        self._health.feed(self.session.rows())
        self._live.update(self.frame(), refresh=True)

    # one frame -------------------------------------------------------------------------------------------------------

    def frame(self) -> RenderableType:
        """The whole picture, for the terminal's present size."""
        from rich.console import Group

        assert self._console is not None
        width, height = self._console.size
        look = self.session.look()
        if look is None:
            return Group(self._progress(width, 0), "waiting for the first tick")
        picture = self._eye.see(look)
        number = int(look.values["trial"]) or (self._done[-1].number if self._done else 0)
        parts: list[RenderableType] = [self._progress(width, number)]
        if height >= TALL:
            parts.append(self._workspace(picture, min(width - 2, 96), min(height - 12, 26)))
        parts += [self._instruction(picture.text, picture.phase), self._bars(picture, width), self._state()]
        return Group(*parts)

    def _progress(self, width: int, number: int) -> Table:
        from rich.progress_bar import ProgressBar
        from rich.table import Table

        words = f"Trial {number} of {self.total}" if self.total else f"Trial {number}"
        grid = Table.grid(padding=(0, 2))
        grid.add_row(
            f"[bold]{words}[/]",
            ProgressBar(total=max(1, self.total), completed=len(self._done), width=max(10, width // 3)),
            self.tally,
        )
        return grid

    def _workspace(self, picture: Any, columns: int, rows: int) -> Text:
        from rich.text import Text

        from rehab.cli.braille import Canvas

        canvas = Canvas(columns, rows, self._eye.box())
        for path in picture.paths:
            canvas.lines(path, "dim")
        canvas.lines(picture.arm, "bright_black")
        for joint in picture.arm[:-1]:
            canvas.disc(joint, 1.5, "bright_black")
        for spot in picture.spots:
            canvas.circle(spot.at, spot.radius, "bold cyan" if spot.role == "goal" else "white")
        x, y = picture.hand
        if (fx := picture.force[0]) or picture.force[1]:
            scale = 0.20 / self._force_limit
            canvas.line(picture.hand, (x + scale * fx, y + scale * picture.force[1]), "magenta")
        if any(picture.offer):
            dx, dy = picture.offer
            canvas.line((x + 0.02 * dx, y + 0.02 * dy), (x + OFFERED * dx, y + OFFERED * dy), "bold green")
        canvas.disc(picture.cursor or picture.hand, 1.5, "bold yellow")
        text = Text(no_wrap=True)
        for line in canvas.runs():
            for piece, style in line:
                text.append(piece, style)
            text.append("\n")
        return text

    def _instruction(self, words: str, phase: str) -> Text:
        from rich.text import Text

        return Text.assemble((words or "…", "bold cyan"), ("   " + phase if phase else "", "dim"))

    def _bars(self, picture: Any, width: int) -> Table:
        from math import hypot

        from rich.progress_bar import ProgressBar
        from rich.table import Table

        force, bar = hypot(*picture.force), max(10, width // 3)
        grid = Table.grid(padding=(0, 2))
        speed = ProgressBar(total=self._speed_limit, completed=picture.speed, width=bar, complete_style="yellow")
        push = ProgressBar(total=self._force_limit, completed=force, width=bar, complete_style="magenta")
        grid.add_row("speed", speed, f"{100 * picture.speed:3.0f} cm/s of {100 * self._speed_limit:.0f}")
        grid.add_row("robot's force", push, f"{force:3.0f} N of {self._force_limit:.0f}")
        return grid

    def _state(self) -> Group:
        from rich.console import Group
        from rich.text import Text

        from rehab.realtime.health import Level

        styles = {Level.GOOD: "green", Level.FAIR: "yellow", Level.BAD: "bold red"}
        health = self._health
        line = Text(no_wrap=True, overflow="ellipsis")
        line.append(self.session.state, "bold")
        for words in (health.device, health.timing):
            line.append("   ")
            line.append(words.text, styles[words.level])
        last = Text("")
        if self._done:
            trial = self._done[-1]
            last = Text.assemble("last  ", (trial_line(trial, self.total), STYLES[trial.outcome]))
        return Group(line, Text(health.limited, "dim"), last)


def trial_line(trial: Trial, total: int = 0) -> str:
    """ "trial 5 of 16  training  reached  1.3 s  peak 31 cm/s  sparc −1.62"."""
    parts = [f"trial {trial.number}" + (f" of {total}" if total else "")]
    parts += [trial.block, WORDS[trial.outcome], f"{trial.end - trial.start:.1f} s"]
    if "peak_speed" in trial.measures:
        parts.append(f"peak {100 * trial.measures['peak_speed']:.0f} cm/s")
    if "sparc" in trial.measures:
        parts.append(f"sparc {trial.measures['sparc']:.2f}")
    return "  ".join(part for part in parts if part)


def _can_draw(stream: TextIO) -> bool:
    """A terminal that knows braille."""
    try:
        "⣿━".encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return stream.isatty()
