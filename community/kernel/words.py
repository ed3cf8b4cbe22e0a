"""Sentences that are written where no request is known, and translated where one is."""


def N_(sentence: str) -> str:
    """Mark a sentence for translation and return it unchanged.

    Services and access rules know no reader and so no language; the view translates.
    """
    return sentence
