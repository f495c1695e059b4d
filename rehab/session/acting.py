"""Which controller acts: the block's own, the dynamics that a trial names, or one that a therapist has switched to.

Every change is a blend (rehab.core.blend). One at a time: what is asked for meanwhile begins when the blend is over, so
that no controller is at both ends of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rehab.core.blend import Blend
from rehab.core.controller import Controller
from rehab.core.safety.faults import Fault
from rehab.core.tick import Tick
from rehab.core.types import Event
from rehab.core.values import Acted
from rehab.session.blocks import Block, Part, refuse_stiff_parts, with_parameters

if TYPE_CHECKING:
    from rehab.session.loop import Loop

BLEND = Acted.BLEND.value


class Acting:
    """Of one loop. `name` is the dynamics that the exercise has asked for, "" for the block's own controller."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._asked: dict[tuple[int, str], dict[str, Any]] = {}  # (block, place) -> parameters as they were changed
        self.forget()

    def forget(self) -> None:
        """Another plan."""
        self._asked.clear()
        self._block: Block | None = None
        self._own: Part | None = None
        self._part: Part | None = None
        self._blend: Blend | None = None
        self.name = ""

    def begin(self, block: Block) -> None:
        """A block has begun under its own controller."""
        self._block, self._own, self._blend, self.name = block, block.own, None, ""
        self._part = self._own

    @property
    def part(self) -> Part | None:
        """What acts, or is being blended in."""
        return self._part

    @property
    def controller(self) -> Controller:
        return self._part.controller if self._part is not None else self._loop.rig.controller

    # changes ---------------------------------------------------------------------------------------------------------

    def dynamics(self, name: str) -> None:
        """The exercise asks for one of the block's dynamics."""
        block = self._block
        assert block is not None
        if name and name not in block.dynamics:
            known = ", ".join(block.dynamics)
            words = f'{block.plan.exercise}: there is no dynamics "{name}" in this block (known: {known})'
            self._loop.rig.monitor.trip(Fault.SCRIPT_FAILED, words)
            return
        self.name = name
        self._begin_a_blend()

    def switch(self, name: str) -> None:
        """The block's own controller is another one from here on. Raises ValueError, in words."""
        block = self._block
        if block is None or name not in block.alternatives:
            known = ", ".join(block.alternatives) if block is not None else ""
            allowed = f"prepared for this block: {known}" if known else "none is prepared for this block"
            raise ValueError(f'"{name}" cannot be switched to now ({allowed})')
        self._own = block.alternatives[name]
        self._begin_a_blend()

    @property
    def _wanted(self) -> Part | None:
        assert self._block is not None
        return self._block.dynamics[self.name] if self.name else self._own

    def _begin_a_blend(self) -> None:
        loop, wanted = self._loop, self._wanted
        if self._blend is not None or wanted is None or self._part is None or loop.last is None:
            return
        if wanted.controller is self._part.controller:
            self._part = wanted
            return
        try:
            self._blend = Blend(loop.rig.controller, wanted.controller, loop.last.state)
        except Exception as error:  # anybody's reset
            self._blame(wanted, error)
            return
        self._part = wanted
        loop.rig = loop.rig._replace(controller=self._blend)

    # each tick -------------------------------------------------------------------------------------------------------

    def see(self, done: Tick) -> Tick:
        """After every tick: that a blend acted in it goes into its decision; one that is over makes room."""
        blend, loop = self._blend, self._loop
        if blend is None:
            return done
        if loop.rig.controller is not blend:  # stopped meanwhile
            self._blend = None
            return done
        decision = done.decision._replace(acted=done.decision.acted | BLEND)
        if blend.over:
            loop.rig = loop.rig._replace(controller=blend.controller)
            self._blend = None
            self._begin_a_blend()
        return done._replace(decision=decision)

    def heed(self, event: Event) -> None:
        """The acting controller hears of every event of the exercise."""
        heed = getattr(self._loop.rig.controller, "heed", None)
        if heed is None:
            return
        try:
            heed(event)
        except Exception as error:  # anybody's
            assert self._part is not None
            self._blame(self._part, error)

    def _blame(self, part: Part, error: Exception) -> None:
        words = f"controller {part.choice.controller}: {type(error).__name__}: {error}"
        self._loop.rig.monitor.trip(Fault.PLUGIN_FAILED, words)

    # parameters ------------------------------------------------------------------------------------------------------

    @property
    def parameters(self) -> dict[str, Any]:
        """Of the acting controller, in SI, as they were changed last."""
        part = self._part
        if part is None:
            return {}
        return self._asked.get((self._loop.course.block, part.where), part.choice.parameters)

    @property
    def adapted(self) -> dict[str, float]:
        """What the acting controller has made of its parameters by itself."""
        part = self._part
        if part is None:
            return {}
        try:
            return {str(name): float(value) for name, value in getattr(part.controller, "adapted", {}).items()}
        except Exception as error:  # anybody's
            self._blame(part, error)
            return {}

    def set(self, name: str, value: float) -> None:
        """Change a live parameter of the acting controller. Raises BadInput where it would hold too stiffly."""
        part, loop = self._part, self._loop
        assert part is not None
        asked = {**self.parameters, name: value}
        if hasattr(part.controller, "stiffness") or hasattr(part.controller, "spring"):
            refuse_stiff_parts([with_parameters(part, loop.info, asked)], loop.info, loop.delay)
        change: Any = part.controller
        change.set(name, value)
        self._asked[loop.course.block, part.where] = asked
