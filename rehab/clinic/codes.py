"""Pseudonyms: random, without letters that are taken for digits, short enough to be read out: K7QF-3M9X."""

from __future__ import annotations

from collections.abc import Callable

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31⁸ ≈ 8.5e11: a thousand patients collide with probability 6e-7


def new_code(taken: Callable[[str], bool], choose: Callable[[str], str]) -> str:
    while True:
        letters = "".join(choose(LETTERS) for _ in range(8))
        code = f"{letters[:4]}-{letters[4:]}"
        if not taken(code):
            return code


def as_code(typed: str) -> str:
    """What somebody typed, in the form in which codes are kept."""
    letters = typed.strip().upper().replace("-", "").replace(" ", "")
    return f"{letters[:4]}-{letters[4:]}"
