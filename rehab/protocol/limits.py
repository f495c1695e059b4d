"""A layer of limits as people write it: `{speed: 0.6 m/s, force: 30 N}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehab.core.errors import Finding
from rehab.core.limits import BUILTIN
from rehab.core.parameters import Parameter, Parameters, quantity

# the built-in limits in the form that plug-ins' parameters have: one way to read them, one wording of what is wrong
PARAMETERS = Parameters(
    **{
        name: Parameter(
            "quantity" if limit.unit else "number", limit.default, limit.unit, limit.least, limit.most, says=limit.says
        )
        for name, limit in BUILTIN.items()
    }
)


# a protocol also limits how long anybody works without a rest; that is no limit of the machine
REST = "rest_every"
IN_PROTOCOLS = Parameters(
    **PARAMETERS,
    rest_every=quantity("5 min", unit="s", least="10 s", most="2 h", says="work after which to rest for a minute"),
)


def read_limits(written: Any, where: str, table: Parameters = PARAMETERS) -> tuple[dict[str, float], list[Finding]]:
    """SI values of the limits that are written (and only those), and all findings; `where` is the path of the layer."""
    if not isinstance(written, Mapping):
        return {}, [Finding(where, "is not a list of limits", 'for example "{force: 30 N}"', value=str(written))]
    values, findings = read_parameters(table, written, where)
    findings = [finding._replace(message=finding.message.replace("parameter", "limit")) for finding in findings]
    return {name: values[name] for name in written if name in table}, findings


def read_block_limits(written: Any, where: str) -> tuple[dict[str, float], float, list[Finding]]:
    """As read_limits, for a protocol or a block: the limits, and apart from them rest_every in s, 0 if not written."""
    values, findings = read_limits(written, where, IN_PROTOCOLS)
    rest = values.pop(REST, 0.0)
    return values, rest, findings


def read_parameters(
    parameters: Parameters, written: Mapping[str, Any], where: str
) -> tuple[dict[str, Any], list[Finding]]:
    """As Parameters.parse; what is allowed comes with an example where a unit has to be written."""
    values, findings = parameters.parse(written, where=where)
    return values, [_with_example(finding, parameters) for finding in findings]


def _with_example(finding: Finding, parameters: Parameters) -> Finding:
    field = parameters.get(finding.field.rpartition(".")[2])
    if field is None or field.kind != "quantity":
        return finding
    return finding._replace(allowed=f'{field.allowed}, for example "{field.show(field.default)}"')
