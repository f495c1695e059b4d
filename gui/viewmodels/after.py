"""After a fault: what has happened in the user's words, what may be done now, and how far that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gui.i18n import mark, shown_number, tr
from rehab.core.device import DeviceInfo, SafeStop
from rehab.core.safety.faults import Fault

GENTLER = 0.7  # of force and speed (rehab.session.going_on)
HOLD = 30.0  # s that a stretch is held (rehab.session.ways)
AGAIN = 0.3  # s between two tries of what has to wait for a quiet limb
PATIENCE = 30.0  # s in which a limb may become quiet
NEEDS_A_NEW_SESSION = (Fault.DEVICE_LOST, Fault.CONTROL_LOST, Fault.CONTROL_HUNG)
ACTS = {
    "go_on": mark("going on"),
    "gentler": mark("going on more gently"),
    "stretch": mark("stretching slowly"),
    "out": mark("leading the arm out"),
}
WAYS = {"slow_stretch": "stretch", "get_out": "out"}
PLUGS = {
    "sim": mark("There is no plug: this arm is simulated."),
    "emulator": mark("There is no plug: this arm is emulated in a program, which has ended."),
    "serial": mark("Look at the USB cable between the robot and this computer ({port}), at both ends."),
}
OTHER_PLUG = mark("Look at the cable between the robot and this computer ({port}), at both ends.")


class After:
    """Fed with the session's events. `kind` is "" while nothing has happened, else spasm, device, or other."""

    def __init__(self, info: DeviceInfo, device: str) -> None:
        self._info, self._device = info, device
        self.kind = ""
        self.fault = Fault.NONE
        self.spasms = 0
        self.too_many = 0  # spasms, when the session advises to end
        self.way = ""  # stretch or out, while the limb is led
        self.note: dict[str, Any] = {}  # of the newest spasm, as the session fills it in
        self.wanted = ""  # an act that waits for a quiet limb
        self.since = self.tried = 0.0  # s, when it was wanted first and tried last

    def hear(self, kind: str, data: Mapping[str, Any]) -> None:
        if kind == "fault":
            self.fault, self.way, self.wanted = Fault(int(data["id"])), "", ""
            self.kind = "device" if self.fault in NEEDS_A_NEW_SESSION else self.kind or "other"
        elif kind == "adverse_event":
            self.spasms, self.note = int(data["number"]), dict(data)
            self.kind = "spasm"
        elif kind == "advice":
            self.too_many = int(data["spasms"])
        elif kind == "way_start":
            self.way, self.wanted = WAYS.get(str(data["exercise"]), ""), ""
        elif kind in ("way_end", "stop"):
            self.way = ""
        elif kind in ("block_start", "run_end") or (kind == "command" and data.get("name") in ("prepare", "end")):
            self.kind = self.way = self.wanted = ""

    def want(self, act: str, now: float) -> None:
        """It is to be done as soon as the limb is quiet."""
        self.wanted, self.since, self.tried = act, now, -AGAIN + now

    def due(self, now: float) -> str:
        """The act to try now."""
        if not self.wanted or now - self.tried < AGAIN:
            return ""
        if now - self.since > PATIENCE:
            self.wanted = ""
            return ""
        self.tried = now
        return self.wanted

    # words -----------------------------------------------------------------------------------------------------------

    @property
    def needs_a_new_session(self) -> bool:
        return self.kind == "device"

    @property
    def plug(self) -> str:
        """Which plug to look at."""
        scheme, _, port = self._device.partition(":")
        if self.fault is not Fault.DEVICE_LOST:
            return tr("No cable was pulled: the program that commands the robot has stopped.")
        return tr(PLUGS.get(scheme, OTHER_PLUG), port=port)

    @property
    def drops(self) -> str:
        """Whether the arm comes down when it has no power, from what the device declares."""
        if self._info.holds_without_power:
            return tr("The arm stays where it is: a brake holds it without power.")
        if self._info.safe_stop is SafeStop.YIELD:
            return tr("The arm is soft now. Support the limb, then take it out.")
        if _horizontal(self._info):
            return tr("The arm has no power and can be moved by hand. It moves in a level plane and does not drop.")
        return tr("The arm has no power and can drop: support the limb now.")

    def note_text(self, who: str) -> str:
        """The adverse-event note, filled in as far as the session knows it."""
        n = self.note
        if not n:
            return ""
        parts = [
            tr("Spasm no. {number} of this session, trial {trial}, {block}.", number=n["number"],
               trial=n["trial"] or "–", block=n["block"]),
            tr("The limb pulled at joint {joint} with {torque}.", joint=n["joint"],
               torque=shown_number(abs(n["torque"]), 1, "N·m")),
            tr("Limits then: {force}, {speed}.", force=shown_number(n["limits"]["force"], 0, "N"),
               speed=shown_number(100 * n["limits"]["speed"], 0, "cm/s")),
            tr("The arm yielded at once."),
        ]  # fmt: skip
        if n.get("next"):
            parts.append(tr("Then: {what}.", what=n["next"]))
        return " ".join([f"{who}:" if who else "", *parts]).strip()


def _horizontal(info: DeviceInfo) -> bool:
    return not any(info.gravity)
