"""What the article checker says to a reader: each message once, in English and Spanish."""

from __future__ import annotations

from collections.abc import Mapping

from hidra.core.i18n import _, bilingual

SUBGROUP = bilingual(
    _("No series at hand counts this part of the victims; a list of its own is needed.")
)
NO_DATA_YET = bilingual(_("No data yet: the series held end in {month}."))
NOT_FOUND = bilingual(_("No source gives this figure, as far as the sentence can be read"))
SIGNS = {
    "supported": "✓", "partly": "≈", "not supported": "?", "contradicted": "✗",
    "not testable with these data": "–",
}  # fmt: skip
PAGE: Mapping[str, Mapping[str, str]] = bilingual(
    {
        "title": _("Article checked"),
        "none": _("Nothing in it can be checked with these data."),
        "ours": _("Our figure"),
        "source": _("Source"),
        "read_as": _("Read as"),
        "claim": _("Claim of the library"),
        "checked": _("Checked on {day} with hidra {version}, data {vintage}."),
        "written": _('The article\'s own day, from which "last year" is told: {day}.'),
        "undated": _('The article\'s day is not known: "last year" and its like are left alone.'),
        "key": _(
            "Marked: what could be checked. Each mark has a sign, a line and a "
            "number; the number leads to the verdict below."
        ),
        "foot": _(
            "A verdict is about the sentence and the data named, not about who wrote "
            'it. What no number of ours touches is left unmarked. "Contradicted" is '
            'said only where the sentence leaves nothing to guess; "no source gives '
            'it" also where it does.'
        ),
        "limit": _("Only the first {n} figures were looked at: it is longer than an article."),
    }
)
