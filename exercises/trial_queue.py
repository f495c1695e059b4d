"""Which trial comes next: of the realised list, with failed ones done again and rests in between; or as the exercise
chooses."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from rehab.core.trials import Break, Redo, TrialPlan


class TrialQueue:
    """`choose` gives the target of a trial that names none; without a list there is always a next trial."""

    def __init__(self, choose: Callable[[], int]) -> None:
        self._choose = choose
        self._list: tuple[TrialPlan, ...] = ()
        self.followed = False
        self._redo: Redo | None = None
        self._break: Break | None = None
        self.begin()

    def follow(self, trials: Sequence[TrialPlan], redo: Redo | None, pause: Break | None) -> None:
        self._list, self._redo, self._break, self.followed = tuple(trials), redo, pause, bool(trials)
        self.begin()

    def begin(self) -> None:
        """From the first trial."""
        self._left = deque(self._list)
        self._first: deque[TrialPlan] = deque()  # that come before all others
        self._done = 0
        self._rested = True

    def next(self) -> TrialPlan | Break | None:
        """The next trial, a rest before it, or None after the last."""
        if self._first:
            return self._first.popleft()
        if self.followed and not self._left:
            return None
        if self._break is not None and not self._rested:
            self._rested = True
            return self._break
        if not self.followed:
            return TrialPlan(number=self._done + 1, target=self._choose())
        trial = self._left.popleft()
        return replace(trial, target=self._choose()) if trial.target < 0 else trial

    def put_back(self, trial: TrialPlan) -> None:
        """It has not begun: it comes next."""
        self._first.appendleft(trial)

    def again(self, trial: TrialPlan) -> None:
        """It comes once more, next."""
        self._first.appendleft(replace(trial, repeat=trial.repeat + 1))

    def done(self, trial: TrialPlan, reason: str) -> bool:
        """It has ended, for `reason` where it failed ("" where it did not). Gives whether it will be done again."""
        self._done += 1
        if self._break is not None and self._done % self._break.every == 0:
            self._rested = False
        if not (self.followed and may_again(trial, reason, self._redo)):
            return False
        again = replace(trial, repeat=trial.repeat + 1)
        if self._redo is not None and self._redo.place == "at_once":
            self._left.appendleft(again)
        else:
            self._left.append(again)
        return True


def may_again(trial: TrialPlan, reason: str, redo: Redo | None) -> bool:
    return redo is not None and reason in redo.when and trial.repeat < redo.most
