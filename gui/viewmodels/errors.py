"""Errors of rehab in the user's language: their English is known by its fixed words, and said again with its places.

"the limb still pulls with 4.1 N·m (3.0 are allowed): let the spasm pass" is the template below it with two places; what
no template fits is shown as it is. tests/gui/test_gui_errors.py holds each template against the line that raises it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from gui.i18n import language, mark, pointed, tr
from gui.viewmodels.link_errors import LINK
from gui.viewmodels.protocol_errors import PROTOCOL
from gui.viewmodels.states import STATES
from rehab.core.errors import Finding, Findings

TEMPLATES = (
    *PROTOCOL, *LINK,
    # forms
    mark('"{value}" is too small'), mark('"{value}" is too large'), mark('"{value}" is not a whole number'),
    mark('"{value}" is not one of these'), mark('"{value}" is neither true nor false'), mark('"{value}" is not a text'),
    mark('"{value}" is not a number'), mark('"{value}" has no unit'), mark('"{value}" is not a quantity'),
    mark('"{value}" is not a plain number'), mark('"{value}" is not a number with a unit'),
    mark('"{value}" is not a number with a known unit'), mark('"{value}" is not finite'),
    mark('"{value}" is not {what}'), mark("unknown parameter"), mark('{what}; did you mean "{near}"?'),
    mark("is missing"), mark("is empty"),
    mark("{what} from {least} to {most}"), mark("{what}, {least} or more"), mark("{what} up to {most}"),
    mark("one of {choices}"), mark("true or false"), mark("a text"), mark("a whole number"), mark("a share"),
    mark("a length"), mark("a speed"), mark("a time"), mark("an angle"), mark("an angular speed"), mark("a force"),
    mark("a torque"), mark("a stiffness"), mark("a damping"), mark("a rotational stiffness"),
    mark("a rotational damping"), mark("a mass"), mark("a frequency"), mark("a power"), mark("an energy"),
    mark("a plain number"),
    # entrance and users
    mark("the name or the password is wrong"), mark("the PIN is wrong"),
    mark("the PIN is for those who signed in with their password here within 12 h"),
    mark("too many wrong attempts: locked until {time}"),
    mark("this user has been shut out; ask an administrator"), mark("{what} is not for a {roles}"),
    mark("a password has {least} to {most} characters, this one {n}"),
    mark("a password that is little more than the user's name is too easy"),
    mark("a password of so few different characters is too easy"), mark("a PIN is 4 to 8 digits"),
    mark("a PIN of equal or consecutive digits is too easy"), mark('there is a user "{name}" already'),
    mark('"{name}" is no user name: letters a to z, digits, . _ - and at most 40 of them'),
    mark("a user has at least one role (of {roles})"),
    mark("somebody has to be an administrator: make another user one first"),
    mark("there are users already: sign in as an administrator to add others"),
    # patients and charts
    mark("{patient} is not among your patients; a colleague who has them can grant access"),
    mark("{patient} is not in your own caseload: ask a colleague who has them"),
    mark('there is no patient with the code "{patient}"'),
    mark("a patient with the codice fiscale {code} is there already, as {patient}"),
    mark('"{code}" is no codice fiscale: {why}'), mark("{given} is not that of the codice fiscale"),
    mark("{born} is no birth date"), mark("{day} is still to come"), mark('"{side}" is not a side'),
    mark("is not answered"), mark("{value} {unit} cannot be"), mark("{value} is no limit"), mark("says no joint"),
    mark("says no device"), mark("{value} is outside the hard range"), mark("nothing was shown"),
    mark("{what} is empty: it has to be given"), mark("{what} has {n} characters (at most {most})"),
    mark("a note says something: text, chips, or both"), mark("a photo of {size} MB is too large (at most {most} MB)"),
    mark("this is no photo of the kind {kind} (allowed: {kinds})"),
    mark("access ends within {days} days from now: say when, with the zone"),
    mark("{who} has an appointment at {time} already"), mark("{value} is not on the scale"),
    mark("{value} is not the sum of its parts"), mark("{value} is less than its parts"),
    mark("{value} is outside its range"), mark('"{value}" is no grade'), mark('"{value}" is no number'),
    mark("has no value"), mark("this is no worklist as CSV: {error}"),
    mark("the first line of a worklist names its columns; missing: {missing} (known: {known})"),
    # sessions in the store
    mark("a session of {patient} is open already: resume or end it"),
    mark("the checklist says yes to {what}: give the reason to train despite that"),
    mark("session {session} is {who}'s; it can be handed over to you"),
    mark("session {session} was signed and does not change any more; add a note"),
    mark("session {session} is {state}, not {states}"),
    mark('plan number {number}, "{title}", is not in force any more'),
    mark("{store} is kept busy by another program; try again"),
    mark("{file} is there already: choose another name"), mark("{file}: the copy cannot be made: {error}"),
    mark("{file}: is no clinic store: {error}"), mark("{file}: is damaged: {error}"), mark("{file}: does not exist"),
    mark("{file}: of version {version}; this program reads {ours}"), mark("{file} is the store itself"),
    # the open session
    mark("the limb still pulls with {pull} N·m ({most} are allowed): let the spasm pass"),
    mark("the hand still moves at {speed} cm/s: let the limb come to rest"),
    mark("the limb has been quiet for {quiet} s only: wait until {time} s"),
    mark("no trial had begun: reset, arm and start"), mark("no trial is left: get out, or end the session"),
    mark("a slow stretch goes back to where a spasm began: there was none, or the limb was led out"),
    mark("the session is {state}; this is for after a fault or a stop"), mark("the arm is still coming to rest"),
    mark("this device is no simulation: reset, make sure of the limb, arm, then ask again"),
    mark("{words}: move the limb back by hand"), mark("the note is empty: choose a word or write something"),
    mark("the note has {n} characters; {most} fit: write two notes"),
    mark("no trial is running; the next one begins by itself"), mark("no trial of this block has ended yet"),
    mark("the session is {state}; this needs it to be running or paused"),
    mark("the arm still has power: stop it first"), mark("the session is not parked"),
    mark("the session is parked: confirm who is at the arm, then go on"),
    mark("the session is {state}; this needs it to be {states}"),
    mark("the protocol is for {model}; this device is a {ours}"), mark("no sample has come from the device yet"),
    mark("the device is gone: plug it in and open a new session"), mark("the emergency stop is still pressed"),
    mark("the session's processes do not answer any more"), mark("the session's processes did not start"),
    mark("the session's processes are gone; the device stops by its own watchdog"),
    mark('"{name}" cannot be changed now (can be: {names})'),
    mark('the session is not open: use "with session:" or session.open()'), mark("session {session} is not running"),
    # what the monitor has measured
    mark("{n} frames in a row came damaged; {most} are allowed"),
    mark("{n} frames of a second came damaged; {most} are allowed"),
    mark("torque measured {measured} N·m, sent {sent} N·m"),
    mark("speed measured {speed} rad/s is not how fast the angles change"), mark("{fault} is latched: reset first"),
    mark("the controller wished a torque that is not finite"),
    mark("the controller created {energy} J in spite of damping"),
    mark("{who}a tick was {late} ms late; {most} ms are allowed"),
    mark("{who}only {share} % of the ticks of the last second ran"), mark("the device has disarmed itself"),
    mark("sample {n} holds a number that is not finite"),
    mark("the newest sample is {age} ms old; {most} ms are allowed"),
    mark("one emergency-stop channel is open and the other is not"), mark("an emergency-stop channel is open"),
    mark("a joint jumped by {step} rad; {most} are possible"),
    mark("the robot's power changes sign faster than a limb can make it"),
    mark("joint {joint} is {beyond} rad beyond its limit"),
    mark("hand at {speed} m/s, joint at {share} % of its speed limit"),
    mark("joint {joint} reads {angle} rad whatever happens"),
    mark("the limb's torque at joint {joint} rose by {rise} N·m at once"),
    mark("the limb's force at the hand rose by {rise} N at once"), mark("{fault}: the motion is damped"),
    mark("{force} N between hand and robot; {most} N are allowed"), mark("device status: {what}"),
    # the robot and the disk
    mark("there is no port {path}; {ports}; plug the device in, and look with \"rehab list devices\" or in "
         "/dev/serial/by-id"),
    mark("F40 {path} is busy: {who} holds it; end that program or choose another port"),
    mark("{path} may not be opened by this user; add the user to the group that owns it (often dialout)"),
    mark("{port} does not answer TIMESYNC: the age of its samples would be unknown"),
    mark("{port} answers, but streams no samples"), mark("{port} did not answer HELLO within {seconds} s; {why}"),
    mark("{port} refused to arm: {why}"), mark("{port}: the fault cannot be cleared while its cause stands: {because}; "
                                              "remove it, then reset again"),
    mark("no recording can be made in {folder}: {error}; choose another --out DIR"),
    mark("the report cannot be written to {path}: {error}"), mark("{path} cannot be read: {error}"),
    mark("{path}: cannot be read: {error}"), mark("{path}: cannot be written: {error}"),
)  # fmt: skip
OFTEN_EMPTY = "{who}"  # "the exercise alone: " before what was late, or nothing
FORMED = {"{delay}": r"\d+ ticks? of delay"}  # places beside another with nothing but a space between
FIELDS = {
    "birth_date": mark("Birth date"), "given_name": mark("Given name"), "family_name": mark("Family name"),
    "sex": mark("Sex"), "side": mark("Side"), "onset": mark("Onset"), "codice_fiscale": mark("Codice fiscale"),
    "device": mark("Device"), "upper_arm": mark("Upper arm"), "forearm": mark("Forearm"),
}  # fmt: skip


def told(error: BaseException) -> str:
    """What an error of rehab says, in the language in use."""
    if isinstance(error, Findings):
        return "\n".join(finding_words(finding, place=True) for finding in error.findings)
    return in_words(str(error))


def finding_words(finding: Finding, *, place: bool = False, yaml: bool = False) -> str:
    """ "too large (a length from 1 cm to 35 cm)"; with its `place` before it: where it stands, which field. Beside
    `yaml` numbers keep their point, as it is to be typed there."""
    words = in_words(finding.message, yaml=yaml)
    if finding.allowed:
        words = f"{words} ({in_words(finding.allowed, yaml=yaml)})"
    if not place:
        return words
    file = f"{finding.file}:{finding.line}:{finding.column}: " if finding.file else ""
    field = tr(FIELDS[finding.field]) if finding.field in FIELDS else finding.field
    return f"{file}{field}: {words}" if field else f"{file}{words}"


def in_words(message: str, *, yaml: bool = False) -> str:
    """An English message as its template says it; each place may be a message in turn. Numbers that were measured get
    the language's decimal mark, but not beside `yaml`; what was typed is quoted as it stands there."""
    if language() == "en" or not message:
        return message
    for pattern, template in _patterns(TEMPLATES):
        if found := pattern.fullmatch(message):
            filled = {name: _place(template, name, value, yaml) for name, value in found.groupdict().items()}
            return tr(template, **filled)
    return message


