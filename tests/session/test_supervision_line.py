"""A connection used by two threads, and by a far end that hangs."""

from __future__ import annotations

import socket
import threading

import pytest

from rehab.core.errors import NotNow
from rehab.session import messages
from rehab.session.backends import Attached


@pytest.fixture
def pair():
    ours, theirs = (messages.Line(end, patience=0.05) for end in socket.socketpair())
    yield ours, theirs
    ours.close()
    theirs.close()


def test_beats_of_a_thread_never_tear_a_message_of_another(pair):
    ours, theirs = pair
    ours._patience = 30.0
    got: list[messages.AnyRequest] = []
    beating = threading.Thread(target=lambda: [ours.send(messages.Beat()) for _ in range(2000)])
    talking = threading.Thread(target=lambda: [ours.send(messages.Stop(id=k, by="x" * 3000)) for k in range(500)])
    beating.start()
    talking.start()
    while len(got) < 2500 and theirs.open:
        got += theirs.requests()
    beating.join()
    talking.join()
    assert [request.id for request in got if isinstance(request, messages.Stop)] == list(range(500))
    assert ours.open


def test_a_far_end_that_takes_nothing_is_given_up(pair):
    ours, _ = pair
    while ours.open:
        ours.send(messages.Stop(by="x" * 30_000))
    ours.send(messages.Stop())  # and does not raise


def test_sending_into_a_closed_line_does_not_raise(pair):
    ours, _ = pair
    ours.close()
    ours.send(messages.Beat())
    assert not ours.open


def test_the_last_words_of_a_far_end_are_heard_though_a_beat_found_it_gone(pair):
    ours, theirs = pair
    theirs.send(messages.Ended("the disk was full"))
    theirs.close()
    ours.send(messages.Beat())
    assert ours.open  # else nobody reads on
    assert ours.replies() == [messages.Ended("the disk was full")]
    assert ours.replies() == []
    assert not ours.open


def test_attaching_to_a_session_that_does_not_run_is_refused_in_words(tmp_path):
    with pytest.raises(NotNow, match="is not running"):
        Attached(tmp_path / "gone")
