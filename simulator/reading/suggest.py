"""The nearest known names to a word that is not known: "did you mean ..."."""

import difflib
from collections.abc import Iterable


def near(word: str, known: Iterable[str], count: int = 1) -> list[str]:
    """Return the closest of `known`, best first; at most `count`."""
    names = list(known)
    if len(word) > 200:
        return []
    folded = {name.casefold(): name for name in reversed(names)}
    asked = word.casefold().replace("-", "_").replace(" ", "_")
    if asked in folded:
        return [folded[asked]]
    found = [folded[name] for name in difflib.get_close_matches(asked, folded, count, 0.65)]
    tail = "." + asked.rsplit(".", 1)[-1]
    found += [name for name in names if name.casefold().endswith(tail) and name not in found]
    return found[:count]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Write the hint that follows an unknown name, empty when nothing is near."""
    found = near(word, known)
    return f', did you mean "{found[0]}"?' if found else ""
