"""The session's sources of commands: found by their addresses, opened, and heard together.

    SCHEME:WHERE[,name=value …]        joystick:/dev/input/js0 · switch:/dev/input/event4,dwell=800 ms · script:FILE
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rehab.core import registry
from rehab.core.errors import BadInput, DeviceLost, Findings, UnknownName
from rehab.core.intent import NEUTRAL, Said, Sensor, Word, together
from rehab.core.types import Scene
from rehab.core.values import Floats

RETRY = 1.0  # s between two attempts to open a source again that was lost


class Input(NamedTuple):
    """One source as it was asked for; `parameters` in SI."""

    text: str
    scheme: str
    where: str
    parameters: dict[str, Any]

    @property
    def plugin(self) -> Any:
        return registry.find("sensor", self.scheme)

    def sensor(self, dimensions: int) -> Sensor:
        made: Sensor = self.plugin(self.where, dimensions, **self.parameters)
        return made


def parse_input(text: str) -> Input:
    """Raises BadInput that says how an input is written, and all that is wrong with its parameters."""
    known = registry.names("sensor")
    address, *written = [part.strip() for part in text.split(",")]
    scheme, colon, where = address.partition(":")
    if not colon or not where:
        example = f"{scheme if scheme in known else 'joystick'}:/dev/input/js0"
        raise BadInput(f'"{text}" is not an input: write SCHEME:WHERE, for example "{example}" '
                       f"(schemes: {', '.join(known)})")  # fmt: skip
    if scheme not in known:
        raise UnknownName("input", scheme, known)
    fields = registry.find("sensor", scheme).parameters
    values: dict[str, Any] = {}
    for part in written:
        name, equals, value = part.partition("=")
        if not equals:
            raise BadInput(f'"{text}": "{part}" has no value, write name=value (known: {", ".join(fields) or "none"})')
        field = fields.get(name.strip())
        values[name.strip()] = _read(value.strip(), field.kind if field is not None else "text")
    parsed, findings = fields.parse(values, where=scheme)
    if findings:
        raise Findings(findings)
    return Input(text, scheme, where, {name: parsed[name] for name in values})


def _read(value: str, kind: str) -> Any:
    if kind == "integer" and value.lstrip("-").isdigit():
        return int(value)
    if kind == "number":
        with contextlib.suppress(ValueError):
            return float(value)
    return {"true": True, "false": False}.get(value, value) if kind == "flag" else value


def checked(texts: Sequence[str], *, simulated_clock: bool, hardware: bool) -> tuple[str, ...]:
    """The inputs of a session, before anything is opened. Raises BadInput."""
    for text in texts:
        found = parse_input(text)
        plugin = found.plugin
        simulated = getattr(plugin, "simulated", None)  # None: it depends on what is behind the address
        if simulated_clock and simulated is False:
            raise BadInput(f"{text}: with a simulated clock only what is told before can command, "
                           "for example script:FILE")  # fmt: skip
        if hardware and simulated:
            raise BadInput(f"{text}: nobody sits behind it, so it commands simulated devices only")
    return tuple(texts)


def watched(texts: Sequence[str]) -> bool:
    """Whether people rely on one of them to stop the arm."""
    return any(parse_input(text).plugin.pedal for text in texts)


def by_process(texts: Sequence[str]) -> tuple[str, ...]:
    """Those that are read by a process of their own; the others are typed into a window."""
    return tuple(text for text in texts if not parse_input(text).plugin.typed)


def sources_of(texts: Sequence[str]) -> str:
    """The text of the scripts among them, for the record: a recording names no folders."""
    found = []
    for text in texts:
        path = Path(parse_input(text).where)
        if path.suffix in (".yaml", ".yml") and path.is_file():
            found.append(path.read_text("utf-8", errors="replace"))
    return "\n".join(found)


def shown(text: str) -> str:
    """An input as it is recorded: a file without its folder."""
    found = parse_input(text)
    return text.replace(found.where, Path(found.where).name, 1) if found.where.startswith("/") else text


class _Source:
    """One of them, and whether it answers."""

    def __init__(self, found: Input, dimensions: int) -> None:
        self.text, self.sensor = found.text, found.sensor(dimensions)
        self.said, self.stopped = Said(), False
        self._waits = True  # what a stick is at when it is plugged in counts once it has been at rest
        self.lost, self._again = False, 0.0

    def hear(self, now: float, run: float, news: list[str]) -> bool:
        """Ask it; whether a stop was pressed just now. One that was lost is tried again every second."""
        try:
            if self.lost:
                if now < self._again:
                    return False
                self._again = now + RETRY
                self.sensor.open()
                self.lost, self.said, self._waits = False, Said(), True
                news.append(f"{self.text} is back")
            self.said = self._at_rest_first(self.sensor.poll(now, run))
        except Exception as error:  # a source that is broken in any way is one that does not answer
            if not self.lost:
                news.append(f"{self.text}: {error if isinstance(error, DeviceLost) else repr(error)}")
                self.lost, self._again = True, now + RETRY
                self.said = Said(stop=self.said.stop, run=self.said.run and not self.sensor.pedal)
                self.sensor.close()
            return False
        pressed = self.said.stop and not self.stopped
        self.stopped = self.said.stop
        return pressed

    def _at_rest_first(self, said: Said) -> Said:
        if self._waits:
            self._waits = any(abs(u) > NEUTRAL for u in said.intent)
            return said._replace(intent=(0.0,) * len(said.intent))
        return said


class Sources:
    """All sources of a session. `news` are words about those that were lost or came back, to be taken out."""

    def __init__(
        self, texts: Sequence[str], dimensions: int, *, simulated_clock: bool = False, hardware: bool = False
    ) -> None:
        """Raises BadInput for what cannot be read, or does not belong there, before anything is opened."""
        self._all = [_Source(parse_input(text), dimensions) for text in texts]
        self._zero: Floats = (0.0,) * dimensions
        self._stops = 0
        self.news: list[str] = []
        for source in self._all:
            if simulated_clock and not source.sensor.simulated:
                raise BadInput(f"{source.text}: needs a real clock: leave --fast out")
            if hardware and source.sensor.simulated:
                raise BadInput(f"{source.text}: nobody sits behind it, so it commands simulated devices only")
        self._looking = [look for s in self._all if (look := getattr(s.sensor, "see", None)) is not None]

    def open(self) -> None:
        """Raises BadInput for the first that cannot be opened; then none is open."""
        for number, source in enumerate(self._all):
            try:
                source.sensor.open()
            except BaseException:
                for opened in self._all[:number]:
                    opened.sensor.close()
                raise

    def see(self, scene: Scene, hand: Floats) -> None:
        """What is on the screen now, for those that look at it."""
        for look in self._looking:
            look(scene, hand)

    def close(self) -> None:
        for source in self._all:
            source.sensor.close()

    def descriptors(self) -> list[int]:
        """Of those that can wake us up now."""
        return [found for s in self._all if not s.lost and (found := s.sensor.fileno()) is not None]

    @property
    def pedal_lost(self) -> bool:
        return any(s.lost and s.sensor.pedal for s in self._all)

    def word(self, now: float, run: float) -> Word:
        """What they say together: intents added and clipped, stops by any, running only while all let it."""
        for source in self._all:
            self._stops += source.hear(now, run, self.news)
        said = [source.said for source in self._all]
        intents = [s.intent for s in said if s.intent]
        return Word(
            now,
            together(intents, len(self._zero)) if intents else self._zero,
            next((s.offer for s in said if s.offer), ()),
            self._stops,
            any(s.stop for s in said),
            all(s.run for s in said),
            any(s.lost for s in self._all),
            self.pedal_lost,
        )
