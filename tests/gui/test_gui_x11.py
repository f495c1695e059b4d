"""On a real X server, with a real mouse and a real keyboard (XTEST): a whole session, and one without any mouse."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rehab.clinic.clinic import Clinic
from rehab.record.recording import Recording
from rehab.record.verify import verify
from tests.e2e.conftest import nothing_stays, site  # noqa: F401
from tests.gui.day import PASSWORD, PIN, clinic, demo_store  # noqa: F401

pytestmark = [pytest.mark.e2e, pytest.mark.window]
ROOT = Path(__file__).parents[2]
BOUND = 300.0  # s; for what hangs
MOST_TABS = 120
PAIN, FATIGUE = "How much pain is there now? {}", "How tired is the patient now? {}"


@pytest.fixture
def screen() -> Iterator[str]:
    """The address of an X server of our own."""
    reading, writing = os.pipe()
    with subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp",
         "-noreset"],  # else it begins anew when its first client has gone
        pass_fds=[writing], stderr=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        os.close(writing)
        with os.fdopen(reading) as numbers:
            number = numbers.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
        server.terminate()


class Hands:
    """A person at that screen: sees words, points, types."""

    def __init__(self, screen: str, process: Any, viewed: Path) -> None:
        self.screen, self.process, self.viewed = screen, process, viewed

    def do(self, *words: object) -> str:
        done = subprocess.run(
            ["xdotool", *map(str, words)], env={**os.environ, "DISPLAY": self.screen}, capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        return done.stdout

    def look(self) -> list[dict[str, Any]]:
        self.process.stdin.write("look\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read()
        found: list[dict[str, Any]] = json.loads(line)
        return found

    def wait(self, what: Callable[[list[dict[str, Any]]], Any]) -> Any:
        end = time.monotonic() + BOUND
        while time.monotonic() < end:
            if found := what(seen := self.look()):
                return found
            time.sleep(0.05)
        raise AssertionError(f"waited in vain; the window shows: {[w['words'] for w in seen if w['words']]}")

    def read(self, words: str) -> None:
        """Until that can be read."""
        self.wait(lambda seen: any(words in w["words"] for w in seen))

    def find(self, words: str) -> dict[str, Any]:
        """The widget that says that, once it can be pressed or typed into."""

        def there(seen: list[dict[str, Any]]) -> Any:
            return next((w for w in seen if w["enabled"] and w["seen"] and words in (w["words"], w["name"])), None)

        found: dict[str, Any] = self.wait(there)
        return found

    def click(self, words: str) -> None:
        self.do("mousemove", *self.find(words)["at"], "click", 1)

    def train(self, how: Callable[[str], None], words: str) -> None:
        """Until that can be read, as a person does it: "Go on" once more where it was refused because the limb had not
        come to rest yet, "Resume" where a slow machine held the window up and the arm was paused (F15)."""

        def done(seen: list[dict[str, Any]]) -> bool:
            said = [w["words"] for w in seen]
            if "Go on" in said and any("let the limb come to rest" in words for words in said):
                how("Go on")
            elif "Paused" in said and "Resume" in said:
                how("Resume")
            return words in said

        self.wait(done)

    def type(self, words: str) -> None:
        self.do("type", "--delay", 20, words)

    def key(self, name: str) -> None:
        self.do("key", name)

    def tab_to(self, words: str) -> None:
        """By the Tab key alone, as often as it takes."""
        self.find(words)
        for _ in range(MOST_TABS):
            focus = next((w for w in self.look() if w["focus"]), None)
            if focus is not None and words in (focus["words"], focus["name"]):
                return
            self.key("Tab")
        raise AssertionError(f"Tab does not lead to {words}")

    def press(self, words: str) -> None:
        self.tab_to(words)
        self.key("Return")


@pytest.fixture
def hands(
    screen: str, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> Iterator[Hands]:
    clinic.sign_in("anna", PASSWORD).users.preferences(language="en", theme="light")
    viewer, viewed = tmp_path / "bin" / "xdg-open", tmp_path / "viewed"
    viewer.parent.mkdir()
    viewer.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> {viewed}\n')
    viewer.chmod(0o755)
    environment = {
        **os.environ, "DISPLAY": screen, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT),
        "PATH": f"{viewer.parent}:{os.environ['PATH']}", "XDG_CURRENT_DESKTOP": "X-Generic", "LC_ALL": "C.UTF-8",
    }  # fmt: skip
    script = Path(__file__).parent / "on_screen.py"
    with subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "clinic.db"), str(tmp_path / "out")], env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        made = Hands(screen, process, viewed)
        try:
            made.read("Welcome")
            window = made.do("search", "--sync", "--onlyvisible", "--pid", process.pid).split()[-1]
            made.do("windowfocus", "--sync", window)
            made.wait(lambda seen: any(w["focus"] for w in seen))
            yield made
        finally:
            process.terminate()
            _, errors = process.communicate(timeout=BOUND)
    assert errors == ""
    assert process.returncode == 0


def stored(clinic: Clinic, name: str) -> Any:  # noqa: F811
    acting = clinic.sign_in("anna", PASSWORD)
    (line,) = acting.patients.search(name)
    return acting.sessions.last(line.patient)


def kept_whole(record: Any) -> None:
    """Signed, saved, and as it was in truth."""
    assert record.signed_by == "Anna Demo" and record.trials >= 2
    assert (record.before.pain, record.before.fatigue, record.after.pain) == (2, 3, 1)
    recording = Recording.open(Path(record.folder))
    assert verify(recording.folder).ok
    stops = [event.data["by"] for event in recording.events if event.kind == "stop"]
    assert stops[0] == "anna"
    assert (Path(record.folder) / "report.pdf").read_bytes().startswith(b"%PDF")


def test_a_whole_session_by_mouse_and_keyboard_on_a_real_screen(hands: Hands, clinic: Clinic) -> None:  # noqa: F811
    hands.click("Name")
    hands.type("anna")
    hands.click("Password")
    hands.type(PASSWORD)
    hands.click("Sign in")
    hands.read("Demo Uno")
    hands.click("Open: Demo Uno")
    hands.click("Yes, this is the patient here")
    hands.click(PAIN.format(2))
    hands.click(FATIGUE.format(3))
    hands.click("Start")
    hands.train(hands.click, "Trial 3 of 24")
    hands.click("STOP")
    hands.read("Stopped")
    hands.click("Go on")
    hands.train(hands.click, "Running")
    hands.click("End session")
    hands.read("Cut short")
    hands.click(PAIN.format(1))
    hands.click("Open the report")
    hands.click("Your PIN")
    hands.type(PIN)
    hands.click("Sign")
    hands.read("Signed by Anna Demo")
    hands.click("Next patient")
    hands.read("Done")
    record = stored(clinic, "Demo Uno")
    kept_whole(record)
    hands.wait(lambda seen: hands.viewed.exists())
    assert hands.viewed.read_text().strip().endswith("report.pdf")


def test_a_whole_session_without_a_mouse(hands: Hands, clinic: Clinic) -> None:  # noqa: F811
    """From the sign-in to the report and the signature: Tab, Enter, letters, and the space bar to stop."""
    hands.do("mousemove", 1279, 799)
    hands.type("anna")
    hands.key("Return")
    hands.type(PASSWORD)
    hands.key("Return")
    hands.read("Demo Uno")
    hands.press("Open: Demo Uno")
    hands.press("Yes, this is the patient here")
    hands.press(PAIN.format(2))
    hands.press(FATIGUE.format(3))
    hands.press("Start")
    hands.train(hands.press, "Trial 3 of 24")
    hands.key("space")
    hands.read("Stopped")
    hands.press("Go on")
    hands.train(hands.press, "Running")
    hands.press("End session")
    hands.read("Cut short")
    hands.press(PAIN.format(1))
    hands.press("Open the report")
    hands.tab_to("Your PIN")
    hands.type(PIN)
    hands.key("Return")
    hands.read("Signed by Anna Demo")
    hands.press("Next patient")
    hands.read("Done")
    kept_whole(stored(clinic, "Demo Uno"))
    hands.wait(lambda seen: hands.viewed.exists())
    assert hands.viewed.read_text().strip().endswith("report.pdf")
