"""What is demanded of a device before it may be driven, and the words when it falls short. Pure.

Everything here raises DeviceRefused, whose text says what was found, what was wanted, and what to do.
"""

from __future__ import annotations

from zlib import crc32

import msgspec

from devices.link.codec import MOST_JOINTS, Decoder
from devices.link.messages import MAJOR, MINOR, Armed, Hello
from rehab.core.device import DeviceInfo, info_from_json
from rehab.core.errors import DeviceRefused
from rehab.core.values import Inputs, Status

LONGEST_DESCRIPTION = 65536  # bytes
SLOWEST = 0.99  # of the rate that the description promises
_KINEMATICS = {"single_joint": 1, "planar_2r": 2}  # joints
_CAUSES = {
    Status.WATCHDOG_TRIPPED: "its watchdog tripped (no valid command came in time)",
    Status.OVER_TEMPERATURE: "it is too hot",
    Status.BROWN_OUT: "its supply is too low",
    Status.ENCODER_ERROR: "an encoder fails",
    Status.INTERNAL_ERROR: "it reports an internal error",
}


def silence(port: str, seconds: float, decoder: Decoder) -> DeviceRefused:
    """Nothing answered HELLO: what did come tells the likely cause."""
    if decoder.octets == 0:
        why = "nothing came at all: is it powered, is this its port, does its firmware speak docs/link.md?"
    elif decoder.frames:
        why = f"{decoder.frames} frames of the link came but no HELLO: an old session streams and does not hear us"
    elif decoder.unknown:
        why = "only frames of unknown types came: does the line echo what we send, or is it not our link?"
    else:
        why = f"{decoder.octets} bytes came but no frame: another baud rate, or another protocol than docs/link.md"
    return DeviceRefused(f"{port} did not answer HELLO within {seconds:g} s; {why}")


def check_version(port: str, hello: Hello) -> None:
    """Another major is refused; another minor of ours is fine."""
    if hello.major == MAJOR:
        return
    ours, theirs = f"{MAJOR}.{MINOR}", f"{hello.major}.{hello.minor}"
    if hello.major > MAJOR:
        older = "this program is the older side: install a newer rehab-loop"
    else:
        older = "the device is the older side: put newer firmware on it"
    raise DeviceRefused(f"F10 {port} speaks link protocol {theirs}, this program {ours}; {older}")


def check_hello(port: str, hello: Hello) -> None:
    """What HELLO must say of a device that we may drive."""
    if hello.watchdog_ms == 0:
        raise DeviceRefused(
            f"F10 {port}: {hello.identity or 'the device'} has no watchdog, or it is off; if this program crashed, its "
            "motors would go on. Switch the watchdog on in its firmware"
        )
    if hello.max_valid_ms == 0:
        raise DeviceRefused(f"{port}: max_valid_ms is 0, so no command would be followed; from 1 to 65535 is right")
    if not 1 <= hello.joints <= MOST_JOINTS:
        raise DeviceRefused(f"{port} says it has {hello.joints} joints; the link carries 1 to {MOST_JOINTS}")
    if hello.rate_hz == 0:
        raise DeviceRefused(f"{port} says it streams 0 samples a second")
    if not 0 < hello.describe_length <= LONGEST_DESCRIPTION:
        raise DeviceRefused(
            f"{port} says its description has {hello.describe_length} bytes; from 1 to {LONGEST_DESCRIPTION} is right"
        )


def described(port: str, hello: Hello, text: bytes) -> DeviceInfo:
    """The facts, checked against HELLO. HELLO wins where it speaks of what runs now: watchdog and simulation."""
    if crc32(text) != hello.describe_crc:
        raise DeviceRefused(f"{port}: the description came damaged (its CRC-32 is not the one of HELLO); try again")
    try:
        info = info_from_json(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DeviceRefused(f"{port}: the description is not that of a device: {error}; see docs/link.md") from error
    wrong = _contradictions(info, hello)
    if wrong:
        raise DeviceRefused(f"F10 {port}: the description of {info.model} does not fit: {'; '.join(wrong)}")
    return msgspec.structs.replace(
        info, watchdog_s=hello.watchdog_ms * 1e-3, simulated=hello.simulated, force_sensor=False
    )  # STATE carries no force


def _contradictions(info: DeviceInfo, hello: Hello) -> list[str]:
    wrong = []
    if info.n_joints != hello.joints:
        wrong.append(f"{info.n_joints} joints described, {hello.joints} in HELLO")
    if _KINEMATICS.get(info.kinematics, info.n_joints) != info.n_joints or len(info.links) != info.n_joints:
        wrong.append(f"{info.kinematics} with {info.n_joints} joints and {len(info.links)} links")
    if len(info.home) != info.n_joints:
        wrong.append(f"home has {len(info.home)} angles")
    if len(info.gravity) not in (0, 2):
        wrong.append(f"gravity has {len(info.gravity)} components, not two in the plane of motion")
    if hello.identity and info.identity.encode()[:12] != hello.identity.encode():
        wrong.append(f'identity "{info.identity}" described, "{hello.identity}" in HELLO')
    for joint in info.joints:
        if not joint.q_min < joint.q_max:
            wrong.append(f"{joint.name}: q_min {joint.q_min:g} is not below q_max {joint.q_max:g}")
        wrong += [
            f"{joint.name}: {name} must be above 0"
            for name in ("speed", "torque", "growth")
            if not getattr(joint, name) > 0
        ]
    if not info.period_s > 0.0:
        wrong.append(f"a period of {info.period_s:g} s")
    elif hello.rate_hz * info.period_s < SLOWEST:
        wrong.append(f"it streams {hello.rate_hz} samples/s, its period promises {1.0 / info.period_s:g}")
    return wrong


def causes(status: int, inputs: int) -> str:
    """What stands in the way, as words: "the e-stop is pressed"; empty when nothing is known."""
    said = [words for bit, words in _CAUSES.items() if status & bit]
    if inputs & (Inputs.ESTOP_A | Inputs.ESTOP_B):
        said.insert(0, "the e-stop is pressed or its line is open")
    return ", ".join(said)


def not_cleared(port: str, status: int, inputs: int) -> DeviceRefused:
    because = causes(status & ~Status.WATCHDOG_TRIPPED, inputs) or "it does not say which"
    return DeviceRefused(
        f"{port}: the fault cannot be cleared while its cause stands: {because}; remove it, then reset again"
    )


def not_armed(port: str, answer: Armed, status: int, inputs: int) -> DeviceRefused:
    """The words for each result code of ARM."""
    match answer.result:
        case 1:
            why = "the nonce is stale: the device was reset or another program said HELLO to it; open it anew"
        case 2:
            because = causes(status, inputs) or "cause unknown"
            why = f"a fault is latched again right after CLEAR ({because}); look at the device"
        case 3:
            why = "the e-stop is pressed or its line is open; release it, then arm again"
        case 4:
            why = "its watchdog does not run; without one it is not driven"
        case code:
            why = f"result {code}, which docs/link.md does not know"
    return DeviceRefused(f"{port} refused to arm: {why}")


def check_watchdog(port: str, in_force_ms: int, limit_s: float) -> None:
    """The watchdog in force must be on, and no slower than the limits of the session ask for."""
    if in_force_ms == 0:
        raise DeviceRefused(f"{port} armed without a watchdog; it was disarmed again")
    if in_force_ms > round(limit_s * 1e3):
        raise DeviceRefused(
            f"{port}: its watchdog takes {in_force_ms} ms, the limit is {limit_s * 1e3:g} ms; it was disarmed again. "
            "Set it faster in the firmware, or let the site widen the limit watchdog"
        )
