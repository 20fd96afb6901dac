"""Chinese or English: which one, and every sentence of the command line in both."""

import os
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from simulator.interface.texts_help import HELP
from simulator.interface.texts_hindcast import HINDCAST
from simulator.interface.texts_seek import SEEK
from simulator.interface.texts_told import TOLD

Language = Literal["en", "zh"]


def language_of(
    arguments: Sequence[str], environment: Mapping[str, str] = os.environ
) -> Language:
    """Find the language: ``--lang`` if it is given, else the locale's."""
    for place, word in enumerate(arguments):
        if word == "--lang" and place + 1 < len(arguments):
            return "zh" if arguments[place + 1] == "zh" else "en"
        if word.startswith("--lang="):
            return "zh" if word == "--lang=zh" else "en"
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG"):
        if environment.get(name):
            return "zh" if environment[name].lower().startswith("zh") else "en"
    return "en"


def say(key: str, language: Language, **values: object) -> str:
    """Return a sentence, with its values filled in."""
    en, zh = TEXTS[key]
    return (zh if language == "zh" else en).format(**values)


TEXTS: Final[Mapping[str, tuple[str, str]]] = {**HELP, **TOLD, **HINDCAST, **SEEK}
"""Every sentence, in English and in Chinese."""
