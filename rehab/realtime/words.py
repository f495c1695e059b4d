"""The user's newest word, from the inputs process to control: a seqlock in a shared mmap, one page.

The writer makes the sequence odd, writes, makes it even; a reader that meets it in between takes the word before. So a
writer that dies half way leaves an old word, whose age says the rest.

Layout: 0 sequence · 8 count of stops · 16 flags · 24 dimensions of intent · 32 dimensions of offer · 40 time s ·
64 intent (MOST float64) · 128 offer (MOST float64).
"""

from __future__ import annotations

import mmap

from rehab.core.intent import Word

SIZE = 4096
MOST = 8  # task dimensions
TRIES = 3
TIME, INTENT, OFFER = 5, 8, 16  # in words of 8 bytes
PRESSED, RUN, LOST, PEDAL_LOST = 1, 2, 4, 8
SILENCE = Word(float("-inf"), (), ())


class WordWriter:
    """The inputs process's end."""

    def __init__(self, memory: mmap.mmap) -> None:
        view = memoryview(memory)
        self._words, self._numbers = view.cast("Q"), view.cast("d")

    def put(self, word: Word) -> None:
        words, numbers = self._words, self._numbers
        words[0] += 1
        words[1] = word.stops
        words[2] = PRESSED * word.pressed | RUN * word.run | LOST * word.lost | PEDAL_LOST * word.pedal_lost
        words[3], words[4] = len(word.intent), len(word.offer)
        numbers[TIME] = word.time
        for at, values in ((INTENT, word.intent), (OFFER, word.offer)):
            for k, value in enumerate(values):
                numbers[at + k] = value
        words[0] += 1


class WordReader:
    """Control's end: the newest whole word, about 3 µs."""

    def __init__(self, memory: mmap.mmap) -> None:
        view = memoryview(memory)
        self._words, self._numbers = view.cast("Q"), view.cast("d")
        self._last = SILENCE

    def __call__(self, now: float, run: float) -> Word:
        """As Sources.word: whoever listens need not know where the sources are."""
        words, numbers = self._words, self._numbers
        for _ in range(TRIES):
            before = words[0]
            if before == 0:
                return SILENCE
            if before & 1:
                continue
            flags, n, m = words[2], min(words[3], MOST), min(words[4], MOST)
            word = Word(
                numbers[TIME], tuple(numbers[INTENT : INTENT + n]), tuple(numbers[OFFER : OFFER + m]), words[1],
                bool(flags & PRESSED), bool(flags & RUN), bool(flags & LOST), bool(flags & PEDAL_LOST),
            )  # fmt: skip
            if words[0] == before:
                self._last = word
                break
        return self._last
