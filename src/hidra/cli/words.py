"""Spanish and English words of the command line.

English is the key; a template with ``{names}`` also translates a finished message back, so that
errors raised in other rooms are told in Spanish without knowing about languages.
"""

from __future__ import annotations

import os
import re

from hidra.core.errors import SpecError

LANGUAGES = ("es", "en")
_chosen = "en"


def choose(language: str | None) -> None:
    """Set the language: the one asked for, else HIDRA_LANG, else that of the system."""
    global _chosen  # noqa: PLW0603 - one process speaks one language
    asked = language if language is not None else os.environ.get("HIDRA_LANG")
    if asked is None:
        system = os.environ.get("LC_ALL") or os.environ.get("LANG") or "en"
        asked = "es" if system.startswith("es") else "en"
    if asked not in LANGUAGES:
        raise SpecError(
            f"There is no language called '{asked}'.", where="--lang", fix="Use one of: en, es."
        )
    _chosen = asked


def chosen() -> str:
    """Return the language of this process, ``es`` or ``en``."""
    return _chosen


def say(text: str, **values: object) -> str:
    """Return the text in the chosen language with its values filled in."""
    from hidra.cli.spanish import SPANISH

    template = SPANISH.get(text, text) if _chosen == "es" else text
    return template.format(**values) if values else template


def translated(message: str, language: str | None = None) -> str:
    """Return a finished English message in a language, the chosen one by default."""
    from hidra.cli.spanish import SPANISH

    if (language or _chosen) == "en":
        return message
    for english, spanish in SPANISH.items():
        found = re.fullmatch(_pattern(english), message, flags=re.DOTALL)
        if found:
            values = found.groupdict()
            return spanish.format(**{name: SPANISH.get(one, one) for name, one in values.items()})
    return message


def _pattern(template: str) -> str:
    parts = re.split(r"\{(\w+)\}", template)
    return "".join(
        f"(?P<{part}>.+?)" if place % 2 else re.escape(part) for place, part in enumerate(parts)
    )
