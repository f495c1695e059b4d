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
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rehab.core.errors import BadInput, Finding
from rehab.protocol.frames import DesignFrame
from rehab.protocol.parts import Design
from rehab.protocol.schema import read_part

TIMES = 2  # each arm in one permuted block: with 1, the last of two could be foretold


class Arm:
    """One arm's values as they are written, and what became of the places that refer to them.

    known   the names that any arm has · said: what is wrong with a reference
    fields  paths of values that are the arm's · quiet: of those of which all is said, here or at the arm itself
    """

    def __init__(self, name: str = "", values: Mapping[str, Any] | None = None, known: Sequence[str] = ()) -> None:
        self.name, self.values, self.known = name, values, known
        self.said: list[Finding] = []
        self.fields: set[str] = set()
        self.quiet: set[str] = set()

    def of(self, written: Any, where: str = "") -> Any:
        """What is written with each `$arm.NAME` replaced."""
        if isinstance(written, Mapping):
            return {key: self.of(part, f"{where}.{key}" if where else str(key)) for key, part in written.items()}
        if isinstance(written, list):
            return [self.of(part, f"{where}[{index}]") for index, part in enumerate(written)]
        if not (isinstance(written, str) and written.startswith("$arm")):
            return written
        name = written.removeprefix("$arm.")
        if self.values is not None and name in self.values:
            self.fields.add(where)
            return self.values[name]
        self.quiet.add(where)
        if self.values is None:
            self.said.append(Finding(where, f'"{written}": there are no arms', "design: {arms: {...}}", value=written))
        elif name not in self.known:
            known = "known: " + (", ".join(f"$arm.{name}" for name in self.known) or "none")
            self.said.append(Finding(where, f'"{written}" is of no arm', known, value=written))
        return None

    def heard(self, findings: Sequence[Finding]) -> list[Finding]:
        """Those that are worth saying, with the arm in which they are where that matters."""
        return self.said + [
            found._replace(message=f"{found.message} (arm {self.name})") if found.field in self.fields else found
            for found in findings
            if found.field not in self.quiet
        ]


def read_design(written: Any, study: str, findings: list[Finding]) -> tuple[Design | None, list[Arm]]:
    """The design, and its arms as far as they can be read; none where nobody can know what they are."""
    part = read_part(DesignFrame, written, "design", findings)
    arms = written.get("arms") if isinstance(written, Mapping) else None
    if not isinstance(arms, Mapping) or not all(isinstance(values, Mapping) for values in arms.values()):
        return None, []
    known = list(dict.fromkeys(name for values in arms.values() for name in values))
    for arm, values in arms.items():
        missing = ", ".join(f'"{name}"' for name in known if name not in values)
        if missing:
            findings.append(Finding(f"design.arms.{arm}", f"has no {missing}", "every arm has a value of each"))
        for name, value in values.items():
            if isinstance(value, Mapping | list):
                problem = Finding(f"design.arms.{arm}.{name}", "is not one value", "a number, a quantity, a word")
                findings.append(problem)
    design = Design(study=study, arms=tuple(arms), seed=part["seed"]) if part is not None else None
    return design, [Arm(str(name), values, known) for name, values in arms.items()]


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
