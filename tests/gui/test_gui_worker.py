"""The thread that carries commands: in order, STOP first, errors as words."""

from __future__ import annotations

import threading

from gui.viewmodels.worker import Done, Worker
from rehab.core.errors import NotNow

BOUND = 20.0  # s


def wait_for(worker: Worker, count: int) -> list[Done]:
    """The next `count` results; a job at the end of the queue tells when they are there."""
    found: list[Done] = []
    tick = threading.Event()
    for _ in range(int(BOUND / 0.005)):
        found += worker.results()
        if len(found) >= count:
            return found
        tick.wait(0.005)
    raise AssertionError(f"{count} results were expected, there are {found}")


def test_jobs_run_in_order_off_the_calling_thread(worker: Worker) -> None:
    threads = []
    for name in ("a", "b"):
        worker.submit(name, lambda: threads.append(threading.current_thread()))
    assert [done.name for done in wait_for(worker, 2)] == ["a", "b"]
    assert threading.current_thread() not in threads


def test_stop_overtakes_and_discards_what_waits(worker: Worker) -> None:
    begun, go, ran = threading.Event(), threading.Event(), []
    worker.submit("arm", lambda: (begun.set(), go.wait(BOUND)))
    assert begun.wait(BOUND)
    worker.submit("start", lambda: ran.append("start"))
    worker.submit("stop", lambda: ran.append("stop"), urgent=True)
    go.set()
    assert [done.name for done in wait_for(worker, 2)] == ["arm", "stop"]
    assert ran == ["stop"]


def refuse() -> None:
    raise NotNow("the emergency stop is pressed")


def test_what_waits_behind_a_failure_is_not_done(worker: Worker) -> None:
    begun, go, ran = threading.Event(), threading.Event(), []
    worker.submit("hold", lambda: (begun.set(), go.wait(BOUND)))
    assert begun.wait(BOUND)
    worker.submit("arm", refuse)
    worker.submit("start", lambda: ran.append("start"))
    go.set()
    assert wait_for(worker, 2)[1] == Done("arm", None, "the emergency stop is pressed")
    worker.submit("after", lambda: ran.append("after"))
    wait_for(worker, 1)
    assert ran == ["after"]


def test_a_stop_that_waits_behind_a_failure_is_done_all_the_same(worker: Worker) -> None:
    begun, go, ran = threading.Event(), threading.Event(), []

    def fail_slowly() -> None:
        begun.set()
        go.wait(BOUND)
        refuse()

    worker.submit("arm", fail_slowly)
    assert begun.wait(BOUND)
    worker.submit("stop", lambda: ran.append("stop"), urgent=True)
    go.set()
    wait_for(worker, 2)
    assert ran == ["stop"]


def test_a_bug_becomes_words_and_the_thread_lives_on(worker: Worker) -> None:
    worker.submit("broken", lambda: 1 / 0)
    assert wait_for(worker, 1)[0].error == "ZeroDivisionError: division by zero"
    worker.submit("next", lambda: 7)
    assert wait_for(worker, 1)[0].value == 7


def test_busy_names_what_is_under_way(worker: Worker) -> None:
    begun, go = threading.Event(), threading.Event()
    worker.submit("arming", lambda: (begun.set(), go.wait(BOUND)))
    assert begun.wait(BOUND)
    assert worker.busy == "arming"
    go.set()
    wait_for(worker, 1)
    assert worker.busy == ""


def test_closing_ends_the_thread() -> None:
    worker = Worker()
    worker.close(BOUND)
    assert not worker._thread.is_alive()
