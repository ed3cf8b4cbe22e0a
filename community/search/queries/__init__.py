"""Reads of what can be found, within what the viewer may read."""

from community.search.queries.finding import RESULTS_A_PAGE, Result, Results, Wanted, search

__all__ = ["RESULTS_A_PAGE", "Result", "Results", "Wanted", "search"]
