"""The stop ladder: the worst fault wins and stays latched; and the emergency stop's latch, which starts faulted."""

from __future__ import annotations

from typing import Protocol

from rehab.core.safety.faults import FACTS, Fault
from rehab.core.values import Action

CHANNELS_DISAGREE = 0.010  # s: two channels of one button never differ longer


class Trip(Protocol):
    """Latch a fault: how a stage tells the monitor what it found. `action` is another one than the fault's own."""

    def __call__(self, fault: Fault, reason: str, action: Action | None = None) -> None: ...


class Ladder:
    """The latched fault. `action` is what is done about it; only `reset` clears it."""

    def __init__(self, safe_stop: Action) -> None:
        self.safe_stop = safe_stop
        self.reset()

    def reset(self) -> None:
        self.fault, self.action, self.reason = Fault.NONE, Action.NONE, ""

    def trip(self, fault: Fault, reason: str, action: Action | None = None) -> bool:
        """Latch a fault if it asks for more than the one before; True if it did."""
        wanted = self.wanted(fault, action)
        if wanted <= self.action:
            return False
        self.fault, self.action, self.reason = fault, wanted, reason
        return True

    def renamed(self, fault: Fault, reason: str) -> bool:
        """Only the words of a latched stop may still change: which of the two channels never followed is a repair."""
        if fault is not Fault.ESTOP_CHANNELS or self.fault is not Fault.ESTOP:
            return False
        self.fault, self.reason = fault, reason
        return True

    def wanted(self, fault: Fault, action: Action | None) -> Action:
        """What a fault asks for on this device: STOP is the device's own safe stop, at least RAMP_OFF where the joint
        angles cannot be trusted."""
        facts = FACTS[fault]
        if action is None:
            action = facts.action
        if action is not Action.RAMP_OFF:
            return action
        return self.safe_stop if facts.trusts_position else max(self.safe_stop, Action.RAMP_OFF)


class EstopLatch:
    """Two channels, each open when pressed. Starts faulted; only a rising edge of `reset` with both closed frees it."""

    def __init__(self) -> None:
        self.ok = self._reset = False
        self.pressed = True  # until the first sample says otherwise
        self._apart = 0  # ticks for which one channel was open and the other was not

    def see(self, open_a: bool, open_b: bool, period: float) -> Fault:
        """The fault that the channels show now, NONE when both are closed. To be called once a tick."""
        self.pressed = open_a or open_b
        self._apart = self._apart + 1 if open_a != open_b else 0
        if not self.pressed:
            return Fault.NONE
        self.ok = False
        return Fault.ESTOP_CHANNELS if self._apart > round(CHANNELS_DISAGREE / period) else Fault.ESTOP

    def reset(self, level: bool) -> bool:
        """The level of the reset input; a reset that is held down frees nothing. True if the latch is free."""
        if level and not self._reset and not self.pressed:
            self.ok = True
        self._reset = level
        return self.ok
