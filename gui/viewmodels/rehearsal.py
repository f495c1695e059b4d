"""A protocol played in a process of its own (rehab.session.rehearse): how far it is, what came of it, cancel."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import deque
from typing import Any

import msgspec

from gui.i18n import tr
from rehab.core.person import PersonLayer

DEVICE = "sim:planar_arm"


class Rehearsal:
    """`refresh` once a frame. `share` 0 … 1; `result` once it is there; `problem` in words where there is none."""

    def __init__(
        self, text: str, *, name: str = "plan.yaml", device: str = DEVICE, patient: str = "stroke", seed: int = 1,
        participant: str = "1", person: PersonLayer | None = None, out: str = "",
    ) -> None:  # fmt: skip
        request = {
            "text": text, "name": name, "device": device, "patient": patient, "seed": seed, "participant": participant,
            "person": person, "out": out,
        }  # fmt: skip
        self.trials, self.of, self.seconds = 0, 0, 0.0
        self.result: Any = None
        self.problem = ""
        self.over = self.cancelled = False
        self._lines: deque[bytes] = deque()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "rehab.session.rehearse"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self._request = msgspec.json.encode(request)
        self._said_wrong = b""
        self._ended = threading.Event()
        threading.Thread(target=self._read, name="rehearsal", daemon=True).start()

    @property
    def share(self) -> float:
        return self.trials / self.of if self.of else 0.0

    def refresh(self) -> bool:
        """Whether anything is new."""
        ended = self._ended.is_set()  # before the lines: what is said last is not missed
        news = False
        while self._lines:
            news = True
            self._hear(msgspec.json.decode(self._lines.popleft()))
        if ended and not self.over:
            news, self.over = True, True
            if self.result is None and not self.problem and not self.cancelled:
                last = self._said_wrong.decode("utf-8", "replace").strip().splitlines()
                self.problem = tr("The rehearsal ended without a result: {why}", why=last[-1] if last else "?")
        return news

    def _hear(self, said: dict[str, Any]) -> None:
        if "result" in said:
            from rehab.session.rehearse import Result

            self.result = msgspec.convert(said["result"], Result)
        elif "error" in said:
            self.problem = said["error"]
        else:
            self.trials, self.of, self.seconds = said["trials"], said["of"], said["t"]

    def cancel(self) -> None:
        """Its process ends; nothing of it is kept. May be called again."""
        if not self.over:
            self.cancelled = True
            self._process.terminate()

    def close(self) -> None:
        """As cancel, and waits until the process is gone."""
        self.cancel()
        self._ended.wait(10.0)

    def _read(self) -> None:
        """On a thread of its own."""
        process = self._process
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        try:
            process.stdin.write(self._request)
            process.stdin.close()
        except OSError:  # it ended before it was told: what it said on its end says why
            pass
        for line in process.stdout:
            self._lines.append(line)
        self._said_wrong = process.stderr.read()
        process.wait()
        process.stdout.close()
        process.stderr.close()
        self._ended.set()
