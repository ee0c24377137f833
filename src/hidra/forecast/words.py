"""Words of the pages of scores, in English and Spanish."""

from __future__ import annotations

from hidra.core.i18n import _

WORDS: dict[str, str] = {
    "title": _("Scores of the forecasts: {measure}, {level}"),
    "made": _(
        "Written by `hidra score --pages`; nothing here is typed by hand. {origins} "
        "origins, {first} to {last}, {low}-{high} months ahead, {places} places, 1,000 "
        "draws, mean of seeds {seeds}."
    ),
    "all": _("All targets"),
    "key": _(
        "CRPS, IGN and MIS 90: lower is better. Coverage should be .50 and .90. The "
        "difference is CRPS minus that of `{reference}`, paired by place and origin; "
        "its 95 % interval resamples origins in blocks of {block}. *indistinguishable*:"
        " the interval holds zero."
    ),
    "rival_municipality": _(
        "Against `{rival}`, the baseline for many zeros: {mean} ({interval}), {words}. In most "
        "months of most municipalities nobody is killed: mean scores are small, and few places "
        "decide them."
    ),
    "own_panel": _("The panel scored here is the user's; what it covers is what was brought."),
    "rival_state": _(
        "Against `{rival}`, the best of the simple ones: {mean} ({interval}), {words}."
    ),
    "head": _(
        "forecast | what it is | CRPS | IGN | MIS 90 | cover 50 | cover 90 | difference"
        " | 95 % | won | verdict"
    ),
    "apart": _("Scored apart (CRPS)"),
    "apart_key": _(
        "*After a removal*: the 12 months after a dated removal in the state. *Up*, "
        "*down*: places whose mean moved by more than x1.5 from the level at the "
        "origin; known only afterwards."
    ),
    "apart_head": _("forecast | after a removal | elsewhere | up | down | neither"),
    "count": _("*targets*"),
    "pit": _("Where outcomes fell among the draws (PIT of `hidra`, tenths; .10 each when right)"),
    "pit_zeros": _(
        "Where nearly all draws and the count are zero, the count lies in the middle of "
        "its equals: the middle tenths are crowded, and coverage is far above its mark, "
        "even when a forecast is right."
    ),
    "zeros": _(
        "In {share} of these months and municipalities nobody was killed. CRPS apart, "
        "again known only afterwards:"
    ),
    "zeros_head": _("forecast | nobody was killed | somebody was killed"),
    "year": _("CRPS by origin"),
    "better": _("better"),
    "worse": _("worse"),
    "indistinguishable": _("indistinguishable"),
    "too_few": _("too few origins to tell"),
}


