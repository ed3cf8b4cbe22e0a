"""How words are looked up: the one place that knows which database it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, REGCONFIG, TSQUERY, TSVECTOR
from sqlalchemy.orm import InstrumentedAttribute

from community.kernel.db import Names, db
from community.search.index import INDEX
from community.search.words import Words, places_for_tsquery
from community.threads.models import Post, Thread

HIT_BEGINS, HIT_ENDS = "\x02", "\x03"  # no text has them: `kernel.input.clean`

# How much more a word in the title counts than one in the text.
_TITLE, _TEXT = 4.0, 1.0
_HEADLINE = f"StartSel={HIT_BEGINS}, StopSel={HIT_ENDS}, HighlightAll=true"


@dataclass(frozen=True)
class Matching:
    """Conditions and values for a query that joins the index with `Post` by `post_id`.

    `is_hit` holds for posts that have all words in their text or their thread's title, in these
    spaces; `in_text` of these where a word stands in the text itself. `rank` is a small whole
    number, the higher the better, so that many are equal. `marked` is title and text with what was
    found between `HIT_BEGINS` and `HIT_ENDS`.
    """

    index: sa.TableClause
    post_id: sa.ColumnElement[int]
    is_hit: sa.ColumnElement[bool]
    in_text: sa.ColumnElement[bool]
    rank: sa.ColumnElement[float]
    marked: sa.ColumnElement[str]


def matching(words: Words, space_ids: Collection[int]) -> Matching:
    """Return how words are looked up in the database at hand."""
    if db.engine.dialect.name == "sqlite":
        return _by_fts5(words, space_ids)
    return _by_tsvector(words, space_ids)


def _by_fts5(words: Words, space_ids: Collection[int]) -> Matching:
    index = sa.table(INDEX, sa.column("rowid", sa.Integer), sa.column(INDEX, sa.Text))
    whole, function = index.c[INDEX], sa.func
    highlight = [
        function.highlight(whole, column, HIT_BEGINS, HIT_ENDS, type_=sa.Text) for column in (1, 2)
    ]
    return Matching(
        index=index,
        post_id=index.c.rowid,
        is_hit=whole.op("match", is_comparison=True)(words.for_fts5(space_ids)),
        # The better, the lower; a column that weighs nothing adds nothing.
        in_text=function.bm25(whole, 0.0, 0.0, 1.0, type_=sa.Float) < 0,
        rank=function.round(-function.bm25(whole, 0.0, _TITLE, _TEXT, type_=sa.Float)),
        marked=highlight[0] + " " + highlight[1],
    )


def _by_tsvector(words: Words, space_ids: Collection[int]) -> Matching:
    index = sa.table(INDEX, sa.column("post_id", sa.BigInteger), sa.column("words", TSVECTOR))
    config = sa.cast(INDEX, REGCONFIG)
    stands = index.c.words.op("@@", is_comparison=True)
    query: Any = sa.func.to_tsquery(config, words.for_tsquery(), type_=TSQUERY)
    places: Any = sa.cast(places_for_tsquery(space_ids), TSQUERY)
    weights = sa.cast([0.0, 0.0, _TEXT / _TITLE, 1.0], sa.ARRAY(sa.REAL))
    plain = sa.func.words_of_posts_plain(Thread.title + " " + Post.text)
    return Matching(
        index=index,
        post_id=index.c.post_id,
        is_hit=stands(places.op("&&")(query)),
        in_text=stands(sa.func.to_tsquery(config, words.for_tsquery_in_text(), type_=TSQUERY)),
        rank=sa.func.round(sa.func.ts_rank(weights, index.c.words, query, type_=sa.Float) * 10),
        marked=sa.func.ts_headline(config, plain, query, _HEADLINE, type_=sa.Text),
    )


def holds_name(column: InstrumentedAttribute[Names], name: str) -> sa.ColumnElement[bool]:
    """Return the condition that a list of names, kept as JSON, has one of them."""
    if db.engine.dialect.name == "sqlite":
        each = sa.func.json_each(column).table_valued("value")
        return sa.exists(sa.select(1).select_from(each).where(each.c.value == name))
    holds: sa.ColumnElement[bool] = sa.cast(column, JSONB).has_key(name)
    return holds
