"""What every controller, exercise and device must do, as tests to inherit: ours and anybody's, installed or not.

    from rehab.contract.controller import ControllerContract

    class TestMine(ControllerContract):
        @pytest.fixture
        def make(self):
            return Mine              # or any function (device, **parameters) -> controller

| suite | class | fixtures that a subclass gives |
|---|---|---|
| rehab.contract.controller | ControllerContract | make |
| rehab.contract.exercise | ExerciseContract | make |
| rehab.contract.device | DeviceContract | device, tick |

Each test says in its docstring what it checks and why it must be so. rehab.contract.arms has the arms on which they
run, and what a controller or an exercise sees of them: for tests of one's own law. Here alone pytest is imported.
"""

from __future__ import annotations

try:
    import pytest
except ImportError as error:
    raise ImportError("the contract suites are tests: they need pytest (pip install pytest)") from error

for _suite in ("controller", "device", "exercise"):  # so that a check that fails shows the values that it compared
    pytest.register_assert_rewrite(f"rehab.contract.{_suite}")
