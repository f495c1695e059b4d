"""What devices, their links, sessions and recordings say when they fail, as templates (see errors.py)."""

from __future__ import annotations

from gui.i18n import mark

LINK = (
    mark('"{text}" is not a device address: write SCHEME:ADDRESS, for example "{example}" ({known})'),
    mark('"{text}" says no address after "{scheme}:", for example "{example}"'),
    mark("{port} is not open; open it before it is armed"), mark("{port} went away while it was opened: {error}"),
    mark("F10 another device is on {port} now ({identity}); open it anew"),
    mark("{port} did not answer CLEAR within {seconds} s"), mark("{port} did not answer ARM within {seconds} s"),
    mark("{port} accepted ARM, but its samples do not say {what}; it was disarmed again"), mark("{port} is not open"),
    mark("{port} did not give its description beyond byte {at} of {most}; is the line disturbed? Try "
         "another cable, or open it anew"),
    mark("F10 {port} speaks link protocol {theirs}, this program {ours}; {older}"),
    mark("F10 {port}: {device} has no watchdog, or it is off; if this program crashed, its motors would "
         "go on. Switch the watchdog on in its firmware"),
    mark("{port}: max_valid_ms is 0, so no command would be followed; from 1 to 65535 is right"),
    mark("{port} says it has {n} joints; the link carries 1 to {most}"),
    mark("{port} says it streams 0 samples a second"),
    mark("{port} says its description has {n} bytes; from 1 to {most} is right"),
    mark("{port}: the description came damaged (its CRC-32 is not the one of HELLO); try again"),
    mark("F10 {port}: the description of {model} does not fit: {what}"),
    mark("{port} armed without a watchdog; it was disarmed again"),
    mark("{port}: its watchdog takes {ms} ms, the limit is {most} ms; it was disarmed again. Set it "
         "faster in the firmware, or let the site widen the limit watchdog"),
    mark("{port}: the description is not that of a device: {error}; see docs/link.md"),
    mark("{path} is not a serial port: {says}; {known}"), mark("{path} cannot be opened at {baud} Bd: {error}"),
    mark("{path} cannot be used as a serial port: {error}"),
    mark("F09 device unplugged: {path} ({why}); plug it in, then open a new session and arm again"),
    mark("F09 device unplugged: {path} is closed"),
    mark("the emergency stop of sim:{model} is pressed; release it, then arm again"),
    mark("the supply of sim:{model} has broken down"), mark("{device} has no watchdog"), mark("{device} is closed"),
    mark("emg: full must be above threshold, for example {example}"), mark("{path} is gone: {error}"),
    mark("{path}: another program holds it; close that first"),
    mark("no room for {size} MB of shared memory in {folder}: {error}"), mark("no free name for a session in {root}"),
    mark("{root} is a file; recordings need a folder (--out DIR)"), mark("session {name} is not running: {error}"),
    mark('there is no live parameter "{name}"'), mark('"{name}" cannot be switched to now ({allowed})'),
    mark("a virtual patient sits at a sim: or emulator: device only, not at {device}"),
    mark("faults are injected at a sim: or emulator: device only, never at {device}"),
    mark("F36 limits of another patient or device: prepare the protocol anew for this session"),
    mark("blocks[{number}].{exercise}: this exercise follows no list of trials ({known})"),
    mark("{name} cannot be built with that: {error}"),
)  # fmt: skip
