"""The local web page: what was observed, claims, the scenario lab, in two languages."""
