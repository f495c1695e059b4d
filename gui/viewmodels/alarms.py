"""When an alarm sounds: by priority, paused for two minutes when somebody has heard it, never hidden (IEC 60601-1-8).

            sound, again after      sign
high        2 × 5 pulses, 8 s       2 times a second
medium      3 pulses, 20 s          0.6 times a second
low         2 pulses, once          steady

Sound and sign are two channels: when one has failed, the other is still there, and says so (F42).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from gui.i18n import tr
from gui.viewmodels.words import Message, Priority
from rehab.core.clock import Clock, MonotonicClock
from rehab.core.safety.faults import Fault

PAUSE: Final = 120.0  # s of silence after somebody has heard it
AGAIN: Final = {Priority.HIGH: 8.0, Priority.MEDIUM: 20.0, Priority.LOW: float("inf")}  # s from burst to burst
BLINK: Final = {Priority.HIGH: 0.5, Priority.MEDIUM: 1.6, Priority.LOW: float("inf")}  # s a period: below 3 Hz


class Alarms:
    """Of one application. `messages` are what is shown now, worst first; `heard` says that somebody is coming."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or MonotonicClock()
        self.messages: tuple[Message, ...] = ()
        self._silent: set[tuple[Priority, str]] = set()  # those that were there when somebody said so
        self._until = 0.0
        self._sounded: Priority | None = None
        self._at = 0.0
        self.checked: bool | None = None  # F42: somebody has heard the test sound; None: nobody was asked yet
        self.no_sound = ""  # why there is none, in words
        self.play: Callable[[Priority], None] = lambda priority: None  # of the window that has a loudspeaker

    def show(self, messages: Sequence[Message]) -> None:
        """What is the matter now; what is gone may sound anew when it comes back."""
        self.messages = tuple(messages)
        self._silent &= {(m.priority, m.title) for m in messages}

    def heard(self) -> None:
        """No sound of these for two minutes. One that is new sounds all the same."""
        self._silent = {(m.priority, m.title) for m in self.messages}
        self._until = self._now() + PAUSE

    @property
    def paused_for(self) -> float:
        """Seconds of silence left; 0 when nothing is silenced."""
        return max(0.0, self._until - self._now()) if self._silent else 0.0

    @property
    def loudest(self) -> Priority | None:
        """The worst that may sound now."""
        silent = self._silent if self.paused_for > 0.0 else set()
        return max((m.priority for m in self.messages if (m.priority, m.title) not in silent), default=None)

    def sound(self) -> Priority | None:
        """Once a frame: the burst to play now."""
        loudest, now = self.loudest, self._now()
        if loudest is None:
            self._sounded = None
            return None
        if self._sounded is None or loudest > self._sounded or now - self._at >= AGAIN[loudest]:
            self._sounded, self._at = loudest, now
            return loudest
        return None

    def lit(self) -> bool:
        """Whether the sign of the worst one shows now."""
        if not self.messages:
            return False
        period = BLINK[self.messages[0].priority]
        return period == float("inf") or self._now() % period < 0.5 * period

    def test(self) -> None:
        """The worst sound, once, so that somebody can say whether it is heard."""
        self.play(Priority.HIGH)

    # F42 ------------------------------------------------------------------------------------------------------------

    @property
    def fault(self) -> Message | None:
        """That the alarms do not sound, where somebody has found that; shown as long as it stands."""
        if self.checked is not False and not self.no_sound:
            return None
        text = self.no_sound or tr("Check the loudspeaker and its volume. Alarms are shown all the same")
        return Message(Priority.LOW, tr(Fault.ALARM_FAILED.label), text)

    def _now(self) -> float:
        return self._clock.now_ns() * 1e-9
