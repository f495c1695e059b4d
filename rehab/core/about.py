"""What people are told about an exercise or a controller, and what a scene says, in their languages.

English is the source: it stands in the code, in scenes and in the record. `Phrases` hold the other languages; whoever
shows a text to a person looks it up there, so that nothing in the loop knows a language.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

LANGUAGES = ("en", "it")
Phrases = Mapping[str, Mapping[str, str]]  # English text -> language -> text


class About(Struct, frozen=True, kw_only=True):
    """One page of the exercise library, in English; its Italian stands in the exercise's `phrases`.

    instruction  to the participant, plain words
    trains       what it is for · measures  what is learnt from it
    goals        words to filter by: reaching, strength, range, coordination, proprioception, spasticity, daily life,
    game
    """

    title: str
    instruction: str
    trains: str
    measures: str
    goals: tuple[str, ...] = ()


def translated(text: str, language: str, phrases: Phrases) -> str:
    """The text in that language, or as it is where nobody has translated it."""
    return phrases.get(text, {}).get(language, text)