WORDS_EXPLANATIONS: dict[str, str] = {
    "title": _("The worth of the mechanisms, and the rival explanations: {measure}"),
    "made": _(
        "Written by `hidra score --rivals --pages`; nothing here is typed by hand. {origins} "
        "origins, {first} to {last}, {low}-{high} months ahead, {places} states, {scored:,} draws, "
        "mean of seeds {seeds}."
    ),
    "how": _(
        "Every row is the statistical forecast `hidra-log-t`, with the same families, spread and "
        "random numbers; only its mean is carried along the *course* of an explanation: by what "
        "factor its mechanisms, fitted to the counts up to the origin and run on, let "
        "killings rise or fall. V6 has no course: it is `hidra-log-t`. The model begins in {start} "
        "and needs {fewest} months: it starts from {started} of the {origins} origins "
        "({list}); the other {left} are left to the statistical forecast, where every row is "
        "the same. `hidra-core` believes the course of V0 by 0, one half or one, whichever "
        "would have had the least absolute error in the years before; with no year before, by"
        " 0."
    ),
    "known": _(
        "What is known at an origin: the counts up to it, removals dated up to it (none "
        "later), groups the press had reported in periods that had ended, at equal ties and "
        "sized by their reports, yearly figures published by then (two years behind). How long "
        "a departure from the mechanisms lasts is measured on the months before. Pipelines and "
        "mean crime by state were published later: before, their sectors lie as residents do. "
        "Federal forces were counted in July 2019: before that the militarisation of V1, V2 and "
        "V5 is off, and V1 is V0. Rows that end in *-network* know the ties of 2020 at every "
        "origin: they are an **upper bound, not a forecast**."
    ),
    "hindsight": _(
        "What no cut can take out: the equation and the centres of its priors were published in "
        "2023 from data of 2012-2021; the lists of removals, of groups and of community defence "
        "were drawn up after the events; counts and yearly figures are as later revised. So "
        "every row but V6 and `V6-drift` knows a little of what came, and what follows flatters "
        "the mechanisms."
    ),
    "scores": _("Scores"),
    "scores_head": _("forecast | explanation | CRPS | IGN | MIS 90 | cover 50 | cover 90"),
    "worth": _("What the mechanisms add"),
    "worth_key": _(
        "CRPS minus that of V6, the very same forecast without mechanisms, paired by place "
        "and origin (below zero: the mechanisms help), with its 95 % interval, origins "
        "resampled in blocks of {block}. *After a removal*: the 12 months after a dated "
        "removal in the state; *known*: it came before the origin, so that a "
        "mechanism could know of it. *Jumps*: the {jumps} state-years whose mean moved by more than"
        " x1.5; foreseen exactly they would take {bound:.3f} from the mean CRPS of all targets,"
        " and no more. *Indistinguishable*: the interval holds zero. *Too few origins to "
        "tell*: fewer than {few} origins differ; were all of them on one side, luck alone would "
        "do so in more than one of twenty. Of the {count} intervals here about {lucky} would be "
        "clear of zero by luck alone."
    ),
    "worth_head": _(
        "forecast | all targets | origins the model starts from | after a removal | "
        "after one known | jumps | jumps, started"
    ),
    "of_bound": _(
        "In the same units the gain of V5 in the jumps is {gain:+.3f} of the mean CRPS "
        "of all targets."
    ),
    "drift": _("More than a drift?"),
    "drift_key": _(
        "A course that rises gains in years of rise, whatever its cause. `V6-drift` is V6 moved "
        "by one factor a month ahead for all states: by how much deaths outran the forecasts of "
        "the five years before the origin. `V5-national` is V5 with its course averaged over "
        "the states: it forgets which state rises. CRPS of the first minus that of the second, "
        "paired and resampled as above, where the model starts; *won*: origins."
    ),
    "drift_head": _("first | second | all targets | won | jumps | won"),
    "targets": _("*targets*"),
    "nothing": _(
        "**Mechanisms add nothing here**: of {count} explanations none forecasts better than the "
        "same forecast without mechanisms, neither over all targets nor after removals."
    ),
    "something": _(
        "Of {count} explanations these forecast better than the same forecast without mechanisms, "
        "over all targets or after removals: {names}."
    ),
    "stacking": _("Stacking weights"),
    "stacking_key": _(
        "Weights of a mixture of the explanations under which the outcomes of the {started} "
        "origins would have been the most probable (binned, as in IGN), with the 5-95 % range"
        " over resampled origins. Wide ranges say that the data do not tell the explanations "
        "apart. These weights saw the outcomes; V1 is V0 before July 2019, and weight passes "
        "freely between the two. Prediction does not prove cause."
    ),
    "learnt": _("Weights as they would have been learnt"),
    "learnt_key": _(
        "At each origin, weights from the outcomes of earlier origins that had come by then; "
        "equal at the first. IGN of the mixture beside that of V6 alone. Over all: the mixture "
        "minus V6 {mixture}; equal weights minus V6 {equal}."
    ),
    "learnt_head": _("origin | {names} | IGN of the mixture | of equal weights | of V6"),
    "core_alone": _("core alone"),
    "V6-drift": _("V6 and one drift, from the past"),
    "V5-national": _("V5, its course the same for all states"),
    "stacking_head": _("explanation | weight | 5-95 %"),
    "courses": _("The courses"),
    "courses_key": _(
        "How far each explanation moves the mean {last} months ahead: mean over states and "
        "origins, and the smallest and largest. *Passed*: fits that passed their own checks. "
        "*Engine*: digest of the code, frozen before its scores were seen. A course is the mean "
        "of {draws} draws of one fit."
    ),
    "courses_head": _("variant | mechanisms | factor | smallest .. largest | passed | engine"),
    "upper": _(" (upper bound)"),
    "belief": _("the core, believed as far as it earned"),
    "missing": _("Not run yet: {names}. The command takes up where it stopped."),
    "wanting": _(
        "Origins of the protocol that this page does not hold yet: {list}. `hidra score "
        "--rivals` takes up where it stopped."
    ),
}
