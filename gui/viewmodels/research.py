"""A researcher's protocol: written, checked as it is typed, its trials listed for a seed, runs one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from gui.i18n import tr
from gui.viewmodels.completion import Offer, offers
from gui.viewmodels.desk import Desk
from gui.viewmodels.errors import finding_words
from gui.viewmodels.model import Model
from gui.viewmodels.plan_check import Ground, ground_of
from gui.viewmodels.rehearsal import Rehearsal
from rehab.core.errors import BadInput, Finding, Findings

PAUSE = 0.4  # s after the last key: then it is checked
FIRST = "rotation_abrupt"
WAITING, RUNNING, DONE, FAILED, STOPPED = "waiting", "running", "done", "failed", "stopped"


class Note(NamedTuple):
    """Something wrong in a line, from 0."""

    line: int
    column: int
    words: str


class Opened(NamedTuple):
    """A text, and where it comes from; `ready` is the name of a protocol that ships, "" for a file."""

    name: str
    text: str
    folder: Path
    ready: str = ""


class Trials(NamedTuple):
    """The realised list: column titles, and a row a trial, in words; `csv` for analysis."""

    columns: list[str]
    rows: list[list[str]]
    csv: str
    seed: int
    participant: str


class Queued:
    """One run of the queue: this text, for that participant, with that seed."""

    def __init__(self, name: str, text: str, participant: str, seed: int, patient: str, folder: Path) -> None:
        self.name, self.text, self.participant, self.seed, self.patient = name, text, participant, seed, patient
        self.folder = folder
        self.state = WAITING
        self.run: Rehearsal | None = None


class ResearchModel(Model):
    """`text` is what stands in the editor; `notes` belong to `checked_text`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.ground: Ground | None = None
        self.schema: dict[str, Any] | None = None
        self.text, self.name = "", ""
        self.path: Path | None = None
        self.ready = ""  # name of the ready protocol that the text began as
        self.folder = Path()  # what the text names lies beside it there: pages, tables
        self.saved_text = ""
        self.notes: tuple[Note, ...] = ()
        self.checked_text: str | None = None
        self.trials: Trials | None = None
        self.queue: list[Queued] = []
        self.going = False
        self.opened = 0  # counts texts that were put into the editor from outside
        self._due: float | None = None

    def load(self) -> None:
        if self.ground is not None or self.waiting:
            return
        desk, draft = self.desk, self.desk.drafts.get("research")

        def job() -> tuple[Ground, dict[str, Any], Opened]:
            from rehab.protocol.editors import protocol_schema

            return ground_of(desk, None), protocol_schema(), draft or _ready(FIRST)

        def have(found: tuple[Ground, dict[str, Any], Opened]) -> None:
            self.ground, self.schema, opened = found
            self._put(opened)

        self.ask(tr("Reading the protocol"), job, have)

    # the text -------------------------------------------------------------------------------------------------------

    def open_ready(self, name: str) -> None:
        self.path = None
        self.ask(tr("Reading the protocol"), lambda: _ready(name), self._put)

    def open_file(self, path: Path) -> None:
        def have(text: str) -> None:
            self.path = path
            self._put(Opened(path.stem, text, path.parent))

        self.ask(tr("Reading the protocol"), lambda: _read(path), have)

    def save_file(self, path: Path) -> None:
        text = self.text

        def have(_: Any) -> None:
            self.path, self.name, self.saved_text, self.folder = path, path.stem, text, path.parent
            self._due = self.desk.now()  # other files lie beside it now

        self.ask(tr("Saving the protocol"), lambda: _write(path, text), have)

    def _put(self, opened: Opened) -> None:
        self.name, self.text, self.folder, self.ready = opened
        self.saved_text = self.text
        self.opened += 1
        self.trials = None
        self._due = self.desk.now()

    def type(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self.desk.drafts["research"] = Opened(self.name, text, self.folder, self.ready)
            self._due = self.desk.now() + PAUSE

    def complete(self, line: int, column: int) -> list[Offer]:
        return offers(self.schema, self.text.split("\n"), line, column) if self.schema is not None else []

    @property
    def sound(self) -> bool:
        return self.checked_text == self.text and not self.notes

    def refresh(self) -> None:
        """Once a frame: what is due is checked, and the queue goes on."""
        if self._due is not None and self.desk.now() >= self._due and self.ground is not None:
            self._due = None
            text, ground, folder = self.text, self.ground, self.folder

            def have(notes: tuple[Note, ...]) -> None:
                self.notes, self.checked_text = notes, text

            self.ask(tr("Checking the protocol"), lambda: notes_of(text, ground, folder), have)
        self._go_on()

    # the list of trials ---------------------------------------------------------------------------------------------

    def list_trials(self, seed: int, participant: str) -> None:
        text, ground, folder = self.text, self.ground, self.folder
        if ground is None:
            return

        def have(trials: Trials) -> None:
            self.trials = trials

        self.ask(tr("Settling the trials"), lambda: realised(text, ground, seed, participant, folder), have)

    def export_csv(self, path: Path) -> None:
        if self.trials is not None:
            csv = self.trials.csv
            self.ask(tr("Writing the list"), lambda: _write(path, csv))

    # the queue ------------------------------------------------------------------------------------------------------

    def enqueue(self, participant: str, seed: int, patient: str) -> None:
        if self.sound:
            self.queue.append(Queued(self.name, self.text, participant, seed, patient, self.folder))
            self.changed()

    def move(self, index: int, by: int) -> None:
        """Only among those that wait."""
        to = index + by
        if 0 <= to < len(self.queue) and {self.queue[index].state, self.queue[to].state} == {WAITING}:
            self.queue.insert(to, self.queue.pop(index))
            self.changed()

    def remove(self, index: int) -> None:
        if self.queue[index].state != RUNNING:
            del self.queue[index]
            self.changed()

    def run_queue(self) -> None:
        self.going = True
        self.changed()

    def stop_queue(self) -> None:
        """What runs is given up; what waits stays."""
        self.going = False
        for queued in self.queue:
            if queued.state == RUNNING and queued.run is not None:
                queued.run.cancel()
        self.changed()

    def _go_on(self) -> None:
        running = next((q for q in self.queue if q.state == RUNNING), None)
        if running is not None and running.run is not None:
            if running.run.refresh():
                self.changed()
            if not running.run.over:
                return
            bad = STOPPED if running.run.cancelled else FAILED
            running.state = DONE if running.run.result is not None else bad
            self.changed()
        if not self.going:
            return
        following = next((q for q in self.queue if q.state == WAITING), None)
        if following is None or self.ground is None:
            self.going = False
        else:
            from rehab.record.folder import sessions_root

            following.state = RUNNING
            following.run = Rehearsal(
                following.text, name=str(following.folder / f"{following.name}.yaml"),
                device=f"sim:{self.ground.info.model}", patient=following.patient, seed=following.seed,
                participant=following.participant, out=str(self.desk.out or sessions_root()),
            )  # fmt: skip
        self.changed()


def notes_of(text: str, ground: Ground, folder: Path) -> tuple[Note, ...]:
    """What `rehab check` says, by line."""
    from rehab.core.stability import delay_of
    from rehab.protocol.soundness import checked

    protocol = _parsed(text, folder)
    try:
        checked(protocol, ground.info, ground.limits, delay_of(ground.info, None))
    except Findings as error:
        return tuple(_note(finding) for finding in error.findings)
    return ()


def _note(finding: Finding) -> Note:
    return Note(max(0, finding.line - 1), max(0, finding.column - 1), finding_words(finding, yaml=True))


def realised(text: str, ground: Ground, seed: int, participant: str, folder: Path) -> Trials:
    """The list of trials as it will be. Raises Findings."""
    from rehab.protocol.tables import columns, shown, to_csv

    plan = _parsed(text, folder).plan(ground.info, ground.limits).realise(seed, participant)
    titles = columns(plan.blocks)
    rows = [shown(block, trial) for block in plan.blocks for trial in block.trial_list]
    used = [title for title in titles if any(row.get(title) for row in rows)]
    cells = [[row.get(title, "") for title in used] for row in rows]
    return Trials(used, cells, to_csv(plan.blocks), seed, participant)


def _parsed(text: str, folder: Path) -> Any:
    from rehab.protocol.document import parsed
    from rehab.protocol.written import Written

    return parsed(Written(text, "protocol.yaml"), folder / "protocol.yaml")


def _ready(name: str) -> Opened:
    from rehab.protocol.load import find_protocol

    path = Path(find_protocol(name))
    return Opened(name, path.read_text("utf-8"), path.parent, name)


def _read(path: Path) -> str:
    from rehab.protocol.load import read_protocol

    return read_protocol(path).source


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise BadInput(f"{path}: cannot be written: {error.strerror or error}") from error
