"""The arms of a study: what differs between them, and who comes into which.

    design: {arms: {cw: {s: 1}, ccw: {s: -1}}, assign: permuted_blocks, seed: participant}

Any value in the file may be `$arm.s`: that of the arm. People are counted by the number that ends their ID (P07 is
the seventh); of each 2·k people in a row, k the number of arms, two come into every arm, in an order that is drawn for
these people alone (permuted blocks). The draw depends on the study and on the person, never on a session's seed:
whoever comes again comes into the same arm.

    seed: participant    everybody gets trials in an order of their own
    seed: 2024           all get the same; another number also draws other assignments
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from rehab.core.errors import BadInput, Finding
from rehab.protocol.frames import DesignFrame
from rehab.protocol.parts import Design
from rehab.protocol.schema import read_part
from rehab.protocol.values import ARM

TIMES = 2  # each arm in one permuted block: with 1, the last of two could be foretold
_REFERENCE = re.compile(ARM)


def read_design(written: Any, study: str, findings: list[Finding]) -> tuple[Design | None, dict[str, dict[str, Any]]]:
    """The design and each arm's values as they are written; none without a design that can be read."""
    part = read_part(DesignFrame, written, "design", findings)
    if part is None:
        return None, {}
    arms: dict[str, dict[str, Any]] = part["arms"]
    names = list(dict.fromkeys(name for values in arms.values() for name in values))
    for arm, values in arms.items():
        missing = [name for name in names if name not in values]
        findings += [
            Finding(f"design.arms.{arm}", f'has no "{name}"', "every arm has a value of each") for name in missing
        ]
        for name, value in values.items():
            if isinstance(value, Mapping | list):
                findings.append(
                    Finding(f"design.arms.{arm}.{name}", "is not one value", "a number, a quantity, a word")
                )
    seed = part["seed"]
    if isinstance(seed, bool) or not (seed == "participant" or (isinstance(seed, int) and seed >= 0)):
        findings.append(
            Finding("design.seed", f'"{seed}" is no seed', "participant, or a whole number", value=str(seed))
        )
        return None, {}
    return Design(study=study, arms=tuple(arms), seed=seed), arms


def with_arm(written: Any, values: Mapping[str, Any] | None, where: str, findings: list[Finding]) -> Any:
    """What is written with each `$arm.NAME` replaced; `values` are the arm's, None where there are no arms."""
    if isinstance(written, Mapping):
        return {
            key: with_arm(value, values, f"{where}.{key}" if where else str(key), findings)
            for key, value in written.items()
        }
    if isinstance(written, list):
        return [with_arm(value, values, f"{where}[{index}]", findings) for index, value in enumerate(written)]
    if not (isinstance(written, str) and written.startswith("$arm")):
        return written
    name = written.removeprefix("$arm.")
    if values is None:
        findings.append(Finding(where, f'"{written}": there are no arms', "design: {arms: {...}}", value=written))
    elif not _REFERENCE.match(written) or name not in values:
        known = "known: " + (", ".join(f"$arm.{known}" for known in values) or "none")
        findings.append(Finding(where, f'"{written}" is of no arm', known, value=written))
    else:
        return values[name]
    return None


def arm_of(design: Design, participant: str) -> str:
    """The arm that a person is in. Raises BadInput for an ID that ends with no number."""
    digits = re.search(r"(\d{1,9})$", participant)
    if digits is None or int(digits[1]) < 1:
        raise BadInput(f'participant "{participant}": an arm is assigned by the number that ends the ID, as in "P07"')
    tickets = [arm for arm in design.arms for _ in range(TIMES)]
    block, place = divmod(int(digits[1]) - 1, len(tickets))
    key = design.study if design.seed == "participant" else str(design.seed)
    rng = np.random.default_rng([zlib.crc32(f"{key}|{'|'.join(design.arms)}".encode()), block])
    return tickets[int(rng.permutation(len(tickets))[place])]