def _place(template: str, name: str, value: str, yaml: bool) -> str:
    if name in ("state", "states"):
        return re.sub(r"[a-z]+", lambda word: _state(word[0]), value)
    if f'"{{{name}}}"' in template:
        return value
    said = in_words(value, yaml=yaml)
    return pointed(said) if said == value and not yaml else said


def _state(word: str) -> str:
    if word == "or":
        return tr("or")
    return tr(STATES[word]).lower() if word in STATES else word


@cache
def _patterns(templates: Sequence[str]) -> list[tuple[re.Pattern[str], str]]:
    """Those with the most fixed words first: "is not a text" before "is not {what}"."""

    def fixed(template: str) -> int:
        return len(re.sub(r"{\w+}", "", template))

    return [(re.compile(_pattern(template), re.DOTALL), template) for template in sorted(templates, key=fixed)[::-1]]


def _pattern(template: str) -> str:
    parts: Iterable[str] = re.split(r"({\w+})", template)
    return "".join(_piece(part) for part in parts)


def _piece(part: str) -> str:
    if not part.startswith("{"):
        return re.escape(part)
    if part in FORMED:
        return f"(?P<{part[1:-1]}>{FORMED[part]})"
    return f"(?P<{part[1:-1]}>.{'*' if part == OFTEN_EMPTY else '+'}?)"
