"""survivors.yaml: the mutants that no test kills, each with the reason why none could or should."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from tests.mutation.mutants import Mutant

PAGE = Path(__file__).with_name("survivors.yaml")
KEYS = {"file", "in", "class", "was", "now"}

Name = tuple[str, str, str, str]


class Survivors(NamedTuple):
    classes: dict[str, str]  # what the members of each have in common
    explained: dict[Name, str]  # name of the mutant: its class

    def without_mutant(self, mutants: Iterable[Mutant]) -> list[Name]:
        """Explanations of these files that explain nothing."""
        mutants = list(mutants)
        names, files = {mutant.name for mutant in mutants}, {mutant.file for mutant in mutants}
        return [name for name in self.explained if name[0] in files and name not in names]


def read(path: Path = PAGE) -> Survivors:
    """Raises ValueError for an entry that is incomplete, of an unknown class, or there twice."""
    told: dict[str, Any] = YAML(typ="safe").load(path.read_text("utf-8"))
    classes, explained = dict(told["classes"]), {}
    for entry in told["survivors"]:
        if set(entry) != KEYS or entry["class"] not in classes or not entry["now"]:
            raise ValueError(f"{path.name}: an entry has {sorted(KEYS)} and one of the classes at the top: {entry}")
        for now in entry["now"]:
            name = entry["file"], entry["in"], entry["was"], now
            if name in explained:
                raise ValueError(f"{path.name}: explained twice: {name}")
            explained[name] = entry["class"]
    unused = set(classes) - set(explained.values())
    if unused:
        raise ValueError(f"{path.name}: classes without a survivor: {sorted(unused)}")
    return Survivors(classes, explained)
